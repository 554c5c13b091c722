"""A torrent is found by each of its hashes, and by nothing any more once it is gone."""

from types import SimpleNamespace
from typing import Any, cast

import libtorrent as lt
import pytest

from matinee.errors import TorrentNotFound
from matinee.torrent.magnet import Magnet
from matinee.torrent.torrent import Torrent
from matinee.torrent.torrents import Torrents
from matinee.types import InfoHash

V1, OTHER_V1 = InfoHash("1" * 40), InfoHash("3" * 40)
V2 = InfoHash("2" * 64)


def made(info_hash: InfoHash, added_at: str = "2026-11-26T00:00:00.000Z") -> Torrent:
    """Make what stands for a torrent: what it is kept under, and a handle of its own."""
    record = SimpleNamespace(info_hash=info_hash, added_at=added_at)
    return cast("Torrent", cast("Any", SimpleNamespace(record=record, handle=object())))


def hashes(v1: InfoHash | None, v2: InfoHash | None) -> lt.info_hash_t:
    """Make libtorrent's pair of hashes."""
    first = lt.sha1_hash(bytes.fromhex(v1)) if v1 is not None else None
    second = lt.sha256_hash(bytes.fromhex(v2)) if v2 is not None else None
    if first is not None and second is not None:
        return lt.info_hash_t(first, second)
    return lt.info_hash_t(cast("Any", first or second))


def magnet(v1: InfoHash | None, v2: InfoHash | None) -> Magnet:
    """Make a link that names these hashes alone."""
    return Magnet(v1, v2, "Nosferatu", (), (), ())


def test_here_when_metadata_has_told_another_hash_then_either_finds_it() -> None:
    torrents, torrent = Torrents(), made(V1)
    torrents.put(torrent, hashes(V1, None))
    assert torrents.here(magnet(None, V2)) is None
    torrents.name(torrent, hashes(V1, V2))
    assert torrents.here(magnet(None, V2)) is torrents.here(magnet(V1, None)) is torrent
    assert torrents.get(V2) is torrent


def test_name_when_another_has_the_hash_already_then_it_keeps_it() -> None:
    torrents, one, other = Torrents(), made(V2), made(OTHER_V1)
    torrents.put(one, hashes(None, V2))
    torrents.put(other, hashes(OTHER_V1, None))
    torrents.name(other, hashes(OTHER_V1, V2))
    assert torrents.get(V2) is one


def test_drop_when_it_had_two_hashes_then_neither_finds_it_and_others_stay() -> None:
    torrents, one, other = Torrents(), made(V1), made(OTHER_V1)
    torrents.put(one, hashes(V1, V2))
    torrents.put(other, hashes(OTHER_V1, None))
    torrents.drop(one)
    torrents.drop(one)
    for gone in (V1, V2):
        with pytest.raises(TorrentNotFound):
            torrents.get(gone)
    assert torrents.all() == list(torrents.by_handle.values()) == [other]


def test_all_when_there_are_several_then_the_newest_is_first() -> None:
    torrents = Torrents()
    old, new = made(V1, "2026-11-25T00:00:00.000Z"), made(OTHER_V1, "2026-11-26T00:00:00.000Z")
    torrents.put(old, hashes(V1, None))
    torrents.put(new, hashes(OTHER_V1, None))
    assert torrents.all() == [new, old]
