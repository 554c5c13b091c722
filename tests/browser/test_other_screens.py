"""The computer in the study, the phone on the sofa: let in, played on, sent away; and whoever has no business there."""

import asyncio
import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Error, expect

from matinee.tls.authority import AuthorityFolder
from tests.browser.parts import WAIT_MS, House, Screen, open_house
from tests.browser.rooms import (
    PHONE,
    PUBLISH,
    SQUARE,
    STUDY,
    WIRE,
    Rooms,
    ask,
    browser_in,
    inside,
    logging_to,
    refusals,
    rooms,
)
from tests.swarm.parts import TOKEN

pytestmark = [
    pytest.mark.browser,
    pytest.mark.swarm,
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="session"),
]

SECOND_S = 1.0
AT_ONCE_S = 10.0
"""What a browser takes besides on a machine that runs all tests at once; alone it is less than a second too."""

_STREAM_OF = """async (hash) => {
  const film = await (await fetch(`/api/v1/torrents/${hash}`)).json();
  return film.files[0].stream_url;
}"""

_KEPT = """async () => {
  await navigator.serviceWorker.register('/sw.js');
  return (await navigator.serviceWorker.ready).scope;
}"""
"""The page registers it once somebody is in; a browser that does not trust the connection refuses."""

_HOLD = r"""
import json, select, socket, sys, time
host, port, path = json.loads(sys.argv[1])
held = socket.create_connection((host, port), 30)
held.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
print(held.recv(12).decode(), flush=True)
poll = select.poll()
poll.register(held, select.POLLRDHUP)
poll.poll(60_000)
print(time.time(), flush=True)
"""
"""Takes the beginning of a stream and no more, so that it stays open; says when it was ended."""

_WATCH = """() => {
  window.shown = {};
  const look = () => {
    for (const { textContent } of document.querySelectorAll('main a')) window.shown[textContent.trim()] ??= Date.now();
  };
  look();
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  document.addEventListener('playing', ({ target }) => { window.began_s ??= target.currentTime; }, true);
}"""
"""Writes down when a link is shown first, and where the film goes on to which it leads."""

_PAUSE = """() => new Promise((done) => {
  const video = document.querySelector('video');
  const step = (now, { mediaTime }) => {
    if (mediaTime % 1 < 0.6 || mediaTime % 1 > 0.8) {
      video.requestVideoFrameCallback(step);
      return;
    }
    video.pause();
    done([Date.now(), video.currentTime]);
  };
  video.requestVideoFrameCallback(step);
})"""
"""Pauses late in a second: what is kept may be a quarter older, and is to be called by the same one."""


@contextlib.asynccontextmanager
async def _held(room: str, *what: str | int) -> AsyncIterator[asyncio.subprocess.Process]:
    """Hold a stream in a room, without a browser."""
    command = [*inside(room), sys.executable, "-c", _HOLD, json.dumps(what)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"HTTP/1.1 200\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _let_in(computer: Screen, phone: Screen) -> None:
    """Have the phone type the code that the computer shows, and say yes there."""
    await computer.page.get_by_role("button", name="Add a device").click()
    number = computer.page.locator("dialog .number")
    await expect(number).to_have_text(re.compile(r"\d{4} \d{4}"))
    await phone.page.get_by_label("Code", exact=True).fill((await number.inner_text()).replace(" ", ""))
    await phone.page.get_by_role("button", name="Go on").click()
    asked = computer.page.locator("dialog article .match")
    await expect(asked).to_have_text(await phone.page.locator(".match").inner_text())
    await computer.page.get_by_role("button", name="Let it watch").click()
    await expect(computer.page.locator("dialog .in")).to_contain_text("is in.")
    await computer.page.get_by_role("button", name="Done").click()
    await expect(phone.page.locator("#pair-code")).to_have_count(0)


async def _by_camera(computer: Screen, sofa: Browser, address: str) -> None:
    """Open what the computer's square says: it lets in whoever comes first, and tells the next that it has ended."""
    link = await computer.page.evaluate(SQUARE, address)
    for shows in ("#content", "main .problem:not(:empty)"):
        context = await sofa.new_context(locale="en", service_workers="block", **PHONE)
        page = await context.new_page()
        if shows == "#content":
            # The tab stands there already: only the address's fragment changes.
            await page.goto(address)
            await expect(page.get_by_label("Code", exact=True)).to_be_visible()
        await page.goto(link)
        await expect(page.locator(shows)).to_be_visible()
        assert "pair=" not in page.url
        if shows != "#content":
            await expect(page.locator(shows)).to_contain_text("for two minutes, and for one screen")
            await expect(page.get_by_label("Code", exact=True)).to_be_visible()
        await context.close()
    away = computer.page.get_by_role("button", name=re.compile("^Send away: "))
    await away.click()
    await expect(away).to_have_count(0)


async def _place(screen: Screen) -> float:
    found: float = await screen.page.evaluate("() => document.querySelector('video').currentTime")
    return found


async def _sent_away(
    computer: Screen, phone: Screen, held: asyncio.subprocess.Process
) -> tuple[float, float]:
    """Send the phone away while it plays; give how long its page's stream went on, and another of its, in seconds."""
    button = computer.page.get_by_role("button", name=re.compile("^Send away: "))
    await expect(button).to_be_visible()
    assert held.stdout is not None
    async with (
        computer.page.expect_request(lambda request: request.method == "DELETE") as asked,
        phone.page.expect_event("requestfailed", lambda request: "/stream/" in request.url, timeout=WAIT_MS),
    ):
        started = time.monotonic()
        await button.click()
    page_s = time.monotonic() - started
    ended_s = float(await held.stdout.readline())
    return page_s, ended_s - (await asked.value).timing["startTime"] / 1000


async def _strangers(house: House, places: Rooms, port: int, log: Path, signed: str, other: str) -> None:
    """Have everybody ask who has no business there: each is refused, and each is written down once."""
    signature = signed.partition("?")[2]
    film = f"/stream/{other}/0"
    asked: list[tuple[str, dict[str, str]]] = [
        ("/api/v1/receipt", {"Host": f"evil.example:{port}"}),
        ("/api/v1/watchlist", {"Cookie": f"matinee-{port}={'x' * 43}"}),
        (f"{film}?{signature}", {}),
        (signed, {}),
    ]
    assert ask(places.sofa, STUDY, port, *asked) == [421, 401, 403, 403]
    # Another origin that reaches this computer without asking anybody: `localhost` is not `127.0.0.1`.
    foreign = await house.sit_down("/", bypass_csp=True)
    await foreign.page.goto(f"http://localhost:{port}/")
    await foreign.page.evaluate(
        "(url) => fetch(url, { mode: 'no-cors', credentials: 'include' }).catch(() => undefined)",
        f"http://127.0.0.1:{port}/api/v1/ratings",
    )
    for code, path in (
        ("misdirected", "/api/v1/receipt"),
        ("unauthorised", "/api/v1/watchlist"),
        ("refused", film),
        ("refused", signed.partition("?")[0]),
        ("refused", "/api/v1/ratings"),
    ):
        assert refusals(log, code, path) == 1, (code, path)


def _make_authority(places: Rooms, data: Path) -> None:
    """Make one, beside the Matinee that runs, which is told."""
    command = [*inside(places.study), sys.executable, "-m", "matinee", "tls", "--data-dir", str(data)]
    done = subprocess.run(
        command,
        env={**os.environ, "MATINEE_TOKEN": TOKEN},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert f"http://{STUDY}:" in done.stdout
    assert AuthorityFolder(data / "tls").read().fingerprint[:47] in done.stdout


def _trusting(room: str, port: int, folder: Path) -> Path:
    """Install the authority for somebody in a room, as it is given to every device; gives their home."""
    file, kept = folder / "authority.crt", folder / "home" / ".pki" / "nssdb"
    kept.mkdir(parents=True)
    address = f"http://{STUDY}:{port}/matinee-authority.crt"
    for command in (
        [*inside(room), "curl", "--silent", "--fail", "--max-time", "20", "--output", str(file), address],
        ["certutil", "-d", f"sql:{kept}", "-N", "--empty-password"],
        ["certutil", "-d", f"sql:{kept}", "-A", "-t", "C,,", "-n", "Matinee", "-i", str(file)],
    ):
        subprocess.run(command, check=True, capture_output=True, timeout=30)
    return folder / "home"


async def test_phone_when_let_in_plays_goes_on_and_is_cut_off_when_sent_away(
    chromium: Browser,
    bunny: Path,
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"
    with rooms() as places:
        under = (*logging_to(log), *inside(places.study))
        async with (
            browser_in(places.study, chromium, tmp_path) as in_study,
            browser_in(places.sofa, chromium, tmp_path) as on_sofa,
            open_house(in_study, tmp_path, under=under) as house,
        ):
            port = int(house.running.address.rstrip("/").rpartition(":")[2])
            with pytest.raises(ConnectionRefusedError):
                ask(places.sofa, STUDY, port, ("/api/v1/health", {}))
            computer = await house.sit_down("/settings")
            info_hash = await computer.page.evaluate(PUBLISH, [str(bunny), "Big Buck Bunny"])
            await computer.page.get_by_role("switch", name="Watch on other screens").click()
            await expect(computer.page.get_by_text(f"http://{STUDY}:{port}")).to_be_visible()
            await expect(computer.page.get_by_text(f"http://[fd77::1]:{port}")).to_be_visible()
            await expect(computer.page.get_by_text(f"http://matinee.local:{port}")).to_be_visible()
            assert ask(places.sofa, "fd77::1", port, ("/api/v1/health", {})) == [200]

            context = await on_sofa.new_context(locale="en", service_workers="block", **PHONE)
            phone = Screen(await context.new_page())
            await phone.page.goto(f"http://{STUDY}:{port}/")
            await _let_in(computer, phone)
            await expect(phone.page.get_by_role("link", name="Settings")).to_have_count(0)
            await phone.go(f"/film/{info_hash}")
            await expect(phone.page.get_by_role("button", name="Remove")).to_have_count(0)

            # It plays, seeks, and where it stands the computer knows at once; there it goes on.
            await phone.go(f"/film/{info_hash}/play/0")
            await phone.plays_past(0.3)
            await phone.page.evaluate("() => { document.querySelector('video').currentTime = 240 }")
            await phone.plays_past(240.3)
            other = await house.sit_down(f"/film/{info_hash}")
            await expect(
                other.page.get_by_role("link", name="Play", exact=True)
                .or_(other.page.get_by_role("link", name="Go on at"))
                .first
            ).to_be_visible()
            await other.page.evaluate(_WATCH)
            paused_ms, stood = await phone.page.evaluate(_PAUSE)
            words = f"Go on at {int(stood) // 60}:{int(stood) % 60:02}"
            go_on = other.page.get_by_role("link", name=words, exact=True)
            await expect(go_on).to_be_visible()
            await go_on.click()
            await other.plays_past(stood)
            shown_ms, began = await other.page.evaluate("(words) => [shown[words], began_s]", words)
            assert shown_ms - paused_ms < SECOND_S * 1000
            assert abs(began - stood) < SECOND_S

            signed = await phone.page.evaluate(_STREAM_OF, info_hash)
            assert ask(places.sofa, STUDY, port, (signed, {"Range": "bytes=0-9"})) == [206]
            await phone.page.evaluate("() => document.querySelector('video').play()")
            await phone.plays_past(stood)
            async with _held(places.sofa, STUDY, port, signed) as held:
                page_s, other_s = await _sent_away(computer, phone, held)
            assert page_s < AT_ONCE_S
            assert other_s < SECOND_S
            await expect(phone.page.locator("#pair-code")).to_be_visible()
            await _strangers(house, places, port, log, signed, "b" * 40)
            await _by_camera(computer, on_sofa, f"http://{STUDY}:{port}")

            await context.close()

            # Encrypted while it runs: who has installed its authority has the page for good, by the address they knew.
            data = tmp_path / "data"
            _make_authority(places, data)
            await expect(computer.page.get_by_text(f"https://{STUDY}:{port}")).to_be_visible()
            await expect(computer.page.get_by_text(f"http://{STUDY}:{port}/authority")).to_be_visible()
            stranger = await on_sofa.new_page()
            with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
                await stranger.goto(f"http://{STUDY}:{port}/")
            await stranger.close()
            home = _trusting(places.sofa, port, tmp_path)
            async with browser_in(places.sofa, chromium, tmp_path, home) as trusting:
                page = await trusting.new_page(locale="en")
                await page.goto(f"http://{STUDY}:{port}/")
                await expect(page.locator("#pair-code")).to_be_visible()
                assert await page.evaluate(_KEPT) == f"https://{STUDY}:{port}/"

            # Another address is followed; turned off, nobody answers there, and here all goes on.
            places.move("address", "add", "10.77.0.9/24", "dev", WIRE)
            await expect(computer.page.get_by_text(f"https://10.77.0.9:{port}")).to_be_visible()
            assert ask(places.sofa, "10.77.0.9", port, ("/api/v1/health", {})) == [307]
            places.move("address", "del", "10.77.0.9/24", "dev", WIRE)
            await expect(computer.page.get_by_text(f"https://10.77.0.9:{port}")).to_have_count(0)
            await computer.page.get_by_role("switch", name="Watch on other screens").click()
            await expect(computer.page.get_by_text(f"https://{STUDY}:{port}")).to_have_count(0)
            with pytest.raises(ConnectionRefusedError):
                ask(places.sofa, STUDY, port, ("/api/v1/health", {}))
