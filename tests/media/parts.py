"""Films whose bytes can be withheld, and workers that open them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from matinee.media.probe_wire import info_from_wire
from matinee.media.worker import MediaWorker
from matinee.models.media import MediaInfo
from matinee.models.torrent import FileEntry
from matinee.types import FileIndex
from tests.fakes.films import FakeStream

PIECE_BYTES = 256 * 1024


def stream_of(data: bytes, piece_bytes: int = PIECE_BYTES) -> FakeStream:
    """Give a film as a file of a torrent that has arrived."""
    entry = FileEntry(FileIndex(0), "film", len(data), 0, "application/octet-stream")
    return FakeStream(entry, data, '"film"', piece_bytes)


@asynccontextmanager
async def worker_for(
    data: bytes, *, patience_s: float = 30.0
) -> AsyncIterator[tuple[MediaWorker, FakeStream]]:
    """Have a process that opens a film."""
    stream = stream_of(data)
    async with MediaWorker(stream.open, len(data), patience_s=patience_s) as worker:
        yield worker, stream


async def probed(data: bytes) -> MediaInfo:
    """Find out what a film is made of, as the program does."""
    async with worker_for(data) as (worker, _):
        head, _ = await worker.ask("probe")
        return info_from_wire(head)
