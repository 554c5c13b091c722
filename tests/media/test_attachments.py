"""Files inside films: out of the first picture's way, and there when they are asked for."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import BadFilm
from matinee.media.attachments import AS_VOID, File, files, places
from matinee.media.probe_wire import attachments_from_wire, info_from_wire
from matinee.media.source import FilmSource
from tests.media.clips import clip
from tests.media.hostile import CLUSTER, INFO, element, matroska, number, picture_track
from tests.media.parts import worker_for
from tests.media.subtitled import BIG_FONT, subtitled
from tests.media.test_codec_matrix import opened
from tests.media.test_probe import rich

TRACKS = element(0x1654AE6B, picture_track())
FILE = element(0x61A7, element(0x466E, b"a.ttf") + element(0x4660, b"font/ttf") + element(0x465C, b"font!"))
ATTACHED = element(0x1941A469, FILE)


def found_in(data: bytes) -> list[File]:
    film = io.BytesIO(data)
    return files(film, places(film, len(data)))


async def test_film_when_it_holds_36_mb_of_fonts_then_it_begins_without_them_and_gives_them_later() -> None:
    data = subtitled("fonts.mkv").read_bytes()
    film = io.BytesIO(data)
    (where,) = places(film, len(data))
    assert where.stop - where.start > 3 * len(BIG_FONT)
    async with worker_for(data) as (worker, stream):
        info = info_from_wire((await worker.ask("probe"))[0])
        assert (len(info.video), len(info.audio), len(info.subtitles), info.attachments) == (1, 1, 2, ())
        await worker.ask("keyframes")
        init = {"video": "copy", "audio": [1, "copy"]}
        await worker.ask("init", **init)
        head, _ = await worker.ask("segment", index=0, start_s=0.0, stop_s=2.0, last=False, **init)
        assert head["frames"]
        read = sum(stop - start for start, stop in stream.reads)
        assert read < 8 * 1024 * 1024
        assert not any(
            start < where.stop - 1024 * 1024 and stop > where.start + 2 * 1024 * 1024
            for start, stop in stream.reads
        )

        listed = attachments_from_wire((await worker.ask("fonts"))[0])
        assert [(one.name, one.length) for one in listed] == [(f"{n}.ttf", len(BIG_FONT)) for n in range(3)]
        assert sum(stop - start for start, stop in stream.reads) - read < 1024 * 1024
        for one in listed:
            assert (await worker.ask("font", track=one.index))[1] == BIG_FONT
        with pytest.raises(BadFilm):
            await worker.ask("font", track=listed[-1].index + 1)


@pytest.mark.parametrize("path", [rich(), clip("ac3.mkv"), clip("vp9.webm"), clip("unindexed.mkv")])
def test_film_when_its_files_are_hidden_then_all_else_is_the_same(path: Path) -> None:
    info = opened(path.read_bytes())
    assert info.video
    assert info.audio
    assert len(found_in(path.read_bytes())) == (2 if path == rich() else 0)


@pytest.mark.parametrize(
    ("film", "count"),
    [
        (matroska(INFO, ATTACHED, TRACKS, CLUSTER), 1),
        (matroska(INFO, TRACKS, CLUSTER, ATTACHED), 0),
        (matroska(INFO, TRACKS, element(0x1941A469, FILE * 100), CLUSTER), 64),
        (matroska(INFO, element(0x1941A469, FILE, 1 << 40), TRACKS, CLUSTER), 0),
        (matroska(INFO, element(0x1941A469, FILE, (1 << 56) - 1), TRACKS, CLUSTER), 1),
        (matroska(INFO, element(0x1941A469, element(0x61A7, b"")), TRACKS, CLUSTER), 0),
        (b"", 0),
        (INFO, 0),
    ],
)
def test_files_when_elements_are_odd_then_those_that_are_whole(film: bytes, count: int) -> None:
    assert len(found_in(film)) == count


def test_places_when_the_table_of_contents_names_the_end_then_found_there() -> None:
    def film(place: int) -> bytes:
        seek = element(0x4DBB, element(0x53AB, b"\x19\x41\xa4\x69") + number(0x53AC, place))
        return matroska(element(0x114D9B74, seek), INFO, TRACKS, CLUSTER, ATTACHED)

    body = film(0).index(b"\x11\x4d\x9b\x74")
    assert found_in(film(film(0).rindex(ATTACHED) - body))
    for wrong in (0, 1, 10**9, (1 << 64) - 1):
        assert found_in(film(wrong)) == []


@given(st.lists(st.tuples(st.integers(0, 400), st.binary(min_size=1, max_size=9)), max_size=8))
def test_places_when_bytes_are_anything_then_an_answer_inside_the_film(
    junk: list[tuple[int, bytes]],
) -> None:
    data = bytearray(matroska(INFO, ATTACHED, TRACKS, CLUSTER))
    for at, some in junk:
        data[at : at + len(some)] = some
    for file in found_in(bytes(data)):
        assert 0 <= file.start <= file.stop <= len(data)


@given(st.integers(0, 30), st.lists(st.integers(1, 7), min_size=1))
def test_hide_when_read_in_any_parts_then_the_same(place: int, sizes: list[int]) -> None:
    data = bytes(range(100, 130))
    source = FilmSource(lambda start, stop: data[start : start + 3], len(data))
    source.hide(place, AS_VOID)
    read, at = b"", 0
    while part := source.read(sizes[at % len(sizes)]):
        read, at = read + part, at + 1
    assert read == (data[:place] + AS_VOID + data[place + 4 :])[: len(data)]
