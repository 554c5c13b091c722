"""A v2 torrent whose files are of one piece each lost its resume data at every start.

Their hashes are in the info dictionary itself; the piece layers that were missed are only for longer files (BEP 52).
"""

from pathlib import Path

import libtorrent as lt

from matinee.outside.addresses import AddressPolicy
from matinee.torrent.adding import prepare
from matinee.torrent.metainfo import Metainfo, read_metainfo
from tests.torrent.made_torrents import leaf, torrent, tree_v2


def is_resumed(metainfo: Metainfo, folder: Path) -> bool:
    """Start with resume data that claims everything; tell whether libtorrent is told of it."""
    kept, contents = prepare(metainfo, folder, None)
    assert contents is not None
    kept.have_pieces = [True] * contents.layout.piece_count
    return any(prepare(metainfo, folder, lt.write_resume_data_buf(kept))[0].have_pieces)


def test_resume_data_when_all_files_are_of_one_piece_then_is_taken(tmp_path: Path) -> None:
    info = tree_v2({b"a.mkv": leaf(b"a" * 16_000), b"b.srt": leaf(b"b")})
    assert is_resumed(read_metainfo(torrent(info), AddressPolicy()), tmp_path)


def test_resume_data_when_a_longer_file_has_no_layer_then_is_not_taken(tmp_path: Path) -> None:
    info = tree_v2({b"a.mkv": leaf(b"a" * 40_000)})
    assert not is_resumed(read_metainfo(torrent(info), AddressPolicy()), tmp_path)
