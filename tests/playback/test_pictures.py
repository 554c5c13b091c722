"""The seek bar's pictures of a film that is here, of one that arrives, and of one that is none."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from matinee.errors import NotFound, TorrentNotFound
from matinee.media.picture_header import read_header
from matinee.media.tiles import Moment
from matinee.models.torrent import Ranges
from matinee.playback import pictures as pictures_module
from matinee.playback import sessions as sessions_module
from matinee.playback.pictures import Pictures
from matinee.playback.stills import Keep, moments_for
from matinee.types import FileIndex, InfoHash, SessionId
from tests.fakes.films import FakeFilms, FakeStream
from tests.media.films import made
from tests.media.test_probe import X264
from tests.playback.test_sessions import CHROMIUM, children, house_of

HASH = InfoHash("a" * 40)
ME, OTHER = SessionId("x"), SessionId("y")
OF_ANY_SIZE = re.compile(r"(\d\d:\d\d:\d\d\.\d{3}) --> .*\nx/\d+\.webp")
CUE = re.compile(r"(\d\d:\d\d:\d\d\.\d{3}) --> .*\nx/(\d+)\.webp#xywh=(\d+),(\d+),240,136")


def film(*words: str) -> bytes:
    """A minute with a key frame every two seconds."""
    path = made(
        "minute.mp4",
        "-ss",
        "60",
        "-t",
        "60",
        "-i",
        "{bunny}",
        "-vf",
        "scale=320:180",
        *X264,
        "-g",
        "48",
        *words,
    )
    return path.read_bytes()


def wished(stream: FakeStream) -> list[tuple[int, int]] | None:
    """Give what is wanted now though nobody waits for it."""
    return stream.spare_wish


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let answers wait for all that is being made."""
    monkeypatch.setattr(pictures_module, "PATIENCE_S", 30.0)


@asynccontextmanager
async def house(
    data: bytes, keep: Keep | None = None
) -> AsyncIterator[tuple[Pictures, FakeStream, FakeFilms]]:
    films = FakeFilms()
    stream = films.put(HASH, {"film.mp4": data}).streams[FileIndex(0)]
    stream.piece_bytes = 4096
    pictures = Pictures(films, HASH, FileIndex(0), keep)
    async with asyncio.timeout(60):
        yield pictures, stream, films
        for looker in (ME, OTHER):
            await pictures.leave(looker)
    assert (stream.open_readers, children(), stream.spare_wish) == (0, set(), None)


async def test_track_when_all_is_here_then_all_is_shown_and_the_process_has_ended() -> None:
    async with house(film()) as (pictures, stream, _):
        cues = CUE.findall(await pictures.track(ME))
        assert [cue[0] for cue in cues] == [f"00:00:{5 * n:02}.000" for n in range(12)]
        assert {cue[1] for cue in cues} == {"0"}
        assert pictures.sprite(0)[8:12] == b"WEBP"
        assert children() == set()
        read = stream.all_readers
        assert CUE.findall(await pictures.track(ME)) == cues
        assert stream.all_readers == read
        for index in (-1, 1):
            with pytest.raises(NotFound):
                pictures.sprite(index)


async def test_track_when_the_film_arrives_then_it_grows_and_nobody_waits_for_it() -> None:
    data = film("-movflags", "+faststart")
    async with house(data) as (pictures, stream, films):
        stream.withhold_from(1000)
        assert CUE.findall(await pictures.track(ME)) == []
        assert wished(stream) is None
        stream.withhold_from(len(data) // 2)
        half = CUE.findall(await pictures.track(ME))
        first = pictures.sprite(0)
        assert 2 < len(half) < 10
        spans = wished(stream) or []
        assert len(spans) == 12
        assert len([span for span in spans if span[1] > stream.here]) == 12 - len(half)
        spawned = stream.all_readers
        assert CUE.findall(await pictures.track(ME)) == half
        assert stream.all_readers == spawned
        await stream.release()
        whole = CUE.findall(await pictures.track(ME))
        assert len(whole) == 12
        assert set(half) < set(whole)
        assert pictures.sprite(0) == first
        assert films.given == []


async def test_track_when_a_film_without_an_index_arrives_then_made_of_what_is_here_and_all_at_last() -> None:
    data = made("minute.ts", "-ss", "60", "-t", "60", "-i", "{bunny}", "-c", "copy").read_bytes()
    async with house(data) as (pictures, stream, _):
        stream.withhold_from(len(data) // 2)
        assert OF_ANY_SIZE.findall(await pictures.track(ME)) == []
        stream.tail = 600_000
        half = OF_ANY_SIZE.findall(await pictures.track(ME))
        assert 3 <= len(half) <= 8
        assert len(wished(stream) or []) == 12
        await stream.release()
        whole = OF_ANY_SIZE.findall(await pictures.track(ME))
        assert len(whole) == 12


async def test_track_when_another_plays_it_too_then_made_once_and_goes_on_when_one_leaves() -> None:
    data = film("-movflags", "+faststart")
    async with house(data) as (pictures, stream, _):
        stream.withhold_from(len(data) // 2)
        mine = await pictures.track(ME)
        read = stream.all_readers
        theirs = await pictures.track(OTHER)
        assert theirs == mine.replace("\nx/", "\ny/") != mine
        await pictures.leave(ME)
        assert (pictures.looked_at, stream.all_readers) == (True, read)
        assert wished(stream)
        await pictures.leave(OTHER)
        assert (pictures.looked_at, wished(stream)) == (False, None)


async def test_track_when_the_index_is_at_the_end_then_nothing_until_it_is_here() -> None:
    async with house(film()) as (pictures, stream, _):
        stream.withhold_from(len(stream.data) // 2)
        for _ in range(2):
            assert CUE.findall(await pictures.track(ME)) == []
        await stream.release()
        assert len(CUE.findall(await pictures.track(ME))) == 12


async def test_track_when_it_is_no_film_then_empty_and_not_tried_again() -> None:
    async with house(b"no film" * 1000) as (pictures, stream, _):
        for _ in range(3):
            assert await pictures.track(ME) == "WEBVTT\n"
        assert stream.all_readers == 1


async def test_track_when_a_part_is_broken_then_the_others_are_shown() -> None:
    data = bytearray(film("-movflags", "+faststart"))
    data[len(data) // 2 : len(data) // 2 + 150_000] = bytes(150_000)
    async with house(bytes(data)) as (pictures, _, _):
        assert 4 < len(CUE.findall(await pictures.track(ME))) <= 12
        assert children() == set()


async def test_track_when_there_is_no_hurry_then_answered_before_the_work_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pictures_module, "PATIENCE_S", 0.0)
    async with house(film()) as (pictures, _, _):
        assert await pictures.track(ME) == "WEBVTT\n"
        while not (text := await pictures.track(ME)).count("-->"):  # noqa: ASYNC110 - as a page asks
            await asyncio.sleep(0)
        assert len(CUE.findall(text)) == 12


async def test_leave_when_it_works_then_it_stops_and_goes_on_later() -> None:
    async with house(film()) as (pictures, stream, _):
        working = asyncio.create_task(pictures.track(ME))
        while not children():  # noqa: ASYNC110 - nobody tells that a process has been started
            await asyncio.sleep(0)
        await pictures.leave(ME)
        assert (stream.open_readers, children()) == (0, set())
        await working
        assert len(CUE.findall(await pictures.track(ME))) == 12


async def test_track_when_the_torrent_goes_then_told_so() -> None:
    async with house(film()) as (pictures, _, films):
        await films.remove(HASH, delete_files=False)
        with pytest.raises(TorrentNotFound):
            await pictures.track(ME)


async def test_process_when_it_works_then_it_gives_way_to_everything_else() -> None:
    async with house(film()) as (pictures, stream, _):
        working = asyncio.create_task(pictures.track(ME))
        await stream.busy.wait()
        (pid,) = children()
        own = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, pid) == min(own + pictures_module.NICENESS, 19)
        assert Path(f"/proc/{pid}/environ").read_bytes().strip(b"\0") == b""
        await working


async def test_thumbnails_when_a_film_is_played_then_given_at_the_session_and_let_go_with_it() -> None:
    async with house_of(film()) as house:
        view = await house.sessions.open(HASH, None, CHROMIUM)
        assert view.thumbnails
        text = await house.sessions.thumbnails(view.session)
        assert text.count(f"\n{view.session}/0.webp#xywh=") == 12
        assert (await house.sessions.sprite(view.session, 0))[:4] == b"RIFF"
        with pytest.raises(NotFound):
            await house.sessions.sprite(view.session, 1)
        await house.sessions.close(view.session)
        await house.let_go()


async def test_thumbnails_when_the_film_is_opened_again_then_not_made_again() -> None:
    async with house_of(film()) as house:
        first = await house.sessions.open(HASH, None, CHROMIUM)
        text = await house.sessions.thumbnails(first.session)
        sprite = await house.sessions.sprite(first.session, 0)
        await house.sessions.close(first.session)
        again = await house.sessions.open(HASH, None, CHROMIUM)
        await house.let_go()
        read = house.stream.all_readers
        assert await house.sessions.thumbnails(again.session) == text.replace(first.session, again.session)
        assert await house.sessions.sprite(again.session, 0) is sprite
        assert house.stream.all_readers == read
        await house.sessions.close(again.session)


async def test_thumbnails_when_too_many_are_kept_then_those_of_the_film_opened_longest_ago_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sessions_module, "KEPT_PICTURES_BYTES", 0)
    async with house_of(film()) as house:
        first = await house.sessions.open(HASH, None, CHROMIUM)
        await house.sessions.thumbnails(first.session)
        await house.sessions.close(first.session)
        house.films.put("b" * 40, {"film.mp4": film()})
        for info_hash in (InfoHash("b" * 40), HASH):
            view = await house.sessions.open(info_hash, None, CHROMIUM)
            await house.sessions.close(view.session)
        view = await house.sessions.open(HASH, None, CHROMIUM)
        with pytest.raises(NotFound):
            await house.sessions.sprite(view.session, 0)
        await house.sessions.close(view.session)


async def test_thumbnails_when_there_is_only_sound_then_none() -> None:
    song = made("minute.mp3", "-t", "5", "-i", "{bunny}", "-vn").read_bytes()
    async with house_of(song, "song.mp4") as house:
        view = await house.sessions.open(HASH, None, CHROMIUM)
        assert not view.thumbnails
        with pytest.raises(NotFound):
            await house.sessions.thumbnails(view.session)


async def test_stills_when_a_film_is_played_then_are_made_once_of_its_middle_beside_the_bar() -> None:
    kept: list[tuple[InfoHash, FileIndex, Sequence[bytes]]] = []

    async def keep(info_hash: InfoHash, index: FileIndex, stills: Sequence[bytes]) -> None:
        kept.append((info_hash, index, stills))

    async with house(film(), keep) as (pictures, _, _):
        for _ in range(2):
            assert len(CUE.findall(await pictures.track(ME))) == 12
    ((info_hash, index, stills),) = kept
    assert (info_hash, index, len(stills), len(set(stills))) == (HASH, 0, 4, 4)
    sizes = [read_header(still) for still in stills]
    assert [(one.width, one.height) for one in sizes] == [(320, 180)] * 4
    assert len(stills[0]) == max(map(len, stills))


def test_stills_when_chosen_then_of_the_middle_third_and_not_before_enough_of_it_is_here() -> None:
    moments = [Moment(60.0 * n, 60.0 * n + 60, n, 1000 * n, 1000 * n + 500) for n in range(90)]
    whole = moments_for(moments, Ranges(90_000, ((0, 90_000),)))
    assert [one.stamp for one in whole] == list(range(30, 60, 3))
    some = Ranges(90_000, ((0, 40_000), (55_000, 57_000)))
    assert [one.stamp for one in moments_for(moments, some)] == []
    more = Ranges(90_000, ((0, 46_000), (55_000, 57_000)))
    assert [one.stamp for one in moments_for(moments, more)] == [30, 33, 36, 39, 42, 45, 55]
    assert moments_for((), some) == []
