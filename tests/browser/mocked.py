"""The page on its made-up server: built once, and walked without a server and without a swarm."""

import contextlib
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import hatch_build as page
from docs.generate import interface
from playwright.async_api import Browser

from tests.browser.parts import UI, WAIT_MS, Screen
from tests.browser.sights import Sight
from tests.registry import CACHE, alone

BUILT = CACHE.parent / "mock"
SHELF = UI.parent / "src" / "matinee" / "catalogue" / "shelf"
BUILD_LIMIT_S = 300
EVENING = "2026-11-26T19:30:00Z"
"""When everything on the made-up page happens."""

_WHOLE = f"""async (wanted) => {{
  const whole = () => Number(document.documentElement.dataset.asked) === 0
    && [...document.querySelectorAll(wanted)].some((one) => one.checkVisibility());
  const started = performance.now();
  for (let frames = 0; frames < 3;) {{
    await new Promise(requestAnimationFrame);
    frames = whole() ? frames + 1 : 0;
    if (performance.now() - started > {WAIT_MS}) throw new Error(`${{location}} never shows ${{wanted}}`);
  }}
  await document.fonts.ready;
}}"""


def build() -> Path:
    """Give the folder of the built page, made anew when any of its sources has changed."""
    sources = [UI / "mock.html", UI / "vite.mock.config.ts", *sorted((UI / "tests" / "languages").glob("*"))]
    told = interface()
    digest = sha256(page.fingerprint(UI).encode() + told)
    for source in [*sources, *sorted(SHELF.glob("*.toml"))]:
        digest.update(source.read_bytes())
    built = BUILT / digest.hexdigest()[:16]
    with alone("mock-page"):
        if not (built / "api").is_dir():
            page.install(UI)
            words = ("--config", "vite.mock.config.ts", "--outDir", str(built), "--emptyOutDir")
            page.npm(UI, "exec", "--offline", "--", "vite", "build", *words, limit_s=BUILD_LIMIT_S)
            (built / "api").mkdir()
            (built / "api" / "openapi.json").write_bytes(told)
    return built


class _Files(SimpleHTTPRequestHandler):
    """What was built, and one film, of which a browser asks for parts."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, film: Path, **options: Any) -> None:
        self._film = film
        super().__init__(*args, **options)

    def do_GET(self) -> None:
        if self.path != "/mock-film.mp4":
            super().do_GET()
            return
        size = self._film.stat().st_size
        first, _, last = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")
        start, stop = int(first), min(int(last or size - 1) + 1, size)
        self.send_response(206)
        for name, value in (
            ("Content-Type", "video/mp4"),
            ("Content-Length", str(stop - start)),
            ("Content-Range", f"bytes {start}-{stop - 1}/{size}"),
            ("Accept-Ranges", "bytes"),
        ):
            self.send_header(name, value)
        self.end_headers()
        # A player that has enough hangs up in the middle.
        with contextlib.suppress(ConnectionError), self._film.open("rb") as film:
            film.seek(start)
            while start < stop:
                block = film.read(min(1 << 18, stop - start))
                self.wfile.write(block)
                start += len(block)

    def log_message(self, *_: Any) -> None:
        """Say nothing: a browser asks for much."""


@contextlib.contextmanager
def served(film: Path) -> Iterator[str]:
    """Serve the page on a port of its own; ``film`` is what plays."""
    handler = partial(_Files, directory=str(build()), film=film)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/mock.html"
        finally:
            server.shutdown()
            serving.join()


@dataclass(frozen=True, slots=True)
class Mocked:
    """The page on its made-up server, and the way in."""

    address: str
    chromium: Browser

    @contextlib.asynccontextmanager
    async def tab(self, width: int = 1440, height: int = 900, **options: Any) -> AsyncIterator[Screen]:
        """Open a tab of a window this large, in which nothing moves and it is always the same evening."""
        still = {"reduced_motion": "reduce", "locale": "en", "timezone_id": "UTC", "service_workers": "block"}
        context = await self.chromium.new_context(
            **{**still, "viewport": {"width": width, "height": height}, **options}
        )
        try:
            await context.clock.set_fixed_time(EVENING)
            yield Screen(await context.new_page())
        finally:
            await context.close()

    async def show(self, screen: Screen, sight: Sight, **wishes: str) -> None:
        """Go to a sight, and wait until it is whole."""
        try:
            await self.load(screen, sight, **wishes)
            await whole(screen, sight.shows)
            for deed in sight.deeds:
                await deed(screen.page)
            await whole(screen, sight.ends)
        except Exception as error:
            error.add_note(f"It was on the way to {sight}.")
            raise

    async def load(self, screen: Screen, sight: Sight, **wishes: str) -> None:
        """Go to where a sight is. The page is loaded anew only where it has to be."""
        query = urlencode({"still": "", "remember": "notice:read", **sight.wishes, **wishes})
        address = f"{self.address}?{query}#{sight.place}"
        if screen.page.url == address:
            await screen.page.reload()
        else:
            await screen.page.goto(address)


async def whole(screen: Screen, shows: str) -> None:
    """Wait until something stands there and no answer is on its way."""
    await screen.page.wait_for_function("() => document.documentElement.dataset.asked !== undefined")
    await screen.page.evaluate(_WHOLE, shows)
