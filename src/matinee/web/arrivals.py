"""Takes connections where TLS is spoken: the first byte tells it from plain http, on one port.

asyncio's own servers read before they ask; here the byte is looked at and left, and then the connection is handed on.
All of it, with the handshake, has the time that a request's head has: whoever says nothing is dropped.
"""

import asyncio
import contextlib
import errno
import logging
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from matinee.web.asgi import App

logger = logging.getLogger(__name__)

HANDSHAKE = b"\x16"
"""The first byte of a client that speaks TLS (RFC 8446 section 5.1); no request begins with it."""
SHUTDOWN_S = 5.0
"""How long a client may take to say that it has heard the end of a TLS connection."""
AGAIN_S = 1.0
"""How long nobody is taken when the system has no descriptors or memory left, as asyncio does."""
_NO_ROOM = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


@dataclass(frozen=True, slots=True)
class Encryption:
    """What is spoken at an entrance."""

    context: Callable[[], ssl.SSLContext]
    """Asked for each connection: certificates are made anew."""
    plain: App
    """Answers who does not speak TLS."""


class Arrivals:
    """Takes connections from a listening socket, and finds out what they speak.

    Args:
        sock: listens; it is closed here.
        encryption: what is spoken here.
        enters: whether somebody may come in, by the address that the kernel names; counts them.
        leaves: told when who came in here has gone, or was handed on and is counted there.
        has_room: whether there is room for one more.
        protocol: makes what speaks http, with who answers (None: as everywhere) and the loop's time of its coming.
        within_s: how long it may take until a protocol has the connection.
    """

    def __init__(
        self,
        sock: socket.socket,
        encryption: Encryption,
        *,
        enters: Callable[[Any], bool],
        leaves: Callable[[Any], None],
        has_room: Callable[[], bool],
        protocol: Callable[[App | None, float], asyncio.Protocol],
        within_s: float,
    ) -> None:
        self._sock = sock
        self._encryption = encryption
        self._enters, self._leaves = enters, leaves
        self._has_room = has_room
        self._protocol = protocol
        self._within_s = within_s
        self._arriving: set[asyncio.Task[None]] = set()
        self._accepting = asyncio.create_task(self._accept(), name="connections of other screens")

    def __len__(self) -> int:
        """How many have connected and said nothing that is understood yet."""
        return len(self._arriving)

    def stop(self) -> None:
        """Take nobody any more, and drop those who have not said what they speak. Harmless when called twice."""
        with contextlib.suppress(OSError):
            # Closed is it only when the loop has let go of it: its number may be somebody else's at once.
            self._sock.shutdown(socket.SHUT_RDWR)
        self._accepting.cancel()
        for task in list(self._arriving):
            task.cancel()

    async def stopped(self) -> None:
        """Wait until all of it has ended, after ``stop``."""
        await asyncio.gather(self._accepting, *self._arriving, return_exceptions=True)
        self._sock.close()  # a task that was cancelled before it began closes nothing

    async def _accept(self) -> None:
        try:
            await self._accept_all()
        finally:
            self._sock.close()

    async def _accept_all(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                came, peer = await loop.sock_accept(self._sock)
            except OSError as error:
                if error.errno == errno.EINVAL:
                    return  # it listens no more
                # Whoever hung up while waiting to be taken concerns nobody else.
                if error.errno in _NO_ROOM:
                    logger.warning("no connection can be taken now error=%s", error.strerror)
                    await asyncio.sleep(AGAIN_S)
                continue
            if not self._has_room() or not self._enters(peer):
                came.close()
                continue
            task = loop.create_task(self._receive(came, loop.time()))
            self._arriving.add(task)
            task.add_done_callback(partial(self._received, peer))

    def _received(self, peer: Any, task: asyncio.Task[None]) -> None:
        self._arriving.discard(task)
        self._leaves(peer)

    async def _receive(self, came: socket.socket, at: float) -> None:
        """Find out what somebody speaks, and have that spoken."""
        handed_on = False
        try:
            async with asyncio.timeout_at(at + self._within_s):
                first = await _first_byte(came)
                if first:
                    handed_on = True
                    await self._hand_on(came, first == HANDSHAKE, at)
        except (OSError, TimeoutError) as error:
            # Who does not trust the certificate hangs up in the middle; scanners send anything.
            logger.debug("a connection did not come about error=%r", error)
        finally:
            # From then on the transport closes it.
            if not handed_on:
                came.close()

    async def _hand_on(self, came: socket.socket, speaks_tls: bool, at: float) -> None:
        loop = asyncio.get_running_loop()
        if not speaks_tls:
            await loop.connect_accepted_socket(lambda: self._protocol(self._encryption.plain, at), came)
            return
        await loop.connect_accepted_socket(
            lambda: self._protocol(None, at),
            came,
            ssl=self._encryption.context(),
            ssl_handshake_timeout=self._within_s,
            ssl_shutdown_timeout=SHUTDOWN_S,
        )


async def _first_byte(sock: socket.socket) -> bytes:
    """Look at the first byte that comes, and leave it there; nothing where the other side has hung up."""
    loop = asyncio.get_running_loop()
    while True:
        with contextlib.suppress(BlockingIOError, InterruptedError):
            return sock.recv(1, socket.MSG_PEEK)
        came = asyncio.Event()
        loop.add_reader(sock, came.set)
        try:
            await came.wait()
        finally:
            loop.remove_reader(sock)
