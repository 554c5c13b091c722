"""Listens, and closes in time: uvicorn's connections without its server, which polls and takes signals."""

import asyncio
import contextlib
import errno
import logging
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from uvicorn.config import Config
from uvicorn.server import ServerState

from matinee.config import OPEN_HOST, serves_beyond
from matinee.errors import BadSetting, Conflict
from matinee.web.asgi import CLOSING, App
from matinee.web.protocol import Connection, Limits

if TYPE_CHECKING:
    from matinee.web.arrivals import Arrivals, Encryption

logger = logging.getLogger(__name__)

GRACE_S = 1.0
"""How long answers that are under way may still take when the server closes, in seconds."""

_NEXT_PORTS = 20
_BACKLOG = 512
_MOST_NOTED = 1000
_ITSELF = ("127.0.0.1", "localhost")
_NOT_HERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


class Entrance:
    """A socket on which a server listens, and the connections that came by it. ``close`` may be called twice.

    Args:
        sock: listens already.
        lets_in: told the address of each client; everybody comes in when None.
        encryption: what is spoken; plain http when None.
    """

    def __init__(
        self,
        sock: socket.socket,
        lets_in: Callable[[str], bool] | None = None,
        encryption: "Encryption | None" = None,
    ) -> None:
        self._sock = sock
        self._lets_in = lets_in
        self._encryption = encryption
        self._server: asyncio.Server | None = None
        self._house: _House | None = None
        self._arrivals: Arrivals | None = None
        self._refused: set[str] = set()
        self._here: Counter[str] = Counter()
        """How many connections each address has, where not everybody may come in."""
        self.connections: set[asyncio.Transport] = set()

    async def open(self, house: "_House") -> None:
        """Begin to take connections. Every socket of the program that answers requests comes by here."""
        self._house = house
        if self._encryption is None:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(
                lambda: house.connection(self), sock=self._sock, backlog=_BACKLOG
            )
            return
        from matinee.web.arrivals import Arrivals

        self._arrivals = Arrivals(
            self._sock,
            self._encryption,
            enters=self.enters,
            leaves=self.leaves,
            has_room=house.has_room,
            protocol=partial(house.connection, self),
            within_s=house.limits.head_s,
        )
        house.arrivals.add(self._arrivals)

    def enters(self, peer: Any) -> bool:
        """Let a connection in, by the address the kernel names, or do not; who is refused is written down once.

        One device of another screen's has so many connections and no more: it would take the room of all others, and
        of the owner. Whoever was let in is counted until ``leaves``.
        """
        if self._lets_in is None:
            return True
        address = peer[0] if peer else "nobody"
        if not (peer and self._lets_in(address)):
            self._note(address, "a connection from beyond this network was refused address=%s")
            return False
        if self._house is not None and self._here[address] >= self._house.limits.from_one:
            self._note(address, "a device has too many connections, the next ones are dropped address=%s")
            return False
        self._here[address] += 1
        return True

    def leaves(self, peer: Any) -> None:
        """Count a connection that was let in no more."""
        if self._lets_in is None or not peer:
            return
        self._here[peer[0]] -= 1
        if self._here[peer[0]] <= 0:
            del self._here[peer[0]]

    def _note(self, address: str, words: str) -> None:
        if address not in self._refused and len(self._refused) < _MOST_NOTED:
            self._refused.add(address)
            logger.warning(words, address)

    def shut(self) -> None:
        """Take no more connections."""
        if self._server is not None:
            self._server.close()
        if self._arrivals is None or self._house is None:
            self._sock.close()
            return
        self._house.arrivals.discard(self._arrivals)
        self._arrivals.stop()

    def close(self) -> None:
        """Take no more connections, and drop those that there are."""
        self.shut()
        for transport in list(self.connections):
            transport.abort()

    async def closed(self) -> None:
        """Wait, after ``close``, until its address and port are free again."""
        if self._arrivals is not None:
            await self._arrivals.stopped()


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server can be reached."""

    host: str
    """As it was asked for, or ``127.0.0.1``, or ``::1`` on a computer without IPv4."""
    port: int
    house: "_House" = field(repr=False, compare=False)

    async def also(
        self, address: str, lets_in: Callable[[str], bool], encryption: "Encryption | None" = None
    ) -> Entrance:
        """Listen on another address of this computer, on the same port.

        Args:
            address: IPv4 or IPv6.
            lets_in: told the address of each client; whom it refuses is dropped before a byte is read.
            encryption: what is spoken there; plain http when None.

        Raises:
            OSError: that address and port cannot be had.
        """
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        entrance = Entrance(_open(family, (address, self.port)), lets_in, encryption)
        try:
            await entrance.open(self.house)
        except BaseException:
            entrance.close()
            raise
        return entrance

    @property
    def url(self) -> str:
        """The address to print and to open."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"


@asynccontextmanager
async def serve(
    app: App,
    host: str,
    port: int,
    *,
    or_next_port: bool = False,
    limits: Limits | None = None,
    grace_s: float = GRACE_S,
) -> AsyncIterator[Listening]:
    """Serve the application while the context lasts.

    Args:
        app: an ASGI application; it is told of no lifespan.
        host: an address of this computer or a name for one. ``127.0.0.1`` and ``localhost`` listen on ``::1``
            too, so that nobody else can answer there for us, and there alone where IPv4 is not to be had.
        port: 0 takes any free one.
        or_next_port: when the port is taken, take one of the next; for the default port, not a chosen one.
        limits: what clients may take.
        grace_s: how long answers under way may take on leaving; then their connections are dropped.

    Raises:
        BadSetting: the host is not ours, or the port is one that we may not take.
        Conflict: the port is taken.
    """
    sockets = _bind(host, port, or_next_port=or_next_port)
    house = _House(app, limits or Limits())
    own = ("::1" if sockets[0].family == socket.AF_INET6 else "127.0.0.1") if host in _ITSELF else host
    listening = Listening(own, sockets[0].getsockname()[1], house)
    entrances = [Entrance(sock) for sock in sockets]
    try:
        for entrance in entrances:
            await entrance.open(house)
        if serves_beyond(host):
            logger.warning("%s host=%s", OPEN_HOST, host)
        yield listening
    finally:
        for entrance in entrances:
            entrance.shut()
        await house.close(grace_s)


class _House:
    """All connections of one server."""

    def __init__(self, app: App, limits: Limits) -> None:
        self.limits = limits
        self.arrivals: set[Arrivals] = set()
        """Those who have not said yet what they speak, for each entrance where TLS is spoken."""
        self._config = Config(
            app,
            lifespan="off",
            ws="none",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=limits.keep_alive_s,
        )
        self._config.http = type("LimitedConnection", (_Counted,), {"limits": limits, "house": self})
        self._config.load()
        self._state = ServerState()
        self._closing = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()

    def connection(
        self, entrance: Entrance, app: App | None = None, came_at: float | None = None
    ) -> asyncio.Protocol:
        """Make the protocol of a new connection.

        Args:
            entrance: by which it comes.
            app: who answers it, instead of the house's own.
            came_at: when it was made, by the loop's clock; now when None.
        """
        factory: Any = self._config.http_protocol_class
        protocol: _Counted = factory(self._config, self._state, {CLOSING: self._closing})
        protocol.entrance, protocol.came_at = entrance, came_at
        if app is not None:
            protocol.app = app
        return protocol

    def has_room(self) -> bool:
        """Whether one more may come who has not said yet what is spoken: they count as connections."""
        arriving = sum(map(len, self.arrivals))
        return len(self._state.connections) + arriving < self.limits.most_connections

    def came(self) -> None:
        """A connection was made."""
        self._empty.clear()

    def left(self) -> None:
        """A connection was lost."""
        if not self._state.connections:
            self._empty.set()

    async def close(self, grace_s: float) -> None:
        """End what rests at once, what is under way after the grace."""
        self._closing.set()
        for arrivals in self.arrivals:
            arrivals.stop()
            await arrivals.stopped()
        for connection in list(self._state.connections):
            connection.shutdown()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace_s):
                await self._empty.wait()
        for connection in list(self._state.connections):
            connection.transport.abort()
        tasks = set(self._state.tasks)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace_s / 2)
            for task in late:
                logger.error("a request did not end when its connection was dropped task=%r", task)
                task.cancel()


class _Counted(Connection):
    """A connection that tells its house of its coming and leaving."""

    house: _House
    entrance: Entrance
    guest: Any = None
    """The address of who was let in: a connection that is lost no longer knows it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        self.house.came()
        self.entrance.connections.add(transport)
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        if self.entrance.enters(peer):
            self.guest = peer
        else:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.entrance.connections.discard(self.transport)
        if self.guest is not None:
            self.entrance.leaves(self.guest)
        super().connection_lost(exc)
        self.house.left()


def _bind(host: str, port: int, *, or_next_port: bool) -> list[socket.socket]:
    last = min(port + _NEXT_PORTS, 65535) if or_next_port and port else port
    # Any free one (0) is chosen for IPv4, and may be taken on IPv6: then another is tried.
    for candidate in range(port, last + 1) if port else [0] * _NEXT_PORTS:
        try:
            return _bind_port(host, candidate)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise _explain(error, host, candidate) from error
            taken = error
    raise Conflict(
        f"Port {port} on {host} is taken by another program. Stop that one, or choose another with --port.",
        port=port,
    ) from taken


def _bind_port(host: str, port: int) -> list[socket.socket]:
    sockets: list[socket.socket] = []
    try:
        try:
            first = _open(*_resolve("127.0.0.1" if host == "localhost" else host, port))
        except OSError as error:
            if host not in _ITSELF or error.errno not in _NOT_HERE:
                raise
            return [_open(socket.AF_INET6, ("::1", port))]  # a computer without IPv4
        sockets.append(first)
        if host in _ITSELF and socket.has_ipv6:
            try:
                sockets.append(_open(socket.AF_INET6, ("::1", first.getsockname()[1])))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    raise
                # A computer without IPv6: nobody else can listen there either.
    except BaseException:
        for sock in sockets:
            sock.close()
        raise
    return sockets


def _resolve(host: str, port: int) -> tuple[int, Any]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, _, _, _, address = found[0]
    return family, address


def _open(family: int, address: Any) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            # Without this one socket would take IPv4 too, and show its addresses in their mapped form.
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(address)
        sock.listen(_BACKLOG)
        sock.setblocking(False)
    except BaseException:
        sock.close()
        raise
    return sock


def _explain(error: OSError, host: str, port: int) -> BadSetting:
    if error.errno in (errno.EACCES, errno.EPERM):
        return BadSetting(
            f"Port {port} needs rights that Matinee does not have. Choose one above 1023.", port=port
        )
    return BadSetting(
        f"Matinee cannot listen on {host} port {port}: {error.strerror}. Choose an address of this computer."
    )
