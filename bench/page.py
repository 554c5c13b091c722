"""The page as a phone's browser has it: Lighthouse, what comes before the player, its answers, how a long wall glides.

On loopback, with the processor slowed four times, in the system's Chromium. And, as it is, from the click on Play to
the first picture, in the fast swarm, beside the bench's player.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Browser, Page, Route, ViewportSize, async_playwright
from rich.table import Table

from bench.clients.node import install_tool, node
from bench.network import network
from bench.run import CACHE, Run, run_once, swarm_addresses, sweep
from bench.swarms import SWARMS
from matinee.web.routes.static import FOLDER

LIGHTHOUSE = {"lighthouse": "13.5.0"}
SLOWED, RUNS, START_S, LIMIT_S = 4, 3, 60, 180
CLICKS = 5
EYES, NO_EYES = "clicked", "opened"
"""The clients that play by turns: Chromium, and the bench's player."""
PHONE = ViewportSize(width=412, height=823)
MANY, A_PAGE = 10_000, 120
TURNS, TURN_PIXELS = 180, 160
A_FRAME_MS = 1000 / 60
TOKEN = "of the bench alone"  # noqa: S105 - it opens a Matinee that ends with the bench
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

_INTERACTIONS = """() => {
  window.slowest = { duration: 0, told: 'none' };
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      if (!one.interactionId || one.duration <= window.slowest.duration) continue;
      const [waited, worked] = [one.processingStart - one.startTime, one.processingEnd - one.processingStart];
      const where = one.target?.closest?.('[class], [id], [data-place]');
      const told = `${one.name} on ${where?.className || where?.id || one.target?.nodeName}, at ${location.hash}`;
      const rest = one.duration - waited - worked;
      const parts = `waited ${waited | 0}, worked ${worked | 0}, drew ${rest | 0} ms`;
      window.slowest = { duration: one.duration, told: `${told}: ${parts}` };
    }
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
}"""
"""Keeps the slowest, and of what its time was made."""
_FRAMES = """() => {
  window.frames_ms = [];
  let last = performance.now();
  const step = (now) => {
    window.frames_ms.push(now - last);
    last = now;
    window.counting = requestAnimationFrame(step);
  };
  window.counting = requestAnimationFrame(step);
}"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, its limit, and whether more is better."""

    name: str
    value: float
    limit: float
    unit: str = ""
    more_is_better: bool = False

    @property
    def holds(self) -> bool:
        """Whether it is within its limit."""
        return self.value >= self.limit if self.more_is_better else self.value <= self.limit


def measure(say: Callable[[Figure], None]) -> list[Figure]:
    """Measure all of it, and say each figure as soon as it is there.

    Raises:
        NoNetworkError: the machine has no room for the swarm in which somebody clicks; all else was said by then.
    """
    found: list[Figure] = []

    def add(figures: Iterable[Figure]) -> None:
        for figure in figures:
            found.append(figure)
            say(figure)

    asyncio.run(_measure(add))
    add(_clicks())
    return found


def line(one: Figure) -> str:
    """Give one line about one figure, for whoever watches."""
    return f"{one.name}: {one.value:.3g}{one.unit}{'' if one.holds else '  MISSES'}"


def table(found: Sequence[Figure]) -> Table:
    """Show it."""
    made = Table("page", "measured", "limit", "", title=f"The page, processor slowed {SLOWED} times")
    for one in found:
        sign = ">=" if one.more_is_better else "<="
        limit = f"{sign} {one.limit:g}{one.unit}"
        made.add_row(one.name, f"{one.value:.3g}{one.unit}", limit, "" if one.holds else "misses")
    return made


async def _measure(add: Callable[[Iterable[Figure]], None]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="matinee-page-"))
    try:
        async with _matinee(folder) as address:
            add(_lighthouse(address))
            add([_script_before_the_player()])
            async with _chromium() as browser:
                add([await _answers(browser, address)])
                add(await _wall(browser, address))
    finally:
        shutil.rmtree(folder)


@asynccontextmanager
async def _matinee(folder: Path) -> AsyncIterator[str]:
    """Run Matinee with nobody around it."""
    about = {
        "MATINEE_TOKEN": TOKEN, "MATINEE_LISTEN_PORT": "0", "MATINEE_LSD": "false", "MATINEE_PICTURES": "never",
        "MATINEE_COUNTRY": "US",
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        str(Path(".venv/bin/matinee").absolute()), "serve", "--no-open", "--no-dht", "--port", "0",
        "--data-dir", str(folder / "data"), stdout=asyncio.subprocess.PIPE, env={**os.environ, **about},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        said = (await asyncio.wait_for(process.stdout.readline(), START_S)).decode()
        address = said.removeprefix("Matinee is at ").strip()
        # Its own half second of work after the start is no part of the page.
        await asyncio.sleep(2)
        yield address
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def _chromium() -> AsyncIterator[Browser]:
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = node()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        await browser.close()


def _lighthouse(address: str) -> list[Figure]:
    """Ask Lighthouse, several times; the middle of each figure counts."""
    folder = install_tool(CACHE / "lighthouse", LIGHTHOUSE)
    runs = [_ask_lighthouse(folder, address) for _ in range(RUNS)]

    def middle(*path: str) -> float:
        values = []
        for run in runs:
            at: Any = run
            for part in path:
                at = at[part]
            values.append(float(at))
        return statistics.median(values)

    parts = ("largest-contentful-paint", "total-blocking-time", "speed-index")
    of = ", ".join(f"{audit} {middle('audits', audit, 'numericValue'):.0f} ms" for audit in parts)
    scores = [
        ("performance", f"performance ({of})", 95.0),
        ("accessibility", "accessibility", 100.0),
        ("best-practices", "best practices", 100.0),
    ]
    return [
        *(
            Figure(
                f"Lighthouse: {said}", 100 * middle("categories", name, "score"), limit, more_is_better=True
            )
            for name, said, limit in scores
        ),
        Figure(
            "first contentful paint", middle("audits", "first-contentful-paint", "numericValue"), 1000, " ms"
        ),
        Figure("layout shift", middle("audits", "cumulative-layout-shift", "numericValue"), 0.02),
    ]


def _ask_lighthouse(folder: Path, address: str) -> dict[str, Any]:
    none = ("requestLatencyMs", "downloadThroughputKbps", "uploadThroughputKbps")
    done = subprocess.run(
        [
            node(), str(folder / "lighthouse" / "cli" / "index.js"), address, "--quiet", "--output=json",
            "--only-categories=performance,accessibility,best-practices", "--throttling-method=devtools",
            f"--throttling.cpuSlowdownMultiplier={SLOWED}", *(f"--throttling.{name}=0" for name in none),
            f"--extra-headers={json.dumps({'Authorization': f'Bearer {TOKEN}'})}",
            f"--chrome-flags=--headless=new {' '.join(FLAGS)}",
        ],
        env={**os.environ, "CHROME_PATH": str(Path(shutil.which("chromium") or "").resolve())},
        capture_output=True, text=True, timeout=LIMIT_S, check=True,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _script_before_the_player() -> Figure:
    """Add up what the page names in its head."""
    index = (FOLDER / "index.html").read_text()
    names = re.findall(r'(?:src|href)="/(assets/[^"]+\.js|theme\.js)"', index)
    size = sum(len(gzip.compress((FOLDER / name).read_bytes(), 9)) for name in names)
    return Figure("script before the player, compressed", size / 1000, 90, " kB")


async def _open(browser: Browser, address: str, place: str) -> Page:
    context = await browser.new_context(
        viewport=PHONE, extra_http_headers={"Authorization": f"Bearer {TOKEN}"}, service_workers="block", locale="en"
    )  # fmt: skip
    page = await context.new_page()
    await page.goto(f"{address}#{place}")
    await page.evaluate("localStorage.setItem('matinee.notice', 'read')")
    return page


async def _slow(page: Page) -> None:
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})


async def _answers(browser: Browser, address: str) -> Figure:
    """Do what a person does on a first visit; the slowest answer counts."""
    page = await _open(browser, address, "/browse")
    posters = page.locator("main [data-place]")
    await posters.first.wait_for()
    await page.evaluate(_INTERACTIONS)
    await _slow(page)
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown"):
        await page.keyboard.press(key)
        await asyncio.sleep(0.3)
    await page.locator("[data-search]:visible").first.click()
    await page.keyboard.type("nosferatu", delay=120)
    await posters.first.wait_for()
    await posters.first.click()
    await page.locator(".synopsis").wait_for()
    await page.keyboard.press("Escape")
    await posters.first.wait_for()
    await asyncio.sleep(1)
    slowest, told = await page.evaluate("[window.slowest.duration, window.slowest.told]")
    await page.context.close()
    return Figure(f"interaction to next paint, the slowest ({told})", slowest, 100, " ms")


async def _hang(route: Route) -> None:
    """Tell of ten thousand titles."""
    start = int(parse_qs(urlsplit(route.request.url).query).get("cursor", ["0"])[0])
    stop = min(start + A_PAGE, MANY)
    titles = [
        {
            "id": f"title-{number}-1926", "kind": "film", "title": f"Film {number}", "titles": {}, "year": 1926,
            "minutes": 60, "genres": ["comedy"], "directors": [], "countries": ["US"], "children": False,
            "poster": None, "pictures": {"poster": None, "backdrop": None},
        }
        for number in range(start, stop)
    ]  # fmt: skip
    cursor = str(stop) if stop < MANY else None
    told = {"titles": titles, "total": None, "next_cursor": cursor, "close": False}
    await route.fulfill(body=json.dumps(told), content_type="application/json")


async def _wall(browser: Browser, address: str) -> list[Figure]:
    """Turn the wheel down a wall of ten thousand titles, and count frames; the processor is as it is."""
    page = await _open(browser, address, "/own")
    await page.route("**/api/v1/titles?*", _hang)
    await page.evaluate("location.hash = '/browse'")
    # Only what can be seen and a little more is drawn.
    await page.get_by_text("Film 2", exact=True).first.wait_for(state="attached")
    await page.mouse.move(200, 500)
    await page.evaluate(_FRAMES)
    for _ in range(TURNS):
        await page.mouse.wheel(0, TURN_PIXELS)
        await asyncio.sleep(A_FRAME_MS / 1000)
    frames: list[float] = (await page.evaluate("window.frames_ms"))[2:]
    await page.context.close()
    late = sum(max(0, round(frame / A_FRAME_MS) - 1) for frame in frames)
    rate = 1000 * len(frames) / sum(frames)
    return [
        Figure("wall of 10 000, frames a second", rate, 59, more_is_better=True),
        Figure("wall of 10 000, frames left out", 100 * late / (len(frames) + late), 1, " %"),
    ]


def _clicks() -> Iterator[Figure]:
    """Play the fast swarm's film to the first picture, by turns in Chromium and by the bench's player."""
    sweep()
    with network(swarm_addresses()) as made:
        runs = [
            run_once(made, SWARMS["fast"], client, number, mode="open", play_s=0.0)
            for number in range(CLICKS)
            for client in (NO_EYES, EYES)
        ]
    with_eyes, without = (
        statistics.median(_from_click_s(run) for run in runs if run.client == client)
        for client in (EYES, NO_EYES)
    )
    name = f"click to first picture ({with_eyes:.2f} s), later than the bench's player ({without:.2f} s)"
    yield Figure(name, with_eyes - without, 0.3, " s")


def _from_click_s(run: Run) -> float:
    story = run.outcome.story
    if story.first_frame_s is None:
        raise RuntimeError(f"{run.client} #{run.number} saw no picture: {run.trouble}")
    return story.first_frame_s - run.outcome.click_s
