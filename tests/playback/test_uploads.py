"""Films that are sent here in parts: names, room, what breaks off, and what stays of it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import BadRequest, Conflict, DiskFailed, DiskFull, MatineeError, NotFound, TooLarge
from matinee.playback import uploads as module
from matinee.playback.uploads import MOST_AT_ONCE, NAME_MOST_BYTES, Uploads, file_name

FILM = bytes(range(256)) * 8192
"""2 MiB: more than is written at once."""


async def parts(*chunks: bytes, then: BaseException | None = None) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    if then is not None:
        raise then


def in_chunks(data: bytes, size: int) -> Iterable[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


@pytest.fixture
async def uploads(tmp_path: Path) -> AsyncIterator[Uploads]:
    """Uploads into a folder that is not there yet."""
    pool = ThreadPoolExecutor(2)
    uploads = Uploads(tmp_path / "films", 0, pool)
    yield uploads
    await uploads.close()
    pool.shutdown()


def left(folder: Path) -> list[Path]:
    return sorted(folder.glob("films/.uploads/*"))


async def test_upload_when_sent_in_parts_that_break_off_then_goes_on_where_it_ended(
    uploads: Uploads, tmp_path: Path
) -> None:
    upload = await uploads.begin("Mon film.mp4", len(FILM))
    with pytest.raises(ConnectionError):
        await uploads.receive(
            upload.id, 0, parts(*in_chunks(FILM[:1_500_000], 60_000), then=ConnectionError())
        )
    here = uploads.get(upload.id)
    assert here.received == 1_500_000
    with pytest.raises(Conflict) as wrong:
        await uploads.receive(upload.id, 0, parts(FILM))
    assert wrong.value.details == {"received": 1_500_000}
    with pytest.raises(Conflict):
        await uploads.take(upload.id)
    await uploads.receive(upload.id, here.received, parts(*in_chunks(FILM[here.received :], 100_000)))
    path = await uploads.take(upload.id)
    assert (path.name, path.read_bytes()) == ("Mon film.mp4", FILM)
    assert path.parent.parent == tmp_path / "films" / ".uploads"
    assert path.stat().st_mode & 0o077 == 0
    await uploads.drop(upload.id)
    assert left(tmp_path) == []


async def test_upload_when_more_comes_than_was_said_then_refused(uploads: Uploads) -> None:
    upload = await uploads.begin("film.mp4", 10)
    with pytest.raises(TooLarge):
        await uploads.receive(upload.id, 0, parts(b"12345", b"123456"))
    assert uploads.get(upload.id).received <= 10


async def test_upload_when_two_send_it_at_once_then_the_second_is_refused(uploads: Uploads) -> None:
    upload = await uploads.begin("film.mp4", 10)
    waits, goes_on = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        waits.set()
        await goes_on.wait()
        yield b"0123456789"

    sending = asyncio.create_task(uploads.receive(upload.id, 0, slow()))
    await waits.wait()
    with pytest.raises(Conflict):
        await uploads.receive(upload.id, 0, parts(b"x"))
    goes_on.set()
    assert (await sending).received == 10


async def test_upload_when_dropped_while_it_is_sent_then_ends_and_nothing_stays(
    uploads: Uploads, tmp_path: Path
) -> None:
    upload = await uploads.begin("film.mp4", len(FILM))
    waits, goes_on = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield FILM[:1_200_000]
        waits.set()
        await goes_on.wait()
        yield FILM[1_200_000:]

    sending = asyncio.create_task(uploads.receive(upload.id, 0, slow()))
    await waits.wait()
    dropping = asyncio.create_task(uploads.drop(upload.id))
    await asyncio.sleep(0)
    goes_on.set()
    with pytest.raises(NotFound):
        await sending
    await dropping
    assert left(tmp_path) == []
    with pytest.raises(NotFound):
        uploads.get(upload.id)


async def test_uploads_when_there_is_no_room_then_disk_full_and_nothing_stays(
    uploads: Uploads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    with pytest.raises(DiskFull):
        await uploads.begin("film.mp4", usage.free + usage.used + 2**30)
    assert left(tmp_path) == []
    upload = await uploads.begin("film.mp4", len(FILM))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(DiskFull):
        await uploads.receive(upload.id, 0, parts(FILM))
    with pytest.raises(DiskFull):
        await uploads.begin("another.mp4", 10_000)


async def test_uploads_when_the_folder_cannot_be_used_then_says_so(tmp_path: Path) -> None:
    (tmp_path / "films").write_bytes(b"a file")
    pool = ThreadPoolExecutor(1)
    uploads = Uploads(tmp_path / "films", 0, pool)
    with pytest.raises(DiskFailed):
        await uploads.begin("film.mp4", 10)
    pool.shutdown()


@pytest.mark.parametrize("length", [0, -1, 2**40 + 1])
async def test_uploads_when_no_film_is_so_long_then_refused(uploads: Uploads, length: int) -> None:
    with pytest.raises(BadRequest):
        await uploads.begin("film.mp4", length)


async def test_uploads_when_there_are_many_then_the_next_is_refused(uploads: Uploads) -> None:
    for _ in range(MOST_AT_ONCE):
        await uploads.begin("film.mp4", 1)
    with pytest.raises(Conflict):
        await uploads.begin("film.mp4", 1)


async def test_uploads_when_nobody_goes_on_then_given_up(
    uploads: Uploads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IDLE_S", 0.0)
    upload = await uploads.begin("film.mp4", 1)
    async with asyncio.timeout(30):
        while True:
            try:
                uploads.get(upload.id)
            except MatineeError:
                break
            await asyncio.sleep(0)
    await asyncio.get_running_loop().run_in_executor(uploads._pool, lambda: None)
    await asyncio.get_running_loop().run_in_executor(uploads._pool, lambda: None)
    assert uploads._uploads == {}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Sintel.mkv", "Sintel.mkv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\films\\a b.mp4", "a b.mp4"),
        ("/", "_"),
        ("..", "_"),
        ("...hidden.mp4", "hidden.mp4"),
        ("...", "film"),
        ("a.mp4 ", "a.mp4 ".strip()),
        (".mp4", "mp4"),
        ("x.thisisnoending", "x.thisisnoending"),
        ("a\x00b\n.mp4", "a b.mp4"),
        ("\u202e4pm.exe", "4pm.exe"),
        ("x" * 400 + ".mp4", "x" * (NAME_MOST_BYTES - 4) + ".mp4"),
        ("", "_"),
    ],
)
def test_name_when_a_stranger_gives_it_then_is_one_that_a_file_can_have(said: str, name: str) -> None:
    assert file_name(said) == name


@given(st.text(max_size=600))
def test_name_when_anything_is_said_then_leads_nowhere(said: str) -> None:
    name = file_name(said)
    assert 0 < len(name.encode()) <= NAME_MOST_BYTES
    assert "/" not in name
    assert "\\" not in name
    assert "\x00" not in name
    assert not name.startswith(".")
