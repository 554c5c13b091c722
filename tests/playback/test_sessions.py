"""Playbacks of real films by real processes, from a torrent that is played here."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from matinee.errors import (
    BadFilm,
    NotFound,
    PlaybackNotFound,
    RightsUnconfirmed,
    TorrentNotFound,
    TorrentRemoved,
    Unavailable,
)
from matinee.models.media import StreamIndex
from matinee.models.playback import ClientSupport, TrackPlan, Way
from matinee.playback import sessions
from matinee.playback.sessions import Sessions
from matinee.types import FileIndex, InfoHash, SessionId
from tests.fakes.films import FakeFilms, FakeStream
from tests.media.films import made
from tests.media.subtitled import BIG_FONT, FONT, subtitled
from tests.media.test_probe import X264
from tests.playback.demuxed import demuxed
from tests.registry import bunny

SRT = b"1\n00:01:00,500 --> 00:01:02,000\nUne ligne\n"
HASH = InfoHash("a" * 40)
CHROMIUM = ClientSupport(
    frozenset({"mp4", "webm"}), frozenset({"h264", "vp9", "av1"}), frozenset({"aac", "mp3", "opus", "flac"})
)
NO_SOUND = ClientSupport(CHROMIUM.containers, CHROMIUM.video, frozenset({"opus"}))
NOTHING = ClientSupport(frozenset(), frozenset(), frozenset())
UNIMPORTANT = b"\xec\x82\x20\x00" + bytes(8192)
"""Bytes after a Matroska film that say nothing (an element that is void), and need not be here."""
NONSENSE = b"this is no film" * 1000


def children() -> set[int]:
    """Give the processes for films that this one has started and that have not ended; others' tests have some too."""
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread that has just ended
            found.update(map(int, (task / "children").read_text().split()))
    return {pid for pid in found if _opens_films(pid)}


def _opens_films(pid: int) -> bool:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
        return b"matinee.media" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


@dataclass
class House:
    films: FakeFilms
    sessions: Sessions
    stream: FakeStream

    async def last_segment(self, session: SessionId) -> int:
        """Give the index of the last segment."""
        return (await self.sessions.playlist(session, "v")).count("#EXTINF") - 1

    async def asleep(self, session: SessionId) -> None:
        """Wait until a playback that nobody asks of has fallen asleep."""
        found = self.sessions._find(session)
        await found.slept.wait()

    async def let_go(self) -> None:
        """Wait until whatever is ending has ended: no process and no reader is left."""
        await self.sessions._ending.done()
        assert (self.stream.open_readers, children()) == (0, set())


@asynccontextmanager
async def house_of(
    film: bytes, name: str = "film.mp4", idle_s: float = 60.0, beside: bytes = b""
) -> AsyncIterator[House]:
    films = FakeFilms()
    torrent = films.put(HASH, {"readme.txt": b"x", name: film, "film.fr.srt": beside})
    stream = torrent.streams[FileIndex(1)]
    stream.piece_bytes = 256 * 1024
    async with asyncio.timeout(100), Sessions(films, idle_s=idle_s) as all_of_them:
        yield House(films, all_of_them, stream)
    assert stream.open_readers == 0
    assert children() == set()


@pytest.fixture(scope="module")
def film() -> bytes:
    return bunny().read_bytes()


async def test_film_that_plays_as_it_is_needs_no_process_afterwards(film: bytes) -> None:
    async with house_of(film) as house:
        view = await house.sessions.open(HASH, None, CHROMIUM)
        assert (view.plan.way, view.file_index) == (Way.DIRECT, 1)
        assert view.duration_s == pytest.approx(596.5, abs=0.5)
        assert [choice.id for choice in view.audio] == ["a1"]
        await house.let_go()
        assert await house.sessions.view(view.session) == view


async def test_film_is_looked_into_once(film: bytes) -> None:
    async with house_of(film) as house:
        await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        await house.let_go()
        readers = house.stream.all_readers
        await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        assert house.stream.all_readers == readers


async def test_film_that_cannot_be_read_is_given_to_a_browser_that_may_try() -> None:
    async with house_of(NONSENSE) as house:
        view = await house.sessions.open(HASH, None, CHROMIUM)
        assert view.plan.way is Way.DIRECT
        assert "could not look into" in view.plan.reasons[0]
        with pytest.raises(BadFilm):
            await house.sessions.open(HASH, None, NOTHING)


@pytest.mark.parametrize("name", ["film.mkv", "film.avi"])
async def test_film_that_cannot_be_read_nor_tried_is_refused_and_leaves_nothing(name: str) -> None:
    async with house_of(NONSENSE, name) as house:
        with pytest.raises(BadFilm):
            await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        await house.let_go()


async def test_opening_that_is_given_up_lets_go_of_everything(film: bytes) -> None:
    async with house_of(film) as house:
        house.stream.withhold_from(0)
        opening = asyncio.create_task(house.sessions.open(HASH, None, CHROMIUM))
        await house.stream.waiting.wait()
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)
        await house.let_go()


async def test_opening_waits_for_the_first_bytes(film: bytes) -> None:
    async with house_of(film) as house:
        house.stream.withhold_from(0)
        opening = asyncio.create_task(house.sessions.open(HASH, None, CHROMIUM))
        await house.stream.waiting.wait()
        await house.stream.release()
        assert (await opening).plan.way is Way.DIRECT


async def test_film_without_rights_is_not_opened(film: bytes) -> None:
    async with house_of(film) as house:
        house.films.put("b" * 40, {"film.mp4": film}, rights=None)
        with pytest.raises(RightsUnconfirmed):
            await house.sessions.open(InfoHash("b" * 40), None, CHROMIUM)


async def test_torrent_that_goes_away_is_told(film: bytes) -> None:
    async with house_of(film) as house:
        house.stream.withhold_from(0)
        opening = asyncio.create_task(house.sessions.open(HASH, None, CHROMIUM))
        await house.stream.waiting.wait()
        await house.stream.fail(TorrentRemoved("It was removed."))
        with pytest.raises(TorrentRemoved):
            await opening
        await house.let_go()


async def test_playback_that_was_closed_is_not_there(film: bytes) -> None:
    async with house_of(film) as house:
        view = await house.sessions.open(HASH, None, CHROMIUM)
        await house.sessions.close(view.session)
        for ask in (house.sessions.view, house.sessions.close, house.sessions.master):
            with pytest.raises(PlaybackNotFound):
                await ask(view.session)
        with pytest.raises(PlaybackNotFound):
            await house.sessions.font(SessionId("x" * 22), StreamIndex(0))


async def test_oldest_playback_ends_when_there_are_too_many(
    film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "MOST_SESSIONS", 2)
    async with house_of(film) as house:
        first, second, third = [await house.sessions.open(HASH, None, CHROMIUM) for _ in range(3)]
        with pytest.raises(PlaybackNotFound):
            await house.sessions.view(first.session)
        assert await house.sessions.view(second.session) == second
        assert await house.sessions.view(third.session) == third


@pytest.fixture(scope="module")
def matroska() -> bytes:
    return made("ac3.mkv", "-i", "{bunny}", "-t", "60", "-c:v", "copy", "-c:a", "ac3").read_bytes()


async def test_film_that_a_browser_does_not_open_is_made_playable(matroska: bytes) -> None:
    async with house_of(matroska, "film.mkv") as house:
        view = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        assert view.plan.way is Way.REMUX
        master = await house.sessions.master(view.session)
        playlist = await house.sessions.playlist(view.session, master.splitlines()[-1].partition("/")[0])
        init = await house.sessions.init(view.session, "v")
        lengths = [line for line in playlist.splitlines() if line.startswith("#EXTINF:")]
        found = [
            demuxed(init, await house.sessions.segment(view.session, "v", index))
            for index in (0, 1, len(lengths) - 1, 0)
        ]
        assert all(one.pictures > 24 and one.samples > 48_000 and one.loud for one in found)
        assert found[0] == found[3]
        await house.sessions.close(view.session)
        await house.let_go()


async def test_playback_that_begins_in_the_middle_reads_nothing_of_what_lies_before(matroska: bytes) -> None:
    async with house_of(matroska, "film.mkv") as house:
        view = await house.sessions.open(HASH, FileIndex(1), CHROMIUM, start_s=40.0)
        playlist = await house.sessions.playlist(view.session, "v")
        lengths = [float(line[8:-1]) for line in playlist.splitlines() if line.startswith("#EXTINF:")]
        index = next(at for at in range(len(lengths)) if sum(lengths[: at + 1]) > 40.0)
        assert demuxed(
            await house.sessions.init(view.session, "v"),
            await house.sessions.segment(view.session, "v", index),
        ).loud
        places = [start for start, _ in house.stream.reads]
        head, middle = 1024 * 1024, len(matroska) // 2
        assert not [place for place in places if head <= place < middle]
        assert max(at for at, place in enumerate(places) if place < head) < min(
            at for at, place in enumerate(places) if middle <= place < len(matroska) * 0.9
        )


async def test_playback_that_nobody_asks_of_lets_go_and_wakes_again(matroska: bytes) -> None:
    async with house_of(matroska, "film.mkv", idle_s=0.2) as house:
        view = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        init = await house.sessions.init(view.session, "v")
        first = await house.sessions.segment(view.session, "v", 0)
        await house.asleep(view.session)
        assert (house.stream.open_readers, children()) == (0, set())
        assert await house.sessions.init(view.session, "v") == init
        assert await house.sessions.segment(view.session, "v", 0) == first
        assert len(children()) == 1


async def test_playback_does_not_fall_asleep_while_it_waits_for_bytes(matroska: bytes) -> None:
    async with house_of(matroska, "film.mkv", idle_s=0.05) as house:
        view = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        last = await house.last_segment(view.session)
        house.stream.withhold_from(len(matroska) // 2)
        request = asyncio.create_task(house.sessions.segment(view.session, "v", last))
        await house.stream.waiting.wait()
        await asyncio.sleep(0.2)  # what must not happen takes its time
        assert len(children()) == 1
        await house.stream.release()
        assert len(await request) > 1000


async def test_segment_that_is_given_up_lets_go_of_its_bytes(matroska: bytes) -> None:
    async with house_of(matroska, "film.mkv") as house:
        view = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        last = await house.last_segment(view.session)
        house.stream.withhold_from(len(matroska) // 2)
        request = asyncio.create_task(house.sessions.segment(view.session, "v", last))
        await house.stream.waiting.wait()
        request.cancel()
        await asyncio.gather(request, return_exceptions=True)
        await house.stream.idle.wait()
        await house.stream.release()
        assert len(await house.sessions.segment(view.session, "v", last)) > 1000


async def test_closing_ends_what_is_still_asked(matroska: bytes) -> None:
    async with house_of(matroska, "film.mkv") as house:
        view = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        last = await house.last_segment(view.session)
        house.stream.withhold_from(len(matroska) // 2)
        request = asyncio.create_task(house.sessions.segment(view.session, "v", last))
        await house.stream.waiting.wait()
        await house.sessions.close(view.session)
        with pytest.raises(PlaybackNotFound):
            await request
        await house.let_go()


async def test_process_of_who_rests_is_ended_for_who_needs_one(
    matroska: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "MOST_AWAKE", 1)
    async with house_of(matroska, "film.mkv") as house:
        first = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        await house.sessions.segment(first.session, "v", 0)
        second = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        await house.sessions.segment(second.session, "v", 0)
        await house.sessions._ending.done()
        assert len(children()) == 1
        last = await house.last_segment(second.session)
        house.stream.withhold_from(len(matroska) // 2)
        request = asyncio.create_task(house.sessions.segment(second.session, "v", last))
        await house.stream.waiting.wait()
        with pytest.raises(Unavailable):
            await house.sessions.segment(first.session, "v", 5)
        request.cancel()
        await asyncio.gather(request, return_exceptions=True)


async def test_playback_whose_torrent_went_while_it_slept_says_so(matroska: bytes) -> None:
    async with house_of(matroska, "film.mkv", idle_s=0.05) as house:
        view = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        await house.asleep(view.session)
        await house.films.remove(HASH, delete_files=False)
        with pytest.raises(TorrentNotFound):
            await house.sessions.segment(view.session, "v", 5)


async def test_subtitles_inside_and_beside_are_given_by_window_and_by_segment() -> None:
    film = subtitled("subrip.mkv").read_bytes()
    async with house_of(film, "film.mkv", beside=SRT) as house:
        view = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        assert [choice.id for choice in view.subtitles] == ["s2", "s3", "f2"]
        master = await house.sessions.master(view.session)
        assert 'URI="s3/index.m3u8"' in master
        assert 'URI="f2/index.m3u8"' in master
        lists = [await house.sessions.playlist(view.session, name) for name in ("v", "f2")]
        assert lists[0].replace(".m4s", ".vtt").replace('#EXT-X-MAP:URI="init.mp4"\n', "") == lists[1]
        beside = await house.sessions.subtitles(view.session, "f2", 60.0, 70.0)
        assert beside.endswith("00:01:00.500 --> 00:01:02.000\nUne ligne\n")
        first = (await house.sessions.segment(view.session, "s3", 0)).decode()
        assert first.startswith("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n")
        for name in ("s9", "f9"):
            with pytest.raises(NotFound):
                await house.sessions.subtitles(view.session, name, 0.0, 10.0)


async def test_text_inside_a_film_that_is_here_waits_for_nothing() -> None:
    async with house_of(subtitled("subrip.mkv").read_bytes(), "film.mkv") as house:
        view = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        assert "Réplique" in await house.sessions.subtitles(view.session, "s3", 60.0, 63.0)


async def test_text_inside_a_film_waits_until_playing_has_come_there() -> None:
    async with house_of(subtitled("subrip.mkv").read_bytes() + UNIMPORTANT, "film.mkv") as house:
        house.stream.withhold_from(len(house.stream.data) - len(UNIMPORTANT))
        view = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        segments = (await house.sessions.playlist(view.session, "v")).count("#EXTINF")
        asking = asyncio.create_task(house.sessions.subtitles(view.session, "s3", 60.0, 63.0))
        await house.sessions.segment(view.session, "v", 0)
        assert not asking.done()
        # The last one ends with the bytes that are not here, and one is made ahead.
        for index in range(segments - 2):
            await house.sessions.segment(view.session, "v", index)
        assert "Réplique" in await asking
        asking = asyncio.create_task(house.sessions.subtitles(view.session, "s2", 60.0, 63.0))
        await asking
        await house.sessions.close(view.session)


async def test_text_of_what_the_player_holds_from_an_earlier_playback_waits_for_no_segment() -> None:
    async with house_of(subtitled("subrip.mkv").read_bytes() + UNIMPORTANT, "film.mkv") as house:
        house.stream.withhold_from(len(house.stream.data) - len(UNIMPORTANT))
        view = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        waiting = asyncio.create_task(house.sessions.subtitles(view.session, "s3", 60.0, 63.0, held_s=62.0))
        early = await house.sessions.subtitles(view.session, "s3", 60.5, 61.5, held_s=90.0)
        assert "Réplique" in early
        assert "Réplique" in await waiting
        await house.sessions.close(view.session)


async def test_text_that_waits_is_let_go_when_the_playback_ends() -> None:
    async with house_of(subtitled("subrip.mkv").read_bytes() + UNIMPORTANT, "film.mkv") as house:
        house.stream.withhold_from(len(house.stream.data) - len(UNIMPORTANT))
        view = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        await house.sessions.playlist(view.session, "v")
        asking = asyncio.create_task(house.sessions.subtitles(view.session, "s3", 60.0, 63.0))
        await asyncio.sleep(0)
        await house.sessions.close(view.session)
        with pytest.raises(PlaybackNotFound):
            await asking


def mute(*sounds: str) -> bytes:
    """Give a film with these sounds, those that are AC-3 without the words by which its frames are known."""
    mapped = [word for at, sound in enumerate(sounds) for word in ("-map", "0:a", f"-c:a:{at}", sound)]
    film = made("mute.mkv", "-t", "4", "-i", "{bunny}", "-map", "0:v", "-vf", "scale=320:180", *X264, *mapped)
    return film.read_bytes().replace(b"\x0b\x77", b"\x0c\x77")


async def test_sound_that_cannot_be_decoded_is_said_and_another_is_heard() -> None:
    async with house_of(mute("ac3", "flac"), "film.mkv") as house:
        view = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        assert [choice.id for choice in view.audio] == ["a2"]
        assert "A sound track (AC-3) is left out, because Matinee cannot decode it." in view.plan.reasons
        assert await house.sessions.segment(view.session, "v", 0)
        again = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        assert again.plan == view.plan


async def test_film_whose_only_sound_cannot_be_decoded_plays_and_says_so() -> None:
    async with house_of(mute("ac3"), "film.mkv") as house:
        view = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        assert (view.audio, view.plan.video) == ((), TrackPlan.COPY)
        assert view.plan.reasons[-1] == "A sound track (AC-3) is left out, because Matinee cannot decode it."
        assert await house.sessions.segment(view.session, "v", 0)


async def test_styled_subtitles_and_their_fonts_are_given_as_they_are() -> None:
    async with house_of(subtitled("ass.mkv").read_bytes(), "film.mkv") as house:
        view = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        await house.sessions.segment(view.session, "v", 0)
        styled = await house.sessions.styled(view.session, "s2", 0.0, 1.0)
        assert styled.startswith("[Script Info]")
        font, impostor = view.fonts
        assert await house.sessions.font(view.session, font.index) == FONT.read_bytes()
        with pytest.raises(BadFilm):
            await house.sessions.font(view.session, impostor.index)
        with pytest.raises(NotFound):
            await house.sessions.font(view.session, StreamIndex(0))


async def test_large_fonts_are_listed_when_asked_for_and_the_playing_process_does_not_read_them() -> None:
    async with house_of(subtitled("fonts.mkv").read_bytes(), "film.mkv") as house:
        view = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        await house.sessions.segment(view.session, "v", 0)
        assert view.fonts == ()
        listed = await house.sessions.fonts(view.session)
        assert [(font.name, font.length) for font in listed] == [
            (f"{n}.ttf", len(BIG_FONT)) for n in range(3)
        ]
        assert await house.sessions.font(view.session, listed[1].index) == BIG_FONT
        assert len(children()) == 2
        await house.sessions.close(view.session)
    assert children() == set()


async def test_subtitles_in_a_film_that_plays_as_it_is_do_not_want_its_bytes() -> None:
    async with house_of(subtitled("mov_text.mp4").read_bytes()) as house:
        view = await house.sessions.open(HASH, FileIndex(1), CHROMIUM)
        assert view.plan.way is Way.DIRECT
        await house.sessions._ending.done()
        assert (house.stream.open_readers, len(children())) == (0, 1)
        assert "Réplique" in await house.sessions.subtitles(view.session, "s3", 60.0, 63.0)


async def test_what_was_promised_of_a_film_and_what_came_of_it_is_kept(film: bytes) -> None:
    async with house_of(film) as house:
        view = await house.sessions.open(HASH, None, NO_SOUND)
        assert view.promise is not None
        assert view.promise.needs_bytes_per_s == pytest.approx(len(film) / 596.5 * 1.2, rel=0.01)
        await house.sessions.segment(view.session, "v", 0)
        await house.sessions.segment(view.session, "v", 1)
        await house.sessions.close(view.session)
        (one,) = await house.sessions.outcomes()
        assert (one.info_hash, one.promise, one.stalls) == (HASH, view.promise, 0)
        assert one.start_s > 0
