"""Asks whether the DHT can be reached from here: one ping to the nodes by which it is entered (BEP 5)."""

import asyncio
import os
import socket
from collections.abc import Sequence

Node = tuple[str, int]

ENTRANCES: tuple[Node, ...] = (("dht.libtorrent.org", 25401),)
"""libtorrent's own; a test holds it so."""
ANSWER_S = 3.0
ASK_AGAIN_S = 1.0
"""UDP may lose a packet."""

_ANSWER = b"1:y1:r"


async def dht_answers(entrances: Sequence[Node] = ENTRANCES, *, answer_s: float = ANSWER_S) -> bool:
    """Tell whether any of the nodes answers within ``answer_s`` seconds."""
    try:
        async with asyncio.timeout(answer_s):
            asked = [asyncio.ensure_future(_ask(node)) for node in entrances]
            try:
                for answer in asyncio.as_completed(asked):
                    if await answer:
                        return True
            finally:
                for task in asked:
                    task.cancel()
    except TimeoutError:
        pass
    return False


async def _ask(node: Node) -> bool:
    """Ping until the node answers; False when it cannot be asked."""
    loop = asyncio.get_running_loop()
    host, port = node
    heard: asyncio.Future[None] = loop.create_future()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
        family, _, _, _, address = found[0]
        transport, _ = await loop.create_datagram_endpoint(lambda: _Ear(heard), family=family)
    except OSError:
        return False
    ping = b"d1:ad2:id20:" + os.urandom(20) + b"e1:q4:ping1:t2:mt1:y1:qe"
    try:
        while not heard.done():
            transport.sendto(ping, (address[0], address[1]))
            await asyncio.wait([heard], timeout=ASK_AGAIN_S)
    finally:
        transport.close()
    return True


class _Ear(asyncio.DatagramProtocol):
    """Hears the first answer."""

    def __init__(self, heard: asyncio.Future[None]) -> None:
        self._heard = heard

    def datagram_received(self, data: bytes, addr: object) -> None:
        if _ANSWER in data and not self._heard.done():
            self._heard.set_result(None)
