"""A player of HLS without eyes: opens a playback, fetches the playlists and then segment after segment, and keeps time.

The first frame is there when segments reach two seconds; a seek fetches the segment in which the keyframe lies and
lasts until one second behind it is here: the same moments as of the player that takes the film's own bytes.
"""

from __future__ import annotations

import json
import time
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urljoin, urlsplit

from bench.film import SECONDS, Film
from bench.player import AFTER_SEEK_S, BUFFER_S, KNOCK_EVERY_S, OPENING_S, SEEK_S, SEEKS, PlaybackError, Story

CLIENT = {
    "containers": ["mp4", "webm"],
    "video": ["h264", "vp8", "vp9", "vp9/10", "av1", "av1/10"],
    "audio": ["aac", "mp3", "opus", "flac"],
}
"""What Chromium decodes: neither Matroska nor AC-3."""

_NOT_YET = (0, 404, 503)


class SegmentPlayer:
    """Plays one film from one server and tells the story."""

    def __init__(
        self, film: Film, server: str, info_hash: str, headers: Mapping[str, str], *, patience_s: float
    ) -> None:
        self._film = film
        self._server = server
        self._info_hash = info_hash
        self._headers = headers
        self._patience_s = patience_s
        self._connection: HTTPConnection | None = None
        self._starts_s: list[float] = []
        self._addresses: list[str] = []
        self._story = Story()
        self.given: dict[str, Any] | None = None
        """A playback that is open already."""

    def play(self, play_s: float, seeks: Sequence[float] = SEEKS) -> Story:
        """Open, play, seek; trouble is part of the story, never an exception."""
        story = self._story
        story.opened_s = time.monotonic()
        try:
            self.read(self.given or self.session())
            at = self._fetch_until(0, OPENING_S)
            story.first_frame_s = time.monotonic()
            self._watch(at, 0.0, play_s)
            for fraction in seeks:
                keyframe_s, _ = self._film.keyframe_before(fraction * SECONDS)
                began_s = time.monotonic()
                first = bisect_right(self._starts_s, keyframe_s + 0.001) - 1
                at = self._fetch_until(first, keyframe_s + SEEK_S)
                story.seek_s.append(time.monotonic() - began_s)
                self._watch(at, keyframe_s, AFTER_SEEK_S)
        except (PlaybackError, OSError, ValueError) as error:
            story.trouble = str(error) or repr(error)
        return story

    def session(self) -> dict[str, Any]:
        """Open a playback."""
        body = json.dumps({"info_hash": self._info_hash, "file_index": 0, "client": CLIENT}).encode()
        until_s = time.monotonic() + self._patience_s
        while True:
            status, said = self.ask("POST", "/api/v1/playback", body)
            if status == 201:
                break
            if status not in _NOT_YET or time.monotonic() > until_s:
                raise PlaybackError(f"the server answered {status} to the playback: {said[:300]!r}")
            time.sleep(KNOCK_EVERY_S)
        session: dict[str, Any] = json.loads(said)
        return session

    def read(self, session: dict[str, Any]) -> None:
        """Read the playlists of a playback."""
        if session["kind"] != "hls":
            raise PlaybackError(f"the film is played {session['kind']}, not in segments")
        master = session["url"]
        variant = next(line for line in self._text(master).splitlines() if line and not line.startswith("#"))
        playlist = urljoin(master, variant)
        start_s = 0.0
        length_s = 0.0
        for line in self._text(playlist).splitlines():
            if line.startswith("#EXTINF:"):
                length_s = float(line.removeprefix("#EXTINF:").split(",")[0])
            elif line.startswith("#EXT-X-MAP:"):
                self._get(urljoin(playlist, line.split('URI="')[1].split('"')[0]))
            elif line and not line.startswith("#"):
                self._starts_s.append(start_s)
                self._addresses.append(urljoin(playlist, line))
                start_s += length_s

    def _fetch_until(self, first: int, until_s: float) -> int:
        """Fetch segments from the first on until one ends behind a moment; give the next one's place."""
        at = first
        while at < len(self._addresses) and (at == first or self._starts_s[at] < until_s - 0.001):
            self._fetch(at)
            at += 1
        return at

    def _fetch(self, at: int) -> None:
        data = self._get(self._addresses[at])
        if data[4:8] not in (b"moof", b"styp", b"sidx"):
            raise PlaybackError(f"segment {at} is none")
        self._story.read_bytes += len(data)

    def _watch(self, at: int, from_s: float, wall_s: float) -> None:
        """Play at the wall clock from a moment on, and count where a segment came too late."""
        clock_s = time.monotonic() - from_s
        until_s = time.monotonic() + wall_s
        while (now_s := time.monotonic()) < until_s:
            if at >= len(self._addresses) or self._starts_s[at] - (now_s - clock_s) > BUFFER_S:
                time.sleep(0.02)
                continue
            self._fetch(at)
            late_s = min(time.monotonic(), until_s) - clock_s - self._starts_s[at]
            if late_s > 0:
                self._story.stalls += 1
                self._story.stalled_s += late_s
                self._story.longest_stall_s = max(self._story.longest_stall_s, late_s)
                clock_s += late_s
            at += 1

    def _text(self, address: str) -> str:
        return self._get(address).decode()

    def _get(self, address: str) -> bytes:
        status, said = self.ask("GET", address)
        if status != 200:
            raise PlaybackError(f"the server answered {status} to {address}: {said[:300]!r}")
        return said

    def ask(self, method: str, address: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Ask over one connection that is kept; status 0 is a refused one."""
        if self._connection is None:
            parts = urlsplit(self._server)
            self._connection = HTTPConnection(
                parts.hostname or "127.0.0.1", parts.port, timeout=self._patience_s
            )
        headers = {**self._headers, **({"Content-Type": "application/json"} if body is not None else {})}
        try:
            self._connection.request(method, address, body, headers)
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except ConnectionRefusedError:
            self._connection = None
            return 0, b""
        except TimeoutError as error:
            raise PlaybackError(f"nothing came of {address} in time") from error
