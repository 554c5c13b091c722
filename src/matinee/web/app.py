"""Puts the door together. Fast to import: what is slow waits behind ``OnDemand``."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from matinee.events import Bus
from matinee.ports import Films, Further, Pictures, Settings, Sources, Titles
from matinee.ports.disk import Disk
from matinee.ports.library import Watching
from matinee.ports.playbacks import Playbacks
from matinee.ports.publishing import Publishing
from matinee.web.asgi import App, Receive, Scope, Send
from matinee.web.devices import Devices
from matinee.web.door import Door
from matinee.web.on_demand import OnDemand
from matinee.web.responses import SEND_IDLE_LIMIT_S
from matinee.web.routes.access import Exchange, Links, WhoAsks
from matinee.web.routes.authority import Find, authority_routes
from matinee.web.routes.events import HEARTBEAT_S, Events
from matinee.web.routes.extras import TitleExtras
from matinee.web.routes.health import Health
from matinee.web.routes.hls import hls_routes
from matinee.web.routes.metrics import Metrics
from matinee.web.routes.pictures import PictureFile
from matinee.web.routes.shelves import Shelves
from matinee.web.routes.static import FOLDER, static_routes
from matinee.web.routes.stream import StreamFile
from matinee.web.routing import (
    JSON,
    JSON_LIMIT_BYTES,
    MULTIPART,
    OCTETS,
    PART_LIMIT_BYTES,
    SUBTITLES_LIMIT_BYTES,
    Access,
    Route,
    RouteTable,
)
from matinee.web.security import Gate
from matinee.web.visits import Visits
from matinee.web.wire import Wire

UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024 + 2 * JSON_LIMIT_BYTES
"""A .torrent of 10 MiB, its form around it, and the rights."""

LIBRARY_LIMIT_BYTES = 32 * 1024 * 1024
"""Of an exported library: some ten years of a household."""

_TORRENT = "/api/v1/torrents/{info_hash}"
_PLAYBACK = "/api/v1/playback/{session}"
_TITLE = "/api/v1/titles/{title_id}"


@dataclass(frozen=True, slots=True)
class Options:
    """What may be set of the web part."""

    send_idle_limit_s: float = SEND_IDLE_LIMIT_S
    """Drop a player that takes no bytes for so long, in seconds."""
    heartbeat_s: float = HEARTBEAT_S
    """The longest silence of the event stream, in seconds."""
    static_folder: Path = field(default=FOLDER)
    """Where the built page is."""


class WebApp:
    """The whole outside of the program as one ASGI application.

    Args:
        door: judges and routes.
        shelves: the home page.
        api: the part that is built on demand.
    """

    def __init__(self, door: Door, shelves: Shelves, api: OnDemand) -> None:
        self._door = door
        self._shelves = shelves
        self._api = api

    @property
    def table(self) -> RouteTable:
        """Every route there is."""
        return self._door.table

    async def lay_out(self) -> None:
        """Write the home page, before anything else takes the processor."""
        await self._shelves.written()

    async def warm_up(self) -> None:
        """Build the slow part; call it in a task once the server listens."""
        await self._api.warm()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._door(scope, receive, send)


def build(
    films: Films,
    playbacks: Playbacks,
    titles: Titles,
    further: Further,
    sources: Sources,
    watching: Watching,
    pictures: Pictures,
    settings: Settings,
    disk: Disk,
    publishing: Callable[[], Publishing],
    bus: Bus,
    gate: Gate,
    devices: Devices,
    visits: Visits,
    *,
    is_ready: Callable[[], bool] = lambda: True,
    authority: Find = lambda: None,
    options: Options | None = None,
) -> WebApp:
    """Compose the web part.

    Args:
        films: answers what routes ask of torrents.
        playbacks: answers what they ask of films that are being played.
        titles: answers what they ask of the catalogue.
        further: answers what they ask of others' catalogues.
        sources: answers what they ask of where titles come from.
        watching: answers what they ask of what is remembered.
        pictures: has the makers' posters.
        settings: has what is set.
        disk: knows what films take of it.
        publishing: gives what publishes films of one's own.
        bus: what the event stream tells.
        gate: judges requests; the caller keeps it to mint links.
        devices: lets other screens in.
        visits: told of what they have open.
        is_ready: whether what was stored has been loaded; for ``health``.
        authority: gives what devices install to trust this computer.
        options: what may be set.
    """
    chosen = options or Options()
    wire = Wire(gate.signer)

    def build_api() -> App:
        from matinee.web.api import build_api

        return build_api(
            films, playbacks, titles, further, sources, watching, settings, disk, publishing, devices, wire
        )

    api, shelves = OnDemand(build_api), Shelves(titles)
    front = [
        Route("GET", "/api/v1/health", Access.OPEN, Health(is_ready)),
        Route("GET", "/metrics", Access.OWNER, Metrics(films, disk, is_ready)),
        Route("POST", "/api/v1/access", Access.OPEN, Exchange(gate), (JSON,), JSON_LIMIT_BYTES),
        Route("GET", "/api/v1/access", Access.OPEN, WhoAsks(gate)),
        Route("POST", "/api/v1/access/links", Access.OWNER, Links(gate)),
        Route("GET", "/api/v1/shelves", Access.OWNER, shelves),
        Route("GET", "/pictures/{title_id}/{kind}-{key}-{width}.webp", Access.OWNER, PictureFile(pictures)),
        Route("GET", f"{_TITLE}/extras", Access.OWNER, TitleExtras(pictures)),
        Route(
            "GET", "/api/v1/events", Access.OWNER, Events(films, bus, wire, heartbeat_s=chosen.heartbeat_s)
        ),
        Route(
            "GET",
            "/stream/{info_hash}/{file_index}",
            Access.SIGNED,
            StreamFile(films, playbacks, send_idle_limit_s=chosen.send_idle_limit_s),
        ),
    ]
    table = RouteTable(
        [
            *front,
            *authority_routes(authority),
            *hls_routes(playbacks),
            *_api_routes(api),
            *static_routes(chosen.static_folder),
        ]
    )
    return WebApp(Door(gate, table, visits), shelves, api)


def _api_routes(api: App) -> Iterator[Route]:
    """The routes that FastAPI serves; a test compares this list with FastAPI's own."""

    def owner(method: str, path: str, body_types: tuple[str, ...] = (), body_limit: int = 0) -> Route:
        return Route(method, path, Access.OWNER, api, body_types, body_limit)

    yield owner("GET", "/api/openapi.json")
    yield owner("GET", "/api/v1/torrents")
    yield owner("POST", "/api/v1/torrents", (JSON, MULTIPART), UPLOAD_LIMIT_BYTES)
    yield owner("GET", _TORRENT)
    yield owner("PATCH", _TORRENT, (JSON,), JSON_LIMIT_BYTES)
    yield owner("DELETE", _TORRENT)
    yield owner("PUT", f"{_TORRENT}/rights", (JSON,), JSON_LIMIT_BYTES)
    yield owner("GET", f"{_TORRENT}/activity")
    yield owner("GET", f"{_TORRENT}/promise")
    yield owner("GET", "/api/v1/promises")
    yield owner("GET", "/api/v1/receipt")
    yield owner("GET", "/api/v1/activity")
    yield owner("GET", f"{_TORRENT}/film.torrent")
    yield owner("GET", f"{_TORRENT}/qr.svg")
    yield owner("POST", "/api/v1/uploads", (JSON,), JSON_LIMIT_BYTES)
    yield owner("GET", "/api/v1/uploads/{upload}")
    part = ("PUT", "/api/v1/uploads/{upload}", Access.OWNER, api, (OCTETS,), PART_LIMIT_BYTES)
    yield Route(*part, streamed=True)
    yield owner("DELETE", "/api/v1/uploads/{upload}")
    yield owner("GET", "/api/v1/publications")
    yield owner("POST", "/api/v1/publications", (JSON,), JSON_LIMIT_BYTES)
    yield owner("GET", "/api/v1/publications/{publication}")
    yield owner("DELETE", "/api/v1/publications/{publication}")
    yield owner("GET", "/api/v1/settings")
    yield owner("PATCH", "/api/v1/settings", (JSON,), JSON_LIMIT_BYTES)
    yield owner("GET", "/api/v1/storage")
    yield owner("GET", "/api/v1/sources")
    yield owner("PUT", "/api/v1/sources/providers/{provider}", (JSON,), JSON_LIMIT_BYTES)
    yield owner("POST", "/api/v1/sources/feeds", (JSON,), JSON_LIMIT_BYTES)
    yield owner("PUT", "/api/v1/sources/feeds/{feed}", (JSON,), JSON_LIMIT_BYTES)
    yield owner("DELETE", "/api/v1/sources/feeds/{feed}")
    yield owner("GET", f"{_TORRENT}/files/{{index}}/ranges")
    yield owner("GET", f"{_TORRENT}/files")
    yield owner("PATCH", f"{_TORRENT}/files/{{index}}", (JSON,), JSON_LIMIT_BYTES)
    yield owner("GET", "/api/v1/limits")
    yield owner("GET", "/api/v1/providers")
    yield owner("GET", "/api/v1/titles")
    yield owner("GET", "/api/v1/titles/filters")
    yield owner("POST", "/api/v1/titles/further", (JSON,), JSON_LIMIT_BYTES)
    yield owner("GET", _TITLE)
    yield owner("POST", f"{_TITLE}/torrent", (JSON,), JSON_LIMIT_BYTES)
    yield owner("POST", f"{_TITLE}/forecast", (JSON,), JSON_LIMIT_BYTES)
    yield owner("POST", f"{_TITLE}/complete")
    yield owner("POST", "/api/v1/playback", (JSON,), JSON_LIMIT_BYTES)
    yield owner("GET", _PLAYBACK)
    yield owner("DELETE", _PLAYBACK)
    yield owner("GET", f"{_PLAYBACK}/offers")
    yield owner("POST", "/api/v1/subtitles", (OCTETS,), SUBTITLES_LIMIT_BYTES)
    yield from _library_routes(owner)
    yield from _device_routes(owner, api)


def _device_routes(owner: Callable[..., Route], api: App) -> Iterator[Route]:
    """Other screens; who is not in yet finds the last three open."""
    yield owner("GET", "/api/v1/devices")
    yield owner("DELETE", "/api/v1/devices")
    yield owner("POST", "/api/v1/devices/encryption")
    yield owner("POST", "/api/v1/devices/codes")
    yield owner("DELETE", "/api/v1/devices/codes/{code}")
    yield owner("POST", "/api/v1/devices/asks/{ask}", (JSON,), JSON_LIMIT_BYTES)
    yield owner("PATCH", "/api/v1/devices/{device}", (JSON,), JSON_LIMIT_BYTES)
    yield owner("DELETE", "/api/v1/devices/{device}")
    for path in ("/api/v1/pairing", "/api/v1/pairing/wait", "/api/v1/pairing/scan"):
        yield Route("POST", path, Access.OPEN, api, (JSON,), 4096)


def _library_routes(owner: Callable[..., Route]) -> Iterator[Route]:
    """What is remembered of people."""
    title = "{title_id}"
    yield owner("GET", "/api/v1/profiles")
    yield owner("POST", "/api/v1/profiles", (JSON,), JSON_LIMIT_BYTES)
    yield owner("PUT", "/api/v1/profiles/lock", (JSON,), JSON_LIMIT_BYTES)
    yield owner("POST", "/api/v1/profiles/lock", (JSON,), JSON_LIMIT_BYTES)
    yield owner("PATCH", "/api/v1/profiles/{profile}", (JSON,), JSON_LIMIT_BYTES)
    yield owner("DELETE", "/api/v1/profiles/{profile}")
    yield owner("GET", "/api/v1/library")
    yield owner("DELETE", "/api/v1/library")
    yield owner("GET", "/api/v1/library/export")
    yield owner("POST", "/api/v1/library/import", (JSON,), LIBRARY_LIMIT_BYTES)
    yield owner("GET", "/api/v1/going-on")
    yield owner("GET", "/api/v1/progress")
    yield owner("PUT", f"/api/v1/progress/{title}", (JSON,), JSON_LIMIT_BYTES)
    yield owner("DELETE", f"/api/v1/progress/{title}")
    yield owner("GET", "/api/v1/watchlist")
    yield owner("PUT", f"/api/v1/watchlist/{title}")
    yield owner("DELETE", f"/api/v1/watchlist/{title}")
    yield owner("GET", "/api/v1/ratings")
    yield owner("PUT", f"/api/v1/ratings/{title}", (JSON,), JSON_LIMIT_BYTES)
    yield owner("DELETE", f"/api/v1/ratings/{title}")
    yield owner("PUT", "/api/v1/tastes", (JSON,), JSON_LIMIT_BYTES)
    yield owner("GET", "/api/v1/history")
    yield owner("DELETE", "/api/v1/history")
    yield owner("DELETE", "/api/v1/history/{viewing}")
