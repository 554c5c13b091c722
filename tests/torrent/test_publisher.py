"""The copy that is shared of a film of one's own."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from matinee.errors import DiskFailed, DiskFull
from matinee.models.torrent import PublishStep
from matinee.outside.addresses import AddressPolicy
from matinee.torrent import publisher as publisher_module
from matinee.torrent.publish import Publication
from matinee.torrent.publisher import Publisher


@pytest.fixture
def films(tmp_path: Path) -> Path:
    return tmp_path / "films"


def nobody(step: PublishStep, done: int, total: int) -> None:
    """Hear nothing."""


@pytest.mark.parametrize("clones", [True, False])
async def test_publish_then_a_copy_of_its_own_lies_where_the_engine_looks(
    own_film: Path, films: Path, pool: ThreadPoolExecutor, clones: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clone(theirs: int, ours: int) -> bool:
        return clones and os.write(ours, own_film.read_bytes()) > 0

    monkeypatch.setattr(publisher_module, "_clone", clone)
    told: list[tuple[PublishStep, int, int]] = []
    publisher = Publisher(AddressPolicy(), films, 0, pool)
    published = await publisher.publish(
        Publication(own_film, "CC0-1.0"), lambda step, done, total: told.append((step, done, total))
    )
    copy = films / published.description.identity / own_film.name
    assert copy.read_bytes() == own_film.read_bytes()
    assert copy.stat().st_ino != own_film.stat().st_ino
    assert ((PublishStep.HASHING, 3, 3) in told, (PublishStep.COPYING, 700_000, 700_000) in told) == (
        True,
        not clones,
    )


async def test_publish_when_there_is_no_room_then_disk_full_and_nothing_is_left(
    own_film: Path, films: Path, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher_module, "_clone", lambda theirs, ours: False)
    monkeypatch.setattr("matinee.torrent.adding.check_room", lambda films, reserve_bytes: None)
    with pytest.raises(DiskFull, match="no room for the copy"):
        await Publisher(AddressPolicy(), films, 1 << 60, pool).publish(
            Publication(own_film, "CC0-1.0"), nobody
        )
    assert list(films.iterdir()) == []


async def test_publish_when_the_film_changes_meanwhile_then_refused_and_nothing_is_left(
    own_film: Path, films: Path, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clone(theirs: int, ours: int) -> bool:
        os.utime(own_film, (1, 1))
        return False

    monkeypatch.setattr(publisher_module, "_clone", clone)
    with pytest.raises(DiskFailed, match="was changed while it was read"):
        await Publisher(AddressPolicy(), films, 0, pool).publish(Publication(own_film, "CC0-1.0"), nobody)
    assert list(films.iterdir()) == []


async def test_publish_when_cancelled_while_it_copies_then_stops_and_nothing_is_left(
    own_film: Path, films: Path, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher_module, "CHUNK_BYTES", 1)
    monkeypatch.setattr(publisher_module, "_clone", lambda theirs, ours: False)
    copying = asyncio.Event()

    def report(step: PublishStep, done: int, total: int) -> None:
        if step is PublishStep.COPYING:
            copying.set()

    publisher = Publisher(AddressPolicy(), films, 0, pool)
    job = asyncio.create_task(publisher.publish(Publication(own_film, "CC0-1.0"), report))
    await asyncio.wait_for(copying.wait(), 60)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert list(films.iterdir()) == []


async def test_publish_when_the_film_was_sent_here_then_is_moved_and_no_room_is_taken_twice(
    own_film: Path, films: Path, pool: ThreadPoolExecutor
) -> None:
    content, inode = own_film.read_bytes(), own_film.stat().st_ino
    publisher = Publisher(AddressPolicy(), films, 0, pool)
    published = await publisher.publish(Publication(own_film, "CC-BY-4.0", ours=True), nobody)
    laid = films / published.description.identity / own_film.name
    assert (laid.read_bytes(), laid.stat().st_ino) == (content, inode)
    assert not own_film.exists()
