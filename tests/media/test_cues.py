"""Text subtitles inside films, and their fonts."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.confined.frames import WireError
from matinee.errors import BadFilm
from matinee.media.cues_wire import MOST_EVENTS, TEXT_MAX_CHARS, excerpt_from_wire, excerpt_to_wire
from matinee.models.subtitles import Event, Excerpt, Syntax
from tests.fakes.films import FakeStream
from tests.media.parts import PIECE_BYTES, worker_for
from tests.media.subtitled import CUE_EVERY_S, FONT, KINDS, LENGTH_S, subtitled, time_of

ENGLISH, FRENCH, TTF, SCRIPT = 2, 3, 4, 5


async def ask(film: Path, track: int, start_s: float, stop_s: float) -> Excerpt:
    """Have a stretch of a track read, as the program does."""
    async with worker_for(film.read_bytes()) as (worker, _):
        head, _ = await worker.ask("cues", track=track, start_s=start_s, stop_s=stop_s, from_s=0.0)
        return excerpt_from_wire(head)


def expected(start_s: float, stop_s: float) -> list[tuple[float, float]]:
    """Say when the cues of a window are shown."""
    times = (time_of(number) for number in range(LENGTH_S // CUE_EVERY_S))
    return [(begin_s, end_s) for begin_s, end_s in times if begin_s < stop_s and end_s > start_s]


def times(excerpt: Excerpt) -> list[tuple[float, float]]:
    """Say when events are shown, to ten milliseconds."""
    return [(round(event.start_s, 2), round(event.stop_s, 2)) for event in excerpt.events]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "window", [(0.0, 6.0), (60.0, 70.0), (61.0, 61.5), (62.5, 63.2), (100.0, 600.0), (0.0, 400.0)]
)
async def test_cues_when_asked_for_a_window_then_those_shown_in_it(
    kind: str, window: tuple[float, float]
) -> None:
    found = await ask(subtitled(kind), ENGLISH, *window)
    assert times(found) == expected(*window)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("subrip.mkv", "Réplique <i>20</i> & co"),
        ("webvtt.mkv", "Réplique <i>20</i> & co"),
        ("ass.mkv", "20,0,Default,,0,0,0,,Réplique {\\i1}20{\\i0} & co"),
        ("mov_text.mp4", "Réplique {\\i1}20{\\r} & co"),
    ],
)
async def test_cues_when_of_each_kind_then_its_text_as_it_stands(kind: str, text: str) -> None:
    found = await ask(subtitled(kind), FRENCH, 60, 63)
    assert [event.text[-len(text) :] for event in found.events] == [text]
    assert ("[V4+ Styles]" in found.header) == (found.syntax is Syntax.ASS)


def spent(stream: FakeStream, before: int) -> int:
    """Say how many bytes of pieces were needed."""
    return len({start // PIECE_BYTES for start, _ in stream.reads[before:]}) * PIECE_BYTES


@pytest.mark.parametrize("kind", KINDS)
async def test_cues_when_the_film_is_not_there_then_only_the_bytes_of_that_time_are_wanted(kind: str) -> None:
    data = subtitled(kind).read_bytes()
    async with worker_for(data) as (worker, stream):
        await worker.ask("probe")
        before = len(stream.reads)
        await worker.ask("cues", track=ENGLISH, start_s=60.0, stop_s=66.0, from_s=0.0)
        # Six seconds, six before them, one group of pictures, and the index at the film's end.
        assert spent(stream, before) < len(data) * (6 + 6 + 11) / LENGTH_S + 3 * PIECE_BYTES


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.endswith("mkv")])
async def test_cues_when_only_one_stretch_is_here_then_no_byte_outside_is_wanted(kind: str) -> None:
    data = subtitled(kind).read_bytes()
    async with worker_for(data) as (worker, stream):
        times_s = [*(await worker.ask("keyframes"))[0]["times_s"], 120.0]
        start_s, stop_s = next((a, b) for a, b in pairwise(times_s) if a > 60 and b - a > 4)
        await worker.ask("segment", start_s=start_s, stop_s=stop_s, last=False, index=1, video="copy", audio=None,
                         encoding=None)  # fmt: skip
        before = len(stream.reads)
        head, _ = await worker.ask("cues", track=ENGLISH, start_s=start_s + 2, stop_s=stop_s, from_s=start_s)
        assert times(excerpt_from_wire(head)) == [
            one for one in expected(start_s + 2, stop_s) if one[0] > start_s
        ]
        assert stream.reads[before:] == []


async def test_cues_when_bytes_are_missing_then_waited_for_and_let_go_when_cancelled() -> None:
    data = subtitled("mov_text.mp4").read_bytes()
    async with worker_for(data) as (worker, stream):
        await worker.ask("probe")
        stream.withhold_from(len(data) // 2)
        asking = asyncio.create_task(
            worker.ask("cues", track=ENGLISH, start_s=90.0, stop_s=100.0, from_s=0.0)
        )
        await stream.waiting.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await stream.idle.wait()
        await stream.release()
        head, _ = await worker.ask("cues", track=ENGLISH, start_s=90.0, stop_s=100.0, from_s=0.0)
        assert times(excerpt_from_wire(head)) == expected(90, 100)


async def test_cues_when_mp4_then_other_jobs_still_see_all_tracks() -> None:
    async with worker_for(subtitled("mov_text.mp4").read_bytes()) as (worker, _):
        for _ in range(2):
            for track in (ENGLISH, FRENCH):
                head, _ = await worker.ask("cues", track=track, start_s=30.0, stop_s=40.0, from_s=0.0)
                assert times(excerpt_from_wire(head)) == expected(30, 40)


@pytest.mark.parametrize(
    ("track", "start_s", "stop_s"), [(1, 0, 1), (99, 0, 1), (-1, 0, 1), (2, 5, 5), (2, -1, 5)]
)
async def test_cues_when_there_is_no_such_track_or_time_then_a_clear_error(
    track: int, start_s: float, stop_s: float
) -> None:
    with pytest.raises(BadFilm):
        await ask(subtitled("subrip.mkv"), track, start_s, stop_s)


async def test_cues_when_a_picture_carries_no_captions_then_none() -> None:
    assert (await ask(subtitled("subrip.mkv"), 0, 0, 1)).events == ()


async def test_font_when_it_is_one_then_its_bytes_and_nothing_else_is_given() -> None:
    async with worker_for(subtitled("ass.mkv").read_bytes()) as (worker, _):
        assert (await worker.ask("font", track=TTF))[1] == FONT.read_bytes()
        for track in (SCRIPT, ENGLISH, 99):
            with pytest.raises(BadFilm):
                await worker.ask("font", track=track)


_times = st.floats(-1e6, 1e6)
_events = st.builds(lambda start_s, text: Event(start_s, start_s + 1, text), _times, st.text(max_size=20))


@given(
    st.builds(
        Excerpt, st.sampled_from(Syntax), st.text(max_size=50), st.lists(_events, max_size=5).map(tuple)
    )
)
def test_excerpt_when_there_and_back_then_the_same(excerpt: Excerpt) -> None:
    assert excerpt_from_wire(excerpt_to_wire(excerpt)) == excerpt


@pytest.mark.parametrize(
    "head",
    [
        {},
        {"syntax": "srt", "header": ""},
        {"syntax": "exe", "header": "", "events": []},
        {"syntax": "srt", "header": 1, "events": []},
        {"syntax": "srt", "header": "", "events": [], "more": 1},
        {"syntax": "srt", "header": "", "events": [[1.0, 1.0, ""]]},
        {"syntax": "srt", "header": "", "events": [[float("nan"), 1.0, ""]]},
        {"syntax": "srt", "header": "", "events": [[0.0, float("inf"), ""]]},
        {"syntax": "srt", "header": "", "events": [[False, True, ""]]},
        {"syntax": "srt", "header": "", "events": [["0", "1", ""]]},
        {"syntax": "srt", "header": "", "events": [[0.0, 1.0, None]]},
        {"syntax": "srt", "header": "", "events": [[0.0, 1.0]]},
        {"syntax": "srt", "header": "", "events": [[0.0, 1.0, "x" * (TEXT_MAX_CHARS + 1)]]},
        {"syntax": "srt", "header": "", "events": [[0.0, 1.0, ""]] * (MOST_EVENTS + 1)},
    ],
)
def test_excerpt_when_the_process_says_anything_else_then_it_is_not_believed(head: dict[str, object]) -> None:
    with pytest.raises(WireError):
        excerpt_from_wire(head)
