"""Films of archives' items are remembered by item and hash, on both databases."""

from matinee.storage.database import Database
from matinee.storage.item_files import ItemFiles
from matinee.types import FileIndex, InfoHash

OLD, NEW, NEWER = InfoHash("a" * 40), InfoHash("b" * 40), InfoHash("c" * 40)
ONE, TWO = FileIndex(1), FileIndex(2)


async def test_first_when_another_torrent_has_the_same_film_then_is_the_one_that_had_it_before(
    database: Database,
) -> None:
    items = ItemFiles(database)
    assert await items.first(OLD, ONE) == (OLD, ONE)
    await items.keep(OLD, {ONE: "item/1", TWO: "item/2"})
    await items.keep(NEW, {TWO: "item/1", ONE: "item/3"})
    assert await items.first(NEW, TWO) == (OLD, ONE)
    assert await items.first(NEW, ONE) == (NEW, ONE)
    assert await items.first(OLD, TWO) == (OLD, TWO)


async def test_first_when_a_changed_film_follows_then_is_what_it_was_through_every_change(
    database: Database,
) -> None:
    items = ItemFiles(database)
    for info_hash, key in ((OLD, "item/1"), (NEW, "item/2"), (NEWER, "item/3")):
        await items.keep(info_hash, {ONE: key})
    await items.follow(NEW, {ONE: (OLD, ONE)})
    await items.follow(NEWER, {ONE: (NEW, ONE)})
    assert await items.first(NEWER, ONE) == (OLD, ONE)
    # The film itself, in yet another torrent, is what that was.
    await items.keep(InfoHash("d" * 40), {TWO: "item/3"})
    assert await items.first(InfoHash("d" * 40), TWO) == (OLD, ONE)
