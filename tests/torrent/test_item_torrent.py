"""What the Internet Archive writes into its torrents, read from one that it made."""

from typing import Any

import pytest

from matinee.models.healing import HashedFile
from matinee.outside.addresses import AddressPolicy
from matinee.torrent.bencode import decode, encode
from matinee.torrent.item_torrent import MAX_INFO_BYTES, lasting, read_item_torrent
from matinee.torrent.magnet import parse_magnet
from matinee.torrent.metainfo import read_metainfo
from matinee.types import FileIndex
from tests.registry import archive_torrent

STAYS = "https://archive.org/download/"
OLD_HOST = "http://ia601508.us.archive.org/14/items/"
HASH = "a" * 40


def real_info() -> bytes:
    data = archive_torrent()
    start, stop = decode(data).spans[b"info"]
    return data[start:stop]


def test_item_torrent_when_the_archive_made_it_then_the_item_and_each_files_hashes() -> None:
    found = read_item_torrent(real_info())
    assert found is not None
    assert (found.identifier, found.piece_length, len(found.files)) == (
        "CosmosLaundromatFirstCycle",
        524_288,
        9,
    )
    assert found.files[1] == HashedFile(
        FileIndex(1), "Cosmos Laundromat - First Cycle (1080p).mp4", 223_580, 220_087_570,
        "25c14461f067643515e93f1b89558c8aa78a74c1", "f22bb01a114965a0ded9574ee6792214",
    )  # fmt: skip
    checked = read_metainfo(archive_torrent(), AddressPolicy())
    assert [(file.offset, file.length) for file in found.files] == [
        (file.offset, file.length) for file in checked.files
    ]


def changed(**fields: Any) -> bytes:
    info: dict[bytes, Any] = dict(decode(real_info()).fields)
    info.update({key.replace("_", " ").encode(): value for key, value in fields.items()})
    return encode(info)


@pytest.mark.parametrize(
    "info",
    [
        changed(collections=[b"org.archive.Other"]),
        changed(collections=b"org.archive.CosmosLaundromatFirstCycle"),
        changed(name=b"../up", collections=[b"org.archive.../up"]),
        changed(name=b"\xff", collections=[b"org.archive.\xff"]),
        changed(comment=b"x" * MAX_INFO_BYTES),
        b"de",
    ],
)
def test_item_torrent_when_no_archive_made_it_then_none(info: bytes) -> None:
    assert read_item_torrent(info) is None


def test_item_torrent_when_hashes_are_no_hashes_then_without_them() -> None:
    files = [{b"length": 1, b"path": [b"a", b"b"], b"sha1": b"short", b"md5": 7}]
    found = read_item_torrent(changed(files=files))
    assert found is not None
    assert found.files == (HashedFile(FileIndex(0), "a/b", 0, 1),)


def test_web_seeds_when_the_lasting_address_is_there_then_the_hosts_of_the_day_are_left_out() -> None:
    assert read_metainfo(archive_torrent(), AddressPolicy()).web_seeds == (STAYS,)
    link = f"magnet:?xt=urn:btih:{HASH}&ws={OLD_HOST}&ws={STAYS}&ws=https://films.example/"
    assert parse_magnet(link, AddressPolicy()).web_seeds == (STAYS, "https://films.example/")


@pytest.mark.parametrize(
    "seeds", [(), (OLD_HOST,), ("https://films.example/",), ("https://evil-archive.org/", STAYS)]
)
def test_web_seeds_when_there_is_none_better_then_they_stay(seeds: tuple[str, ...]) -> None:
    assert lasting(seeds) == seeds
