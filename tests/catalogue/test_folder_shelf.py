"""The folder's films in the catalogue: they come and go with it, and what was taken in once is not taken in again."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from matinee.catalogue.folder_later import FolderLater
from matinee.catalogue.folder_shelf import KEY, TakenIn, keep
from matinee.catalogue.providers.torrent_folder import TorrentFolder
from matinee.catalogue.service import Catalogue
from matinee.catalogue.shelf import Shelf
from matinee.models.catalogue import TitleQuery
from matinee.storage.database import Database
from tests.catalogue.providers.test_torrent_folder import Reading, put
from tests.fakes.titles import LAW


@pytest.fixture
async def catalogue(tmp_path: Path) -> AsyncIterator[Catalogue]:
    database = Database.in_folder(tmp_path)
    await database.open()
    with ThreadPoolExecutor(1) as pool:
        made = Catalogue(database, LAW, lambda: Shelf((), "1"), pool)
        await made.settle()
        yield made
    await database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "torrents"
    made.mkdir()
    return made


async def found(catalogue: Catalogue) -> list[str]:
    return sorted(one.title for one in (await catalogue.find(TitleQuery())).titles)


class Changes:
    """Tells of a change when a test says so, and knows when it was seen to."""

    def __init__(self) -> None:
        self.told: asyncio.Queue[None] = asyncio.Queue()
        self.idle = asyncio.Event()

    async def stream(self) -> AsyncGenerator[None, None]:
        while True:
            if self.told.empty():
                self.idle.set()
            await self.told.get()
            yield

    async def tell(self) -> None:
        self.idle.clear()
        self.told.put_nowait(None)
        await self.idle.wait()


async def test_keep_when_the_folder_changes_then_so_does_the_catalogue(
    catalogue: Catalogue, folder: Path
) -> None:
    put(folder, "a.torrent", b"d moon")
    changes = Changes()
    keeping = asyncio.create_task(keep(TorrentFolder(folder, Reading()), catalogue, changes.stream()))
    async with asyncio.timeout(20):
        await changes.tell()
        assert await found(catalogue) == ["d moon"]
        put(folder, "b.torrent", b"d sun")
        await changes.tell()
        assert await found(catalogue) == ["d moon", "d sun"]
        (folder / "a.torrent").unlink()
        await changes.tell()
        assert await found(catalogue) == ["d sun"]
        (folder / "b.torrent").unlink()
        folder.rmdir()
        folder.write_bytes(b"no folder")
        await changes.tell()
        assert await found(catalogue) == ["d sun"]
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


async def _comes_to(catalogue: Catalogue, names: list[str]) -> None:
    async with asyncio.timeout(30):
        while await found(catalogue) != names:
            continue


async def test_folder_when_another_is_named_while_it_runs_then_the_catalogue_follows_that_one(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    for name in ("moon", "sun"):
        (tmp_path / name).mkdir()
        put(tmp_path / name, "one.torrent", f"d {name}".encode())
    later = FolderLater("", lambda path: TorrentFolder(path, Reading()), catalogue)
    assert later().about.features == frozenset()
    following = asyncio.create_task(later.follow())
    for name in ("moon", "sun"):
        await later.move(str(tmp_path / name))
        assert later().about.features
        await _comes_to(catalogue, [f"d {name}"])
    put(tmp_path / "sun", "two.torrent", b"d stars")
    await _comes_to(catalogue, ["d stars", "d sun"])
    await later.move("")
    await _comes_to(catalogue, [])
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


async def nobody(link: str) -> None:
    """No link is in the folder."""
    raise AssertionError(link)


async def test_folder_when_a_link_is_dropped_into_it_then_it_is_added_once_and_is_no_film_yet(
    catalogue: Catalogue, folder: Path
) -> None:
    links: list[str] = []

    async def add(data: bytes) -> None:
        raise AssertionError(data)

    async def add_link(link: str) -> None:
        links.append(link)

    put(folder, "moon.magnet", b"\xef\xbb\xbf  magnet:?xt=urn:btih:" + b"a" * 40 + b"\r\nand more\n")
    put(folder, "page.MAGNET", b"https://films.example/moon")
    put(folder, "long.magnet", b"magnet:?" + b"x" * 40_000)
    for _ in range(2):
        shown = TorrentFolder(folder, Reading(), TakenIn(catalogue, add, add_link))
        assert [(one.name, one.title) for one in await shown.scan()] == [
            ("moon.magnet", None),
            ("page.MAGNET", None),
        ]
    assert links == ["magnet:?xt=urn:btih:" + "a" * 40]


async def test_taken_in_when_it_was_before_then_not_again_unless_it_changed(catalogue: Catalogue) -> None:
    added: list[bytes] = []

    async def add(data: bytes) -> None:
        added.append(data)

    first = TakenIn(catalogue, add, nobody)
    await first("a.torrent", (4, 1), b"a")
    await first("a.torrent", (4, 1), b"a")
    again = TakenIn(catalogue, add, nobody)
    await again("a.torrent", (4, 1), b"a")
    await again("a.torrent", (5, 2), b"b")
    await again("b.torrent", (4, 1), b"c")
    assert added == [b"a", b"b", b"c"]


@pytest.mark.parametrize("kept", ["{", "[]", '{"a": 1}', '{"a": ["x", "y"]}'])
async def test_taken_in_when_what_is_kept_makes_no_sense_then_as_if_nothing_were(
    catalogue: Catalogue, kept: str
) -> None:
    added: list[bytes] = []

    async def add(data: bytes) -> None:
        added.append(data)

    await (await catalogue.store()).put_state(KEY, kept)
    await TakenIn(catalogue, add, nobody)("a.torrent", (4, 1), b"a")
    assert added == [b"a"]
