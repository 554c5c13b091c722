"""Values as JSON."""

import json
from dataclasses import replace

from matinee.events import BufferChanged, TorrentGone
from matinee.models.torrent import FileEntry, Progress, Ranges, State, TorrentView, Trouble
from matinee.types import FileIndex, InfoHash
from matinee.web import schemas
from matinee.web.signatures import Signer
from matinee.web.wire import Wire
from tests.fakes.films import make_view
from tests.web.conftest import Clock

HASH = InfoHash("a" * 40)


def _view(count: int) -> TorrentView:
    files = tuple(
        FileEntry(FileIndex(index), f"{index}.mp4", 1, index, "video/mp4") for index in range(count)
    )
    return make_view(HASH, files, None)


def test_torrent_without_metadata_is_whole() -> None:
    view = replace(
        _view(0),
        state=State.FETCHING_METADATA,
        trouble=Trouble("waiting", "Nobody."),
        progress=Progress(0, 0),
    )
    torrent = schemas.Torrent.model_validate_json(Wire(Signer(b"k" * 32)).torrent(view), strict=True)
    assert torrent.files == []
    assert torrent.progress.fraction == 0.0
    assert torrent.trouble is not None


def test_events_are_as_they_are_described() -> None:
    wire = Wire(Signer(b"k" * 32))
    buffer = wire.event(BufferChanged(HASH, FileIndex(0), Ranges(10, ((0, 5),)), "Nobody sends it."))
    gone = wire.event(TorrentGone(HASH))
    assert (buffer[0], gone[0]) == ("buffer", "gone")
    assert schemas.BufferEvent.model_validate_json(buffer[1]).spans == [(0, 5)]
    assert schemas.GoneEvent.model_validate_json(gone[1]).info_hash == HASH


def test_files_are_written_anew_when_they_change_or_the_hour_does() -> None:
    clock = Clock()
    wire = Wire(Signer(b"k" * 32, clock))
    first = json.loads(wire.torrent(_view(2)))["files"]
    assert json.loads(wire.torrent(_view(2)))["files"] == first
    assert len(json.loads(wire.torrent(_view(3)))["files"]) == 3
    clock.now += 3601
    later = json.loads(wire.torrent(_view(2)))["files"]
    assert later[0]["stream_url"] != first[0]["stream_url"]


def test_hostile_text_stays_text() -> None:
    name = "</script>\n\r\u2028\ud800\x00"
    text = Wire(Signer(b"k" * 32)).torrent(replace(_view(1), name=name))
    assert "\n" not in text
    assert text.isascii()
    assert json.loads(text)["name"] == name


def test_only_so_many_torrents_are_remembered() -> None:
    wire = Wire(Signer(b"k" * 32))
    for number in range(100):
        wire.torrent(replace(_view(1), info_hash=InfoHash(f"{number:040x}")))
    assert len(wire._files) == 64
