"""The system's Firefox for Playwright, which asks it for things that this one does not know yet.

Playwright drives an unpatched Firefox by WebDriver BiDi and begins with commands that came after the releases that
Debian has; without an answer it gives up. Run as a program this stands between the two: it
starts Firefox, and asks it for its status in place of those. Everything else passes as it is.
"""

import asyncio
import contextlib
import itertools
import json
import re
import shutil
import signal
import sys
from functools import partial
from urllib.parse import urlsplit

UNKNOWN = ("browser.setDownloadBehavior", "emulation.", "network.addDataCollector")
"""How the names of these begin, in releases 140 and 153; none of them is needed for what is tested."""
FIREFOX = shutil.which("firefox-esr") or "firefox-esr"
KEY = b"film"
"""Every client's frame is masked, and Firefox takes none under a key of noughts."""
_LONG, _LONGEST = 126, 127


def _masked(payload: bytes, key: bytes) -> bytes:
    return bytes(one ^ two for one, two in zip(payload, itertools.cycle(key), strict=False))


def _frame(head: int, payload: bytes) -> bytes:
    """Write a client's frame."""
    if len(payload) < _LONG:
        size = bytes([0x80 | len(payload)])
    elif len(payload) < 1 << 16:
        size = bytes([0x80 | _LONG]) + len(payload).to_bytes(2, "big")
    else:
        size = bytes([0x80 | _LONGEST]) + len(payload).to_bytes(8, "big")
    return bytes([head]) + size + KEY + _masked(payload, KEY)


def _known(payload: bytes) -> bytes:
    """Ask for the status instead of what is not known."""
    if not any(name.encode() in payload for name in UNKNOWN):
        return payload
    asked = json.loads(payload)
    known = not asked["method"].startswith(UNKNOWN)
    return payload if known else json.dumps({**asked, "method": "session.status", "params": {}}).encode()


def _asking(request: bytes, host: str) -> bytes:
    """Ask for a socket of Firefox's own name, on which nothing is compressed."""
    lines = request.decode("latin-1").split("\r\n")
    kept = [line for line in lines if not line.lower().startswith(("host:", "sec-websocket-extensions:"))]
    return "\r\n".join([kept[0], f"Host: {host}", *kept[1:]]).encode("latin-1")


async def _upwards(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
    """Pass on what Playwright says: first the request for a socket, then frames."""
    writer.write(_asking(await reader.readuntil(b"\r\n\r\n"), host))
    while True:
        head, short = await reader.readexactly(2)
        length = short & 0x7F
        if length >= _LONG:
            length = int.from_bytes(await reader.readexactly(2 if length == _LONG else 8), "big")
        key = await reader.readexactly(4)
        writer.write(_frame(head, _known(_masked(await reader.readexactly(length), key))))
        await writer.drain()


async def _downwards(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while block := await reader.read(1 << 16):
        writer.write(block)
        await writer.drain()


async def _between(address: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    parts = urlsplit(address)
    above, to_above = await asyncio.open_connection(parts.hostname, parts.port)
    ways = [
        asyncio.create_task(_upwards(reader, to_above, parts.netloc)),
        asyncio.create_task(_downwards(above, writer)),
    ]
    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    for way in ways:
        way.cancel()
    for end in (writer, to_above):
        end.close()
    # Either side may hang up in the middle of a frame.
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        await asyncio.gather(*ways)


async def _run(words: list[str]) -> int:
    firefox = await asyncio.create_subprocess_exec(FIREFOX, *words, stderr=asyncio.subprocess.PIPE)
    for ending in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(ending, firefox.terminate)
    assert firefox.stderr is not None
    async for line in firefox.stderr:
        said = line.decode(errors="replace")
        if told := re.search(r"WebDriver BiDi listening on (ws://\S+)", said):
            server = await asyncio.start_server(partial(_between, told[1]), "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            said = f"WebDriver BiDi listening on ws://127.0.0.1:{port}\n"
        sys.stderr.write(said)
        sys.stderr.flush()
    return await firefox.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(_run(sys.argv[1:])))
