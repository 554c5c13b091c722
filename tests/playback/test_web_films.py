"""Films on the web without a torrent: read while they come, proved when whole, made the same torrent by all."""

import asyncio
import hashlib
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Gate

import pytest

from matinee.errors import (
    BadSource,
    CapReached,
    DiskFull,
    FileNotFound,
    PieceTimeout,
    SourceLimited,
    TorrentRemoved,
)
from matinee.events import BufferChanged, Event, TorrentChanged, TorrentGone
from matinee.models.rights import Basis, Rights
from matinee.models.title import WebFilm
from matinee.models.torrent import Sharing, State, TorrentChange, TorrentView
from matinee.outside.addresses import AddressPolicy
from matinee.outside.fetch import Fetcher
from matinee.playback import arriving, web_films
from matinee.playback.web_film import WebFilmHere
from matinee.playback.web_films import WebFilms
from matinee.ports import NotHere, Stream
from matinee.storage.database import Database
from matinee.storage.receipts import Count, ReceiptStore
from matinee.torrent.publish import Publication
from matinee.torrent.publisher import Publisher
from matinee.types import FileIndex, InfoHash
from tests.catalogue.providers.services import FAULTS
from tests.fakes.films import FakeFilms
from tests.playback.film_host import FilmHost, film_host

FILM = bytes(range(256)) * 10_000
SHA1 = hashlib.sha1(FILM).hexdigest()
RIGHTS = Rights(Basis.LICENCE, "CC-BY-4.0", "2026-11-26T12:00:00Z")
BECAME = "c" * 40
HELD = 300_000
"""Bytes of a connection that is held."""


@pytest.fixture(autouse=True)
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "FIRST_REST_S", 0.01)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as made:
        yield made


@dataclass
class Room:
    """Where films come from the web, and what came of them."""

    films: WebFilms
    host: FilmHost
    folder: Path
    told: list[Event] = field(default_factory=list)
    settled: list[tuple[str, bytes]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    torrents: FakeFilms = field(default_factory=FakeFilms)

    def tell(self, event: Event) -> None:
        self.told.append(event)
        self.news.set()

    async def settle(self, here: WebFilmHere) -> tuple[TorrentView, Stream]:
        data = await asyncio.to_thread(here.arriving.path.read_bytes)
        self.settled.append((here.arriving.path.name, data))
        made = self.torrents.put(BECAME, {"film.mp4": data})
        return made.view, made.streams[FileIndex(0)]

    async def add(
        self, name: str = "To%20the%20moon.webm", sha1: str | None = SHA1
    ) -> tuple[WebFilmHere, bool]:
        film = WebFilm(f"{self.host.address}/a/{name}", sha1)
        async with asyncio.timeout(20):
            return await self.films.add(film, "To the moon", RIGHTS, self.settle)

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not is_so():
                self.news.clear()
                await self.news.wait()

    async def cleared(self, film: WebFilmHere) -> None:
        """Wait until nothing is left of what was fetched."""
        assert film.task is not None
        await asyncio.wait({film.task}, timeout=20)
        assert self.left() == []

    def left(self) -> list[Path]:
        return list((self.folder / ".web").iterdir())


@asynccontextmanager
async def room(
    folder: Path,
    pool: ThreadPoolExecutor,
    *,
    reserve_bytes: int = 0,
    patience_s: float = 20.0,
    receipts: ReceiptStore | None = None,
) -> AsyncIterator[Room]:
    fetcher = Fetcher(AddressPolicy(allow_private=True), timeout_s=10.0)
    async with film_host(FILM) as host:

        def tell(event: Event) -> None:
            made.tell(event)

        films = WebFilms(
            fetcher, folder / ".web", reserve_bytes, pool, tell, patience_s=patience_s, receipts=receipts
        )
        made = Room(films, host, folder)
        async with films:
            yield made


async def read(stream: Stream, start: int = 0, stop: int | None = None) -> bytes:
    data = bytearray()
    async with asyncio.timeout(20), stream.open() as reader:
        end = reader.length if stop is None else stop
        while start + len(data) < end:
            data += await reader.read(start + len(data), end)
    return bytes(data)


async def test_film_when_it_is_whole_then_proved_made_a_torrent_and_read_on_from_that(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with room(tmp_path, pool) as here:
        film, is_new = await here.add()
        stream, view = film.stream, film.view()
        assert is_new
        assert (view.length, view.comes_from, view.became, view.magnet) == (len(FILM), "127.0.0.1", None, "")
        assert [one.path for one in view.files] == ["To the moon.webm"]
        assert await read(stream) == FILM
        await here.until(lambda: film.became is not None)
        assert here.settled == [("To the moon.webm", FILM)]
        await here.cleared(film)
        assert await read(stream) == FILM
        assert await read(film.file(FileIndex(0)), 5, 10) == FILM[5:10]
        async with stream.peek() as reader:
            assert await reader.read(0, 4) == FILM[:4]
    assert here.host.asked == [(0, None)]
    last = [one.torrent for one in here.told if isinstance(one, TorrentChanged)][-1]
    assert (last.info_hash, last.became, last.comes_from) == (film.info_hash, BECAME, None)


async def test_film_when_somebody_looks_further_on_then_that_part_comes_first(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with room(tmp_path, pool) as here:
        here.host.most = HELD
        film, _ = await here.add()
        assert await read(film.stream, 0, 1000) == FILM[:1000]
        assert await read(film.stream, 2_000_000, 2_000_100) == FILM[2_000_000:2_000_100]
        assert [start for start, _ in here.host.asked] == [0, 2_000_000]
        assert here.host.if_range == ['"one"']
        assert film.became is None
        spans = film.arriving.ranges.spans
        assert (spans[0][0], spans[1][0]) == (0, 2_000_000)
        async with film.stream.peek() as reader:
            assert await reader.read(0, 4) == FILM[:4]
            with pytest.raises(NotHere):
                await reader.read(1_900_000, 1_900_004)
        buffers = [one for one in here.told if isinstance(one, BufferChanged)]
        assert all(one.info_hash == film.info_hash for one in buffers)
        here.host.free.set()
        await here.until(lambda: film.became is not None)
        assert here.settled[0][1] == FILM


async def test_film_when_two_look_at_two_places_then_both_get_on(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with room(tmp_path, pool) as here:
        film, _ = await here.add()
        whole, rest = await asyncio.gather(read(film.stream), read(film.stream, 1_500_000))
        assert (whole == FILM, rest == FILM[1_500_000:]) == (True, True)


async def test_film_when_its_host_gives_no_spans_then_it_comes_from_the_beginning(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with room(tmp_path, pool) as here:
        here.host.spans = False
        film, _ = await here.add()
        assert await read(film.stream, 2_000_000) == FILM[2_000_000:]
        await here.until(lambda: film.became is not None)
    assert here.host.asked == [(0, None)]


async def test_film_when_its_host_hangs_up_again_and_again_then_gone_on_with_where_it_was(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with room(tmp_path, pool) as here:
        here.host.most, here.host.tears = HELD, True
        film, _ = await here.add()
        assert await read(film.stream) == FILM
        await here.until(lambda: film.became is not None)
    starts = [start for start, _ in here.host.asked]
    assert starts == sorted(set(starts))
    assert len(starts) > 5


async def test_film_when_its_host_is_away_in_the_middle_then_said_and_asked_again(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with room(tmp_path, pool) as here:
        here.host.most, here.host.tears = HELD, True
        here.host.tears = True
        film, _ = await here.add()
        here.host.answer = FAULTS["away"][0]
        await here.until(lambda: film.view().trouble is not None and len(here.host.asked) > 3)
        trouble = film.view().trouble
        assert trouble is not None
        assert (trouble.code, film.view().state) == ("source-unreachable", State.DOWNLOADING)
        here.host.answer = None
        await here.until(lambda: film.became is not None)
        assert film.arriving.trouble is None


async def test_film_when_it_turns_out_to_be_another_then_not_given_any_more_and_not_shared(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with room(tmp_path, pool) as here:
        here.host.film = FILM[:-1] + b"x"
        film, _ = await here.add()
        await here.until(lambda: film.view().state is State.ERROR)
        with pytest.raises(BadSource, match="not the film"):
            await read(film.stream, 0, 10)
        await here.cleared(film)
        assert (here.settled, film.view().progress.bytes_done > 0) == ([], True)
        here.host.film = FILM
        again, is_new = await here.add()
        assert is_new
        await here.until(lambda: again.became is not None)


LIES: dict[str, Callable[[FilmHost], None]] = {
    "another tag": lambda host: setattr(host, "tag", '"other"'),
    "another length": lambda host: setattr(host, "film", FILM + b"more"),
    "no spans any more": lambda host: setattr(host, "spans", False),
    "gone": lambda host: setattr(host, "answer", FAULTS["gone"][0]),
    "a page": lambda host: setattr(host, "answer", FAULTS["a page"][0]),
}


@pytest.mark.parametrize("lie", LIES)
async def test_film_when_its_host_gives_another_one_in_the_middle_then_bad_source(
    tmp_path: Path, pool: ThreadPoolExecutor, lie: str
) -> None:
    async with room(tmp_path, pool) as here:
        here.host.most = HELD
        film, _ = await here.add(sha1=None)
        LIES[lie](here.host)
        with pytest.raises(BadSource):
            await read(film.stream, 2_000_000, 2_000_100)
        assert film.view().state is State.ERROR


@pytest.mark.parametrize("fault", ["away", "limited", "gone", "no http", "to a file", "nothing"])
async def test_add_when_its_host_is_faulty_then_a_clear_error_and_nothing_is_left(
    tmp_path: Path, pool: ThreadPoolExecutor, fault: str
) -> None:
    answer, kind = FAULTS[fault]
    async with room(tmp_path, pool) as here:
        here.host.answer = answer
        with pytest.raises(kind) as error:
            await here.add()
        assert isinstance(error.value, SourceLimited) is (fault == "limited")
        assert here.films.all() == []


async def test_add_when_there_is_no_room_then_nothing_more_is_asked(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with room(tmp_path, pool, reserve_bytes=1 << 60) as here:
        with pytest.raises(DiskFull, match="no room"):
            await here.add()
    assert len(here.host.asked) == 1


class Cap:
    """Room on the disk as its user has limited it."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.told: list[tuple[str, int]] = []

    async def make_room(self, needed_bytes: int) -> None:
        if needed_bytes > self.most_bytes:
            raise CapReached("Films take all that they may.")

    def lies(self, name: str, taken_bytes: int) -> None:
        self.told.append((name, taken_bytes))


async def test_add_when_films_take_all_that_they_may_then_it_does_not_come(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with room(tmp_path, pool) as here:
        here.films.space = cap = Cap(most_bytes=1)
        with pytest.raises(CapReached):
            await here.add()
        here.films.space = wide = Cap(most_bytes=1 << 40)
        film = (await here.add())[0]
        await here.films.remove(film)
    length = film.arriving.length
    assert not [size for _, size in cap.told if size]
    assert [size for _, size in wide.told if size] == [length]
    assert wide.told[-1][1] == 0
    assert length > 1


async def test_add_when_it_is_refused_then_nothing_is_left_that_goes_under_who_tries_again(
    tmp_path: Path,
) -> None:
    class Busy(Cap):
        """Full, on a disk that has something else to do before it deletes anything."""

        async def make_room(self, needed_bytes: int) -> None:
            disk.submit(Gate().wait, 0.2)
            raise CapReached("Films take all that they may.")

    with ThreadPoolExecutor(1) as disk:
        async with room(tmp_path, disk) as here:
            here.films.space = Busy(most_bytes=1)
            with pytest.raises(CapReached):
                await here.add()
            left = [path for path in (tmp_path / ".web").rglob("*") if path.is_file()]
            listed = here.films.all()
    assert (left, listed) == ([], [])


async def test_add_when_nobody_may_be_asked_then_bad_source(tmp_path: Path, pool: ThreadPoolExecutor) -> None:
    async with room(tmp_path, pool) as here:
        films = WebFilms(None, tmp_path, 0, pool, here.tell)
        with pytest.raises(BadSource, match="proxy"):
            await films.add(WebFilm("https://films.example/a.webm", None), "A film", RIGHTS, here.settle)


async def test_add_when_it_is_wanted_twice_then_it_comes_once(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with room(tmp_path, pool) as here:
        (one, first), (other, second) = await asyncio.gather(here.add(), here.add())
        assert one is other
        assert sorted((first, second)) == [False, True]
        await here.until(lambda: one.became is not None)
    assert here.host.asked == [(0, None)]


async def test_remove_when_somebody_reads_it_then_the_reader_ends_and_nothing_is_left(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with room(tmp_path, pool) as here:
        here.host.most = HELD
        film, _ = await here.add()
        reading = asyncio.create_task(read(film.stream, 1_500_000))
        await here.until(lambda: film.arriving.waited_for)
        await here.films.remove(film)
        with pytest.raises(TorrentRemoved):
            await reading
        assert here.left() == []
        assert here.films.get(film.info_hash) is None
        assert here.told[-1] == TorrentGone(film.info_hash)


async def test_change_when_it_is_paused_then_nothing_comes_until_it_goes_on(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with room(tmp_path, pool, patience_s=0.3) as here:
        here.host.most = HELD
        film, _ = await here.add()
        here.films.change(film, TorrentChange(paused=True, sharing=Sharing.KEEP))
        assert film.view().state is State.PAUSED
        here.host.free.set()
        with pytest.raises(PieceTimeout):
            await read(film.stream, 2_000_000)
        assert len(here.host.asked) == 1
        here.films.change(film, TorrentChange(paused=False, down_limit_bytes_per_s=100_000_000))
        await here.until(lambda: film.became is not None)
        assert film.change == TorrentChange(sharing=Sharing.KEEP, down_limit_bytes_per_s=100_000_000)


async def test_file_when_there_is_none_of_this_number_then_not_found(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with room(tmp_path, pool) as here:
        film, _ = await here.add()
        with pytest.raises(FileNotFound):
            film.file(FileIndex(1))
        assert film.activity().web_hosts[0].address == "127.0.0.1"


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("To%20the%20moon.webm", "To the moon.webm"),
        ("%2e%2e%2f%2e%2e%2fetc%2fpasswd", "_.._etc_passwd"),
        ("..", "film"),
        ("", "film"),
        ("%00%0a.webm", "webm"),
        ("a" * 500 + ".webm", "a" * 200 + ".webm"),
    ],
)
async def test_film_when_an_address_names_it_then_a_file_in_its_folder(
    tmp_path: Path, pool: ThreadPoolExecutor, name: str, called: str
) -> None:
    async with room(tmp_path, pool) as here:
        film, _ = await here.add(name)
        assert film.arriving.path.parent.parent == tmp_path / ".web"
        assert film.arriving.path.name == called


async def test_film_when_two_make_a_torrent_of_it_then_the_same_with_the_web_as_its_seed(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    made = []
    for who in ("one", "other"):
        path = tmp_path / who / "To the moon.webm"
        (tmp_path / who / "films").mkdir(parents=True)
        path.write_bytes(FILM)
        publisher = Publisher(AddressPolicy(allow_private=True), tmp_path / who / "films", 0, pool)
        licence = None if who == "one" else "CC-BY-4.0"
        publication = Publication(path, licence, who, ("https://films.example/a.webm",))
        made.append((await publisher.publish(publication, lambda *_: None)).description)
    one, other = made
    assert one.identity == other.identity
    assert one.web_seeds == ("https://films.example/a.webm",)
    assert (one.licence, other.licence) == (None, "CC-BY-4.0")


async def half(here: Room, sha1: str | None = SHA1) -> WebFilmHere:
    """Have a film come as far as its host is let send it, in two places."""
    here.host.most = HELD
    film, _ = await here.add(sha1=sha1)
    await here.until(lambda: film.arriving.bytes_here >= HELD)
    await read(film.stream, 2_000_000, 2_000_100)
    await here.until(lambda: len(film.arriving.ranges.spans) == 2)
    return film


async def left_half(tmp_path: Path, pool: ThreadPoolExecutor, sha1: str | None = SHA1) -> WebFilmHere:
    """End a program in the middle of a film."""
    async with room(tmp_path, pool) as here:
        return await half(here, sha1)


@asynccontextmanager
async def again(
    tmp_path: Path, pool: ThreadPoolExecutor, was: WebFilmHere, film: bytes = FILM
) -> AsyncIterator[Room]:
    """Begin the program again; the film's host is at the same address."""
    fetcher = Fetcher(AddressPolicy(allow_private=True), timeout_s=10.0)
    host = FilmHost(film)
    port = int(was.arriving.film.url.split(":")[2].partition("/")[0])
    server = await asyncio.start_server(host.begin, "127.0.0.1", port)
    host.port = port

    def told(event: Event) -> None:
        made.tell(event)

    films = WebFilms(fetcher, tmp_path / ".web", 0, pool, told)
    made = Room(films, host, tmp_path)
    try:
        async with films:
            yield made
    finally:
        server.close()
        await host.end()


async def test_film_when_the_program_ends_then_gone_on_with_where_it_was(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    was = await left_half(tmp_path, pool)
    had = was.arriving.ranges.spans
    assert len(had) == 2
    async with again(tmp_path, pool, was) as here:
        await here.films.restore(here.settle)
        film = here.films.get(was.info_hash)
        assert film is not None
        assert (film.title, film.rights, film.added_at) == (was.title, was.rights, was.added_at)
        assert (await here.add())[0] is film
        assert await read(film.stream) == FILM
        await here.until(lambda: film.became is not None)
        assert here.settled == [("To the moon.webm", FILM)]
        await here.cleared(film)
    assert here.host.asked == [(had[0][1], 2_000_000), (had[1][1], len(FILM))]
    assert here.host.if_range == ['"one"', '"one"']
    assert film.arriving.taken == len(FILM)


@pytest.mark.parametrize("lie", [lie for lie in LIES if lie != "another length"])
async def test_film_when_another_one_lies_there_after_a_restart_then_says_so_and_begins_anew_when_it_is_played(
    tmp_path: Path, pool: ThreadPoolExecutor, lie: str
) -> None:
    was = await left_half(tmp_path, pool)
    async with again(tmp_path, pool, was) as here:
        LIES[lie](here.host)
        await here.films.restore(here.settle)
        film = here.films.get(was.info_hash)
        assert film is not None
        await here.until(lambda: film.view().state is State.ERROR)
        await here.cleared(film)
        here.host.answer = None
        new, is_new = await here.add()
        assert is_new
        assert await read(new.stream) == FILM
        await here.until(lambda: new.became is not None)


async def test_film_when_nothing_tells_whether_it_is_the_same_then_it_is_not_gone_on_with(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with room(tmp_path, pool) as here:
        here.host.tag = 'W/"weak"'
        await half(here, sha1=None)
    assert here.left() == []


async def test_film_when_it_was_paused_and_limited_then_it_still_is(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with room(tmp_path, pool) as first:
        was = await half(first)
        change = TorrentChange(paused=True, sharing=Sharing.KEEP, down_limit_bytes_per_s=9, kept=True)
        first.films.change(was, change)
    async with again(tmp_path, pool, was) as here:
        await here.films.restore(here.settle)
        film = here.films.get(was.info_hash)
        assert film is not None
        assert (film.view().state, film.view().kept, film.arriving.limit_bytes_per_s) == (
            State.PAUSED,
            True,
            9,
        )
        assert here.host.asked == []
        await here.films.remove(film)
        assert here.left() == []


async def test_restore_when_the_program_was_killed_then_from_what_was_written_down_last(
    tmp_path: Path, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_films, "SAVE_EACH_S", 0.0)
    kept = tmp_path / "kept"
    async with room(tmp_path, pool) as first:
        was = await half(first)
        first.films.change(was, TorrentChange(sharing=Sharing.KEEP))
        assert was.saving is not None
        await asyncio.wait([was.saving], timeout=20)
        await asyncio.to_thread(shutil.copytree, tmp_path / ".web", kept / ".web")
    async with again(kept, pool, was) as here:
        await here.films.restore(here.settle)
        film = here.films.get(was.info_hash)
        assert film is not None
        assert await read(film.stream) == FILM
        await here.until(lambda: film.became is not None)
    assert here.host.asked[0][0] > 0


def _changed(note: Path, was: bytes, now: bytes) -> None:
    data = note.read_bytes()
    assert was in data
    note.write_bytes(data.replace(was, now))


DAMAGE: dict[str, Callable[[Path, Path], object]] = {
    "no note": lambda note, film: note.unlink(),
    "no film": lambda note, film: film.unlink(),
    "shorter": lambda note, film: film.write_bytes(b"x"),
    "nonsense": lambda note, film: note.write_bytes(b"{"),
    "another's": lambda note, film: note.rename(note.with_name("f" * 32 + ".json")),
    "another program's": lambda note, film: _changed(note, b'"version": 1', b'"version": 9'),
    "a path": lambda note, film: _changed(note, b"To the moon", b"../../moon"),
    "spans": lambda note, film: _changed(note, b'"spans": [[0,', b'"spans": [[7, 5], [0,'),
    "a link": lambda note, film: film.symlink_to(film.rename(note.parent / "x")),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
async def test_restore_when_what_lies_there_makes_no_sense_then_it_goes(
    tmp_path: Path, pool: ThreadPoolExecutor, damage: str
) -> None:
    was = await left_half(tmp_path, pool)
    folder = tmp_path / ".web"
    DAMAGE[damage](folder / f"{was.info_hash[:32]}.json", was.arriving.path)
    async with again(tmp_path, pool, was) as here:
        await here.films.restore(here.settle)
        assert (here.films.all(), here.left()) == ([], [])


async def test_receipt_when_a_film_comes_from_the_web_then_it_stands_there_and_goes_on_as_its_torrents(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    database = Database.in_folder(tmp_path)
    await database.open()
    receipts = ReceiptStore(database)

    async def settle(here: WebFilmHere) -> tuple[TorrentView, Stream]:
        await receipts.begun(InfoHash(BECAME), "its torrent", "2099-01-01T00:00:00Z", RIGHTS)
        await receipts.count({InfoHash(BECAME): Count(0, 7)}, first=frozenset())
        return await room_.settle(here)

    async with room(tmp_path, pool, receipts=receipts) as room_:
        room_.host.most = HELD
        film, _ = await room_.films.add(
            WebFilm(f"{room_.host.address}/a.webm", SHA1), "To the moon", RIGHTS, settle
        )
        gone, _ = await room_.films.add(WebFilm(f"{room_.host.address}/b.webm", SHA1), "Gone", RIGHTS, settle)
        await read(gone.stream, 0, 1000)
        await room_.films.remove(gone)
        one, other = (await receipts.read()).entries
        assert (one.info_hash, one.name, one.removed_at) == (film.info_hash, "To the moon", None)
        assert [stated.licence for stated in one.stated] == [RIGHTS.licence]
        assert (other.name, other.bytes_down >= 1000) == ("Gone", True)
        assert other.removed_at is not None
        room_.host.free.set()
        await room_.until(lambda: film.became is not None)
    entries = {one.info_hash: one for one in (await receipts.read()).entries}
    assert entries.keys() == {BECAME, gone.info_hash}
    came = entries[InfoHash(BECAME)]
    assert (came.bytes_down, came.bytes_up, came.added_at) == (len(FILM), 7, film.added_at)
    assert len(came.stated) == len(came.days) == 1
    await database.close()
