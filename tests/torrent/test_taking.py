"""The pieces of the files that are taken, in the order in which they are wanted."""

from hypothesis import given
from hypothesis import strategies as st

from matinee.models.torrent import FileEntry, Take, Takes
from matinee.torrent.layout import Layout
from matinee.torrent.taking import lacks, next_missing, progress, runs
from matinee.types import FileIndex, PieceIndex

LAYOUT = Layout(10, 95)
FILES = tuple(
    FileEntry(FileIndex(index), f"{index}", length, offset, "video/mp4")
    for index, (offset, length) in enumerate([(0, 20), (20, 15), (35, 30), (65, 0), (65, 30)])
)
NAMES = [FileIndex(index) for index in range(len(FILES))]


def test_runs_when_nothing_is_taken_then_there_are_none() -> None:
    assert runs(LAYOUT, FILES, Takes()) == ()
    assert runs(LAYOUT, FILES, Takes().changed(NAMES[3], Take.HIGH)) == ()  # an empty file


def test_runs_when_all_is_taken_then_it_is_one() -> None:
    assert runs(LAYOUT, FILES, Takes(Take.LOW)) == (range(10),)


def test_runs_when_files_are_wanted_differently_then_those_most_wanted_come_first() -> None:
    takes = Takes().changed(NAMES[0], Take.LOW).changed(NAMES[4], Take.HIGH).changed(NAMES[1], Take.NORMAL)
    assert runs(LAYOUT, FILES, takes) == (range(6, 10), range(2, 4), range(2))


def test_changed_when_a_file_goes_with_the_rest_then_it_is_not_named_any_more() -> None:
    takes = Takes(Take.NORMAL).changed(NAMES[1], Take.NOT)
    assert takes.of(NAMES[1]) is Take.NOT
    assert takes.of(NAMES[0]) is Take.NORMAL
    assert takes.changed(NAMES[1], Take.NORMAL) == Takes(Take.NORMAL)


def test_next_missing_when_some_is_here_then_gives_what_is_not_until_it_is_enough() -> None:
    have = bytearray(10)
    have[6] = have[2] = 1
    wanted = (range(6, 10), range(2, 4))
    assert list(next_missing(LAYOUT, have, wanted, 1)) == [7]
    assert list(next_missing(LAYOUT, have, wanted, 26)) == [7, 8, 9, 3]  # the last piece has 5 bytes
    have[:] = b"\1" * 10
    assert list(next_missing(LAYOUT, have, wanted, 100)) == []


def test_progress_when_files_share_a_piece_then_it_counts_once() -> None:
    have = bytearray(10)
    have[3] = have[9] = 1
    found = progress(LAYOUT, have, (range(3, 7), range(6, 10), range(2, 4)))
    assert (found.bytes_done, found.bytes_total) == (15, 75)


@given(st.lists(st.sampled_from(Take), min_size=5, max_size=5), st.binary(min_size=10, max_size=10))
def test_what_is_missing_whatever_is_taken_then_it_is_of_a_taken_file(words: list[Take], here: bytes) -> None:
    have = bytearray(byte & 1 for byte in here)
    takes = Takes(Take.NOT, dict(zip(NAMES, words, strict=True)))
    wanted = runs(LAYOUT, FILES, takes)
    expected = {
        piece
        for file in FILES
        if takes.of(file.index) is not Take.NOT
        for piece in LAYOUT.covering(file.offset, file.offset + file.length)
        if not have[piece]
    }
    assert set(next_missing(LAYOUT, have, wanted, 1 << 30)) == {PieceIndex(piece) for piece in expected}
    assert lacks(have, wanted) == bool(expected)
    found = progress(LAYOUT, have, wanted)
    assert (found.bytes_done == found.bytes_total) == (not expected)
