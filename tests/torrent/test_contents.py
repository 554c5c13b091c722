"""Which bytes are shown, and what a file is served as."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matinee.outside.addresses import AddressPolicy
from matinee.torrent.adding import prepare
from matinee.torrent.contents import Shown, media_type
from matinee.torrent.layout import Layout
from matinee.torrent.metainfo import read_metainfo
from matinee.types import FileIndex, PieceIndex
from tests.torrent.made_torrents import file_v1, folder_v1, torrent

PIECE_BYTES = 7
BYTES = 200
LAYOUT = Layout(PIECE_BYTES, BYTES)
CUTS = st.lists(st.integers(0, BYTES), max_size=12).map(sorted)


@given(CUTS, st.lists(st.booleans(), min_size=LAYOUT.piece_count, max_size=LAYOUT.piece_count))
def test_shown_when_files_lie_anywhere_then_counts_their_bytes_in_each_piece(
    cuts: list[int], here: list[bool]
) -> None:
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    shown = Shown(LAYOUT, spans)
    held = [LAYOUT.piece_at(at) for start, stop in spans for at in range(start, stop)]
    assert [shown[PieceIndex(piece)] for piece in range(LAYOUT.piece_count)] == [
        held.count(PieceIndex(piece)) for piece in range(LAYOUT.piece_count)
    ]
    assert shown.here(bytearray(here)) == sum(1 for piece in held if here[piece])


def test_contents_when_some_files_are_hidden_then_only_the_others_are_found(tmp_path: Path) -> None:
    listed = (file_v1(5, "a.mkv"), file_v1(3, "pad", attr=b"p"), file_v1(0, "empty.mkv"), file_v1(7, "b.srt"))
    metainfo = read_metainfo(torrent(folder_v1(*listed)), AddressPolicy())
    contents = prepare(metainfo, tmp_path, None)[1]
    assert contents is not None
    found = [contents.file(FileIndex(index)) for index in range(5)]
    assert [file and file.path for file in found] == [
        "folder/a.mkv", None, "folder/empty.mkv", "folder/b.srt", None,
    ]  # fmt: skip
    assert [(file.offset, file.length) for file in map(contents.place, contents.files)] == [
        (0, 5),
        (8, 0),
        (8, 7),
    ]
    assert contents.length == 12
    assert contents.disk_files.runs == [(0, 5), (8, 15)]


@pytest.mark.parametrize(
    ("path", "served"),
    [
        ("a/film.mkv", "video/x-matroska"),
        ("FILM.MP4", "video/mp4"),
        ("page.html", "application/octet-stream"),
        ("page.xhtml", "application/octet-stream"),
        ("drawing.svg", "application/octet-stream"),
        ("program.js", "application/octet-stream"),
        ("page.wv", "application/octet-stream"),
        ("noending", "application/octet-stream"),
        ("dot.", "application/octet-stream"),
    ],
)
def test_media_type_when_a_browser_would_run_it_then_it_is_mere_bytes(path: str, served: str) -> None:
    assert media_type(path) == served


@given(st.text())
@example("page.xul")
@example("WV")
def test_media_type_when_anything_then_never_a_markup_or_a_script(path: str) -> None:
    found = media_type(path)
    assert found.count("/") == 1
    assert not any(word in found for word in ("html", "script", "svg", "xml"))
