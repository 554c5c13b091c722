"""A torrent that the archive made, whose film shares its first and last piece with files that changed since."""

import json
from hashlib import md5, sha1
from pathlib import Path
from random import Random
from typing import Any

import libtorrent as lt
import pytest

from matinee.catalogue.providers import internet_archive
from matinee.catalogue.providers.internet_archive import InternetArchive
from matinee.types import FileIndex
from tests.swarm.parts import MatineeHere, make_torrent, matinee_here
from tests.swarm.test_kinds import web_server

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(60)]

PIECE_BYTES = 16 * 1024
FILM = Random(7).randbytes(20 * PIECE_BYTES)
BOOK, AFTER = "Item_meta.xml", "notes.txt"


def made_by_the_archive(root: Path, address: str) -> tuple[str, Path]:
    """Make an item and its torrent, as the archive writes them; then change what lies before and behind the film."""
    item = root / "download" / "Item"
    item.mkdir(parents=True)
    (item / BOOK).write_bytes(b"<old/>" * 800)
    (item / "film.mp4").write_bytes(FILM)
    (item / AFTER).write_bytes(b"old" * 900)
    _, path = make_torrent(item, root, piece_bytes=PIECE_BYTES, web_seed=f"{address}/download/")
    whole: Any = lt.bdecode(path.read_bytes())
    info = whole[b"info"]
    info[b"collections"] = [b"org.archive.Item"]
    for entry in info[b"files"]:
        data = item.joinpath(*map(bytes.decode, entry[b"path"])).read_bytes()
        entry[b"sha1"], entry[b"md5"] = sha1(data).hexdigest().encode(), md5(data).hexdigest().encode()
    path.write_bytes(lt.bencode(whole))
    (item / BOOK).write_bytes(b"<new/>" * 800)
    (item / AFTER).write_bytes(b"new" * 900)
    says_today(root)
    return sha1(lt.bencode(info)).hexdigest(), path


def says_today(root: Path, **film: str) -> None:
    """Write what the archive says of the item."""
    files = []
    for path in sorted((root / "download" / "Item").iterdir()):
        data = path.read_bytes()
        said = {
            "name": path.name,
            "source": "original",
            "size": str(len(data)),
            "sha1": sha1(data).hexdigest(),
        }
        files.append(said | (film if path.name == "film.mp4" else {}))
    (root / "metadata").mkdir(exist_ok=True)
    answer = {"metadata": {"identifier": "Item"}, "files": files}
    (root / "metadata" / "Item").write_text(json.dumps(answer))


async def added(running: MatineeHere, info_hash: str, metainfo: Path) -> int:
    """Add it, fetched from the archive alone; gives the film's index."""
    await running.add_file(metainfo)
    await running.client.patch(f"api/v1/torrents/{info_hash}", json={"sharing": "archive-only"})
    files = (await running.client.get(f"api/v1/torrents/{info_hash}")).json()["files"]
    return next(int(file["index"]) for file in files if file["path"].endswith("film.mp4"))


async def test_film_when_its_first_and_last_piece_are_spoilt_then_completed_from_the_archive_and_proved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "matinee.playback.healing")
    with web_server(tmp_path) as (address, asked):
        monkeypatch.setattr(internet_archive, "HOME", address)
        info_hash, metainfo = made_by_the_archive(tmp_path, address)
        async with matinee_here(tmp_path / "data") as running:
            index = await added(running, info_hash, metainfo)
            answer = await running.client.get(f"stream/{info_hash}/{index}")
            assert answer.content == FILM
            await running.mended()
            ranges = running.torrent(info_hash).ranges(FileIndex(index))
            view = await running.view(info_hash)
    assert ranges.spans == ((0, len(FILM)),)
    assert view["progress"]["bytes_done"] == len(FILM)
    assert [one.getMessage().split(" info_hash")[0] for one in caplog.records] == [
        "A part of a film came from the archive",
        "A part of a film came from the archive",
        "A mended film is proved by its own hash",
    ]
    assert asked.count("/metadata/Item") == 1


async def test_film_when_the_archive_says_that_it_is_another_then_not_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web_server(tmp_path) as (address, asked):
        monkeypatch.setattr(internet_archive, "HOME", address)
        info_hash, metainfo = made_by_the_archive(tmp_path, address)
        says_today(tmp_path, sha1="0" * 40)
        async with matinee_here(tmp_path / "data") as running:
            index = await added(running, info_hash, metainfo)
            good = f"bytes={PIECE_BYTES}-{3 * PIECE_BYTES - 1}"
            answer = await running.client.get(f"stream/{info_hash}/{index}", headers={"Range": good})
            assert answer.content == FILM[PIECE_BYTES : 3 * PIECE_BYTES]
            await running.mended()
            assert mended(running, info_hash) == ()
    assert "/metadata/Item" in asked


async def test_film_when_the_archive_gives_other_bytes_than_it_says_then_taken_back_once_all_is_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def lies(self: InternetArchive, name: str, path: str, start: int, stop: int, length: int) -> bytes:
        return bytes(stop - start)

    monkeypatch.setattr(InternetArchive, "part", lies)
    with web_server(tmp_path) as (address, _):
        monkeypatch.setattr(internet_archive, "HOME", address)
        info_hash, metainfo = made_by_the_archive(tmp_path, address)
        async with matinee_here(tmp_path / "data") as running:
            index = await added(running, info_hash, metainfo)
            await running.client.get(f"stream/{info_hash}/{index}")
            await running.mended()
            assert mended(running, info_hash) == ()
            assert (await running.view(info_hash))["progress"]["bytes_done"] < len(FILM)
    assert "What the archive gave of a film is wrong" in caplog.text


def mended(running: MatineeHere, info_hash: str) -> tuple[int, ...]:
    """Give the pieces that were mended."""
    film = running.torrent(info_hash).film
    assert film is not None
    return film.pieces.mends.pieces
