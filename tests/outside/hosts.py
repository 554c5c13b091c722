"""A web server on loopback that says what a test wants, byte for byte."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

TORRENT = b"d4:infod6:lengthi1eee"

Answer = Callable[[str], bytes]
"""Gives the whole response to a request head."""


def ok(body: bytes = TORRENT, *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def redirect(target: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode()


class Host:
    """A web server on loopback that writes down what it was asked."""

    def __init__(self, answer: Answer, endless: bytes = b"") -> None:
        self.answer = answer
        self.endless = endless
        self.asked: list[str] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.asked.append(head)
            writer.write(self.answer(head))
            while self.endless:
                writer.write(self.endless)
                await writer.drain()
            await reader.read()
        except (OSError, EOFError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def hosting(
    answer: Answer, *, endless: bytes = b"", trust: ssl.SSLContext | None = None
) -> AsyncIterator[Host]:
    host = Host(answer, endless)
    server = await asyncio.start_server(host.serve, "127.0.0.1", 0, ssl=trust)
    host.port = server.sockets[0].getsockname()[1]
    async with server:
        yield host
