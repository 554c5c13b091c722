"""What a device may do: which role each route needs. What is not in a table here, only its owner may do."""

from collections.abc import Iterable

from matinee.models.device import Role

_TORRENT = "/api/v1/torrents/{info_hash}"
_PLAYBACK = "/api/v1/playback/{session}"
_TITLE = "/api/v1/titles/{title_id}"

_WATCH = {
    "GET": (
        "/api/openapi.json", "/api/v1/shelves", "/api/v1/events", "/pictures/{title_id}/{kind}-{key}-{width}.webp",
        "/stream/{info_hash}/{file_index}", "/api/v1/torrents", _TORRENT, f"{_TORRENT}/promise", f"{_TORRENT}/files",
        f"{_TORRENT}/files/{{index}}/ranges", f"{_TORRENT}/qr.svg", "/api/v1/promises", "/api/v1/limits",
        "/api/v1/providers", "/api/v1/titles", "/api/v1/titles/filters", _TITLE, f"{_TITLE}/extras", _PLAYBACK,
        f"{_PLAYBACK}/offers", "/api/v1/profiles", "/api/v1/library", "/api/v1/going-on", "/api/v1/progress",
        "/api/v1/watchlist", "/api/v1/ratings", "/api/v1/history",
    ),
    "POST": (
        "/api/v1/titles/further", f"{_TITLE}/torrent", f"{_TITLE}/forecast", f"{_TITLE}/complete", "/api/v1/playback",
        "/api/v1/subtitles", "/api/v1/profiles/lock",
    ),
    "PUT": (
        "/api/v1/progress/{title_id}", "/api/v1/watchlist/{title_id}", "/api/v1/ratings/{title_id}", "/api/v1/tastes",
    ),
    "DELETE": (
        _PLAYBACK, "/api/v1/progress/{title_id}", "/api/v1/watchlist/{title_id}", "/api/v1/ratings/{title_id}",
    ),
}  # fmt: skip
"""Browse, play, and be remembered. A title may be begun: its rights are known; a link or a file may not be added."""

_MANAGE = {
    "GET": (
        f"{_TORRENT}/activity", f"{_TORRENT}/film.torrent", "/api/v1/receipt", "/api/v1/activity",
        "/api/v1/uploads/{upload}", "/api/v1/publications", "/api/v1/publications/{publication}", "/api/v1/settings",
        "/api/v1/storage", "/api/v1/sources", "/api/v1/library/export",
    ),
    "POST": (
        "/api/v1/torrents", "/api/v1/uploads", "/api/v1/publications", "/api/v1/sources/feeds", "/api/v1/profiles",
        "/api/v1/library/import",
    ),
    "PUT": (
        f"{_TORRENT}/rights", "/api/v1/uploads/{upload}", "/api/v1/sources/providers/{provider}",
        "/api/v1/sources/feeds/{feed}", "/api/v1/profiles/lock",
    ),
    "PATCH": (_TORRENT, f"{_TORRENT}/files/{{index}}", "/api/v1/settings", "/api/v1/profiles/{profile}"),
    "DELETE": (
        _TORRENT, "/api/v1/uploads/{upload}", "/api/v1/publications/{publication}", "/api/v1/sources/feeds/{feed}",
        "/api/v1/profiles/{profile}", "/api/v1/library", "/api/v1/history", "/api/v1/history/{viewing}",
    ),
}  # fmt: skip
"""Everything but letting in others."""

OWNERS = frozenset(
    {
        ("GET", "/metrics"),
        ("POST", "/api/v1/access/links"),
        ("GET", "/api/v1/devices"),
        ("DELETE", "/api/v1/devices"),
        ("PATCH", "/api/v1/devices/{device}"),
        ("DELETE", "/api/v1/devices/{device}"),
        ("POST", "/api/v1/devices/encryption"),
        ("POST", "/api/v1/devices/codes"),
        ("DELETE", "/api/v1/devices/codes/{code}"),
        ("POST", "/api/v1/devices/asks/{ask}"),
    }
)
"""What no device may. It is here so that a test can tell what was left out from what was forgotten."""

_PLAYED = (
    "/hls/{session}/",
    "/subtitles/{session}/",
    "/thumbnails/{session}",
    "/covers/{session}/",
    "/fonts/{session}",
)
"""What is fetched of a playback that was opened; its name is a secret."""

_MOVED = frozenset({"publication", "setting", "activity", "storage", "devices"})
"""Events of which whoever only watches hears nothing."""


def _pairs(table: dict[str, tuple[str, ...]]) -> Iterable[tuple[str, str]]:
    return ((method, path) for method, paths in table.items() for path in paths)


NEEDED: dict[tuple[str, str], Role] = {
    **dict.fromkeys(_pairs(_WATCH), Role.WATCH),
    **dict.fromkeys(_pairs(_MANAGE), Role.MANAGE),
    **dict.fromkeys(OWNERS, Role.OWNER),
}
"""By method and template of the address."""


def needed(method: str, path: str) -> Role:
    """Say which role a route needs; the owner's where nobody has said."""
    if method == "GET" and path.startswith(_PLAYED):
        return Role.WATCH
    return NEEDED.get((method, path), Role.OWNER)


def hears(role: Role, event: str) -> bool:
    """Whether somebody is told of a kind of event."""
    return role is not Role.WATCH or event not in _MOVED
