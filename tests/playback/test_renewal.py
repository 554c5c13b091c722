"""What a torrent that an archive made anew takes over from the one before it: the archive's own, decoded."""

from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest

from matinee.errors import BadSource
from matinee.models.healing import HashedFile, ItemTorrent
from matinee.playback.renewal import Promised, Renewal
from matinee.torrent.item_torrent import read_item_torrent
from matinee.types import FileIndex, InfoHash
from tests.torrent.test_item_torrent import real_info

GIF, MP4, OGV, EN, ES, FR, IT, SQLITE, META = map(FileIndex, range(9))


@dataclass
class Here:
    """A torrent in the engine, as far as it is looked at."""

    film: Any
    record: Any


def here(item: ItemTorrent | None, info_hash: str = "a" * 40) -> Any:
    film = SimpleNamespace(contents=contents(item))
    return Here(film, SimpleNamespace(info_hash=InfoHash(info_hash)))


def contents(item: ItemTorrent | None) -> Any:
    return SimpleNamespace(item=item)


@pytest.fixture(scope="module")
def torrent() -> ItemTorrent:
    found = read_item_torrent(real_info())
    assert found is not None
    return found


def made_anew(torrent: ItemTorrent) -> ItemTorrent:
    """Give it as the archive makes it again: a review more, a film that was uploaded once more, and one renamed."""
    changes: dict[FileIndex, dict[str, Any]] = {
        META: {"sha1": "1" * 40, "length": 9_000},
        SQLITE: {"sha1": "2" * 40},
        MP4: {"sha1": "3" * 40, "length": 220_000_000},
        OGV: {"path": "another name.ogv"},
    }
    files: list[HashedFile] = []
    review = HashedFile(FileIndex(0), f"{torrent.identifier}_reviews.xml", 0, 700, "4" * 40)
    for one in (review, *(replace(one, **changes.get(one.index, {})) for one in torrent.files)):
        files.append(replace(one, index=FileIndex(len(files))))
    return replace(torrent, files=tuple(files))


def test_a_torrent_made_anew_takes_over_what_is_the_same_by_content_and_a_changed_film_by_its_name(
    torrent: ItemTorrent,
) -> None:
    old, other = here(torrent), here(replace(torrent, identifier="another"), "b" * 40)
    renewal = Renewal([here(None, "c" * 40), other, old])
    carried = renewal.carry(contents(made_anew(torrent)))
    # One place further on, each: the review stands before them. No books.
    assert {one.new_index: one.old_index for one in carried} == {
        at + 1: at for at in (GIF, MP4, OGV, EN, ES, FR, IT)
    }
    assert renewal.old is old
    assert all(one.old is old for one in carried)


def test_a_film_is_remembered_by_its_item_and_its_hash_whatever_the_torrent(torrent: ItemTorrent) -> None:
    before, after = Renewal([]), Renewal([])
    before.carry(contents(torrent))
    after.carry(contents(made_anew(torrent)))
    same = set(before.keys.values()) & set(after.keys.values())
    assert before.keys[OGV] in same
    assert before.keys[MP4] not in same
    assert all(key.startswith(f"{torrent.identifier}/") for key in same)
    assert set(before.keys) == {GIF, MP4, OGV, EN, ES, FR, IT}


def test_what_no_archive_made_takes_over_nothing(torrent: ItemTorrent) -> None:
    renewal = Renewal([here(torrent)])
    assert renewal.carry(contents(None)) == ()
    assert (renewal.keys, renewal.old) == ({}, None)


def test_a_torrent_that_does_not_hold_what_the_archive_says_is_refused(torrent: ItemTorrent) -> None:
    path = torrent.files[MP4].path
    promised = Promised(torrent.identifier, path, "3" * 40)
    assert Renewal([here(torrent)], promised).carry(contents(made_anew(torrent)))
    for wrong in (torrent, None, replace(made_anew(torrent), identifier="another")):
        with pytest.raises(BadSource, match="made the torrent of this item anew"):
            Renewal([here(torrent)], promised).carry(contents(wrong))
