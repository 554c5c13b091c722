"""A torrent that the archive made, whose film shares its first and last piece with files that changed since."""

import json
import shutil
from hashlib import md5, sha1
from pathlib import Path
from random import Random
from typing import Any

import libtorrent as lt
import pytest

from matinee.catalogue.providers import internet_archive
from matinee.catalogue.providers.internet_archive import InternetArchive
from matinee.playback import healing
from matinee.types import FileIndex
from tests.swarm.parts import MatineeHere, aria2_seeding, make_torrent, matinee_here
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
    info_hash, path = torrent_of(item, root, f"{address}/download/")
    (item / BOOK).write_bytes(b"<new/>" * 800)
    (item / AFTER).write_bytes(b"new" * 900)
    says_today(root)
    return info_hash, path


def torrent_of(item: Path, folder: Path, web_seed: str = "") -> tuple[str, Path]:
    """Make an item's torrent, with the hash of each file."""
    _, path = make_torrent(item, folder, piece_bytes=PIECE_BYTES, web_seed=web_seed)
    whole: Any = lt.bdecode(path.read_bytes())
    info = whole[b"info"]
    info[b"collections"] = [b"org.archive.Item"]
    for entry in info[b"files"]:
        data = item.joinpath(*map(bytes.decode, entry[b"path"])).read_bytes()
        entry[b"sha1"], entry[b"md5"] = sha1(data).hexdigest().encode(), md5(data).hexdigest().encode()
    path.write_bytes(lt.bencode(whole))
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
    return film_at(await running.view(info_hash))


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
    monkeypatch.setattr(healing, "RENEW_AFTER_S", 0.1)
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
    monkeypatch.setattr(healing, "RENEW_AFTER_S", 0.1)
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


LONG = Random(8).randbytes(100 * PIECE_BYTES)
CHANGED_FROM = 80 * PIECE_BYTES
SEEN = 12 * PIECE_BYTES
SLOW_BYTES_PER_S = 150_000
"""Of a seed that goes away before it has given the film."""


async def test_film_when_the_archive_changed_it_and_its_last_seed_left_then_its_new_torrent_goes_on_with_what_is_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(healing, "RENEW_AFTER_S", 0.5)
    before = tmp_path / "seed" / "Item"
    before.mkdir(parents=True)
    for name, data in ((BOOK, b"<old/>" * 800), ("film.mp4", LONG), (AFTER, b"as ever" * 900)):
        (before / name).write_bytes(data)
    old, metainfo = torrent_of(before, before.parent)
    today = tmp_path / "download" / "Item"
    shutil.copytree(before, today)
    says_today(tmp_path)
    changed = LONG[:CHANGED_FROM] + bytes(reversed(LONG[CHANGED_FROM:]))
    with web_server(tmp_path) as (address, asked):
        monkeypatch.setattr(internet_archive, "HOME", address)
        async with matinee_here(tmp_path / "data") as running:
            with aria2_seeding(before, old, metainfo, tmp_path, SLOW_BYTES_PER_S) as seeded:
                await running.add_seeded(seeded)
                index = film_at(await running.view(old))
                head = {"Range": f"bytes=0-{SEEN - 1}"}
                answer = await running.client.get(f"stream/{old}/{index}", headers=head)
            assert answer.content == LONG[:SEEN]
            await running.mended()
            (today / "film.mp4").write_bytes(changed)
            (today / BOOK).write_bytes(b"<new/>" * 800)
            says_today(tmp_path)
            new, made_anew = torrent_of(today, tmp_path, f"{address}/download/")
            shutil.move(made_anew, today / "Item_archive.torrent")
            place = {"position_s": 60, "duration_s": 600, "file_index": index}
            left = await running.client.put(f"api/v1/progress/{old}", json=place)
            reader, writer = await running.connect(f"stream/{old}/{index}", f"Range: bytes={SEEN}-")
            await reader.readline()
            await running.mended()
            view = await running.until(new, lambda film: bool(film["files"]))
            writer.close()
            assert await running.whole(new, film_at(view)) == changed
            assert await running.fetched(new) <= len(changed) - SEEN + 4 * PIECE_BYTES
            assert view["rights"] == (await running.view(old))["rights"]
            again = await running.client.put(
                f"api/v1/progress/{new}", json={**place, "position_s": 90, "file_index": film_at(view)}
            )
            (kept,) = (await running.client.get("api/v1/progress")).json()["progress"]
    assert asked.count("/download/Item/Item_archive.torrent") == 1
    assert left.json()["title"] == again.json()["title"] == kept["title"] == old
    assert (kept["info_hash"], kept["position_s"]) == (new, 90)


def film_at(view: dict[str, Any]) -> int:
    """Give the film's index."""
    return next(int(file["index"]) for file in view["files"] if file["path"].endswith("film.mp4"))


def mended(running: MatineeHere, info_hash: str) -> tuple[int, ...]:
    """Give the pieces that were mended."""
    film = running.torrent(info_hash).film
    assert film is not None
    return film.pieces.mends.pieces
