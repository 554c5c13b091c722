"""Values as JSON."""

import asyncio
import json
from dataclasses import replace

import pytest

from matinee.events import BufferChanged, TorrentChanged, TorrentGone
from matinee.models.torrent import FileEntry, Progress, Ranges, State, TorrentView, Trouble
from matinee.types import FileIndex, InfoHash
from matinee.web import schemas
from matinee.web import wire as wire_of_the_page
from matinee.web.signatures import Signer
from matinee.web.wire import LONG_LIST, Told, Wire
from tests.fakes.films import make_view
from tests.web.conftest import Clock

HASH = InfoHash("a" * 40)


def _view(count: int) -> TorrentView:
    files = tuple(
        FileEntry(FileIndex(index), f"{index}.mp4", 1, index, "video/mp4") for index in range(count)
    )
    return make_view(HASH, files, None)


async def written(wire: Wire, view: TorrentView) -> bytes:
    """Give a torrent as it is written, whole."""
    return b"".join(await wire.torrent(view))


async def test_torrent_without_metadata_is_whole() -> None:
    view = replace(
        _view(0),
        state=State.FETCHING_METADATA,
        trouble=Trouble("waiting", "Nobody."),
        progress=Progress(0, 0),
    )
    torrent = schemas.Torrent.model_validate_json(await written(Wire(Signer(b"k" * 32)), view), strict=True)
    assert torrent.files == []
    assert torrent.progress.fraction == 0.0
    assert torrent.trouble is not None


async def test_events_are_as_they_are_described() -> None:
    wire = Wire(Signer(b"k" * 32))
    buffer = await wire.event(
        BufferChanged(HASH, FileIndex(0), Ranges(10, ((0, 5),)), "Nobody sends it."), {}
    )
    gone = await wire.event(TorrentGone(HASH), {})
    assert (buffer[0], gone[0]) == ("buffer", "gone")
    assert schemas.BufferEvent.model_validate_json(*buffer[1]).spans == [(0, 5)]
    assert schemas.GoneEvent.model_validate_json(*gone[1]).info_hash == HASH


async def test_files_are_written_anew_when_they_change_or_the_hour_does() -> None:
    clock = Clock()
    wire = Wire(Signer(b"k" * 32, clock))
    first = json.loads(await written(wire, _view(2)))["files"]
    assert json.loads(await written(wire, _view(2)))["files"] == first
    assert len(json.loads(await written(wire, _view(3)))["files"]) == 3
    clock.now += 3601
    later = json.loads(await written(wire, _view(2)))["files"]
    assert later[0]["stream_url"] != first[0]["stream_url"]


async def test_hostile_text_stays_text() -> None:
    name = "</script>\n\r\u2028\ud800\x00"
    text = await written(Wire(Signer(b"k" * 32)), replace(_view(1), name=name))
    assert b"\n" not in text
    assert text.isascii()
    assert json.loads(text)["name"] == name


async def test_only_so_many_torrents_are_remembered() -> None:
    wire = Wire(Signer(b"k" * 32))
    for number in range(100):
        await wire.torrent(replace(_view(1), info_hash=InfoHash(f"{number:040x}")))
    assert len(wire._files) == 64


async def _files_told(wire: Wire, view: TorrentView, told: Told) -> int:
    """Tell a listener of a torrent; give how many files it was told, -1 where they were left out."""
    name, data = await wire.event(TorrentChanged(view), told)
    assert name == "torrent"
    event = schemas.TorrentEvent.model_validate_json(b"".join(data), strict=True)
    return -1 if event.files is None else len(event.files)


async def test_event_is_written_once_for_all_who_listen_and_anew_when_it_is_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wire, written_heads = Wire(Signer(b"k" * 32)), []
    head = wire_of_the_page._head

    def noted(view: TorrentView) -> dict[str, object]:
        written_heads.append(view.progress.bytes_done)
        return head(view)

    monkeypatch.setattr(wire_of_the_page, "_head", noted)
    first, second = (TorrentChanged(replace(_view(1), progress=Progress(here, 9))) for here in (1, 2))
    told = [await wire.event(event, {}) for event in (first, second, first, second, first)]
    assert written_heads == [1, 2]
    assert told[0] == told[2] == told[4] != told[1] == told[3]
    others = [TorrentGone(InfoHash(f"{number:040x}")) for number in range(100)]
    assert [json.loads(*(await wire.event(one, {}))[1])["info_hash"] for one in others] == [
        one.info_hash for one in others
    ]
    assert len(wire._written) < 20


async def test_short_list_of_files_is_told_with_every_event() -> None:
    wire, told = Wire(Signer(b"k" * 32)), Told()
    assert [await _files_told(wire, _view(LONG_LIST), told) for _ in range(2)] == [LONG_LIST] * 2


async def test_long_list_of_files_is_told_once_to_each_listener_until_it_changes() -> None:
    clock = Clock()
    wire, many = Wire(Signer(b"k" * 32, clock)), _view(LONG_LIST + 1)
    first, second = Told(), Told()
    assert [await _files_told(wire, many, first) for _ in range(3)] == [LONG_LIST + 1, -1, -1]
    assert [await _files_told(wire, many, second) for _ in range(2)] == [LONG_LIST + 1, -1]
    assert await _files_told(wire, _view(LONG_LIST + 2), first) == LONG_LIST + 2
    clock.now += 3601
    assert [await _files_told(wire, many, second) for _ in range(2)] == [LONG_LIST + 1, -1]
    await wire.event(TorrentGone(HASH), second)
    assert await _files_told(wire, many, second) == LONG_LIST + 1


async def test_long_list_of_files_is_written_once_with_turns_for_others() -> None:
    wire, many = Wire(Signer(b"k" * 32)), _view(LONG_LIST)
    writing = asyncio.gather(wire.torrent(many), wire.torrent(many))
    turns = 0
    while not writing.done():
        turns += 1
        await asyncio.sleep(0)
    first, second = await writing
    assert first == second
    assert max(map(len, first)) < 100_000
    assert turns > LONG_LIST // 250
    assert len(json.loads(b"".join(first))["files"]) == LONG_LIST
