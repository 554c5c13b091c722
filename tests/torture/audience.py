"""A house full of people on one thread: players with a buffer, and pages that listen and now and then ask.

They share the computer with the program, so they must cost next to nothing: one selector, and the kernel throws a
film's bytes away (MSG_TRUNC) instead of copying them to us. That the bytes are right other tests see.
"""

import heapq
import itertools
import random
import selectors
import socket
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

READ_BYTES = 1 << 18
HOLD_BYTES = 128 * 1024
"""Of a socket's buffer: what it holds is film that the player does not count yet."""
BEGIN_S = 2.0
"""So much film a player must have before it shows a picture, as browsers do."""
AHEAD_S = 10.0
"""So much it holds; then it stops reading until a second of it is played."""
SEEK_EACH_S = (15.0, 45.0)
ASK_EACH_S = (10.0, 40.0)
COME_WITHIN_S = 5.0
ADDRESSES = 40
"""On loopback from which they come; a house has some dozens of screens."""
_NOWHERE = bytearray(READ_BYTES)


@dataclass(frozen=True, slots=True)
class Film:
    """What a player reads."""

    path: str
    length: int
    rate_bytes_per_s: int
    start: int = 0
    """Where it begins."""


@dataclass(slots=True)
class Seen:
    """What the audience saw."""

    stalls_s: list[float] = field(default_factory=list)
    """Each time that a player had no film left, and for how long; one that never came is as long as the rest."""
    begun_s: list[float] = field(default_factory=list)
    """From asking for a place to its picture, at the beginning and after each seek."""
    answers_s: list[float] = field(default_factory=list)
    """What the pages' questions took."""
    told: int = 0
    """Bytes that the pages were told without asking."""
    played_bytes: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    """Connections that ended by themselves."""


class Audience:
    """All of them, for so long.

    Args:
        host: where the program is, as ``127.0.0.1:8642``.
        headers: what lets them in.
        films: one for each player.
        pages: how many pages are open that play nothing.
        asks: what pages ask for.
        chance: where and when they seek and ask.
    """

    def __init__(
        self, host: str, headers: Sequence[str], films: Sequence[Film], pages: int, asks: Sequence[str],
        chance: random.Random,
    ) -> None:  # fmt: skip
        self._host, self._headers, self._asks, self.chance = host, headers, asks, chance
        self._numbers = itertools.count()
        self._due: list[tuple[float, int, Callable[[float], None]]] = []
        self.selector = selectors.DefaultSelector()
        self.seen = Seen()
        self._players = [Player(self, film) for film in films]
        self._listeners = [Listener(self) for _ in range(pages)]
        self._askers = [Asker(self, asks) for _ in range(pages)]

    def watch(self, seconds: float) -> Seen:
        """Come, watch for so long, and go."""
        began_s = time.monotonic()
        everybody: list[_Line] = [*self._players, *self._listeners, *self._askers]
        for one in everybody:
            self.at(began_s + self.chance.uniform(0, COME_WITHIN_S), one.come)
        while (now_s := time.monotonic()) < began_s + seconds:
            while self._due and self._due[0][0] <= now_s:
                heapq.heappop(self._due)[2](now_s)
            pause_s = max(0.0, min(self._due[0][0] if self._due else now_s + 1, began_s + seconds) - now_s)
            for key, _ in self.selector.select(pause_s):
                key.data()
        for player in self._players:
            player.end(time.monotonic())
        for one in everybody:
            one.leave()
        self.selector.close()
        return self.seen

    def at(self, when_s: float, what: Callable[[float], None]) -> None:
        """Have something done later."""
        heapq.heappush(self._due, (when_s, next(self._numbers), what))

    def ask(self, path: str, *fields: str) -> socket.socket:
        """Connect from an address of one of them, and ask; on loopback neither waits."""
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, HOLD_BYTES)
        line.bind((f"127.0.1.{self.chance.randrange(1, ADDRESSES + 1)}", 0))
        address, _, port = self._host.rpartition(":")
        line.connect((address, int(port)))
        line.sendall(self.request(path, *fields))
        line.setblocking(False)
        return line

    def request(self, path: str, *fields: str) -> bytes:
        """Give the bytes of a question."""
        return "\r\n".join(
            (f"GET {path} HTTP/1.1", f"Host: {self._host}", *self._headers, *fields, "", "")
        ).encode()


class _Line(ABC):
    """Somebody's connection."""

    def __init__(self, house: Audience) -> None:
        self.house = house
        self.line: socket.socket | None = None
        self._reads = False

    @abstractmethod
    def come(self, now_s: float) -> None:
        """Begin."""

    def open(self, path: str, *fields: str) -> None:
        """Ask over a new one."""
        self.leave()
        self.line = self.house.ask(path, *fields)
        self.go_on()

    def go_on(self) -> None:
        """Read when something is there."""
        if self.line is not None and not self._reads:
            self.house.selector.register(self.line, selectors.EVENT_READ, self.read)
            self._reads = True

    def rest(self) -> None:
        """Read nothing."""
        if self.line is not None and self._reads:
            self.house.selector.unregister(self.line)
            self._reads = False

    def leave(self) -> None:
        """Hang up."""
        self.rest()
        if self.line is not None:
            self.line.close()
            self.line = None

    def receive(self, most: int) -> bytes | None:
        """Take what is there; None when nothing is, empty when the connection has ended."""
        assert self.line is not None
        try:
            return self.line.recv(most)
        except BlockingIOError:
            return None
        except OSError:
            return b""

    @abstractmethod
    def read(self) -> None:
        """Read what is there."""


class Player(_Line):
    """Plays a film at its rate, and seeks now and then."""

    def __init__(self, house: Audience, film: Film) -> None:
        super().__init__(house)
        self._film = film
        self._head: bytearray | None = None

    def come(self, now_s: float) -> None:
        """Begin where it begins."""
        self._play(self._film.start, now_s)
        self.house.at(now_s + self.house.chance.uniform(*SEEK_EACH_S), self._seek)

    def _seek(self, now_s: float) -> None:
        self.end(now_s)
        self._play(self.house.chance.randrange(self._film.length * 9 // 10), now_s)
        self.house.at(now_s + self.house.chance.uniform(*SEEK_EACH_S), self._seek)

    def _play(self, start: int, now_s: float) -> None:
        self._left = self._film.length - start
        self._asked_s, self._begun_s, self._stopped_s = now_s, 0.0, 0.0
        self._has_s, self._has_at_s = 0.0, now_s
        self._head = bytearray()
        self.open(self._film.path, f"Range: bytes={start}-")

    def end(self, now_s: float) -> None:
        """Count what is still being waited for."""
        self._pass(now_s)
        if self.line is None:
            return
        if self._stopped_s:
            self.house.seen.stalls_s.append(now_s - self._stopped_s)
        elif not self._begun_s:
            self.house.seen.begun_s.append(now_s - self._asked_s)

    def _pass(self, now_s: float) -> None:
        """Play until now."""
        if self._begun_s and not self._stopped_s:
            self._has_s -= now_s - self._has_at_s
            if self._has_s <= 0 and self._left > 0:
                self._stopped_s, self._has_s = now_s + self._has_s, 0.0
        self._has_at_s = now_s

    def read(self) -> None:
        """Take film, as far as it is wanted."""
        count = self._take()
        if count is None:
            return
        now_s = time.monotonic()
        self._pass(now_s)
        if not count:
            if self._left > 0:
                self.house.seen.lost["player"] += 1
            self._seek_soon(now_s)
            return
        self._left -= count
        self.house.seen.played_bytes += count
        self._has_s += count / self._film.rate_bytes_per_s
        if self._has_s >= BEGIN_S and not self._begun_s:
            self._begun_s = now_s
            self.house.seen.begun_s.append(now_s - self._asked_s)
        elif self._has_s >= BEGIN_S and self._stopped_s:
            self.house.seen.stalls_s.append(now_s - self._stopped_s)
            self._stopped_s = 0.0
        if self._has_s >= AHEAD_S:
            self.rest()
            line = self.line
            self.house.at(now_s + 1.0, lambda _: self.go_on() if self.line is line else None)

    def _seek_soon(self, now_s: float) -> None:
        """At the film's end, or where it was cut off: nothing comes any more before the next seek."""
        self.rest()
        self._has_s = max(self._has_s, 0.0)

    def _take(self) -> int | None:
        assert self.line is not None
        if self._head is not None:
            data = self.receive(16 * 1024)
            if not data:
                return None if data is None else 0
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return None
            self.house.seen.statuses[self._head[9:12].decode()] += 1
            count = len(self._head) - end - 4
            is_film, self._head = self._head[9:12] == b"206", None
            return (count or None) if is_film else 0
        try:
            return self.line.recv_into(_NOWHERE, READ_BYTES, socket.MSG_TRUNC)
        except BlockingIOError:
            return None
        except OSError:
            return 0


class Listener(_Line):
    """A page's one connection over which it is told what happens."""

    def come(self, _: float) -> None:
        """Listen."""
        self.open("/api/v1/events")

    def read(self) -> None:
        """Count what it is told."""
        data = self.receive(READ_BYTES)
        if data:
            self.house.seen.told += len(data)
        elif data is not None:
            self.house.seen.lost["page"] += 1
            self.leave()


class Asker(_Line):
    """A page's other connection, over which it asks now and then."""

    def __init__(self, house: Audience, asks: Sequence[str]) -> None:
        super().__init__(house)
        self._asks = asks
        self._came = bytearray()
        self._asked_s = 0.0

    def come(self, now_s: float) -> None:
        """Ask for something, over the connection that there is or a new one."""
        path = self.house.chance.choice(self._asks)
        self._came.clear()
        self._asked_s = now_s
        if self.line is None:
            self.open(path)
        else:
            self.line.sendall(self.house.request(path))
        self.house.at(now_s + self.house.chance.uniform(*ASK_EACH_S), self.come)

    def read(self) -> None:
        """Read the answer."""
        data = self.receive(READ_BYTES)
        if data is None:
            return
        self._came += data
        if not data:
            self.leave()  # a connection that rested for a minute is closed; the next question opens another
            return
        head, ended, body = self._came.partition(b"\r\n\r\n")
        length = head.lower().partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
        if ended and len(body) >= int(length or 0):
            self.house.seen.statuses[self._came[9:12].decode()] += 1
            self.house.seen.answers_s.append(time.monotonic() - self._asked_s)
            self._came.clear()
