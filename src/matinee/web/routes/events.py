"""``GET /api/v1/events``: what happens, as server-sent events."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from matinee.events import Bus, Event, Subscription, TorrentChanged
from matinee.models.device import Role
from matinee.models.torrent import TorrentView
from matinee.ports import Films
from matinee.web.asgi import (
    CLOSING,
    Receive,
    Reply,
    Scope,
    Send,
    abort,
    encode_headers,
    until_gone,
)
from matinee.web.responses import SEND_IDLE_LIMIT_S
from matinee.web.roles import hears
from matinee.web.visits import PASSED, Pass
from matinee.web.wire import Told, Wire

HEARTBEAT_S = 15.0
"""A comment this often keeps middle boxes from closing, and finds listeners that are gone."""


class Events:
    """Sends the bus to one page, every torrent first; ends when the page leaves or the server closes.

    Args:
        films: gives the torrents there are on connecting.
        bus: gives what changes.
        wire: writes both.
        heartbeat_s: the longest silence, in seconds.
    """

    def __init__(self, films: Films, bus: Bus, wire: Wire, *, heartbeat_s: float = HEARTBEAT_S) -> None:
        self._films = films
        self._bus = bus
        self._wire = wire
        self._heartbeat_s = heartbeat_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fields = [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store")]
        if scope["method"] == "HEAD":
            await Reply(200, headers=fields)(scope, receive, send)
            return
        passed: Pass = scope.get(PASSED) or Pass()
        role = passed.role or Role.WATCH
        # Listen before looking, so that nothing falls between the two.
        with self._bus.subscribe() as subscription:
            torrents = await until_gone(receive, self._films.torrents())
            await send({"type": "http.response.start", "status": 200, "headers": encode_headers(fields)})
            closing: asyncio.Event = scope.get("state", {}).get(CLOSING) or asyncio.Event()
            try:
                await until_gone(
                    receive, self._tell_until(closing, self._tell(torrents, subscription, role, send))
                )
            except TimeoutError as error:
                await abort(scope, receive, error)
                return
        await send({"type": "http.response.body", "body": b""})

    async def _tell_until(self, closing: asyncio.Event, tell: Coroutine[Any, Any, None]) -> None:
        telling = asyncio.ensure_future(tell)
        ending = asyncio.ensure_future(closing.wait())
        try:
            await asyncio.wait((telling, ending), return_when=asyncio.FIRST_COMPLETED)
        finally:
            telling.cancel()
            ending.cancel()
            await asyncio.gather(telling, ending, return_exceptions=True)
        if not telling.cancelled():
            telling.result()

    async def _tell(
        self, torrents: list[TorrentView], subscription: Subscription, role: Role, send: Send
    ) -> None:
        told: Told = {}
        await _say(b"retry: 2000\n\n", send)
        for view in torrents:
            await self._tell_event(TorrentChanged(view), told, role, send)
        while True:
            try:
                async with asyncio.timeout(self._heartbeat_s):
                    event = await subscription.next()
            except TimeoutError:
                await _say(b":\n\n", send)
            else:
                await self._tell_event(event, told, role, send)

    async def _tell_event(self, event: Event, told: Told, role: Role, send: Send) -> None:
        name, (*parts, last) = await self._wire.event(event, told)
        if not hears(role, name):
            return
        begin = b"event: %s\ndata: " % name.encode()
        for part in parts:
            await _say(begin + part, send)
            begin = b""
        await _say(b"%s%s\n\n" % (begin, last), send)


async def _say(text: bytes, send: Send) -> None:
    async with asyncio.timeout(SEND_IDLE_LIMIT_S):
        await send({"type": "http.response.body", "body": text, "more_body": True})
