"""Whoever has no business here, with a real browser: tokens that have ended, another name, pages of another origin."""

import contextlib
import signal
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.parts import FLAGS, SHELL, open_house
from tests.browser.rooms import PHONE, SQUARE, STUDY, ask, evening, logging_to, refusals
from tests.swarm.parts import Matinee
from tests.torrent.made_torrents import file_v1, folder_v1, torrent

pytestmark = [
    pytest.mark.browser,
    pytest.mark.swarm,
    pytest.mark.timeout(180),
    pytest.mark.asyncio(loop_scope="session"),
]

ASKED = 2
"""After a 421 Chromium asks once more, over a connection of its own (RFC 9110 section 15.5.20)."""

_LATER = """
import runpy, signal, time
today, running, steady, later = time.time, time.monotonic, time.clock_gettime, []
time.time = lambda: today() + 91 * 86400 * len(later)
time.clock_gettime = lambda which: steady(which) + 91 * 86400 * len(later)
time.monotonic = lambda: running() + 180 * len(later)
signal.signal(signal.SIGUSR1, lambda *_: later.append(True))
runpy.run_module("matinee", run_name="__main__", alter_sys=True)
"""
"""The program, whose clocks go ahead when told so: by a quarter of a year for what lasts, by minutes for codes."""

_SIGNED = """async (hash) => {
  const film = await (await fetch(`/api/v1/torrents/${hash}`)).json();
  return film.files[0].stream_url;
}"""

_FOREIGN = """async ([ours, hash]) => {
  const text = { 'Content-Type': 'text/plain' };
  const json = { 'Content-Type': 'application/json', 'X-Matinee': '1' };
  const wish = JSON.stringify({ magnet: `magnet:?xt=urn:btih:${'c'.repeat(40)}` });
  const ask = (path, options) => fetch(ours + path, { credentials: 'include', ...options })
    .then(async (answer) => `${answer.type} ${answer.status} ${await answer.text()}`, () => 'failed');
  const loads = (name, at, given = {}) => new Promise((done) => {
    const element = Object.assign(document.createElement(name), given);
    element.onload = () => done('loaded');
    element.onerror = () => done('failed');
    element.src = ours + at;
    document.body.append(element);
  });
  const form = () => new Promise((done) => {
    const frame = Object.assign(document.createElement('iframe'), { name: 'into' });
    document.body.append(frame);
    const posted = document.createElement('form');
    Object.assign(posted, { action: `${ours}/api/v1/torrents`, method: 'post', enctype: 'text/plain', target: 'into' });
    const field = Object.assign(document.createElement('input'), { name: wish.slice(0, -1), value: '}' });
    posted.append(field);
    document.body.append(posted);
    frame.onload = () => done(frame.contentDocument === null ? 'unreadable' : frame.contentDocument.body.innerText);
    posted.submit();
  });
  const socket = () => new Promise((done) => {
    const one = new WebSocket(`${ours.replace('http', 'ws')}/api/v1/events`);
    one.onopen = () => done('open');
    one.onerror = () => done('failed');
  });
  const events = () => new Promise((done) => {
    const source = new EventSource(`${ours}/api/v1/events`, { withCredentials: true });
    source.onopen = () => done('open');
    source.onerror = () => { source.close(); done('failed'); };
  });
  return {
    'read': await ask('/api/v1/torrents'),
    'read, no-cors': await ask('/api/v1/torrents', { mode: 'no-cors' }),
    'post': await ask('/api/v1/torrents', { method: 'POST', headers: json, body: wish }),
    'post, text': await ask('/api/v1/torrents', { method: 'POST', headers: text, body: wish }),
    'post, no-cors': await ask('/api/v1/torrents', { method: 'POST', mode: 'no-cors', body: wish }),
    'put': await ask(`/api/v1/torrents/${hash}/rights`, { method: 'PUT', headers: json, body: '{"basis":"own"}' }),
    'patch': await ask('/api/v1/settings', { method: 'PATCH', headers: json, body: '{"other_screens":true}' }),
    'delete': await ask(`/api/v1/torrents/${hash}?files=delete`, { method: 'DELETE' }),
    'delete all': await ask('/api/v1/library', { method: 'DELETE', headers: json }),
    'form': await form(),
    'websocket': await socket(),
    'events': await events(),
    'picture': await loads('img', '/icon.svg'),
    'picture of an answer': await loads('img', `/api/v1/torrents/${hash}`),
    'script': await loads('script', '/api/v1/torrents'),
    'stream': await loads('video', `/stream/${hash}/0`),
  };
}"""


class _Page(SimpleHTTPRequestHandler):
    """A page of somebody else's."""

    def do_GET(self) -> None:
        body = b"<!doctype html><title>Elsewhere</title><body>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def _elsewhere() -> Iterator[int]:
    """Serve a page of another origin; gives its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Page)) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


async def _all_there_is(running: Matinee) -> list[Any]:
    answers = [
        await running.client.get(f"api/v1/{what}") for what in ("torrents", "settings", "library", "devices")
    ]
    assert [answer.status_code for answer in answers] == [200] * 4
    return [answer.json() for answer in answers]


async def test_addresses_and_tokens_when_they_have_ended_then_are_refused_and_each_is_logged_once(
    chromium: Browser, bunny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATINEE_LOG_LEVEL", "info")
    async with evening(chromium, tmp_path, bunny, program=("-c", _LATER)) as there:
        signed = await there.phone.page.evaluate(_SIGNED, there.info_hash)
        (cookie,) = await there.phone.page.context.cookies()
        link = await there.computer.page.evaluate(SQUARE, f"http://{STUDY}:{there.port}")
        # What only the phone's own page asks again and again would be written down beside it.
        await there.phone.page.goto("about:blank")
        as_phone = ("/api/v1/watchlist", {"Cookie": f"{cookie['name']}={cookie['value']}"})
        asked = ((signed, {"Range": "bytes=0-9"}), as_phone)
        assert ask(there.places.sofa, STUDY, there.port, *asked) == [206, 200]
        film = signed.partition("?")[0]
        assert refusals(there.log, "refused", film) == 0
        there.house.running.process.send_signal(signal.SIGUSR1)
        assert ask(there.places.sofa, STUDY, there.port, *asked) == [403, 401]
        assert refusals(there.log, "refused", film) == 1
        assert refusals(there.log, "unauthorised", "/api/v1/watchlist") == 1
        late = await there.sofa.new_page(locale="en", service_workers="block", **PHONE)
        await late.goto(link)
        await expect(late.locator("main .problem:not(:empty)")).to_contain_text("for two minutes")


async def test_name_when_it_was_rebound_to_this_computer_then_its_page_is_refused_and_each_request_is_logged_once(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATINEE_LOG_LEVEL", "info")
    log = tmp_path / "log"
    rebound = "--host-resolver-rules=MAP evil.example 127.0.0.1"
    async with open_house(chromium, tmp_path, under=logging_to(log)) as house:
        port = int(house.running.address.rstrip("/").rpartition(":")[2])
        browser = await chromium.browser_type.launch(executable_path=SHELL, args=[*FLAGS, rebound])
        try:
            page = await browser.new_page()
            answer = await page.goto(f"http://evil.example:{port}/")
            assert answer is not None
            assert answer.status == 421
            assert await page.evaluate("() => origin") == f"http://evil.example:{port}"
            read = "(path) => fetch(path).then(async (one) => [one.status, await one.text()])"
            status, text = await page.evaluate(read, "/api/v1/torrents")
        finally:
            await browser.close()
        assert (status, "misdirected" in text) == (421, True)
        assert refusals(log, "misdirected", "path='/'") == ASKED
        assert refusals(log, "misdirected", "/api/v1/torrents") == ASKED


async def test_page_of_another_origin_when_it_asks_in_every_way_then_reads_nothing_and_changes_nothing(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATINEE_LOG_LEVEL", "info")
    log = tmp_path / "log"
    async with open_house(chromium, tmp_path, under=logging_to(log)) as house:
        film = torrent(folder_v1(file_v1(900_000, "film.mp4"), name=b"The General (1926)"))
        info_hash = await house.running.upload(film, rights=True)
        before = await _all_there_is(house.running)
        screen = await house.sit_down("/")
        await expect(screen.page.locator("#content")).to_be_visible()
        with _elsewhere() as port:
            # The same host: its cookies go along with what this page asks.
            await screen.page.goto(f"http://127.0.0.1:{port}/")
            got = await screen.page.evaluate(_FOREIGN, [house.running.address.rstrip("/"), info_hash])
        assert got.pop("form") == "unreadable"
        assert got == dict.fromkeys(got, "failed")
        assert await _all_there_is(house.running) == before
    # What a browser asks leave for first it never sends; all the rest came, and was refused for where it came from.
    for count, code, path in (
        (3, "refused", "'/api/v1/torrents'"),
        (3, "bad-request", "'/api/v1/torrents'"),
        (1, "refused", f"'/api/v1/torrents/{info_hash}'"),
        (2, "refused", "'/api/v1/events'"),
        (1, "refused", f"'/stream/{info_hash}/0'"),
    ):
        assert refusals(log, code, path) == count, (code, path)
