"""What players fetch of a playback: playlists, segments, subtitles, thumbnails, covers, fonts. Plain ASGI.

Each answer may wait for pieces of the film, and is given up as soon as the client leaves. Nothing is to be kept
by browsers, for the reason that ``responses.py`` gives.
"""

import math
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import TypeAlias
from urllib.parse import parse_qsl

from matinee.errors import BadRequest
from matinee.languages import tag_of
from matinee.ports.playbacks import Playbacks
from matinee.types import SessionId, StreamIndex
from matinee.web.asgi import Receive, Reply, Scope, Send, until_gone
from matinee.web.playback_wire import fonts_json
from matinee.web.routing import Access, Route

PLAYLIST = "application/vnd.apple.mpegurl"
VTT = "text/vtt; charset=utf-8"
ASS = "text/x-ssa; charset=utf-8"
WINDOW_S = 60.0
"""How much of the subtitles is given to those who do not say how much they want."""

_SIGNATURE = re.compile(r"exp=[0-9]{1,12}(?:&dev=[A-Za-z0-9_-]{22})?&sig=[0-9a-f]{32}")
_URI = re.compile(r'(URI="[^"?]*)(")')

Ask: TypeAlias = Callable[[SessionId, Mapping[str, str]], Awaitable[bytes | str]]


class Fetch:
    """Serves one kind of what there is of a playback.

    Args:
        media_type: of the answer.
        ask: what is asked, with the parts of the address and of the query.
    """

    def __init__(self, media_type: str, ask: Ask) -> None:
        self._media_type = media_type
        self._ask = ask

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = scope["query_string"].decode("latin-1")
        fields = {**_fields(query), **scope["path_params"]}
        found = await until_gone(receive, self._found(SessionId(fields["session"]), fields))
        if isinstance(found, str):
            found = (signed(found, query) if self._media_type == PLAYLIST else found).encode()
        await Reply(200, found, [("Content-Type", self._media_type)])(scope, receive, send)

    async def _found(self, session: SessionId, fields: Mapping[str, str]) -> bytes | str:
        return await self._ask(session, fields)


def signed(playlist: str, query: str) -> str:
    """Carry the signature by which a playlist was fetched on to what it names: players send no cookie with it."""
    found = _SIGNATURE.search(query)
    if found is None:
        return playlist
    return "\n".join(_signed_line(line, found[0]) for line in playlist.split("\n"))


def _signed_line(line: str, signature: str) -> str:
    if line.startswith("#"):
        return _URI.sub(rf"\1?{signature}\2", line)
    return f"{line}?{signature}" if line else line


def hls_routes(playbacks: Playbacks) -> Iterator[Route]:
    """Give every route by which players fetch."""

    def sprite(session: SessionId, of: Mapping[str, str]) -> Awaitable[bytes]:
        return playbacks.sprite(session, int(of["index"]))

    def font(session: SessionId, of: Mapping[str, str]) -> Awaitable[bytes]:
        return playbacks.font(session, StreamIndex(int(of["index"])))

    def cover(session: SessionId, of: Mapping[str, str]) -> Awaitable[bytes]:
        return playbacks.cover(session, StreamIndex(int(of["index"])))

    async def fonts(session: SessionId, _: Mapping[str, str]) -> str:
        return fonts_json(session, await playbacks.fonts(session))

    def segment(session: SessionId, of: Mapping[str, str]) -> Awaitable[bytes]:
        return playbacks.segment(session, of["rendition"], int(of["index"]))

    def subtitles(session: SessionId, of: Mapping[str, str]) -> Awaitable[str]:
        return playbacks.subtitles(session, of["track"], *_window(of), held_s=_seconds(of, "held", 0.0))

    def styled(session: SessionId, of: Mapping[str, str]) -> Awaitable[str]:
        return playbacks.styled(session, of["track"], *_window(of), held_s=_seconds(of, "held", 0.0))

    def picture(session: SessionId, of: Mapping[str, str]) -> Awaitable[bytes]:
        return playbacks.picture(session, of["track"], int(of["index"]))

    def offered(session: SessionId, of: Mapping[str, str]) -> Awaitable[str]:
        return playbacks.offered(session, int(of["index"]), tag_of(of.get("language", "")))

    asks: list[tuple[str, str, Ask]] = [
        ("/hls/{session}/master.m3u8", PLAYLIST, lambda session, _: playbacks.master(session)),
        (
            "/hls/{session}/{rendition}/index.m3u8",
            PLAYLIST,
            lambda session, of: playbacks.playlist(session, of["rendition"]),
        ),
        (
            "/hls/{session}/{rendition}/init.mp4",
            "video/mp4",
            lambda session, of: playbacks.init(session, of["rendition"]),
        ),
        ("/hls/{session}/{rendition}/{index}.m4s", "video/mp4", segment),
        ("/hls/{session}/{rendition}/{index}.vtt", VTT, segment),
        ("/subtitles/{session}/{track}.vtt", VTT, subtitles),
        ("/subtitles/{session}/{track}.ass", ASS, styled),
        ("/subtitles/{session}/{track}/{index}.png", "image/png", picture),
        ("/subtitles/{session}/offers/{index}.vtt", VTT, offered),
        ("/thumbnails/{session}.vtt", VTT, lambda session, _: playbacks.thumbnails(session)),
        ("/thumbnails/{session}/{index}.webp", "image/webp", sprite),
        ("/covers/{session}/{index}.webp", "image/webp", cover),
        ("/fonts/{session}", "application/json", fonts),
        ("/fonts/{session}/{index}", "application/octet-stream", font),
    ]
    for path, media_type, ask in asks:
        yield Route("GET", path, Access.SIGNED, Fetch(media_type, ask))


def _window(of: Mapping[str, str]) -> tuple[float, float]:
    start_s = _seconds(of, "from", 0.0)
    stop_s = _seconds(of, "to", start_s + WINDOW_S)
    if stop_s <= start_s:
        raise BadRequest("'to' must come after 'from'; both are seconds from the film's beginning.")
    return start_s, stop_s


def _seconds(of: Mapping[str, str], name: str, default: float) -> float:
    try:
        value = float(of.get(name, default))
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise BadRequest(f"'{name}' must be seconds from the film's beginning.")
    return value


def _fields(query: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(query, max_num_fields=8))
    except ValueError as error:
        raise BadRequest("The address has more fields than any of ours.") from error
