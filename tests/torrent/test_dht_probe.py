"""Whether the DHT answers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import libtorrent as lt
import pytest

from matinee.torrent.dht_probe import ENTRANCES, Node, dht_answers

SHORT_S = 0.3


class Answering(asyncio.DatagramProtocol):
    """A node of the DHT."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # as it is called
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        asked: Any = lt.bdecode(data)
        assert asked[b"q"] == b"ping"
        self._transport.sendto(self._answer, addr)


@contextlib.asynccontextmanager
async def node(answer: bytes) -> AsyncIterator[Node]:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: Answering(answer), local_addr=("127.0.0.1", 0))
    yield transport.get_extra_info("sockname")
    transport.close()


def test_entrances_when_compared_then_are_libtorrents() -> None:
    assert lt.default_settings()["dht_bootstrap_nodes"] == ",".join(f"{h}:{p}" for h, p in ENTRANCES)


async def test_dht_when_a_node_answers_then_answers() -> None:
    async with node(b"d1:rd2:id20:" + b"n" * 20 + b"e1:t2:mt1:y1:re") as one:
        assert await dht_answers([("host.invalid", 1), one])


@pytest.mark.parametrize("answer", [b"", b"d1:t2:mt1:y1:ee"])
async def test_dht_when_a_node_says_something_else_then_does_not(answer: bytes) -> None:
    async with node(answer) as one:
        assert not await dht_answers([one], answer_s=SHORT_S)


async def test_dht_when_nobody_can_be_asked_then_does_not() -> None:
    assert not await dht_answers([("host.invalid", 1)], answer_s=SHORT_S)
