"""A person before the screen: a tab of Chromium that is in Matinee, and what can be done and seen there."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import hatch_build as page
import pytest
from bench.tracker import Tracker
from playwright.async_api import Browser, BrowserContext, Page, StorageState, expect

from tests.swarm.parts import (
    Matinee,
    Seeded,
    aria2_seed,
    free_port,
    matinee,
    transmission_seed,
    webtorrent_seed,
)

UI = Path(__file__).parents[2] / "ui"
FILM_BYTES, FILM_S = 50_195_281, 596
TWICE_THE_BITRATE = 2 * FILM_BYTES // FILM_S
WAIT_MS = 45_000
expect.set_options(timeout=WAIT_MS)
NEAR_S, LATER_S = 2.0, 30.0
"""From so long before a place that is pressed to so long after it pictures are counted: a busy computer drops most."""
MOST_TABS = 60
CHROMIUM = shutil.which("chromium")
SHELL = shutil.which("chromium-headless-shell") or CHROMIUM
"""The same engine without a window, for a third less of the processor."""
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--autoplay-policy=no-user-gesture-required", "--mute-audio",
]  # fmt: skip

_TOLD = "location.protocol === 'about:' || localStorage.setItem('matinee.notice', 'read')"

_FRAMES = """(wanted) => new Promise((done) => {
  const video = document.querySelector('video');
  let count = 0;
  const step = (now, frame) => {
    if (wanted.from_s <= frame.mediaTime && frame.mediaTime < wanted.to_s) count += 1;
    if (count >= wanted.count) done(count);
    else video.requestVideoFrameCallback(step);
  };
  video.requestVideoFrameCallback(step);
})"""

_STAND = """(at) => new Promise((done) => {
  const video = document.querySelector('video');
  video.pause();
  video.addEventListener('seeked', () => requestAnimationFrame(() => requestAnimationFrame(done)), { once: true });
  video.currentTime = at;
})"""

_DROP = """({ name, content }) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([content], name));
  const drop = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
  document.querySelector('main').dispatchEvent(drop);
}"""

_DECODED = """([pictures, sound_bytes]) => {
  const video = document.querySelector('video');
  const now = [video.getVideoPlaybackQuality().totalVideoFrames, video.webkitAudioDecodedByteCount];
  return now[0] > pictures && now[1] > sound_bytes && now;
}"""

_RUNS_OUT = """() => [...document.querySelectorAll('body *')].filter((element) => {
  if (element.closest('[aria-hidden="true"]') !== null || !element.checkVisibility()) return false;
  for (let box = element.parentElement; box !== document.body && box !== null; box = box.parentElement) {
    if (getComputedStyle(box).overflowX !== 'visible') return false;
  }
  const { left, right } = element.getBoundingClientRect();
  return right > innerWidth + 1 || left < -1;
}).map((element) => element.outerHTML.slice(0, 160))"""

_BREACHES = """async (only) => {
  for (const light of document.querySelectorAll('.beam')) light.style.display = 'none';
  return (await axe.run(document, { resultTypes: ['violations'], ...only })).violations.flatMap(
  (rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`));
}"""

_FOCUSED = """() => {
  const at = document.activeElement;
  if (at === document.body) return 'nothing';
  const label = at.getAttribute('aria-label') ?? at.labels?.[0]?.innerText ?? at.innerText ?? '';
  return `${at.tagName.toLowerCase()} ${label.replace(/\\s+/g, ' ').trim()}`;
}"""


@cache
def _axe() -> str:
    """Give axe-core's own text, from the page's development dependencies."""
    page.install(UI)
    return (UI / "node_modules" / "axe-core" / "axe.min.js").read_text()


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a browser made of a film."""

    pictures: int
    sound_bytes: int


NOTHING = Decoded(0, 0)


@dataclass(slots=True)
class Screen:
    """One tab, and everything it complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: self._complain(said.text, when=said.type == "error"))
        self.page.on("response", lambda got: self._complain(got.url, when=got.status >= 400))
        self.page.on("pageerror", lambda error: self._complain(str(error), when=True))

    def _complain(self, words: str, *, when: bool) -> None:
        self.complaints += [words] if when else []

    async def go(self, fragment: str) -> None:
        """Go to a page of Matinee's."""
        await self.page.evaluate("(to) => { location.hash = to }", fragment)

    async def reads(self, text: str) -> None:
        """Wait until a text can be read."""
        await self.page.get_by_text(text).first.wait_for(timeout=WAIT_MS)

    async def plays_past(self, position_s: float) -> None:
        """Wait until the picture moves beyond a place."""
        await self.page.wait_for_function(
            "(s) => { const v = document.querySelector('video'); return v !== null && v.currentTime > s && !v.paused }",
            arg=position_s,
            timeout=WAIT_MS,
        )

    async def seek(self, fraction: float) -> None:
        """Press the seek bar at a place."""
        bar = self.page.get_by_role("slider", name="Place in the film")
        box = await bar.bounding_box(timeout=WAIT_MS)
        assert box is not None
        await self.page.mouse.click(box["x"] + box["width"] * fraction, box["y"] + box["height"] / 2)

    async def stand_at(self, position_s: float) -> None:
        """Pause, and have the picture of a place."""
        await self.page.evaluate(_STAND, position_s)

    async def lines(self) -> list[str]:
        """Give the subtitles that can be read now."""
        return await self.page.locator(".cue").all_inner_texts()

    async def drop(self, name: str, content: str) -> None:
        """Let go of a file over the film."""
        await self.page.evaluate(_DROP, {"name": name, "content": content})

    async def decoded(self, before: Decoded = NOTHING) -> Decoded:
        """Wait until the browser has decoded more of both than before, and count; it counts now and then only."""
        least = [before.pictures, before.sound_bytes]
        found = await self.page.wait_for_function(_DECODED, arg=least, timeout=WAIT_MS)
        return Decoded(*await found.json_value())

    async def frames(self, from_s: float, to_s: float, count: int) -> int:
        """Count pictures that were really shown, each of ``[from_s, to_s)``."""
        seen: int = await self.page.evaluate(_FRAMES, {"from_s": from_s, "to_s": to_s, "count": count})
        return seen

    async def moves_at(self, fraction: float, length_s: float, count: int) -> int:
        """Press the bar at a place of a film, and count pictures that were shown from there on."""
        await self.seek(fraction)
        return await self.frames(fraction * length_s - NEAR_S, fraction * length_s + LATER_S, count)

    async def open_panel(self, name: str) -> None:
        """Press the button of one of the player's panels; it may have gone to sleep, and comes back for a movement."""
        await self.page.mouse.move(200, 200)
        await self.page.mouse.move(210, 200)
        button = self.page.get_by_role("button", name=name, exact=True)
        await button.dispatch_event("click", timeout=WAIT_MS)

    async def tab_to(self, name: str) -> None:
        """Press Tab until what is focused bears a name."""
        passed: list[str] = []
        for _ in range(MOST_TABS):
            await self.page.keyboard.press("Tab")
            passed.append(await self.page.evaluate(_FOCUSED))
            if name in passed[-1]:
                return
        raise AssertionError(f"Tab does not lead to {name!r}, only to {passed}")

    async def breaches(self, *rules: str) -> list[str]:
        """Give what axe finds wrong, by these rules or by all.

        The beam of light is put out first: axe judges no contrast over a gradient, it only says that it cannot.
        """
        if not await self.page.evaluate("() => 'axe' in window"):
            await self.page.evaluate(_axe())
        found: list[str] = await self.page.evaluate(_BREACHES, {"runOnly": list(rules)} if rules else {})
        return found

    async def runs_out(self) -> list[str]:
        """Give what stands outside the window."""
        found: list[str] = await self.page.evaluate(_RUNS_OUT)
        return found


async def both_rooms(screen: Screen) -> dict[str, list[str]]:
    """Give what axe finds in both rooms; they differ in nothing but their colours."""
    await screen.page.emulate_media(color_scheme="dark")
    dark = await screen.breaches()
    await screen.page.emulate_media(color_scheme="light")
    return {"dark": dark, "light": await screen.breaches("color-contrast", "link-in-text-block")}


class House:
    """A running Matinee, and the way in for browsers."""

    def __init__(self, running: Matinee, chromium: Browser) -> None:
        self.running = running
        self._chromium = chromium
        self._cookies: StorageState | None = None
        self._contexts: list[BrowserContext] = []

    async def come_in(self, link: str) -> Screen:
        """Come in by a one-time link."""
        context = await self._context(self._chromium)
        screen = Screen(await context.new_page())
        await screen.page.goto(link)
        await screen.page.get_by_role("main").wait_for(timeout=WAIT_MS)
        self._cookies = await context.storage_state()
        return screen

    async def sit_down(
        self,
        fragment: str = "/",
        *,
        told: bool = True,
        known: bool = True,
        browser: Browser | None = None,
        **options: Any,
    ) -> Screen:
        """Open a tab, let in already unless not ``known``; ``told`` is whether the sentence before a film was read.

        Of Chromium, unless another ``browser`` is given.
        """
        state = self._cookies if known else None
        context = await self._context(browser or self._chromium, storage_state=state, **options)
        if told:
            await context.add_init_script(_TOLD)
        screen = Screen(await context.new_page())
        await screen.page.goto(f"{self.running.address}#{fragment}")
        return screen

    async def leave(self) -> None:
        """Close every tab, as a person does: playbacks end."""
        for context in self._contexts:
            for tab in context.pages:
                await tab.goto("about:blank")
            await context.close()
        self._contexts.clear()

    async def forget(self) -> None:
        """Have the house remember nothing of whoever was here before."""
        answer = await self.running.client.delete("api/v1/library")
        assert answer.status_code == 204

    async def _context(self, browser: Browser, **options: Any) -> BrowserContext:
        # What a worker of the page asks for, no test could answer: it is let in where it is what is tested.
        settings = {"locale": "en", "service_workers": "block", **options}
        context = await browser.new_context(**settings)
        self._contexts.append(context)
        return context


@contextlib.asynccontextmanager
async def open_house(
    chromium: Browser,
    folder: Path,
    *options: str,
    program: tuple[str, str] = ("-m", "matinee"),
    under: tuple[str, ...] = (),
) -> AsyncIterator[House]:
    """Run Matinee in a folder; the 'browser' it opens passes the address on, and a tab of Chromium comes in by it."""
    pipe, opener = folder / "pipe", folder / "opener.sh"
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe)
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > {pipe}\n')
    opener.chmod(0o755)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("BROWSER", f"{opener} %s")
        async with (
            _mouth(pipe) as mouth,
            matinee(folder / "data", "--open", *options, program=program, under=under) as running,
        ):
            house = House(running, chromium)
            try:
                link = await asyncio.wait_for(mouth.read(), WAIT_MS / 1000)
                await house.come_in(link.decode())
                yield house
            finally:
                await house.leave()


@dataclass(frozen=True, slots=True)
class Offered:
    """A film that a seed has and a tracker knows, today and after a restart."""

    info_hash: str
    metainfo: Path
    tracker: str

    @property
    def magnet(self) -> str:
        """A link to it."""
        return f"magnet:?xt=urn:btih:{self.info_hash}&tr={quote(self.tracker, safe='')}"


@contextlib.asynccontextmanager
async def offer(film: Path, folder: Path) -> AsyncIterator[Offered]:
    """Have webtorrent seed a film at full speed, and a tracker give the seed's address to whoever asks."""
    port = free_port()
    announce = f"http://127.0.0.1:{port}/announce"
    with webtorrent_seed(film, folder, tracker=announce) as seeded:
        tracker = Tracker([("127.0.0.1", seeded.port)], 0)
        await tracker.listen("127.0.0.1", port)
        try:
            yield Offered(seeded.info_hash, seeded.metainfo, announce)
        finally:
            await tracker.close()


@contextlib.contextmanager
def foreign_swarm(film: Path, folder: Path) -> Iterator[list[Seeded]]:
    """Have three programs that are not libtorrent seed a film, each with a folder of its own."""
    with contextlib.ExitStack() as stack:
        seeds: list[Seeded] = []
        for seed in (aria2_seed, transmission_seed, webtorrent_seed):
            own = folder / seed.__name__
            own.mkdir()
            seeds.append(stack.enter_context(seed(film, own)))
        yield seeds


@contextlib.asynccontextmanager
async def _mouth(pipe: Path) -> AsyncIterator[asyncio.StreamReader]:
    """Hold the reading end of a named pipe."""
    reader = asyncio.StreamReader()
    end = os.fdopen(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), "rb")
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), end
    )
    try:
        yield reader
    finally:
        transport.close()
