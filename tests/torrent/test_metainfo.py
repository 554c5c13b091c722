"""Torrents, good and hostile, read before libtorrent sees them."""

from hashlib import sha1, sha256
from typing import Any

import libtorrent as lt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import BadTorrent, MatineeError, TooLarge
from matinee.outside.addresses import AddressPolicy
from matinee.torrent import files as files_module
from matinee.torrent.bencode import encode
from matinee.torrent.files import MAX_FILES
from matinee.torrent.info import MAX_PIECES
from matinee.torrent.metainfo import (
    MAX_METAINFO_BYTES,
    MAX_TRACKERS,
    MAX_WEB_SEEDS,
    HiddenReason,
    Metainfo,
    hidden_reason,
    read_info,
    read_metainfo,
)
from tests.torrent.made_torrents import (
    PIECE,
    Fields,
    file_v1,
    folder_v1,
    layer,
    leaf,
    pieces,
    single_v1,
    torrent,
    tree_v2,
)

PUBLIC = AddressPolicy()


def read(info: Fields, **outer: Any) -> Metainfo:
    return read_metainfo(torrent(info, **outer), PUBLIC)


def as_libtorrent_sees(metainfo: Metainfo) -> list[tuple[int, int]]:
    info = lt.load_torrent_buffer(metainfo.rebuilt).ti
    assert info is not None
    layout = info.layout()
    assert info.num_pieces() == metainfo.piece_count
    return [(layout.file_size(i), layout.file_offset(i)) for i in range(layout.num_files())]


def as_we_see(metainfo: Metainfo) -> list[tuple[int, int]]:
    return [(file.length, file.offset) for file in metainfo.files]


def test_read_metainfo_when_one_file_then_described() -> None:
    info = single_v1(50_000, b"film.mkv", private=1)
    metainfo = read(info)
    assert metainfo.info_hash == metainfo.identity == sha1(encode(info), usedforsecurity=False).hexdigest()
    assert metainfo.info_hash_v2 is None
    assert (metainfo.name, metainfo.piece_length, metainfo.piece_count, metainfo.length) == (
        "film.mkv",
        PIECE,
        4,
        50_000,
    )
    assert metainfo.private
    assert [(file.index, file.path, file.hidden) for file in metainfo.files] == [(0, "film.mkv", None)]


def test_read_metainfo_when_a_folder_then_what_is_not_a_film_is_hidden_and_indexes_are_kept() -> None:
    metainfo = read(
        folder_v1(
            file_v1(20_000, "film.mkv"),
            file_v1(12_768, ".pad", "12768", attr=b"p"),
            file_v1(0, "link.mkv", attr=b"l", symlink_path=[b"film.mkv"]),
            file_v1(100, "extras", "trailer.mp4"),
            file_v1(3, "_____padding_file_0_"),
            file_v1(3, "folder_meta.xml"),
            file_v1(0, "empty.txt"),
            {b"length": 5, b"attr": b"p"},
        )
    )
    assert [(file.path, file.hidden) for file in metainfo.files] == [
        ("folder/film.mkv", None),
        ("folder/.pad/12768", HiddenReason.PADDING),
        ("folder/link.mkv", HiddenReason.SYMLINK),
        ("folder/extras/trailer.mp4", None),
        ("folder/_____padding_file_0_", HiddenReason.PADDING),
        ("folder/folder_meta.xml", HiddenReason.BOOKKEEPING),
        ("folder/empty.txt", None),
        ("folder/.pad/5", HiddenReason.PADDING),
    ]
    assert as_we_see(metainfo) == as_libtorrent_sees(metainfo)


def test_read_metainfo_when_a_link_claims_a_length_then_it_takes_no_room_as_in_libtorrent() -> None:
    info = folder_v1(
        file_v1(3, "film.mkv"),
        file_v1(7_000_000, "passwd", attr=b"l", symlink_path=[b"..", b"..", b"etc", b"passwd"]),
        file_v1(4, "other.mkv"),
    )
    metainfo = read(info)
    assert as_we_see(metainfo) == as_libtorrent_sees(metainfo) == [(3, 0), (0, 3), (4, 3)]


ROOM = b"x" * 40_000
TREE = {b"a.mkv": leaf(ROOM), b"b": {b"empty": leaf(b""), b"c.srt": leaf(b"12345")}}
PAD_A = file_v1(9_152, ".pad", "9152", attr=b"p")
TAIL = file_v1(16_379, ".pad", "16379", attr=b"p")
HYBRID = [file_v1(40_000, "a.mkv"), PAD_A, file_v1(5, "b", "c.srt"), file_v1(0, "b", "empty")]


def hybrid(*listed: Fields) -> Fields:
    length = sum(file[b"length"] for file in listed)
    tree = {b"a.mkv": leaf(ROOM), b"b": {b"c.srt": leaf(b"12345"), b"empty": leaf(b"")}}
    return tree_v2(tree, files=list(listed), pieces=pieces(length))


@pytest.mark.parametrize(
    ("info", "paths"),
    [
        (tree_v2({b"film.mkv": leaf(ROOM)}), ["film.mkv", ".pad/9152"]),
        (tree_v2({b"film.mkv": leaf(b"x" * PIECE)}), ["film.mkv"]),
        (tree_v2({b"d": {b"film.mkv": leaf(ROOM)}}), ["folder/d/film.mkv", "folder/.pad/9152"]),
        (
            tree_v2(TREE),
            ["folder/a.mkv", "folder/.pad/9152", "folder/b/c.srt", "folder/.pad/16379", "folder/b/empty"],
        ),
        (
            tree_v2({b"a": leaf(ROOM), b"l": {b"": {b"attr": b"l", b"symlink path": [b"a"]}}}),
            ["folder/a", "folder/.pad/9152", "folder/l"],
        ),
        (hybrid(*HYBRID), ["folder/a.mkv", "folder/.pad/9152", "folder/b/c.srt", "folder/b/empty"]),
        (
            hybrid(*HYBRID, TAIL),
            ["folder/a.mkv", "folder/.pad/9152", "folder/b/c.srt", "folder/.pad/16379", "folder/b/empty"],
        ),
        (
            {
                **tree_v2({b"film.mkv": leaf(ROOM)}, b"film.mkv"),
                b"length": len(ROOM),
                b"pieces": pieces(len(ROOM)),
            },
            ["film.mkv"],
        ),
    ],
)
def test_read_metainfo_when_v2_then_its_implied_padding_is_counted_as_libtorrent_counts_it(
    info: Fields, paths: list[str]
) -> None:
    metainfo = read(info)
    assert [file.path for file in metainfo.files] == paths
    assert [file.index for file in metainfo.files] == list(range(len(paths)))
    assert metainfo.info_hash_v2 == sha256(encode(info)).hexdigest()
    assert as_we_see(metainfo) == as_libtorrent_sees(metainfo)


def test_read_metainfo_when_v2_alone_then_known_by_its_v2_hash() -> None:
    metainfo = read(tree_v2({b"film.mkv": leaf(ROOM)}))
    assert metainfo.info_hash is None
    assert metainfo.identity == metainfo.info_hash_v2
    assert [(file.path, file.hidden) for file in metainfo.files] == [
        ("film.mkv", None),
        (".pad/9152", HiddenReason.PADDING),
    ]


def test_read_metainfo_when_hybrid_without_padding_at_the_end_then_neither_have_we() -> None:
    info = tree_v2(
        {b"a.mkv": leaf(ROOM), b"c.srt": leaf(b"12345")},
        files=[file_v1(40_000, "a.mkv"), PAD_A, file_v1(5, "c.srt")],
        pieces=pieces(49_157),
    )
    metainfo = read(info)
    assert metainfo.identity == metainfo.info_hash
    assert as_we_see(metainfo) == as_libtorrent_sees(metainfo) == [(40_000, 0), (9_152, 40_000), (5, 49_152)]
    tailed = {**info, b"files": [*info[b"files"], TAIL]}
    assert as_we_see(read(tailed))[-1] == as_libtorrent_sees(read(tailed))[-1] == (16_379, 49_157)


def test_read_metainfo_when_piece_layers_are_given_then_those_of_its_files_are_kept() -> None:
    info = tree_v2({b"film.mkv": leaf(ROOM)})
    root = info[b"file tree"][b"film.mkv"][b""][b"pieces root"]
    good = encode({b"info": info, b"piece layers": {root: layer(ROOM), b"x" * 32: b"y" * 64}})
    metainfo = read_metainfo(good, PUBLIC)
    assert metainfo.rebuilt == encode({b"info": info, b"piece layers": {root: layer(ROOM)}})
    assert lt.load_torrent_buffer(metainfo.rebuilt).ti is not None
    bare = read_metainfo(encode({b"info": info, b"piece layers": {}}), PUBLIC)
    assert bare.rebuilt == encode({b"info": info})
    with pytest.raises(BadTorrent, match="piece layer"):
        read_metainfo(encode({b"info": info, b"piece layers": {root: b"short"}}), PUBLIC)


@pytest.mark.parametrize("piece_length", [PIECE, 20_000, 48 * 1024, 64 * 1024 * 1024])
def test_read_metainfo_when_v1_pieces_are_no_power_of_two_then_taken_as_libtorrent_does(
    piece_length: int,
) -> None:
    info = {**single_v1(), b"piece length": piece_length, b"pieces": b"\1" * 20 * -(-50_000 // piece_length)}
    assert as_we_see(read(info)) == as_libtorrent_sees(read(info))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"<!doctype html>",
        b"de",
        b"d4:infoi1ee",
        b"d4:info2:xxe",
        encode({b"info": single_v1()}) + b"x",
    ],
)
def test_read_metainfo_when_it_is_no_torrent_then_bad_torrent(data: bytes) -> None:
    with pytest.raises(BadTorrent):
        read_metainfo(data, PUBLIC)


def test_read_metainfo_when_a_line_break_follows_then_taken() -> None:
    assert read_metainfo(torrent(single_v1()) + b"\r\n", PUBLIC) == read(single_v1())


def test_read_metainfo_when_keys_are_unsorted_then_the_info_bytes_are_kept() -> None:
    info = b"d4:name1:a6:lengthi5e6:pieces20:" + b"\1" * 20 + b"12:piece lengthi16384ee"
    metainfo = read_metainfo(b"d4:info" + info + b"1:ai1ee", PUBLIC)
    assert metainfo.rebuilt == b"d4:info" + info + b"e"
    assert metainfo.info_hash == sha1(info, usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("length", [MAX_METAINFO_BYTES + 1, 2 * MAX_METAINFO_BYTES])
def test_read_metainfo_when_too_many_bytes_then_too_large(length: int) -> None:
    with pytest.raises(TooLarge):
        read_metainfo(b"d" * length, PUBLIC)
    with pytest.raises(TooLarge):
        read_info(b"d" * length)


def test_read_metainfo_when_two_million_pieces_then_too_large() -> None:
    tree = {b"a": {b"": {b"length": 2_000_000 * PIECE, b"pieces root": b"x" * 32}}}
    with pytest.raises(TooLarge, match=str(MAX_PIECES)):
        read(tree_v2(tree))


def test_read_metainfo_when_forty_thousand_folders_then_too_large() -> None:
    with pytest.raises(TooLarge, match="folders"):
        read(folder_v1(*(file_v1(1, f"d{n}", "f") for n in range(40_000))))


def test_read_metainfo_when_few_folders_have_very_long_paths_then_too_large() -> None:
    above = ["p" * 230] * 6
    with pytest.raises(TooLarge, match="folders"):
        read(folder_v1(*(file_v1(1, *above, f"d{n:05}", "f") for n in range(3_000))))


def test_read_metainfo_when_more_files_than_allowed_then_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_FILES == 100_000
    monkeypatch.setattr(files_module, "MAX_FILES", 10)
    assert len(read(folder_v1(*(file_v1(1, f"f{n}") for n in range(10)))).files) == 10
    with pytest.raises(TooLarge, match="files"):
        read(folder_v1(*(file_v1(1, f"f{n}") for n in range(11))))


def test_read_metainfo_when_the_folders_name_has_separators_then_it_is_one_part_of_the_path() -> None:
    metainfo = read(folder_v1(file_v1(1, "film.mkv"), name=b"../../outside"))
    assert metainfo.files[0].path == ".._.._outside/film.mkv"


def test_read_metainfo_when_fifty_thousand_files_then_all_are_there() -> None:
    metainfo = read(folder_v1(*(file_v1(1, f"d{n // 100}", f"f{n}") for n in range(50_000))))
    assert metainfo.files[-1].path == "folder/d499/f49999"


def test_read_metainfo_when_addresses_are_hostile_then_only_good_ones_go_on() -> None:
    info = single_v1()
    metainfo = read_metainfo(
        encode(
            {
                b"announce": b"http://tracker.example.org/unused",
                b"announce-list": [
                    [b"http://127.0.0.1/announce", b"udp://tracker.example.org:80"],
                    b"http://flat.example.org/announce",
                    [b"http://tracker.example.org/announce", 5, b"\xff"],
                ],
                b"url-list": [
                    b"http://localhost/",
                    b"file:///etc/",
                    b"https://archive.example.org/items/",
                    b"http://a\r\nb/",
                ],
                b"httpseeds": [b"http://archive.example.org/"],
                b"nodes": [[b"127.0.0.1", 22]],
                b"info": info,
            }
        ),
        PUBLIC,
    )
    assert metainfo.trackers == (
        "udp://tracker.example.org:80",
        "http://flat.example.org/announce",
        "http://tracker.example.org/announce",
    )
    assert metainfo.web_seeds == ("https://archive.example.org/items/",)
    assert metainfo.rebuilt == encode(
        {
            b"announce-list": [[url] for url in metainfo.trackers],
            b"info": info,
            b"url-list": list(metainfo.web_seeds),
        }
    )


def test_read_metainfo_when_one_tracker_and_one_web_seed_are_given_plainly_then_kept() -> None:
    metainfo = read(
        single_v1(), announce=b"udp://tracker.example.org:80", url_list=b"http://archive.example.org/f"
    )
    assert metainfo.trackers == ("udp://tracker.example.org:80",)
    assert metainfo.web_seeds == ("http://archive.example.org/f",)


def test_read_metainfo_when_very_many_addresses_then_capped() -> None:
    metainfo = read(
        single_v1(),
        announce_list=[[b"udp://t%d.example.org:80" % n] for n in range(20_000)],
        url_list=[b"http://w%d.example.org/" % n for n in range(20_000)],
    )
    assert (len(metainfo.trackers), len(metainfo.web_seeds)) == (MAX_TRACKERS, MAX_WEB_SEEDS)


def test_read_metainfo_when_made_by_our_share_then_title_and_licence_are_read_and_cleaned() -> None:
    metainfo = read(
        single_v1(),
        matinee={b"title": b"Big\x00 Buck Bunny", b"licence": b"CC-BY-3.0"},
        comment=b"from \xe2\x80\xaeus",
    )
    assert (metainfo.title, metainfo.licence, metainfo.comment) == ("Big Buck Bunny", "CC-BY-3.0", "from us")


@pytest.mark.parametrize("ours", [1, b"x", [], {b"title": 1, b"licence": b""}])
def test_read_metainfo_when_our_fields_are_malformed_then_they_are_absent(ours: Any) -> None:
    metainfo = read(single_v1(), matinee=ours, comment=5)
    assert (metainfo.title, metainfo.licence, metainfo.comment) == (None, None, None)


@pytest.mark.parametrize(
    ("info", "name", "path"),
    [
        (single_v1(name=b"a\xe2\x80\xaefdp.mkv"), "afdp.mkv", "afdp.mkv"),
        (single_v1(name=b"\xff\xfe"), "Torrent", "_"),
        (single_v1(name=b"old") | {b"name.utf-8": "né".encode()}, "né", "né"),
        (folder_v1(file_v1(1, "con", "nul.mkv"), name=b""), "Torrent", "Torrent/con/nul.mkv"),
        (folder_v1({b"length": 1, b"path": [b"x"], b"path.utf-8": ["é".encode()]}), "folder", "folder/é"),
        (folder_v1(file_v1(1, "/etc", "a\\b")), "folder", "folder/_etc/a_b"),
        (folder_v1(file_v1(1, "n" * 4096)), "folder", "folder/" + "n" * 255),
        (folder_v1(file_v1(1, "e\u0301")), "folder", "folder/é"),
        (folder_v1(file_v1(1, ".", "")), "folder", "folder/_/_"),
    ],
)
def test_read_metainfo_when_names_are_odd_then_shown_cleaned(info: Fields, name: str, path: str) -> None:
    metainfo = read(info)
    shortened = metainfo.name.replace(f" {metainfo.identity[:8]}", "")
    assert shortened == name
    assert metainfo.files[0].path.replace(f" {metainfo.identity[:8]}", "") == path
    assert as_we_see(metainfo) == as_libtorrent_sees(metainfo)


def test_read_info_when_the_dictionary_comes_alone_then_as_from_a_torrent() -> None:
    info = folder_v1(file_v1(5, "film.mkv"), file_v1(0, "link", attr=b"l"))
    assert read_info(encode(info)) == read(info)


@pytest.mark.parametrize(
    ("path", "attr", "reason"),
    [
        ("film.mkv", "", None),
        ("film.mkv", "x", None),
        ("film.mkv", "p", HiddenReason.PADDING),
        ("film.mkv", "lp", HiddenReason.SYMLINK),
        (".pad/1", "", HiddenReason.PADDING),
        ("folder/.pad/1", "", HiddenReason.PADDING),
        (".pad", "", None),
        ("folder/.____padding_file/0", "", HiddenReason.PADDING),
        ("item/item_meta.xml", "", HiddenReason.BOOKKEEPING),
        ("item/item_meta.sqlite", "", HiddenReason.BOOKKEEPING),
        ("item/item_files.xml", "", HiddenReason.BOOKKEEPING),
        ("item/item_reviews.xml", "", HiddenReason.BOOKKEEPING),
        ("item/item.xml", "", None),
    ],
)
def test_hidden_reason_when_asked_then_only_films_and_their_like_are_offered(
    path: str, attr: str, reason: HiddenReason | None
) -> None:
    assert hidden_reason(path, attr) == reason


SEEDS = [
    torrent(single_v1(), announce=b"udp://tracker.example.org:80", comment=b"hello"),
    torrent(folder_v1(file_v1(20_000, "a", "b.mkv"), file_v1(5, "c", attr=b"l"))),
    torrent(hybrid(*HYBRID[:3], TAIL)),
    torrent(tree_v2(TREE)),
]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data) - 1))
        stop = start + draw(st.integers(0, 6))
        data[start:stop] = draw(
            st.binary(max_size=6) | st.text("deil:0123456789-", max_size=6).map(str.encode)
        )
    return bytes(data)


@given(mutated())
def test_read_metainfo_when_a_torrent_is_mutated_then_read_or_refused_and_nothing_else(data: bytes) -> None:
    try:
        metainfo = read_metainfo(data, PUBLIC)
    except MatineeError as error:
        assert error.message.endswith(".")  # noqa: PT017 - both ends are right
    else:
        assert metainfo.files
        assert metainfo.rebuilt == read_metainfo(metainfo.rebuilt, PUBLIC).rebuilt
