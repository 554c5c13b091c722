"""A folder of torrents: what each says of itself, what is read again, and everything that may lie there."""

import asyncio
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.catalogue.providers.torrent_folder import MOST_BYTES, Mark, TorrentFolder, title_of
from matinee.errors import BadTorrent, DiskFailed
from matinee.models.provider import Query, TorrentFacts
from matinee.models.rights import Licensed
from matinee.models.title import Kind, MagnetLink, Title

TODAY = date(2026, 11, 26)
BY = "https://creativecommons.org/licenses/by/4.0/"
MAGNET = "magnet:?xt=urn:btih:" + "a" * 40 + "&dn=moon"


def facts(**changes: object) -> TorrentFacts:
    whole = {
        "name": "moon.mp4",
        "title": "To the moon",
        "licence": "CC-BY-4.0",
        "comment": None,
        "length_bytes": 7,
        "magnet": MAGNET,
    }
    return TorrentFacts(**{**whole, **changes})  # type: ignore[arg-type] # of the fields' own kinds


def film(**changes: object) -> Title | None:
    return title_of(facts(**changes), "moon.torrent", 2024, TODAY)


def licence(title: Title | None) -> str | None:
    return (
        None
        if title is None
        else next((one.licence for one in title.evidence if isinstance(one, Licensed)), None)
    )


def test_title_of_when_a_licence_is_stated_then_a_film_with_its_magnet_link() -> None:
    title = film()
    assert title is not None
    assert (title.title, title.year, title.kind) == ("To the moon", 2024, Kind.FILM)
    assert title.releases[0].place == MagnetLink(MAGNET)
    (claim,) = title.evidence
    assert claim.by == "Whoever put it into the torrent moon.torrent: its maker, who is not named"
    assert claim.source == BY


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"licence": None, "comment": f"Moon. {BY}"}, "CC-BY-4.0"),
        ({"licence": BY}, "CC-BY-4.0"),
        ({"licence": None}, None),
        ({"licence": None, "comment": "CC BY 4.0"}, None),
        ({"licence": "public domain"}, None),
        ({"comment": "https://creativecommons.org/licenses/by-nd/4.0/"}, None),
        ({"title": "Moon (1902)"}, None),
        ({"title": "Moon (1902)", "licence": "CC0-1.0"}, "CC0-1.0"),
        ({"title": " ", "name": "\u202e"}, "CC-BY-4.0"),
    ],
)
def test_title_of_when_it_says_this_then_that_licence(changes: dict[str, object], wanted: str | None) -> None:
    assert licence(film(**changes)) == wanted


def test_title_of_when_its_comment_names_a_page_then_that_is_where_it_is_said() -> None:
    title = film(comment=f"Made by us. {BY} See https://films.example/moon.")
    assert title is not None
    assert title.evidence[0].source == "https://films.example/moon"
    named = film(title=None, name="Big film (2019).mkv")
    assert named is not None
    assert (named.title, named.year) == ("Big film", 2019)


@given(
    st.text(max_size=60) | st.none(),
    st.text(max_size=60) | st.none(),
    st.text(max_size=60),
    st.text(max_size=40),
)
def test_title_of_when_it_says_anything_then_a_title_that_keeps_its_promise_or_none(
    title: str | None, comment: str | None, name: str, file: str
) -> None:
    found = title_of(facts(title=title, comment=comment, name=name), file, 2024, TODAY)
    if found is not None:
        assert found.title
        assert found.evidence[0].source.startswith("https://")


class Reading:
    """Reads whatever lies there; the first byte says what it is."""

    def __init__(self) -> None:
        self.read: list[bytes] = []
        self.taken: list[tuple[str, Mark]] = []

    async def __call__(self, data: bytes) -> TorrentFacts:
        self.read.append(data)
        if data[:1] != b"d":
            raise BadTorrent("This torrent could not be read. Look for another release.")
        return facts(title=data.decode(), magnet=f"magnet:?xt=urn:btih:{data.hex():0<40}&dn=a")

    async def take(self, name: str, mark: Mark, data: bytes) -> None:
        self.taken.append((name, mark))


def put(folder: Path, name: str, data: bytes, changed_s: int = 1_700_000_000) -> None:
    (folder / name).write_bytes(data)
    os.utime(folder / name, (changed_s, changed_s))


async def names(of: TorrentFolder, words: str = "", kind: Kind | None = None) -> list[str]:
    async with asyncio.timeout(20):
        return [one.title async for page in of.search(Query(words=words, kind=kind)) for one in page]


async def test_search_when_torrents_lie_there_then_those_that_are_new_are_read_once(tmp_path: Path) -> None:
    reading = Reading()
    of = TorrentFolder(tmp_path, reading, reading.take, today=lambda: TODAY)
    assert await names(of) == []
    put(tmp_path, "b.torrent", b"d moon")
    put(tmp_path, "A.TORRENT", b"d sun")
    put(tmp_path, "bad.torrent", b"x")
    assert await names(of) == ["d sun", "d moon"]
    assert await names(of, "MOON") == ["d moon"]
    assert await names(of, "moon", Kind.SERIES) == []
    assert len(reading.read) == 3
    assert [name for name, _ in reading.taken] == ["A.TORRENT", "b.torrent"]
    put(tmp_path, "b.torrent", b"d other", 1_700_000_001)
    (tmp_path / "A.TORRENT").unlink()
    assert await names(of) == ["d other"]
    assert len(reading.read) == 4


async def test_scan_when_other_things_lie_there_then_they_are_not_opened(tmp_path: Path) -> None:
    folder, reading = tmp_path / "torrents", Reading()
    of = TorrentFolder(folder, reading)
    assert await of.scan() == []
    folder.mkdir()
    put(tmp_path, "secret", b"d secret")
    (folder / "link.torrent").symlink_to(tmp_path / "secret")
    (folder / "folder.torrent").mkdir()
    os.mkfifo(folder / "pipe.torrent")
    put(folder, "empty.torrent", b"")
    put(folder, ".hidden.torrent", b"d")
    put(folder, "film.mp4", b"d")
    with (folder / "large.torrent").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert await of.scan() == []
    assert reading.read == []


async def test_scan_when_the_folder_is_a_file_then_a_clear_error(tmp_path: Path) -> None:
    put(tmp_path, "file", b"")
    with pytest.raises(DiskFailed, match="torrents_dir"):
        await TorrentFolder(tmp_path / "file", Reading()).scan()


async def test_scan_when_two_look_at_once_then_each_file_is_read_once(tmp_path: Path) -> None:
    put(tmp_path, "a.torrent", b"d")
    reading = Reading()
    of = TorrentFolder(tmp_path, reading)
    first, second = await asyncio.gather(of.scan(), of.scan())
    assert (first, len(reading.read)) == (second, 1)


def test_about_when_asked_then_nobody_sees_anything() -> None:
    about = TorrentFolder(Path(), Reading()).about
    assert (about.asks, about.home) == ((), "")
