"""A torrent that the Internet Archive made, held against what its item may have become."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.catalogue.archive_item import Item, ItemFile, Made
from matinee.catalogue.healing import carried_over, diagnose, state_key
from matinee.models.healing import Freshness, HashedFile, ItemTorrent, Mend
from matinee.torrent.item_torrent import read_item_torrent
from matinee.types import FileIndex, PieceIndex
from tests.torrent.test_item_torrent import real_info

GIF, MP4, OGV, EN, ES, FR, IT, SQLITE, META = map(FileIndex, range(9))
SAME, CHANGED, GONE, NOT_KNOWN = Freshness
Change = Callable[[ItemFile], ItemFile | None]


@pytest.fixture(scope="module")
def torrent() -> ItemTorrent:
    found = read_item_torrent(real_info())
    assert found is not None
    return found


def today(torrent: ItemTorrent, changes: dict[FileIndex, Change] | None = None) -> Item:
    """Give the item as the torrent's own hashes describe it, and some files as they became."""
    files = []
    for one in torrent.files:
        made = Made.METADATA if one.index in (SQLITE, META) else Made.ORIGINAL
        file = ItemFile(
            name=one.path, made=made, format="", length_bytes=one.length, sha1=one.sha1, md5=one.md5
        )
        kept = (changes or {}).get(one.index, becomes())(file)
        files += [kept] if kept is not None else []
    return Item(identifier=torrent.identifier, metadata={}, files=tuple(files))


def becomes(**fields: Any) -> Change:
    return lambda file: replace(file, **fields)


def gone(file: ItemFile) -> None:
    return None


OTHER = becomes(sha1="0" * 40, md5="0" * 32)


def test_diagnosis_when_nothing_changed_then_nothing_is_stale(torrent: ItemTorrent) -> None:
    found = diagnose(torrent, today(torrent))
    assert set(found.freshness.values()) == {SAME}
    assert (found.stale, found.mends, found.lost_pieces) == (frozenset(), (), frozenset())


def test_diagnosis_when_the_books_changed_then_what_shares_their_piece_is_mended_and_the_film_needs_none(
    torrent: ItemTorrent,
) -> None:
    found = diagnose(torrent, today(torrent, {SQLITE: gone, META: OTHER}))
    assert found.stale == {SQLITE, META}
    assert (found.freshness[SQLITE], found.freshness[META]) == (GONE, CHANGED)
    # As sources.md has it: four subtitles and both books lie in the last piece, with the end of the Ogg.
    assert found.lost_pieces == {528}
    assert [(one.file, one.piece) for one in found.mends] == [(index, 528) for index in (OGV, EN, ES, FR, IT)]
    ogv = found.mends[0]
    assert (ogv.start, ogv.stop) == (528 * 524_288 - 220_311_150, 56_832_560)
    assert [(one.start, one.stop) for one in found.mends[1:]] == [(0, 3949), (0, 3907), (0, 4119), (0, 3941)]


def test_diagnosis_when_the_ogg_changed_then_the_end_of_the_film_is_mended(torrent: ItemTorrent) -> None:
    found = diagnose(torrent, today(torrent, {OGV: OTHER}))
    assert found.lost_pieces == set(range(420, 529))
    assert found.mends[0] == Mend(MP4, PieceIndex(420), 420 * 524_288 - 223_580, 220_087_570)
    assert found.mends[0].stop - found.mends[0].start == 110_190


def test_diagnosis_when_the_picture_before_it_changed_then_the_beginning_of_the_film_is_mended(
    torrent: ItemTorrent,
) -> None:
    found = diagnose(torrent, today(torrent, {GIF: becomes(length_bytes=7)}))
    assert found.mends == (Mend(MP4, PieceIndex(0), 0, 524_288 - 223_580),)


def test_diagnosis_when_the_film_changed_then_it_is_stale_and_not_mended(torrent: ItemTorrent) -> None:
    found = diagnose(torrent, today(torrent, {MP4: OTHER}))
    assert found.stale == {MP4}
    assert [one.file for one in found.mends] == [GIF, OGV]
    assert found.lost_pieces == set(range(421))


@pytest.mark.parametrize(
    ("change", "freshness", "mended"),
    [
        (becomes(sha1=None), SAME, False),
        (becomes(sha1=None, md5="0" * 32), CHANGED, False),
        (becomes(sha1=None, md5=None), NOT_KNOWN, False),
        (becomes(sha1=None, md5=None, length_bytes=None), NOT_KNOWN, False),
        (becomes(length_bytes=None), SAME, True),
        (becomes(md5=None), SAME, True),
    ],
)
def test_diagnosis_when_hashes_are_missing_then_only_what_its_hash_proves_is_mended(
    torrent: ItemTorrent, change: Change, freshness: Freshness, mended: bool
) -> None:
    found = diagnose(torrent, today(torrent, {MP4: change, OGV: OTHER}))
    assert found.freshness[MP4] is freshness
    assert (MP4 in {one.file for one in found.mends}) is mended


def test_diagnosis_when_a_book_has_no_hash_then_it_is_stale(torrent: ItemTorrent) -> None:
    assert diagnose(torrent, today(torrent, {META: becomes(sha1=None, md5=None)})).stale == {META}


SIZES = st.lists(st.tuples(st.integers(0, 70), st.booleans()), min_size=1, max_size=12)


@given(SIZES, st.integers(1, 40))
def test_mends_when_files_lie_anyhow_then_with_the_good_pieces_they_make_each_good_file_whole(
    sizes: list[tuple[int, bool]], piece_length: int
) -> None:
    files, offset = [], 0
    for index, (length, _) in enumerate(sizes):
        files.append(HashedFile(FileIndex(index), f"{index}.mp4", offset, length, f"{index:040}"))
        offset += length
    item = Item(
        identifier="i", metadata={},
        files=tuple(
            ItemFile(name=one.path, made=Made.ORIGINAL, format="", length_bytes=one.length,
                     sha1=one.sha1 if fresh else "f" * 40)
            for one, (_, fresh) in zip(files, sizes, strict=True)
        ),
    )  # fmt: skip
    found = diagnose(ItemTorrent("i", piece_length, tuple(files)), item)
    for one, (length, fresh) in zip(files, sizes, strict=True):
        covered = set()
        for at in range(length):
            if (one.offset + at) // piece_length not in found.lost_pieces:
                covered.add(at)
        mends = [mend for mend in found.mends if mend.file == one.index]
        for mend in mends:
            assert covered.isdisjoint(range(mend.start, mend.stop))
            covered.update(range(mend.start, mend.stop))
        assert len(mends) <= 2
        assert covered == set(range(length)) or not fresh


def test_carried_over_when_the_torrent_was_made_anew_then_what_is_alike_by_content(
    torrent: ItemTorrent,
) -> None:
    new = [
        replace(torrent.files[OGV], index=FileIndex(0), path="renamed.ogv"),
        replace(torrent.files[MP4], index=FileIndex(1), sha1="0" * 40),
        replace(torrent.files[GIF], index=FileIndex(2), sha1=None),
        replace(torrent.files[EN], index=FileIndex(3), length=1),
        replace(torrent.files[FR], index=FileIndex(4)),
    ]
    assert carried_over(torrent.files, new) == {FileIndex(0): OGV, FileIndex(4): FR}


def test_state_key_when_the_torrent_is_made_anew_then_the_same(torrent: ItemTorrent) -> None:
    film = torrent.files[MP4]
    again = replace(film, index=FileIndex(7), offset=0)
    key = "CosmosLaundromatFirstCycle/25c14461f067643515e93f1b89558c8aa78a74c1"
    assert (state_key(torrent.identifier, film), state_key(torrent.identifier, again)) == (key, key)
    assert state_key(torrent.identifier, replace(film, sha1=None)) is None
