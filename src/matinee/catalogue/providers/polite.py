"""A service on the web, asked politely: at most two requests at once, and silence for as long as it asks for it."""

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NoReturn

from matinee.errors import BadSource, MatineeError, SourceLimited, SourceUnreachable, TooLarge
from matinee.outside.fetch import Answer, Fetcher

AT_ONCE = 2
MOST_HOSTS = 64
"""That are remembered."""
THREAD_BYTES = 256 * 1024
"""From this size JSON is read on a thread: 8 MiB would hold the loop for 80 ms."""


class Polite:
    """Fetches from one service.

    Args:
        name: of the service, for people; errors begin with it.
        fetcher: judges every address, and limits time and bytes.
        clock: seconds that only ever grow.
    """

    def __init__(self, name: str, fetcher: Fetcher, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._fetcher = fetcher
        self._clock = clock
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._quiet_until_s = 0.0

    async def json(self, url: str) -> Any:
        """Fetch what JSON says.

        Raises:
            SourceUnreachable: the service is away.
            SourceLimited: it wants to be left alone; nothing was asked if it said so before.
            BadSource: it sent something else than JSON.
            TooLarge: it sent too much.
        """
        return await self.read((await self.get(url, accept="application/json")).body)

    async def read(self, body: bytes) -> Any:
        """Give what the JSON of an answer says. Raises BadSource."""
        return await asyncio.to_thread(self._read, body) if len(body) > THREAD_BYTES else self._read(body)

    async def get(self, url: str, *, accept: str = "*/*", span: tuple[int, int] | None = None) -> Answer:
        """Fetch bytes, or the bytes ``[start, stop)``; see ``Fetcher.get``. Raises as ``json``."""
        async with self._turns:
            wait_s = self._quiet_until_s - self._clock()
            if wait_s > 0:
                raise SourceLimited(
                    f"{self._name} wants to be left alone for {wait_s:.0f} seconds. Try again then.",
                    retry_after_s=wait_s,
                )
            try:
                return await self._fetcher.get(url, accept=accept, span=span)
            except (BadSource, SourceUnreachable, TooLarge) as error:
                raise self._of_ours(error) from error

    def _of_ours(self, error: MatineeError) -> MatineeError:
        """Name the service in what went wrong, and note how long it wants to be left alone."""
        wait_s = error.details.get("retry_after_s")
        if isinstance(wait_s, float):
            self._quiet_until_s = self._clock() + wait_s
        return type(error)(f"{self._name}: {error.message}", **error.details)

    def _read(self, body: bytes) -> Any:
        try:
            return json.loads(body, parse_constant=_refuse)
        except (ValueError, RecursionError) as exc:
            raise BadSource(
                f"{self._name} sent something that is no answer to what was asked. Try again later."
            ) from exc


class PoliteHosts:
    """Fetches from services that are on many hosts, each of which is asked politely.

    Args:
        fetcher: judges every address, and limits time and bytes.
        clock: seconds that only ever grow.
    """

    def __init__(self, fetcher: Fetcher, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._hosts: OrderedDict[str, Polite] = OrderedDict()

    def of(self, host: str) -> Polite:
        """Give who asks a host; the one that was asked longest ago is forgotten when there are too many."""
        found = self._hosts.get(host)
        if found is None:
            found = self._hosts[host] = Polite(host, self._fetcher, clock=self._clock)
            if len(self._hosts) > MOST_HOSTS:
                self._hosts.popitem(last=False)
        self._hosts.move_to_end(host)
        return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
