"""Torrents of the user's own files, with the licence they stated."""

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import libtorrent as lt
import pytest

from matinee.errors import BadRights, BadSource, DiskFailed, MatineeError, TooLarge
from matinee.models.licences import LICENCES, find_licence
from matinee.outside.addresses import AddressPolicy
from matinee.torrent import publish as publish_module
from matinee.torrent.info import MAX_PIECE_BYTES, MIN_PIECE_BYTES
from matinee.torrent.magnet import parse_magnet
from matinee.torrent.metainfo import read_metainfo
from matinee.torrent.publish import (
    AIM_PIECES,
    Publication,
    Published,
    Report,
    piece_length_for,
    publish_blocking,
    stoppable,
)

PUBLIC = AddressPolicy()


def publish(publication: Publication, report: Report | None = None) -> Published:
    """Publish where trackers and web seeds must be public."""
    return publish_blocking(publication, PUBLIC, report, threading.Event())


def all_verified(published: Published) -> bool:
    """Let libtorrent check the files where they lie against the torrent."""
    session = lt.session({"listen_interfaces": "", "enable_dht": False, "enable_lsd": False, "alert_mask": 0})
    params = lt.load_torrent_buffer(published.metainfo)
    params.save_path = str(published.folder)
    handle = session.add_torrent(params)
    session.apply_settings({"alert_mask": int(lt.alert.category_t.status_notification)})
    seen: list[str] = []
    while "torrent_checked_alert" not in seen:
        assert session.wait_for_alert(10_000)
        seen += [type(alert).__name__ for alert in session.pop_alerts()]
    return handle.status().is_seeding


def test_publish_when_a_film_then_everybody_can_read_the_torrent(own_film: Path) -> None:
    steps: list[tuple[int, int]] = []
    published = publish(
        Publication(
            own_film,
            "cc-by-sa-4.0",
            title="Nosferatu",
            web_seeds=("https://archive.example/Nosferatu.mkv",),
            trackers=("udp://tracker.example:80",),
        ),
        lambda done, count: steps.append((done, count)),
    )
    description = published.description
    assert description == read_metainfo(published.metainfo, PUBLIC)
    assert (description.title, description.licence) == ("Nosferatu", "CC-BY-SA-4.0")
    assert description.comment == (
        "Nosferatu. Creative Commons Attribution-ShareAlike 4.0: https://creativecommons.org/licenses/by-sa/4.0/"
    )
    assert [(file.path, file.length) for file in description.files] == [(own_film.name, 700_000)]
    assert description.info_hash is not None
    assert description.info_hash_v2 is None
    assert description.trackers == ("udp://tracker.example:80",)
    assert description.web_seeds == ("https://archive.example/Nosferatu.mkv",)
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert parse_magnet(published.magnet.render(), PUBLIC) == published.magnet
    assert published.magnet.identity == description.identity
    assert all_verified(published)


def test_publish_when_a_folder_then_its_regular_files_in_order_and_no_links(tmp_path: Path) -> None:
    folder = tmp_path / "Films"
    (folder / "b").mkdir(parents=True)
    (folder / ".cache").mkdir()
    (folder / "a.mkv").write_bytes(b"a" * 300_000)
    (folder / "b" / "é.srt").write_bytes(b"1\n")
    (folder / "empty.txt").touch()
    (folder / ".hidden").write_bytes(b"x")
    (folder / ".cache" / "x").write_bytes(b"x")
    (folder / "link.mkv").symlink_to("/etc/passwd")
    (folder / "etc").symlink_to("/etc")
    os.mkfifo(folder / "pipe")
    published = publish(Publication(folder, "CC0-1.0"))
    shown = [file.path for file in published.description.files if file.hidden is None]
    assert shown == ["Films/a.mkv", "Films/b/é.srt", "Films/empty.txt"]
    assert published.description.title == "Films"
    assert all_verified(published)


def test_publish_when_the_path_is_a_link_then_what_it_points_to(own_film: Path) -> None:
    link = own_film.parent / "link.mkv"
    link.symlink_to(own_film)
    published = publish(Publication(link, "CC0-1.0"))
    assert published.description.name == own_film.name


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"licence": "all rights reserved"}, BadRights),
        ({"licence": ""}, BadRights),
        ({"path": Path("/nonexistent/film.mkv")}, BadSource),
        ({"path": Path("/dev/null")}, BadSource),
        ({"trackers": ("http://127.0.0.1/announce",)}, BadSource),
        ({"web_seeds": ("ftp://archive.example/",)}, BadSource),
    ],
)
def test_publish_when_it_may_not_be_then_a_clear_error(
    own_film: Path, change: dict[str, object], kind: type[MatineeError]
) -> None:
    fields: dict[str, object] = {"path": own_film, "licence": "CC0-1.0"} | change
    with pytest.raises(kind) as error:
        publish(Publication(**fields))  # type: ignore[arg-type] # the fields vary by case
    assert error.value.message.endswith((".", "..."))


def test_publish_when_there_is_no_content_then_bad_source(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(BadSource, match="no file with content"):
        publish(Publication(tmp_path, "CC0-1.0"))


def test_publish_when_too_many_files_then_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "b").write_bytes(b"b")
    monkeypatch.setattr(publish_module, "MAX_PUBLISHED_FILES", 1)
    with pytest.raises(TooLarge, match="more than 1 files"):
        publish(Publication(tmp_path, "CC0-1.0"))


def test_publish_when_the_list_is_too_long_then_too_large(
    own_film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish_module, "MAX_METAINFO_BYTES", 100)
    with pytest.raises(TooLarge, match="several parts"):
        publish(Publication(own_film, "CC0-1.0"))


def test_publish_when_a_name_is_no_utf8_then_disk_failed(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff.mkv")).write_bytes(b"x")
    with pytest.raises(DiskFailed):
        publish(Publication(tmp_path, "CC0-1.0"))


def test_publish_when_a_file_vanishes_then_disk_failed(
    own_film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish_module, "entries", lambda path: [("gone.mkv", 5)])
    with pytest.raises(DiskFailed):
        publish(Publication(own_film, "CC0-1.0"))


async def test_publish_when_cancelled_then_the_hashing_stops(
    own_film: Path, pool: ThreadPoolExecutor
) -> None:
    hashing, go_on = threading.Event(), threading.Event()
    steps: list[int] = []

    def report(done: int, count: int) -> None:
        steps.append(done)
        hashing.set()
        go_on.wait(30)

    job = asyncio.create_task(
        stoppable(pool, lambda stop: publish_blocking(Publication(own_film, "CC0-1.0"), PUBLIC, report, stop))
    )
    await asyncio.to_thread(hashing.wait, 30)
    job.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert steps == [1]


@pytest.mark.parametrize("length", [1, 10**6, 7 * 10**8, 4 * 10**9, 10**11, 10**12])
def test_piece_length_for_when_a_film_grows_then_pieces_stay_few_or_at_the_limit(length: int) -> None:
    piece = piece_length_for(length)
    assert piece & (piece - 1) == 0
    assert MIN_PIECE_BYTES <= piece <= MAX_PIECE_BYTES
    assert length <= piece * AIM_PIECES or piece == publish_module.MAX_PIECE_BYTES


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CC-BY-4.0", "CC-BY-4.0"),
        (" cc-by-nc-nd-1.0 ", "CC-BY-NC-ND-1.0"),
        ("https://creativecommons.org/licenses/by-nd-nc/1.0/", "CC-BY-NC-ND-1.0"),
        ("http://www.creativecommons.org/licenses/by/3.0", "CC-BY-3.0"),
        ("CC0", "CC0-1.0"),
        ("PDM", "CC-PDM-1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "CC-PDM-1.0"),
        ("LAL-1.3", "LAL-1.3"),
    ],
)
def test_find_licence_when_known_by_identifier_or_address_then_found(text: str, found: str) -> None:
    licence = find_licence(text)
    assert licence is LICENCES[found]
    assert licence.url.startswith("https://")


@pytest.mark.parametrize("text", ["", "CC", "CC-BY-9.0", "MIT", "https://creativecommons.org/"])
def test_find_licence_when_unknown_then_none(text: str) -> None:
    assert find_licence(text) is None
