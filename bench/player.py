"""A player without eyes: asks for byte ranges as a player does, keeps time, and compares every byte with the film.

It reads the head from byte 0, the index from the tail by a Range where it lies there, then the media by a Range.
Two seconds of media are the first frame. It plays at the wall clock, at most 15 s ahead, and counts where it must
wait. A seek closes the connection, as players do, and lasts until one second of media after the keyframe is here.
"""

from __future__ import annotations

import mmap
import select
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.film import SECONDS, Film

OPENING_S = 2.0
SEEK_S = 1.0
BUFFER_S = 15.0
REBUFFER_S = 2.0
"""After a stall the picture goes on once this much is here."""

SEEKS = (0.5, 0.9, 0.4)
AFTER_SEEK_S = 1.0
KNOCK_EVERY_S = 0.01

_NOT_YET = (404, 409, 425, 500, 503)
"""Answers of a server that is up but does not know the film yet."""

_READ_BYTES = 256 * 1024


class PlaybackError(RuntimeError):
    """The film could not be played: nobody answered in time, or the bytes are wrong."""


@dataclass(slots=True)
class Story:
    """What happened; moments are on the monotonic clock."""

    opened_s: float = 0.0
    clicked_s: float | None = None
    """When a person pressed, where one did: that is the click then."""
    first_frame_s: float | None = None
    seek_s: list[float] = field(default_factory=list)
    stalls: int = 0
    stalled_s: float = 0.0
    longest_stall_s: float = 0.0
    read_bytes: int = 0
    trouble: str | None = None
    told: dict[str, Any] | None = None
    """What the program itself says was promised and came of it, as of `/api/v1/promises`."""


class Stream:
    """One GET with a Range on a connection of its own."""

    def __init__(self, url: str, headers: Mapping[str, str], film: mmap.mmap, deadline_s: float) -> None:
        self._parts = urlsplit(url)
        self._headers = headers
        self._film = film
        self._deadline_s = deadline_s
        self._socket: socket.socket | None = None
        self.position = 0
        """Offset in the film of the next byte."""

    def open(self, start: int, *, ranged: bool = True) -> None:
        """Ask for everything from `start`; knock again while the server is not ready."""
        while True:
            status, body = self._ask(start, ranged=ranged)
            if status in (200, 206):
                break
            self.close()
            if status not in _NOT_YET and status != 0:
                raise PlaybackError(f"the server answered {status}")
            if time.monotonic() > self._deadline_s:
                raise PlaybackError(f"nobody served the film in time (last answer {status})")
            time.sleep(KNOCK_EVERY_S)
        if status == 200 and start:
            raise PlaybackError("the server ignored the Range")
        self.position = start
        self._compare(body)

    def _ask(self, start: int, *, ranged: bool) -> tuple[int, bytes]:
        """Send the request and read the answer's head; status 0 is a refused connection."""
        try:
            opened = socket.create_connection(
                (self._parts.hostname or "127.0.0.1", self._parts.port or 80), timeout=self._left_s()
            )
        except ConnectionRefusedError:
            return 0, b""
        self._socket = opened
        target = self._parts.path + (f"?{self._parts.query}" if self._parts.query else "")
        lines = [f"GET {target} HTTP/1.1", f"Host: {self._parts.netloc}", "Accept: */*"]
        if ranged:
            lines.append(f"Range: bytes={start}-")
        lines += [f"{name}: {value}" for name, value in self._headers.items()]
        head = b""
        try:
            opened.sendall("\r\n".join([*lines, "", ""]).encode())
            while b"\r\n\r\n" not in head:
                opened.settimeout(self._left_s())
                part = opened.recv(_READ_BYTES)
                if not part:
                    return 0, b""
                head += part
        except (ConnectionResetError, BrokenPipeError):
            return 0, b""
        except TimeoutError as error:
            raise PlaybackError("the server did not answer in time") from error
        head, _, body = head.partition(b"\r\n\r\n")
        return int(head.split(b" ", 2)[1]), body

    def read_until(self, stop: int) -> None:
        """Wait for all bytes before `stop`."""
        while self.position < stop:
            self.read_some()

    def read_some(self, timeout_s: float | None = None) -> None:
        """Take what is there; wait for something, or for at most `timeout_s`."""
        assert self._socket is not None
        if timeout_s is not None and not select.select([self._socket], [], [], timeout_s)[0]:
            return
        self._socket.settimeout(self._left_s())
        try:
            part = self._socket.recv(_READ_BYTES)
        except TimeoutError as error:
            raise PlaybackError(f"no byte came at offset {self.position} in time") from error
        except ConnectionResetError as error:
            raise PlaybackError(f"the server cut the stream at offset {self.position}") from error
        if not part:
            raise PlaybackError(f"the server ended the stream at offset {self.position}")
        self._compare(part)

    def close(self) -> None:
        """Hang up; twice is harmless."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _compare(self, part: bytes) -> None:
        if self._film[self.position : self.position + len(part)] != part:
            raise PlaybackError(f"WRONG BYTES at offset {self.position}")
        self.position += len(part)

    def _left_s(self) -> float:
        return max(self._deadline_s - time.monotonic(), 0.01)


class Player:
    """Plays one film from one address and tells the story."""

    def __init__(self, film: Film, url: str, headers: Mapping[str, str], *, patience_s: float) -> None:
        self._film = film
        self._url = url
        self._headers = headers
        self._patience_s = patience_s
        with Path(film.path).open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._story = Story()

    def play(self, play_s: float, seeks: Sequence[float] = SEEKS) -> Story:
        """Open, play, seek; trouble is part of the story, never an exception."""
        story = self._story
        story.opened_s = time.monotonic()
        stream: Stream | None = None
        try:
            stream = self._first_frame()
            self._watch(stream, 0.0, play_s)
            for fraction in seeks:
                keyframe_s, start = self._film.keyframe_before(fraction * SECONDS)
                began_s = time.monotonic()
                story.read_bytes += stream.position
                stream.close()
                stream = self._stream(start)
                stream.read_until(self._film.stop_byte_at(keyframe_s + SEEK_S))
                story.seek_s.append(time.monotonic() - began_s)
                self._watch(stream, keyframe_s, AFTER_SEEK_S)
        except (PlaybackError, OSError) as error:
            story.trouble = str(error)
        finally:
            if stream is not None:
                stream.close()
        return story

    def read_all(self) -> float:
        """Read the whole film as fast as it comes; give the seconds it took."""
        began_s = time.monotonic()
        stream = self._stream(0, ranged=False)
        stream.read_until(self._film.length_bytes)
        stream.close()
        return time.monotonic() - began_s

    def _stream(self, start: int, *, ranged: bool = True) -> Stream:
        stream = Stream(self._url, self._headers, self._bytes, time.monotonic() + self._patience_s)
        stream.open(start, ranged=ranged)
        return stream

    def _first_frame(self) -> Stream:
        film = self._film
        stream = self._stream(0, ranged=False)
        stream.read_until(film.header[1])
        if film.index_at_tail:
            stream.close()
            tail = self._stream(film.index[0])
            tail.read_until(film.index[1])
            tail.close()
            stream = self._stream(film.media_start_byte)
        stream.read_until(film.stop_byte_at(OPENING_S))
        self._story.first_frame_s = time.monotonic()
        return stream

    def _watch(self, stream: Stream, from_s: float, wall_s: float) -> None:
        """Play at the wall clock from `from_s` for `wall_s`, and count the stalls."""
        story, film = self._story, self._film
        began_s = time.monotonic()
        clock_s = began_s - from_s
        stalled_since_s: float | None = None
        while (now_s := time.monotonic()) < began_s + wall_s:
            here_s = film.playable_until_s(stream.position)
            at_s = now_s - clock_s if stalled_since_s is None else stalled_since_s - clock_s
            if stalled_since_s is None and at_s >= here_s and stream.position < film.stop_bytes[-1]:
                stalled_since_s = now_s
                story.stalls += 1
            elif stalled_since_s is not None and here_s - at_s >= REBUFFER_S:
                self._end_stall(now_s - stalled_since_s)
                clock_s += now_s - stalled_since_s
                stalled_since_s = None
            if here_s - at_s < BUFFER_S and stream.position < film.stop_bytes[-1]:
                stream.read_some(timeout_s=0.02)
            else:
                time.sleep(0.02)
        if stalled_since_s is not None:
            self._end_stall(time.monotonic() - stalled_since_s)

    def _end_stall(self, lasted_s: float) -> None:
        self._story.stalled_s += lasted_s
        self._story.longest_stall_s = max(self._story.longest_stall_s, lasted_s)
