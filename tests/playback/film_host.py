"""A web host that has one film, and sends no further than a test lets it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ssl import SSLContext
from typing import TypeVar

CHUNK_BYTES = 16 * 1024
Host = TypeVar("Host", bound="FilmHost")


class FilmHost:
    """Gives a film whole, or by spans, with an entity tag."""

    def __init__(self, film: bytes) -> None:
        self.film = film
        self.tag = '"one"'
        self.spans = True
        """Whether it gives spans."""
        self.most = len(film)
        """Bytes that each connection sends before it waits for ``free``, or hangs up where it ``tears``."""
        self.tears = False
        self.answer: bytes | None = None
        """What it says to everything instead."""
        self.free = asyncio.Event()
        self.asked: list[tuple[int, int | None]] = []
        """Half-open spans, in the order of the requests."""
        self.if_range: list[str] = []
        self.port = 0
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def also(self, head: str) -> bytes | None:
        """Give the whole answer to a request that is not for the film; None for the film."""
        return None

    def begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.append(asyncio.create_task(self._serve(reader, writer)))

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            await self._send(head, writer)
        except (OSError, EOFError):
            pass  # whoever asked hung up
        finally:
            writer.close()

    async def _send(self, head: str, writer: asyncio.StreamWriter) -> None:
        if (said := self.also(head)) is not None:
            writer.write(said)
            await writer.drain()
            return
        found = re.search(r"Range: bytes=([0-9]+)-([0-9]*)", head)
        start, stop = (int(found[1]), int(found[2]) + 1 if found[2] else None) if found else (0, None)
        self.asked.append((start, stop))
        condition = re.search(r"If-Range: (.*)\r", head)
        self.if_range += [condition[1]] if condition else []
        if self.answer is not None:
            writer.write(self.answer)
            await writer.drain()
            return
        whole = not self.spans or (condition is not None and condition[1] != self.tag)
        body = self.film if whole else self.film[start:stop]
        lines = ["HTTP/1.1 200 OK" if whole else "HTTP/1.1 206 Partial Content", f"ETag: {self.tag}"]
        lines += [] if whole else [f"Content-Range: bytes {start}-{start + len(body) - 1}/{len(self.film)}"]
        writer.write("\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode())
        for at in range(0, len(body), CHUNK_BYTES):
            if at >= self.most and not self.free.is_set():
                if self.tears:
                    return
                await self.free.wait()
            writer.write(body[at : at + CHUNK_BYTES])
            await writer.drain()


@asynccontextmanager
async def film_host(film: bytes) -> AsyncIterator[FilmHost]:
    async with serving_film(FilmHost(film)) as host:
        yield host


@asynccontextmanager
async def serving_film(host: Host, trust: SSLContext | None = None) -> AsyncIterator[Host]:
    server = await asyncio.start_server(host.begin, "127.0.0.1", 0, ssl=trust)
    host.port = server.sockets[0].getsockname()[1]
    try:
        yield host
    finally:
        server.close()
        await host.end()
