"""The library in either database: what is remembered, told, and forgotten."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, update

from matinee.errors import BadRequest, Conflict, ProfileNotFound, Refused
from matinee.events import Bus, LibraryChanged, Subscription
from matinee.library import store
from matinee.library.document import read
from matinee.library.lock import FREE_TRIES, Lock
from matinee.library.service import Library
from matinee.models.library import FIRST, Kind, Progress, Rating, Seen, Taken, Taste, Thumb, Wish, Work
from matinee.storage.database import Database
from matinee.storage.tables import library as table
from matinee.types import ProfileId
from tests.library.made import FILM

EVENING_MS = 1_795_000_000_000
HALFWAY = Seen(3000.0, 6000.0, name="A film")
THE_END = Seen(5900.0, 6000.0)


class House:
    """A library, its database, and a clock that moves when told to."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.bus = Bus()
        self.now_ms = EVENING_MS
        self.library = Library(database, self.bus, lambda: self.now_ms)

    async def keys(self, kind: Kind, profile: ProfileId = FIRST) -> list[str]:
        return [one.key for one in await self.library.records(profile, kind, 100)]


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    database = Database(database_url)
    await database.open()
    yield House(database)
    await database.close()


async def _told(subscription: Subscription, count: int) -> list[tuple[str, str, str]]:
    async with asyncio.timeout(60):
        events = [await subscription.next() for _ in range(count)]
    return [(one.profile, one.kind, one.key) for one in events if isinstance(one, LibraryChanged)]


async def test_first_profile_is_there_without_anybody_having_made_it(house: House) -> None:
    (home,) = await house.library.profiles()
    assert (home.id, home.name, home.child, home.keeps_history) == (FIRST, "", False, True)
    with pytest.raises(Conflict):
        await house.library.remove_profile(FIRST)
    with pytest.raises(Conflict):
        await house.library.change_profile(FIRST, child=True)


async def test_who_asks_before_the_database_is_open_waits_for_it(database_url: str) -> None:
    database = Database(database_url)
    asking = asyncio.ensure_future(Library(database, Bus()).profiles())
    await asyncio.sleep(0)
    await database.open()
    async with asyncio.timeout(30):
        assert len(await asking) == 1
    await database.close()


async def test_profile_is_made_changed_and_forgotten_with_all_its_records(house: House) -> None:
    with house.bus.subscribe() as news:
        zoe = await house.library.add_profile("  Zoé\u202e ", "leaf", child=True)
        assert (zoe.name, zoe.child) == ("Zoé", True)
        await house.library.see(zoe.id, FILM, HALFWAY)
        zoe = await house.library.change_profile(zoe.id, name="Zoé B.", colour="sea", child=False)
        assert (await house.library.profiles())[1] == zoe
        await house.library.remove_profile(zoe.id)
        kinds = {kind for _, kind, _ in await _told(news, 3)}
    assert kinds == {"profiles", "progress", "history"}
    for work in (house.keys(Kind.PROGRESS, zoe.id), house.library.remove_profile(zoe.id)):
        with pytest.raises(ProfileNotFound):
            await work
    assert await house.database.read(lambda connection: connection.execute(table.select()).all()) == []
    with pytest.raises(BadRequest):
        await house.library.add_profile("\u200b ", "leaf", child=False)


async def test_profiles_are_no_more_than_there_is_room_for(house: House) -> None:
    for number in range(19):
        await house.library.add_profile(f"P{number}", "sea", child=False)
    with pytest.raises(Conflict):
        await house.library.add_profile("One more", "sea", child=False)


async def test_film_that_is_watched_then_is_remembered_told_and_seen_at_its_end(house: House) -> None:
    with house.bus.subscribe() as news:
        half = await house.library.see(FIRST, FILM, HALFWAY)
        assert (half.position_s, half.watched, half.name) == (3000.0, False, "A film")
        house.now_ms += 5000
        end = await house.library.see(FIRST, FILM, THE_END)
        told = await _told(news, 2)
    assert (end.watched, end.name) == (True, "A film")
    assert [kind for _, kind, _ in told] == ["progress", "history"]
    house.now_ms += 5000
    again = await house.library.see(FIRST, FILM, Seen(100.0, 6000.0))
    assert (again.watched, again.position_s) == (True, 100.0)
    assert await house.library.records(FIRST, Kind.PROGRESS, 10) == [again]


async def test_mark_that_somebody_sets_or_takes_away_begins_anew_and_is_no_viewing(house: House) -> None:
    await house.library.see(FIRST, FILM, HALFWAY)
    seen = await house.library.see(FIRST, FILM, Seen(None, None, watched=True))
    unseen = await house.library.see(FIRST, FILM, Seen(None, None, watched=False))
    assert [(one.watched, one.position_s, one.duration_s) for one in (seen, unseen)] == [
        (True, 0.0, 6000.0),
        (False, 0.0, 6000.0),
    ]
    await house.library.see(FIRST, Work("b-1950"), Seen(None, None, watched=True))
    assert len(await house.keys(Kind.HISTORY)) == 1


async def test_history_has_one_line_for_an_evening_and_none_where_none_is_kept(house: House) -> None:
    await house.library.see(FIRST, FILM, HALFWAY)
    house.now_ms += 60_000
    await house.library.see(FIRST, FILM, THE_END)
    house.now_ms += 24 * 3600_000
    await house.library.see(FIRST, FILM, HALFWAY)
    days = await house.keys(Kind.HISTORY)
    assert len(days) == 2
    await house.library.forget(FIRST, Kind.HISTORY, [days[0]])
    assert await house.keys(Kind.HISTORY) == [days[1]]
    await house.library.change_profile(FIRST, keeps_history=False)
    assert await house.keys(Kind.HISTORY) == []
    await house.library.see(FIRST, FILM, HALFWAY)
    assert (await house.keys(Kind.HISTORY), await house.keys(Kind.PROGRESS)) == ([], [FILM.key])


async def test_lists_and_tastes_are_kept_by_profile(house: House) -> None:
    zoe = await house.library.add_profile("Zoé", "leaf", child=False)
    library = house.library
    await library.put(FIRST, Kind.WATCHLIST, "x", lambda now, _: Wish(title="x", name="X", changed_ms=now))
    up = Rating(title="x", thumb=Thumb.UP, name="", changed_ms=1)
    down = replace(up, thumb=Thumb.DOWN)
    await library.put(FIRST, Kind.RATING, "x", lambda now, _: up)
    await library.put(FIRST, Kind.RATING, "x", lambda now, _: down)
    await library.put(
        zoe.id, Kind.TASTE, "a b", lambda now, _: Taste(series="a b", audio="fr", changed_ms=now)
    )
    assert await house.keys(Kind.WATCHLIST) == ["x"]
    assert await library.records(FIRST, Kind.RATING, 5) == [down]
    assert (await house.keys(Kind.TASTE), await house.keys(Kind.TASTE, zoe.id)) == ([], ["a b"])
    await library.forget(FIRST, Kind.RATING)
    await library.forget(FIRST, Kind.RATING, ["never-there"])
    assert await house.keys(Kind.RATING) == []


async def test_oldest_go_when_there_are_too_many(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(store.MOST, Kind.PROGRESS, 3)
    for number in range(5):
        house.now_ms += 1
        await house.library.see(FIRST, Work(f"film-{number}"), HALFWAY)
    assert await house.keys(Kind.PROGRESS) == ["film-4", "film-3", "film-2"]


async def test_damaged_record_hides_no_other(house: House) -> None:
    await house.library.see(FIRST, FILM, HALFWAY)
    await house.library.see(FIRST, Work("b-1950"), HALFWAY)

    def damage(connection: Connection) -> None:
        connection.execute(update(table).where(table.c.key == FILM.key).values(value='{"title": 3'))

    await house.database.run(damage)
    assert await house.keys(Kind.PROGRESS) == ["b-1950"]


async def _library(house: House) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(await house.library.export()))
    return found


async def test_library_that_is_exported_and_brought_in_elsewhere_is_the_same(house: House) -> None:
    await house.library.add_profile("Zoé", "leaf", child=True)
    await house.library.see(FIRST, FILM, HALFWAY)
    await house.library.put(
        FIRST, Kind.WATCHLIST, "x", lambda now, _: Wish(title="x", name="X", changed_ms=now)
    )
    whole = await _library(house)
    coming = read(json.dumps(whole).encode(), house.now_ms)
    assert await house.library.take(coming) == Taken(0, 0, 0, 3)
    zoe = (await house.library.profiles())[1]
    await house.library.remove_profile(zoe.id)
    await house.library.forget(FIRST, Kind.WATCHLIST)
    assert await house.library.take(coming) == Taken(1, 1, 0, 2)
    assert await _library(house) == whole


async def test_import_keeps_what_is_newer_here_and_gives_no_history_to_whoever_keeps_none(
    house: House,
) -> None:
    await house.library.see(FIRST, FILM, HALFWAY)
    coming = read(json.dumps(await _library(house)).encode(), house.now_ms)
    house.now_ms += 1000
    newer = await house.library.see(FIRST, FILM, Seen(4000.0, 6000.0))
    await house.library.change_profile(FIRST, keeps_history=False)
    with house.bus.subscribe() as news:
        assert await house.library.take(coming) == Taken(0, 0, 0, 2)
        assert ("home", "*", "*") in await _told(news, 2)
    assert await house.library.records(FIRST, Kind.PROGRESS, 5) == [newer]
    assert await house.keys(Kind.HISTORY) == []


async def test_import_that_does_not_fit_takes_nothing(house: House) -> None:
    coming = read(json.dumps(await _library(house)).encode(), house.now_ms)
    many = [
        coming[0].__class__(
            coming[0].profile.__class__(ProfileId(f"p{n}"), "P", "sea", False, True, 1), coming[0].records
        )
        for n in range(20)
    ]
    with pytest.raises(Conflict):
        await house.library.take(many)
    assert len(await house.library.profiles()) == 1


async def test_lock_lets_out_who_knows_the_number_and_slows_who_guesses(house: House) -> None:
    seconds = [0.0]
    lock = Lock(house.database, lambda: None, lambda: seconds[0])
    await lock.open("anything")
    for wrong in ("123", "12345678901", "12a4", "١٢٣٤"):
        with pytest.raises(BadRequest):
            await lock.set(wrong, None)
    await lock.set("1234", None)
    assert await lock.is_set()
    await lock.open("1234")
    for _ in range(FREE_TRIES):
        with pytest.raises(Refused, match="not the number"):
            await lock.open("4321")
    with pytest.raises(Refused, match="Try again in 15 seconds"):
        await lock.open("1234")
    seconds[0] = 16.0
    with pytest.raises(Refused, match="not the number"):
        await lock.set("9999", "0000")
    seconds[0] = 100.0
    await lock.set("5678", "1234")
    await lock.set(None, None, is_owner=True)
    assert not await lock.is_set()


async def test_everything_of_one_profile_can_be_forgotten(house: House) -> None:
    zoe = await house.library.add_profile("Zoé", "leaf", child=True)
    for profile in (FIRST, zoe.id):
        await house.library.see(profile, FILM, HALFWAY)
    await house.library.clear(zoe.id)
    assert (await house.keys(Kind.HISTORY, zoe.id), await house.keys(Kind.HISTORY) == []) == ([], False)
    assert len(await house.library.profiles()) == 2


async def test_progress_of_one_profile_is_not_anothers(house: House) -> None:
    zoe = await house.library.add_profile("Zoé", "leaf", child=True)
    await house.library.see(zoe.id, FILM, HALFWAY)
    assert await house.library.records(FIRST, Kind.PROGRESS, 5) == []
    (mine,) = await house.library.records(zoe.id, Kind.PROGRESS, 5)
    assert isinstance(mine, Progress)
