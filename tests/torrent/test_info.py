"""Info dictionaries that cannot be right."""

import pytest

from matinee.errors import BadTorrent
from matinee.torrent.bencode import encode
from matinee.torrent.info import parse_info
from tests.torrent.made_torrents import PIECE, Fields, file_v1, folder_v1, leaf, pieces, single_v1, tree_v2

BAD_INFOS: dict[str, Fields] = {
    "no name": {key: value for key, value in single_v1().items() if key != b"name"},
    "name is a number": single_v1() | {b"name": 1},
    "name is empty": single_v1(name=b""),
    "name is dots": single_v1(name=b"../.."),
    "piece length is missing": {key: value for key, value in single_v1().items() if key != b"piece length"},
    "piece length is zero": single_v1() | {b"piece length": 0},
    "piece length is negative": single_v1() | {b"piece length": -PIECE},
    "pieces of one byte": single_v1(100) | {b"piece length": 1, b"pieces": b"\1" * 2000},
    "pieces of 512 MiB": single_v1() | {b"piece length": 2**29, b"pieces": b"\1" * 20},
    "pieces are missing": {key: value for key, value in single_v1().items() if key != b"pieces"},
    "pieces are too few": single_v1() | {b"pieces": b"\1" * 20},
    "pieces are no whole hashes": single_v1() | {b"pieces": b"\1" * 81},
    "length is missing": {key: value for key, value in single_v1().items() if key != b"length"},
    "length is negative": single_v1() | {b"length": -1},
    "length is huge": single_v1() | {b"length": 2**62},
    "length is a text": single_v1() | {b"length": b"5"},
    "nothing in it": single_v1(0),
    "files is a text": single_v1() | {b"files": b"x"},
    "files is empty": folder_v1() | {b"pieces": pieces(1)},
    "a file is a number": folder_v1() | {b"files": [1]},
    "a file has no path": folder_v1(file_v1(1)),
    "a path is a text": folder_v1({b"length": 1, b"path": b"x"}),
    "a path holds a number": folder_v1({b"length": 1, b"path": [b"a", 1]}),
    "a path leaves": folder_v1(file_v1(1, "..", "..", "etc", "passwd")),
    "a path leaves with a slash": folder_v1(file_v1(1, "a/../../b")),
    "a path leaves with a backslash": folder_v1(file_v1(1, "..\\windows\\win.ini")),
    "a file is named ..": folder_v1(file_v1(1, "..")),
    "only empty files": folder_v1(file_v1(0, "a"), file_v1(0, "b")),
    "an unknown version": tree_v2({b"a": leaf(b"1")}) | {b"meta version": 3},
    "a version that is a text": tree_v2({b"a": leaf(b"1")}) | {b"meta version": b"2"},
    "a file tree without a version": single_v1()
    | {b"file tree": {b"a": leaf(b"1")}, b"files": [file_v1(50_000, "a")]},
    "no file tree": single_v1() | {b"meta version": 2},
    "an empty file tree": tree_v2({}),
    "a file tree that is a list": tree_v2({}) | {b"file tree": [1]},
    "a node that is a number": tree_v2({b"a": 1}),
    "a node with a file and a folder": tree_v2({b"a": leaf(b"1") | {b"b": leaf(b"2")}}),
    "a leaf that is a number": tree_v2({b"a": {b"": 1}}),
    "a node without a name": tree_v2({b"a": leaf(b"1"), b"": leaf(b"2")}),
    "v2 padding": tree_v2({b"a": leaf(b"1", attr=b"p")}),
    "no root": tree_v2({b"a": {b"": {b"length": 1}}}),
    "a short root": tree_v2({b"a": {b"": {b"length": 1, b"pieces root": b"x"}}}),
    "a zero root": tree_v2({b"a": {b"": {b"length": 1, b"pieces root": bytes(32)}}}),
    "v2 pieces not a power of two": tree_v2({b"a": leaf(b"1")}) | {b"piece length": 3 * PIECE},
    "a hybrid without v1 hashes": tree_v2({b"a": leaf(b"1")}) | {b"length": 1},
    "a hybrid whose lists differ": tree_v2({b"a": leaf(b"1")})
    | {b"files": [file_v1(7, "a")], b"pieces": pieces(7)},
    "a hybrid whose list is a text": tree_v2({b"a": leaf(b"1")}) | {b"files": b"a", b"pieces": pieces(7)},
    "a certificate": single_v1() | {b"ssl-cert": b"x"},
}


@pytest.mark.parametrize("what", BAD_INFOS)
def test_parse_info_when_it_cannot_be_right_then_bad_torrent_says_what_to_do(what: str) -> None:
    with pytest.raises(BadTorrent) as error:
        parse_info(encode(BAD_INFOS[what]), BAD_INFOS[what])
    assert error.value.message.endswith(".")
