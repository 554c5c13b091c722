"""A port that is free on IPv4 may be taken on IPv6: whoever asks for any free port gets another then."""

import errno
import socket
from typing import Any

import pytest

from matinee.web import server
from matinee.web.asgi import Receive, Scope, Send


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer nobody."""


async def test_serve_on_any_port_when_the_first_is_taken_on_ipv6_then_takes_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    really = server._open
    taken: list[int] = []

    def first_taken(family: int, address: Any) -> socket.socket:
        if family == socket.AF_INET6 and not taken:
            taken.append(address[1])
            raise OSError(errno.EADDRINUSE, "Address already in use")
        return really(family, address)

    monkeypatch.setattr(server, "_open", first_taken)
    async with server.serve(_nothing, "127.0.0.1", 0, or_next_port=False) as listening:
        assert listening.port > 0
    assert len(taken) == 1
