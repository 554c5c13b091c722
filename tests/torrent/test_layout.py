"""The arithmetic between bytes, pieces and files."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from matinee.torrent.layout import FileLayout, Layout
from matinee.types import PieceIndex

layouts = st.builds(Layout, st.integers(1, 64), st.integers(0, 1000))


@st.composite
def files(draw: st.DrawFn) -> FileLayout:
    """A file somewhere in a small torrent."""
    layout = draw(layouts)
    offset = draw(st.integers(0, layout.length))
    return FileLayout(layout, offset, draw(st.integers(0, layout.length - offset)))


@given(layouts)
def test_pieces_when_laid_side_by_side_then_are_the_torrent(layout: Layout) -> None:
    bounds = [layout.bounds(PieceIndex(index)) for index in range(layout.piece_count)]
    assert [start for start, _ in bounds] == [0, *(stop for _, stop in bounds)][: len(bounds)]
    assert sum(layout.size(PieceIndex(index)) for index in range(layout.piece_count)) == layout.length
    assert all(0 < stop - start <= layout.piece_length for start, stop in bounds)


@given(layouts, st.data())
def test_piece_at_when_asked_for_a_byte_then_holds_it(layout: Layout, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, max(layout.length - 1, 0)))
    start, stop = layout.bounds(layout.piece_at(offset))
    assert start <= offset < max(stop, 1)


@given(layouts, st.data())
def test_covering_when_given_a_range_then_is_every_piece_with_a_byte_of_it(
    layout: Layout, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, layout.length))
    stop = data.draw(st.integers(0, layout.length))
    assert list(layout.covering(start, stop)) == sorted({layout.piece_at(at) for at in range(start, stop)})


@given(files())
def test_clip_when_joined_over_the_files_pieces_then_is_the_file(file: FileLayout) -> None:
    parts = [file.clip(PieceIndex(index)) for index in file.pieces]
    assert [at for start, stop in parts for at in range(start, stop)] == list(range(file.length))


@given(files())
def test_to_torrent_when_given_the_files_ends_then_are_its_place(file: FileLayout) -> None:
    assert (file.to_torrent(0), file.to_torrent(file.length)) == (file.offset, file.stop)


@given(files(), st.data())
def test_spans_when_some_pieces_are_here_then_are_their_bytes_merged_and_sorted(
    file: FileLayout, data: st.DataObject
) -> None:
    count = file.torrent.piece_count
    have = bytearray(data.draw(st.lists(st.integers(0, 1), min_size=count, max_size=count)))
    spans = file.spans(have)
    here = {at for at in range(file.length) if have[file.torrent.piece_at(file.to_torrent(at))]}
    assert {at for start, stop in spans for at in range(start, stop)} == here
    assert all(start < stop for start, stop in spans)
    assert all(left[1] < right[0] for left, right in pairwise(spans))
