"""Resume data damaged in any way (fault F24): what belongs is taken, all else is left out, and nothing falls over."""

import random
from pathlib import Path

import libtorrent as lt

from matinee.outside.addresses import AddressPolicy
from matinee.torrent.adding import parameters
from matinee.torrent.metainfo import read_metainfo
from tests.fuzz.targets import mutated
from tests.torrent.made_torrents import single_v1, torrent

PIECES = 4
TIMES = 1000


def test_parameters_when_resume_data_is_damaged_anywhere_then_there_are_some_all_the_same(
    tmp_path: Path,
) -> None:
    metainfo = read_metainfo(torrent(single_v1()), AddressPolicy(allow_private=False))
    kept = lt.load_torrent_buffer(metainfo.rebuilt)
    kept.have_pieces = [True] * PIECES
    kept.save_path = str(tmp_path)
    whole = bytes(lt.write_resume_data_buf(kept))
    assert list(parameters(metainfo, tmp_path, whole).have_pieces)[:PIECES] == [True] * PIECES
    chance = random.Random(24)
    for _ in range(TIMES):
        found = parameters(metainfo, tmp_path, mutated(whole, chance))
        assert found.save_path == str(tmp_path)
        assert found.info_hashes == kept.info_hashes
        assert not found.renamed_files
        assert not found.unfinished_pieces
        assert not found.dht_nodes
        assert found.url_seeds == kept.url_seeds
