"""Subtitles of a film that is played: inside it and beside it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from matinee.errors import BadSubtitles, NotFound, SourceUnreachable, TooLarge
from matinee.media.probe_wire import info_from_wire
from matinee.media.worker import MediaWorker
from matinee.models.title import HostedSubtitles
from matinee.playback import subtitles_there as module
from matinee.playback.captions import Hosted
from matinee.playback.converted import converted
from matinee.playback.subtitles import Subtitles
from matinee.ports import HostedCaptions
from matinee.subtitles.limits import MAX_FILE_BYTES
from matinee.types import FileIndex, InfoHash
from tests.fakes.films import FakeFilms, FakeTorrent
from tests.media.drawn import film_of_pictures
from tests.media.subtitled import subtitled
from tests.subtitles.test_archive import zipped
from tests.subtitles.test_disc import PACK, SUP, pes, vobsub
from tests.subtitles.test_pictures import SHOW, spu

HASH = InfoHash("a" * 40)
SRT = "1\n00:01:00,500 --> 00:01:02,000\n<i>Ça</i> va, cœur ?\n\n2\n00:01:30,000 --> 00:01:31,000\nAprès\n"
ASS = (
    "[Script Info]\n\n[V4+ Styles]\nFormat: Name, Italic\nStyle: Default,0\n\n"
    "[Events]\nFormat: Start, End, Style, Text\nDialogue: 0:01:00.00,0:01:02.00,Default,Schön\n"
)


@asynccontextmanager
async def playing(
    kind: str,
    beside: dict[str, bytes],
    hosted: HostedCaptions | None = None,
    changed: Callable[[], None] = lambda: None,
) -> AsyncIterator[tuple[Subtitles, FakeTorrent]]:
    """Have a film opened, with files beside it, and others on its web host."""
    films = FakeFilms()
    torrent = films.put(HASH, {f"Film/Film.{kind[-3:]}": subtitled(kind).read_bytes(), **beside})
    film = torrent.streams[FileIndex(0)]
    async with MediaWorker(film.open, film.file.length) as worker:
        info = info_from_wire((await worker.ask("probe"))[0])
        subtitles = Subtitles(
            info,
            film.file,
            torrent.view.files,
            worker.ask,
            lambda index: films.stream(HASH, index),
            None if hosted is None else Hosted(hosted, HASH),
            changed,
        )
        yield subtitles, torrent
        await subtitles.end()


class OnTheWeb:
    """A web host with subtitles of a film, by what they say; an exception is raised."""

    def __init__(self, *said: str | bytes | Exception, away: int = 0) -> None:
        self.said = said
        self.away = away
        """So many times it gives no answer."""
        self.fetched: list[str] = []
        self.asked = 0
        self.held = asyncio.Event()
        """Cleared: which there are is not said yet."""
        self.held.set()

    async def find(self, info_hash: InfoHash) -> tuple[HostedSubtitles, ...]:
        assert info_hash == HASH
        self.asked += 1
        await self.held.wait()
        if self.asked <= self.away:
            raise SourceUnreachable("It is away.")
        return tuple(
            HostedSubtitles(f"https://films.example/{number}.vtt", "fr", "automatic")
            for number, _ in enumerate(self.said)
        )

    async def fetch(self, subtitles: HostedSubtitles) -> bytes:
        self.fetched.append(subtitles.url)
        said = self.said[int(subtitles.url[-5])]
        if isinstance(said, Exception):
            raise said
        return said.encode() if isinstance(said, str) else said


async def test_choices_when_its_web_host_has_some_then_offered_and_fetched_once_they_are_chosen() -> None:
    web = OnTheWeb(SRT)
    async with playing("subrip.mkv", {}, web) as (subtitles, _):
        await subtitles.look()
        last = subtitles.choices[-1]
        assert (last.id, last.language, last.label, last.host, last.verified) == (
            "w0", "fr", "automatic", "films.example", False,
        )  # fmt: skip
        assert web.fetched == []
        for _ in range(2):
            assert "cœur" in await subtitles.write("w0", 60.0, 70.0)
        assert web.fetched == ["https://films.example/0.vtt"]
        with pytest.raises(NotFound):
            await subtitles.cues("w1", 0.0, 1.0)


async def test_look_when_the_web_host_is_slow_or_away_then_the_start_does_not_wait_for_it() -> None:
    web = OnTheWeb(SRT)
    web.held.clear()
    told = asyncio.Event()
    async with playing("subrip.mkv", {}, web, told.set) as (subtitles, _):
        before = subtitles.choices
        await subtitles.look()
        assert subtitles.choices == before
        assert not told.is_set()
        # A film that is played as it is sleeps as soon as it is opened.
        await subtitles.clear()
        web.held.set()
        await told.wait()
        assert subtitles.choices[:-1] == before
        assert subtitles.choices[-1].host == "films.example"


@pytest.mark.parametrize(("away", "asked", "offered"), [(2, 3, 1), (9, 3, 0)])
async def test_look_when_the_web_host_is_away_then_it_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, away: int, asked: int, offered: int
) -> None:
    monkeypatch.setattr(module, "ASKED_AGAIN_S", (0.0, 0.0))
    web = OnTheWeb(SRT, away=away)
    async with playing("subrip.mkv", {}, web) as (subtitles, _):
        before = subtitles.choices
        await subtitles.look()
        looking = [task for task in asyncio.all_tasks() if task.get_name() == "subtitles-languages"]
        await asyncio.wait_for(asyncio.gather(*looking), 60)
        assert (web.asked, len(subtitles.choices) - len(before)) == (asked, offered)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (b"<html>no</html>", BadSubtitles),
        (b"", BadSubtitles),
        (bytes(MAX_FILE_BYTES + 1), TooLarge),
        (SourceUnreachable("It is away."), SourceUnreachable),
    ],
)
async def test_cues_when_the_web_host_sends_something_else_then_a_clear_error(
    said: bytes | Exception, error: type[Exception]
) -> None:
    async with playing("subrip.mkv", {}, OnTheWeb(said)) as (subtitles, _):
        await subtitles.look()
        with pytest.raises(error):
            await subtitles.cues("w0", 0.0, 10.0)


def lines(written: str) -> list[str]:
    """Give the lines of a WebVTT file that are not empty."""
    return [line for line in written.split("\n") if line][1:]


async def test_choices_when_there_are_both_then_those_inside_first() -> None:
    beside = {"Film/Film.fr.srt": SRT.encode(), "Film/Subs/3_German.ass": ASS.encode(), "Other/x.srt": b"x"}
    async with playing("ass.mkv", beside) as (subtitles, _):
        assert [(one.id, one.language, one.form) for one in subtitles.choices] == [
            ("s2", "en", "styled"), ("s3", "fr", "styled"), ("f1", "fr", "text"), ("f2", "de", "styled"),
        ]  # fmt: skip


@pytest.mark.parametrize("kind", ["subrip.mkv", "ass.mkv", "mov_text.mp4", "webvtt.mkv"])
async def test_write_when_they_are_inside_then_the_cues_of_that_time(kind: str) -> None:
    async with playing(kind, {}) as (subtitles, _):
        assert lines(await subtitles.write("s3", 60.0, 63.0)) == [
            "00:01:00.500 --> 00:01:02.250", "Réplique <i>20</i> &amp; co",
        ]  # fmt: skip


async def test_write_when_they_are_beside_then_by_their_language_and_whole_only_once() -> None:
    async with playing("subrip.mkv", {"Film/Film.fr.srt": SRT.encode("cp1252")}) as (subtitles, torrent):
        written = await asyncio.gather(*(subtitles.write("f1", 60.0, 66.0, mpegts=900_000) for _ in range(5)))
        (once,) = set(written)
        assert once.startswith("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n00:01:00.500 -->")
        assert once.endswith("\n<i>Ça</i> va, cœur ?\n")
        assert lines(await subtitles.write("f1", 66.0, 100.0))[1:] == ["Après"]
        stream = torrent.streams[FileIndex(1)]
        assert (stream.all_readers, stream.open_readers) == (1, 0)


async def test_cues_when_the_sidecar_is_missing_then_waited_for_and_let_go_when_cancelled() -> None:
    async with playing("subrip.mkv", {"Film/Film.fr.srt": SRT.encode()}) as (subtitles, torrent):
        stream = torrent.streams[FileIndex(1)]
        stream.withhold_from(10)
        asking = asyncio.create_task(subtitles.cues("f1", 0.0, 100.0))
        await stream.waiting.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await stream.idle.wait()
        await stream.release()
        assert len(await subtitles.cues("f1", 0.0, 100.0)) == 2


async def test_cues_when_let_go_then_read_again() -> None:
    async with playing("subrip.mkv", {"Film/Film.fr.srt": SRT.encode()}) as (subtitles, torrent):
        for _ in range(2):
            assert len(await subtitles.cues("f1", 0.0, 100.0)) == 2
            await subtitles.clear()
        assert torrent.streams[FileIndex(1)].all_readers == 2


@pytest.mark.parametrize("choice", ["s0", "s9", "f0", "f9", "", "x", "s", "v"])
async def test_cues_when_there_is_no_such_choice_then_not_found(choice: str) -> None:
    async with playing("subrip.mkv", {}) as (subtitles, _):
        with pytest.raises(NotFound):
            await subtitles.cues(choice, 0.0, 1.0)


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("Film.en.srt", b"nothing", BadSubtitles),
        ("Film.en.sup", SUP, BadSubtitles),
        ("Film.en.sub", b"\x00\x00\x01\xba", BadSubtitles),
        ("Film.en.sub", b"x" * (MAX_FILE_BYTES + 1), TooLarge),
    ],
)
async def test_cues_when_a_sidecar_cannot_be_read_then_a_clear_error(
    name: str, data: bytes, error: type[Exception]
) -> None:
    async with playing("subrip.mkv", {f"Film/{name}": data}) as (subtitles, _):
        with pytest.raises(error):
            await subtitles.cues("f1", 0.0, 1.0)


async def test_styled_when_there_are_styles_then_a_file_to_be_drawn() -> None:
    async with playing("ass.mkv", {"Film/Film.de.ass": ASS.encode("cp1252"), "Film/Film.en.srt": b"x"}) as (
        subtitles,
        _,
    ):
        inside = await subtitles.styled("s2", 60.0, 63.0)
        assert "Style: Default," in inside
        assert "Dialogue: 0,0:01:00.50,0:01:02.25,Default,,0,0,0,,Line {\\i1}20{\\i0} & co\n" in inside
        assert await subtitles.styled("f1", 0.0, 1.0) == ASS
        for choice in ("f2", "s0", "f9"):
            with pytest.raises(NotFound):
                await subtitles.styled(choice, 0.0, 1.0)


async def test_write_when_they_are_pictures_then_where_each_is_and_stands() -> None:
    films = FakeFilms()
    torrent = films.put(HASH, {"Film.mkv": film_of_pictures().read_bytes()})
    film = torrent.streams[FileIndex(0)]
    async with MediaWorker(film.open, film.file.length) as worker:
        info = info_from_wire((await worker.ask("probe"))[0])
        subtitles = Subtitles(
            info, film.file, torrent.view.files, worker.ask, lambda at: films.stream(HASH, at)
        )
        for choice in ("s2", "s3"):
            written = lines(await subtitles.write(choice, 31.0, 33.0))
            assert written[0].startswith("00:00:30.500 --> 00:00:3")
            assert written[1] == f"{choice}/30500.png#xywh=percent:8.594,83.333,21.875,5.556"
            png = await subtitles.picture(choice, 30500)
            assert png.startswith(b"\x89PNG")
            await subtitles.clear()
            assert await subtitles.picture(choice, 30500) == png
            with pytest.raises(NotFound):
                await subtitles.picture(choice, 30501)
            with pytest.raises(BadSubtitles):
                await subtitles.cues(choice, 30.0, 33.0)
        with pytest.raises(NotFound):
            await subtitles.picture("s9", 0)


async def test_write_when_pictures_lie_beside_the_film_then_shown_too() -> None:
    stream = PACK + pes(spu(SHOW))
    beside = {"Film/Film.en.sup": SUP, "Film/Film.fr.idx": vobsub((61.0, 0)), "Film/Film.fr.sub": stream}
    async with playing("subrip.mkv", beside) as (subtitles, torrent):
        assert [(one.id, one.form, one.shown) for one in subtitles.choices[2:]] == [
            ("f1", "picture", True), ("f2", "picture", True),
        ]  # fmt: skip
        assert lines(await subtitles.write("f1", 58.0, 66.0)) == [
            "00:01:00.000 --> 00:01:06.000", "f1/60000.png#xywh=percent:0.391,0.833,0.312,0.278",
        ]  # fmt: skip
        assert (await subtitles.picture("f2", 61000)).startswith(b"\x89PNG")
        assert (await subtitles.picture("f1", 60000)).startswith(b"\x89PNG")
        assert torrent.streams[FileIndex(1)].all_readers == 1


async def test_look_when_a_file_has_several_languages_then_each_is_offered() -> None:
    stream = PACK + pes(spu(SHOW))
    beside = {"Film/Film.idx": vobsub((61.0, 0)), "Film/Film.sub": stream, "Film/Film.srt": SRT.encode()}
    async with playing("subrip.mkv", beside) as (subtitles, _):
        await subtitles.look()
        assert [(one.id, one.language) for one in subtitles.choices[2:]] == [
            ("f1", "en"), ("f1-1", "fr"), ("f3", "und"),
        ]  # fmt: skip
        assert lines(await subtitles.write("f1-1", 8.0, 12.0))[1].startswith("f1-1/9000.png#")
        assert lines(await subtitles.write("f1", 8.0, 12.0)) == []
        assert (await subtitles.picture("f1", 61000)).startswith(b"\x89PNG")


async def test_look_when_the_index_is_long_in_coming_then_nobody_waits_and_it_is_offered_later() -> None:
    beside = {"Film/Film.idx": vobsub((61.0, 0)), "Film/Film.sub": PACK + pes(spu(SHOW))}
    async with playing("subrip.mkv", beside) as (subtitles, torrent):
        torrent.streams[FileIndex(1)].withhold_from(0)
        async with asyncio.timeout(60):
            await subtitles.look()
        assert [one.id for one in subtitles.choices[2:]] == ["f1"]
        await torrent.streams[FileIndex(1)].release()
        (looking,) = [task for task in asyncio.all_tasks() if task.get_name() == "subtitles-languages"]
        await asyncio.wait_for(looking, 60)
        assert [one.id for one in subtitles.choices[2:]] == ["f1", "f1-1"]


async def test_write_when_pictures_beside_the_film_are_none_then_a_clear_error() -> None:
    async with playing("subrip.mkv", {"Film/Film.en.sup": b"nothing"}) as (subtitles, _):
        with pytest.raises(BadSubtitles):
            await subtitles.write("f1", 0.0, 1.0)


async def test_converted_when_a_person_brings_a_file_or_a_zip_then_webvtt() -> None:
    plain = await converted(SRT.encode("cp1252"), "Film.fr.srt")
    assert lines(plain)[1] == "<i>Ça</i> va, cœur ?"
    assert await converted(zipped({"x/Film.fr.srt": SRT.encode("cp1252")}), "subs.zip") == plain
    assert plain.count("-->") == 2


async def test_sidecar_when_the_swarm_does_not_give_it_then_the_web_seeds_and_said_to_be_not_verified(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("matinee.playback.subtitles.VERIFIED_S", 0.05)
    beside = {"Film/Film.fr.srt": SRT.encode(), "Film/Film.en.srt": SRT.encode()}
    async with playing("subrip.mkv", beside) as (subtitles, torrent):
        stream = torrent.streams[FileIndex(1)]
        stream.withhold_from(10)
        stream.hosted = SRT.replace("Après", "Changé").encode()
        torrent.streams[FileIndex(2)].hosted = b"never asked"
        written = await subtitles.write("f1", 60.0, 100.0, mpegts=900_000)
        other = await subtitles.write("f2", 60.0, 100.0)
        assert written.startswith("WEBVTT Not verified by the swarm\nX-TIMESTAMP-MAP=")
        assert "Changé" in written
        assert other.startswith("WEBVTT\n")
        assert {one.id: one.verified for one in subtitles.choices if one.id[0] == "f"} == {
            "f1": False,
            "f2": True,
        }
        assert stream.open_readers == 0


async def test_sidecar_when_no_web_seed_gives_it_then_the_swarm_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("matinee.playback.subtitles.VERIFIED_S", 0.05)
    async with playing("subrip.mkv", {"Film/Film.fr.srt": SRT.encode()}) as (subtitles, torrent):
        stream = torrent.streams[FileIndex(1)]
        stream.withhold_from(10)
        stream.host_failure = SourceUnreachable("nobody")
        asking = asyncio.create_task(subtitles.write("f1", 60.0, 100.0))
        await stream.host_asked.wait()
        await stream.waiting.wait()
        await stream.release()
        assert (await asking).startswith("WEBVTT\n")
        assert all(one.verified for one in subtitles.choices)
