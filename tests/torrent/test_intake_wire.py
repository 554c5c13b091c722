"""What the intake process and its parent say to each other: nothing is believed."""

import io
import json
from typing import Any

import pytest

from matinee.confined.child import read_frame
from matinee.confined.frames import WireError
from matinee.errors import BadTorrent, TooLarge
from matinee.outside.addresses import AddressPolicy
from matinee.torrent import intake_child, intake_wire
from matinee.torrent.files import HiddenReason, MetainfoFile
from matinee.torrent.magnet import parse_magnet
from matinee.torrent.metainfo import read_metainfo
from tests.torrent.made_torrents import file_v1, folder_v1, torrent

PUBLIC = AddressPolicy()
LINK = "magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&dn=Alice"
GOOD = torrent(folder_v1(file_v1(20_000, "film.mkv"), file_v1(5, "film.srt")), announce=b"udp://t.example:80")


def test_answer_when_asked_in_this_process_then_the_frames_are_those_of_the_wire() -> None:
    answers = io.BytesIO()
    intake_child.answer({"ask": "metainfo", "allow_private": False}, GOOD, answers)
    intake_child.answer({"ask": "magnet", "allow_private": False}, LINK.encode(), answers)
    intake_child.answer({"ask": "info", "allow_private": False}, b"de", answers)
    answers.seek(0)
    head, rebuilt = read_frame(answers) or ({}, b"")
    files: list[MetainfoFile] = []
    intake_wire.files_from_wire((read_frame(answers) or ({}, b""))[0], files)
    assert intake_wire.metainfo_from_wire(head, files, rebuilt) == read_metainfo(GOOD, PUBLIC)
    magnet = intake_wire.magnet_from_wire((read_frame(answers) or ({}, b""))[0])
    assert magnet == parse_magnet(LINK, PUBLIC)
    error = intake_wire.error_from_wire((read_frame(answers) or ({}, b""))[0])
    assert isinstance(error, BadTorrent)
    assert read_frame(answers) is None


METAINFO_HEAD: dict[str, Any] = {
    "info_hash": "a" * 40,
    "info_hash_v2": None,
    "name": "n",
    "piece_length": 1,
    "piece_count": 1,
    "private": False,
    "trackers": [],
    "web_seeds": [],
    "title": None,
    "licence": None,
    "comment": "c",
}
ONE_FILE = [MetainfoFile(0, "n", 1, 0, HiddenReason.PADDING)]


def test_metainfo_from_wire_when_well_formed_then_read() -> None:
    assert intake_wire.metainfo_from_wire(METAINFO_HEAD, ONE_FILE, b"").comment == "c"


@pytest.mark.parametrize(
    "wrong",
    [
        {"info_hash": "a" * 39},
        {"info_hash": "G" * 40},
        {"info_hash": 1},
        {"name": None},
        {"piece_length": -1},
        {"piece_length": 2**63},
        {"piece_length": True},
        {"piece_count": "1"},
        {"private": 1},
        {"trackers": "http://a/"},
        {"trackers": [1]},
        {"comment": 1},
    ],
)
def test_metainfo_from_wire_when_the_child_lies_about_types_then_wire_error(wrong: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        intake_wire.metainfo_from_wire(METAINFO_HEAD | wrong, ONE_FILE, b"")


def test_metainfo_from_wire_when_there_are_no_files_then_wire_error() -> None:
    with pytest.raises(WireError):
        intake_wire.metainfo_from_wire(METAINFO_HEAD, [], b"")


@pytest.mark.parametrize(
    "files",
    [
        1,
        [1],
        [[1, 2]],
        [[1, 1, None]],
        [[["a"], 1, None]],
        [["a", -1, None]],
        [["a", 1.0, None]],
        [["a", 1, "x"]],
    ],
)
def test_files_from_wire_when_the_child_lies_about_types_then_wire_error(files: Any) -> None:
    with pytest.raises(WireError):
        intake_wire.files_from_wire({"files": files}, [])


@pytest.mark.parametrize("peers", [[1], [[1]], [["a", "b"]], [[1, 2]]])
def test_magnet_from_wire_when_the_child_lies_about_types_then_wire_error(peers: Any) -> None:
    head = json.loads(json.dumps(intake_wire.magnet_to_wire(parse_magnet(LINK, PUBLIC))))
    assert intake_wire.magnet_from_wire(head) == parse_magnet(LINK, PUBLIC)
    with pytest.raises(WireError):
        intake_wire.magnet_from_wire(head | {"peers": peers})


def test_error_from_wire_when_of_another_tree_then_bad_torrent() -> None:
    assert type(intake_wire.error_from_wire({"error": "disk-full", "message": "m" * 900})) is BadTorrent
    assert type(intake_wire.error_from_wire({"error": "too-large", "message": "m"})) is TooLarge
