"""Films on the web without a torrent: fetched by spans, proved by their hash, gone on with, made the same by all."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from matinee.errors import BadSource, DiskFull, MatineeError, SourceLimited, SourceUnreachable, TooLarge
from matinee.models.title import WebFilm
from matinee.outside.addresses import AddressPolicy
from matinee.outside.fetch import Fetcher
from matinee.playback import web_films
from matinee.playback.web_films import WebFilms
from matinee.torrent.publish import Publication
from matinee.torrent.publisher import Publisher
from tests.catalogue.providers.services import FAULTS
from tests.outside.hosts import Host, hosting, ok

FILM = bytes(range(256)) * 5000
SHA1 = hashlib.sha1(FILM).hexdigest()
SPAN = 300_000


@pytest.fixture(autouse=True)
def small_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_films, "SPAN_BYTES", SPAN)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as made:
        yield made


def span(head: str) -> tuple[int, int]:
    found = re.search(r"Range: bytes=([0-9]+)-([0-9]+)", head)
    assert found is not None
    return int(found[1]), int(found[2]) + 1


def part(data: bytes, start: int, stop: int, length: int | None = None) -> bytes:
    body = data[start:stop]
    whole = len(data) if length is None else length
    lines = f"Content-Range: bytes {start}-{start + len(body) - 1}/{whole}\r\nContent-Length: {len(body)}"
    return f"HTTP/1.1 206 Partial Content\r\n{lines}\r\n\r\n".encode() + body


@asynccontextmanager
async def serving(data: bytes = FILM) -> AsyncIterator[Host]:
    async with hosting(lambda head: part(data, *span(head))) as host:
        yield host


def films(folder: Path, pool: ThreadPoolExecutor, *, most: int = SPAN, reserve_bytes: int = 0) -> WebFilms:
    fetcher = Fetcher(AddressPolicy(allow_private=True), max_bytes=most)
    return WebFilms(fetcher, folder / ".web", reserve_bytes, pool)


def at(host: Host, name: str = "To%20the%20moon.webm", sha1: str | None = SHA1) -> WebFilm:
    return WebFilm(f"http://127.0.0.1:{host.port}/a/{name}", sha1)


async def fetch(of: WebFilms, film: WebFilm, told: list[tuple[int, int]] | None = None) -> bytes:
    async with (
        asyncio.timeout(20),
        of.fetched(film, lambda *done: None if told is None else told.append(done)) as path,
    ):
        return await asyncio.to_thread(path.read_bytes)


async def test_fetched_when_its_host_gives_spans_then_the_film_and_nothing_is_left(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    told: list[tuple[int, int]] = []
    async with serving() as host:
        assert await fetch(films(tmp_path, pool), at(host), told) == FILM
    assert told[-1] == (len(FILM), len(FILM))
    assert len(told) == len(host.asked) == 5
    assert list((tmp_path / ".web").iterdir()) == []


async def test_fetched_when_its_host_gives_no_spans_then_the_film_all_the_same(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with hosting(lambda _: ok(FILM)) as host:
        assert await fetch(films(tmp_path, pool, most=len(FILM)), at(host)) == FILM


async def test_fetched_when_given_up_then_gone_on_with_where_it_was(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    away = False

    def answer(head: str) -> bytes:
        return FAULTS["away"][0] if away else part(FILM, *span(head))

    async with hosting(answer) as host:
        of = films(tmp_path, pool)

        def report(done: int, _: int) -> None:
            nonlocal away
            away = done >= 2 * SPAN

        with pytest.raises(SourceUnreachable):
            async with of.fetched(at(host), report):
                pytest.fail("half a film was given")
        away = False
        before = len(host.asked)
        assert await fetch(of, at(host)) == FILM
        assert span(host.asked[before])[0] == 2 * SPAN - 1


async def test_fetched_when_wanted_twice_at_once_then_one_after_the_other(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with serving() as host:
        of = films(tmp_path, pool)
        assert set(await asyncio.gather(fetch(of, at(host)), fetch(of, at(host)))) == {FILM}


async def test_fetched_when_it_is_another_film_then_bad_source_and_nothing_is_kept(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with serving(FILM[:-1] + b"x") as host:
        with pytest.raises(BadSource, match="not the film"):
            await fetch(films(tmp_path, pool), at(host))
    assert list((tmp_path / ".web").iterdir()) == []


LIES = {
    "another part": lambda start, stop: part(FILM, start + 1, stop),
    "nothing": lambda start, stop: part(FILM, start, start),
    "another length": lambda start, stop: part(FILM, start, stop, len(FILM) + start),
    "no part": lambda start, stop: FAULTS["gone"][0] if start else part(FILM, start, stop),
}


@pytest.mark.parametrize("lie", LIES)
async def test_fetched_when_its_host_lies_then_bad_source(
    tmp_path: Path, pool: ThreadPoolExecutor, lie: str
) -> None:
    async with hosting(lambda head: LIES[lie](*span(head))) as host:
        with pytest.raises(BadSource):
            await fetch(films(tmp_path, pool), at(host))


@pytest.mark.parametrize("fault", ["away", "limited", "gone", "torn", "no http", "to a file", "a gigabyte"])
async def test_fetched_when_its_host_is_faulty_then_a_clear_error(
    tmp_path: Path, pool: ThreadPoolExecutor, fault: str
) -> None:
    answer, kind = FAULTS[fault]
    async with hosting(lambda _: answer) as host:
        with pytest.raises(kind) as error:
            await fetch(films(tmp_path, pool, most=SPAN - 1), at(host))
    assert isinstance(error.value, MatineeError)
    assert isinstance(error.value, SourceLimited) is (fault == "limited")


async def test_fetched_when_it_is_too_large_or_there_is_no_room_then_nothing_more_is_asked(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    huge = web_films.MOST_BYTES + 1
    async with hosting(lambda head: part(FILM, *span(head), huge)) as host:
        with pytest.raises(TooLarge, match="no torrent"):
            await fetch(films(tmp_path, pool), at(host))
    assert len(host.asked) == 1
    async with serving() as host:
        with pytest.raises(DiskFull, match="no room"):
            await fetch(films(tmp_path, pool, reserve_bytes=1 << 60), at(host))
    assert len(host.asked) == 1


async def test_fetched_when_nobody_may_be_asked_then_bad_source(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    of = WebFilms(None, tmp_path, 0, pool)
    with pytest.raises(BadSource, match="proxy"):
        await fetch(of, WebFilm("https://films.example/a.webm", None))


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
async def test_fetched_when_an_address_names_it_then_a_file_in_its_folder(
    tmp_path: Path, pool: ThreadPoolExecutor, name: str, called: str
) -> None:
    async with serving() as host, films(tmp_path, pool).fetched(at(host, name), lambda *_: None) as path:
        assert path.parent.parent == tmp_path / ".web"
        assert path.name == called


async def test_published_when_two_make_a_torrent_of_it_then_the_same_with_the_web_as_its_seed(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    made = []
    async with serving() as host:
        for who in ("one", "other"):
            policy = AddressPolicy(allow_private=True)
            publisher = Publisher(policy, tmp_path / who / "films", 0, pool)
            (tmp_path / who / "films").mkdir(parents=True)
            async with films(tmp_path / who, pool).fetched(at(host), lambda *_: None) as path:
                seeds = (at(host).url,)
                publication = Publication(path, None if who == "one" else "CC-BY-4.0", who, seeds)
                made.append((await publisher.publish(publication, lambda *_: None)).description)
    one, other = made
    assert one.identity == other.identity
    assert one.web_seeds == (at(host).url,)
    assert (one.licence, other.licence) == (None, "CC-BY-4.0")
    assert (tmp_path / "one" / "films" / one.identity / "To the moon.webm").read_bytes() == FILM
