"""A real server on loopback over films in memory."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import uvloop

from matinee.errors import Starting
from matinee.events import Bus, PublicationChanged
from matinee.tls.authority import Installed
from matinee.tls.keeper import Keeper
from matinee.web.app import Options, WebApp, build
from matinee.web.devices import Devices
from matinee.web.protocol import Limits
from matinee.web.security import Gate
from matinee.web.server import Listening, serve
from matinee.web.signatures import Signer
from tests.fakes.devices import FakeDevices, made_devices
from tests.fakes.disk import FakeDisk
from tests.fakes.films import FakeFilms
from tests.fakes.pictures import FakePictures
from tests.fakes.playbacks import FakePlaybacks
from tests.fakes.publishing import FakePublishing
from tests.fakes.settings import FakeSettings
from tests.fakes.sources import FakeSources
from tests.fakes.titles import FakeFurther, FakeTitles
from tests.fakes.watching import FakeWatching

DEADLINE_S = 60.0
"""Within it comes whatever comes at all, also on a computer that has ten other things to do."""
TOKEN = "the-owners-token-0123456789"
HASH = "a" * 40
WITHOUT_RIGHTS = "b" * 40
FILM = bytes(range(256)) * 1024
"""256 KiB in which every byte tells its place within 256."""
LOOPS = {"uvloop": uvloop.new_event_loop, "asyncio": asyncio.new_event_loop}
ON_BOTH_LOOPS = {"test_server", "test_responses", "test_events", "test_screens", "test_encryption"}
"""What speaks to the loop's own transports; everything else only asks through them."""


@dataclass
class FakeStore:
    """``AccessStore`` in memory; forgets nothing and lets nothing end."""

    cookies: dict[bytes, float] = field(default_factory=dict)

    starting: bool = False

    async def remember(self, cookie_hash: bytes, expires_at: float) -> None:
        if self.starting:
            raise Starting("not yet")
        self.cookies[cookie_hash] = expires_at

    def renew(self, cookie_hash: bytes, expires_at: float) -> None:
        self.cookies[cookie_hash] = expires_at

    def known(self, cookie_hash: bytes) -> bool:
        return cookie_hash in self.cookies


@dataclass
class Clock:
    """A clock that moves when told to."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class House:
    """Everything a test may look at."""

    films: FakeFilms
    playbacks: FakePlaybacks
    titles: FakeTitles
    further: FakeFurther
    sources: FakeSources
    watching: FakeWatching
    pictures: FakePictures
    settings: FakeSettings
    disk: FakeDisk
    publishing: FakePublishing
    bus: Bus
    gate: Gate
    device_store: FakeDevices
    devices: Devices
    store: FakeStore
    clock: Clock
    app: WebApp
    listening: Listening
    trusted: list[Keeper]
    """Whose authority devices install, where a test has one."""
    client: httpx.AsyncClient
    """Sends the owner's token."""

    @property
    def port(self) -> int:
        return self.listening.port

    @property
    def authority(self) -> str:
        return f"127.0.0.1:{self.listening.port}"

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a raw connection."""
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def raw(self, request: bytes, limit_s: float = 10.0) -> bytes:
        """Send bytes and give everything that comes until the server closes."""
        reader, writer = await self.connect()
        async with asyncio.timeout(limit_s):
            writer.write(request)
            answer = await reader.read(-1)
        writer.close()
        await writer.wait_closed()
        return answer

    def request(self, path: str, *fields: str, method: str = "GET") -> bytes:
        """Make a raw request with the owner's token that asks to close after it."""
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self.authority}",
            f"Authorization: Bearer {TOKEN}",
            *fields,
        ]
        return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")


MakeHouse = Callable[..., Awaitable[House]]


@pytest.fixture
async def make_house(tmp_path: Path) -> AsyncIterator[MakeHouse]:
    """Give a function that opens a house; all are closed at the end."""
    async with AsyncExitStack() as stack:

        async def make(
            *, limits: Limits | None = None, send_idle_limit_s: float = 60.0, heartbeat_s: float = 15.0
        ) -> House:
            trusted: list[Keeper] = []
            films, bus, clock, store = FakeFilms(), Bus(), Clock(), FakeStore()
            playbacks, titles, watching = FakePlaybacks(), FakeTitles(), FakeWatching()
            further, pictures, sources = FakeFurther(), FakePictures(), FakeSources()
            settings, disk = FakeSettings(), FakeDisk()
            publishing = await stack.enter_async_context(
                FakePublishing(films, tmp_path / "films", lambda view: bus.publish(PublicationChanged(view)))
            )
            films.put(HASH, {"film/film.mp4": FILM, "film/empty.txt": b"", "film/page.html": b"<script>"})
            films.put(WITHOUT_RIGHTS, {"x.mp4": b"x"}, rights=None)
            signer = Signer(b"k" * 32, clock)
            device_store = FakeDevices(clock)
            visits, devices = made_devices(device_store, bus, clock)
            gate = Gate(
                token=TOKEN,
                signer=signer,
                store=store,
                devices=device_store,
                names=("box.local",),
                clock=clock,
                monotonic=clock,
            )
            options = Options(
                send_idle_limit_s=send_idle_limit_s, heartbeat_s=heartbeat_s, static_folder=_page(tmp_path)
            )
            app = build(
                films,
                playbacks,
                titles,
                further,
                sources,
                watching,
                pictures,
                settings,
                disk,
                lambda: publishing,
                bus,
                gate,
                devices,
                visits,
                authority=lambda: trusted[0].authority if trusted else Installed(b"an authority"),
                options=options,
            )
            listening = await stack.enter_async_context(serve(app, "127.0.0.1", 0, limits=limits))
            client = httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{listening.port}",
                headers={"Authorization": f"Bearer {TOKEN}"},
                trust_env=False,
                timeout=DEADLINE_S,
            )
            await stack.enter_async_context(client)
            return House(
                films,
                playbacks,
                titles,
                further,
                sources,
                watching,
                pictures,
                settings,
                disk,
                publishing,
                bus,
                gate,
                device_store,
                devices,
                store,
                clock,
                app,
                listening,
                trusted,
                client,
            )

        yield make


@pytest.fixture
async def house(make_house: MakeHouse) -> House:
    """A house with everything as it is by default."""
    return await make_house()


def _page(folder: Path) -> Path:
    static = folder / "static"
    if not static.exists():
        (static / "assets").mkdir(parents=True)
        (static / "index.html").write_text("<!doctype html><title>Matinee</title>")
        (static / "assets" / "index-Ab12Cd34.js").write_text("export {}")
        (static / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return static


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run on the loop of the program, uvloop; where it matters, on the one of platforms that have none as well."""
    return LOOPS if item.path.stem in ON_BOTH_LOOPS else {"uvloop": LOOPS["uvloop"]}
