"""Files where they lie, and what of them reaches the disk."""

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.torrent.disk import Disk, DiskFile, DiskFiles

LENGTHS = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=12)


def laid_out(lengths: list[tuple[int, bool]]) -> list[DiskFile]:
    """Lay files one behind the other, as a torrent does."""
    offsets = [sum(length for length, _ in lengths[:at]) for at in range(len(lengths))]
    return [DiskFile(at, *entry) for at, entry in zip(offsets, lengths, strict=True)]


@given(LENGTHS)
def test_disk_files_when_some_are_empty_then_each_byte_is_in_its_file(
    lengths: list[tuple[int, bool]],
) -> None:
    files = laid_out(lengths)
    kept = DiskFiles(files, str)
    assert [kept[index] for index in range(len(files))] == files
    holding = [at for at, file in enumerate(files) for _ in range(file.length)]
    assert [kept.holding(offset) for offset in range(len(holding))] == holding
    content = [
        at for file in files if not file.padding for at in range(file.offset, file.offset + file.length)
    ]
    assert [at for start, stop in kept.runs for at in range(start, stop)] == content
    assert all(before[1] < after[0] for before, after in zip(kept.runs, kept.runs[1:], strict=False))


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the paths that were made sure of, in order."""
    paths: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda fd: paths.append(str(Path(f"/proc/self/fd/{fd}").readlink())))
    return paths


@pytest.fixture
def disk(tmp_path: Path, pool: ThreadPoolExecutor) -> Disk:
    """A disk of two films of which one is there, in a folder of its own."""
    folder = tmp_path / "films"
    (folder / "series" / "season").mkdir(parents=True)
    (folder / "series" / "season" / "1.mkv").write_bytes(b"one")
    files = DiskFiles([DiskFile(0, 3, False), DiskFile(3, 3, False)], ("series/season/{}.mkv").format)
    return Disk(folder, files, pool)


def test_sync_when_some_files_are_there_then_they_come_before_the_folders_that_hold_them(
    disk: Disk, synced: list[str], tmp_path: Path
) -> None:
    disk.sync()
    folder = tmp_path / "films"
    assert synced == [
        str(folder / name) for name in ("series/season/1.mkv", "series/season", "series", "")
    ]  # fmt: skip


@pytest.mark.parametrize("place", ["series/season/2.mkv", "series/specials"])
def test_sync_when_a_link_lies_there_then_nothing_is_claimed(
    place: str, disk: Disk, synced: list[str], tmp_path: Path
) -> None:
    (tmp_path / "films" / place).symlink_to(tmp_path)
    with pytest.raises(OSError, match="symbolic link"):
        disk.sync()


def test_sync_when_the_folder_is_gone_then_nothing_is_claimed(
    disk: Disk, synced: list[str], tmp_path: Path
) -> None:
    (tmp_path / "films").rename(tmp_path / "elsewhere")
    with pytest.raises(FileNotFoundError):
        disk.sync()
    assert synced == []


async def test_read_when_whoever_asked_has_gone_before_a_thread_had_time_then_the_file_is_let_go_of(
    disk: Disk, pool: ThreadPoolExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_at_once(*_: object) -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "preadv", not_at_once)
    assert await disk.read(3, 6) == b"one"
    free = threading.Event()
    busy = [pool.submit(free.wait) for _ in range(pool._max_workers)]
    reading = asyncio.ensure_future(disk.read(3, 6))
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    free.set()
    await asyncio.gather(*map(asyncio.wrap_future, busy))
    disk.close()
    assert _open_below(tmp_path) == []


def _open_below(folder: Path) -> list[str]:
    """Give the files below a folder that this process has open."""
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(descriptor.readlink()))
        except OSError:  # the one by which they are listed
            continue
    return [path for path in found if path.startswith(str(folder))]
