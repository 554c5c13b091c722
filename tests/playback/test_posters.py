"""Posters: fetched once from where the title has them, kept within a limit, told of; and how they may not come."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from matinee.catalogue.pictures import Picture, own_still, picture_of, still_of
from matinee.errors import BadSource, MatineeError, NotFound, SourceUnreachable, TitleNotFound
from matinee.events import Bus, PictureCame
from matinee.media.picture import Small, Studio
from matinee.models.catalogue import JudgedTitle
from matinee.models.title import ArchiveItem, PictureKind, Release, Title
from matinee.outside.addresses import AddressPolicy
from matinee.outside.fetch import Answer, Fetcher
from matinee.playback import posters as module
from matinee.playback.picture_cache import NONE_FOR_S, PictureCache
from matinee.playback.posters import Posters
from matinee.types import TitleId
from tests.catalogue.made import film
from tests.fakes.titles import LAW
from tests.media.made_pictures import drawn, png

POSTER, BACKDROP = PictureKind.POSTER, PictureKind.BACKDROP
FILM = film("a-film-1922", poster="https://films.example/p.jpg", backdrop="https://films.example/b.jpg")
STILL = "https://films.example/s.jpg"
WAIT_S = 30.0


def made(title: Title, kind: PictureKind = POSTER) -> Picture:
    """Give a title's picture, which it has."""
    found = picture_of(title, kind)
    assert found is not None
    return found


@dataclass
class FakeHost:
    """Gives what it is told to, when it is told to."""

    failure: MatineeError | None = None
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    async def get(self, url: str, *, accept: str = "*/*") -> Answer:
        self.asked.append(url)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.may_answer.wait()
        self.at_once -= 1
        if self.failure is not None:
            raise self.failure
        return Answer(b"sent by a stranger", url, {})


class FakeStudio:
    """Makes of anything something that tells its width."""

    async def develop(self, data: bytes, widths: tuple[int, ...]) -> tuple[Small, ...]:
        return tuple(Small(width, width, b"RIFF %d" % width) for width in widths)

    async def close(self) -> None:
        """Nothing to end."""


@dataclass
class House:
    """Posters of some titles, and what a test may look at."""

    host: FakeHost
    posters: Posters
    cache: PictureCache
    bus: Bus
    titles: dict[TitleId, Title]
    now_s: float = 0.0

    async def get(self, title: Title, kind: PictureKind = POSTER, width: int = 240) -> bytes | None:
        picture = made(title, kind)
        return await self.posters.get(title.id, kind, picture.key, width)

    async def came(self, title: Title) -> None:
        """Ask for a title's poster, let the host answer, and wait until it is told that it has come."""
        with self.bus.subscribe() as news:
            assert await self.get(title) is None
            self.host.may_answer.set()
            async with asyncio.timeout(WAIT_S):
                assert await news.next() == PictureCame(title.id)

    async def settled(self) -> None:
        """Wait until nothing is fetched."""
        async with asyncio.timeout(WAIT_S):
            while tasks := [one for one in asyncio.all_tasks() if one.get_name().startswith("picture ")]:
                await asyncio.wait(tasks)


@asynccontextmanager
async def opened(
    folder: Path,
    *titles: Title,
    asks: bool = True,
    most_bytes: int = 10_000,
    clock: Callable[[], float] | None = None,
) -> AsyncIterator[House]:
    """Open a house."""
    known = {title.id: title for title in titles}

    async def find(title_id: TitleId) -> JudgedTitle:
        if title_id not in known:
            raise TitleNotFound("There is none.", title_id=title_id)
        return JudgedTitle(known[title_id], LAW.verdict(known[title_id]), ("shelf",))

    host, bus = FakeHost(), Bus()
    cache = PictureCache(folder / "pictures", most_bytes, **({"clock": clock} if clock else {}))
    house: House

    async def stills(title: Title) -> Sequence[Picture]:
        return [still_of(title.id, STILL), own_still(title.id, "f" * 16)]

    fetcher = host if asks else None
    posters = Posters(find, fetcher, FakeStudio(), cache, bus, stills, clock=lambda: house.now_s)
    house = House(host, posters, cache, bus, known)
    try:
        yield house
    finally:
        await posters.close()


async def test_poster_when_looked_at_then_is_fetched_once_and_told_of_and_stays(tmp_path: Path) -> None:
    async with opened(tmp_path, FILM) as house:
        await house.came(FILM)
        found = [await house.get(FILM, POSTER, width) for width in (240, 480)]
        backdrop = await house.get(FILM, BACKDROP, 1280)
        await house.settled()
        assert (found, backdrop) == ([b"RIFF 240", b"RIFF 480"], None)
        assert house.host.asked == ["https://films.example/p.jpg", "https://films.example/b.jpg"]
    async with opened(tmp_path, FILM, asks=False) as later:
        assert await later.get(FILM) == b"RIFF 240"
        assert later.host.asked == []


async def test_still_when_looked_at_then_is_fetched_but_one_that_was_made_here_never_is(
    tmp_path: Path,
) -> None:
    fetched, own = still_of(FILM.id, STILL), own_still(FILM.id, "f" * 16)
    async with opened(tmp_path, FILM) as house:
        house.host.may_answer.set()
        found = [await house.posters.get(FILM.id, one.kind, one.key, 960) for one in (fetched, own)]
        await house.settled()
        later = [await house.posters.get(FILM.id, one.kind, one.key, 960) for one in (fetched, own)]
        with pytest.raises(NotFound):
            await house.posters.get(FILM.id, PictureKind.STILL, "0" * 16, 960)
        assert (found, later, house.host.asked) == ([None, None], [b"RIFF 960", None], [STILL])


async def test_poster_when_many_look_at_once_then_is_fetched_once_and_no_more_than_two_are(
    tmp_path: Path,
) -> None:
    films = [film(f"film-{at}", poster=f"https://films.example/{at}.jpg") for at in range(9)]
    async with opened(tmp_path, *films) as house:
        for title in (*films, *films):
            assert await house.get(title) is None
        house.host.may_answer.set()
        await house.settled()
        assert sorted(house.host.asked) == sorted(title.poster for title in films if title.poster)
        assert house.host.most_at_once == 2
        assert house.host.asked[2] == "https://films.example/8.jpg"  # looked at last: that is what is seen


async def test_poster_when_nobody_may_be_asked_then_is_drawn_and_nobody_is(tmp_path: Path) -> None:
    async with opened(tmp_path, FILM, asks=False) as house:
        assert await house.get(FILM) is None
        await house.settled()
        assert house.host.asked == []


async def test_poster_when_its_host_is_away_then_is_asked_for_again_some_minutes_later(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, FILM) as house:
        house.host.may_answer.set()
        house.host.failure = SourceUnreachable("It is away.")
        asked = []
        for house.now_s in (0.0, module.AWAY_S - 1, module.AWAY_S + 1):
            assert await house.get(FILM) is None
            await house.settled()
            asked.append(len(house.host.asked))
        assert asked == [1, 1, 2]


async def test_poster_when_it_is_no_picture_then_is_not_asked_for_again_unless_the_clock_jumped(
    tmp_path: Path,
) -> None:
    clock = [1.8e9]
    async with opened(tmp_path, FILM, clock=lambda: clock[0]) as house:
        house.host.may_answer.set()
        house.host.failure = BadSource("It is none.")
        asked = []
        # A month later, and a year back: what was noted in the future is not believed.
        for clock[0] in (1.8e9, 1.8e9 + NONE_FOR_S - 1, 1.8e9 + NONE_FOR_S + 1, 1.77e9, 1.77e9 + 60):
            assert await house.get(FILM) is None
            await house.settled()
            asked.append(len(house.host.asked))
        assert asked == [1, 1, 2, 3, 3]


@pytest.mark.parametrize(
    ("key", "width"), [("0" * 16, 240), (made(FILM).key, 1280), (made(FILM, BACKDROP).key, 240)]
)
async def test_picture_that_a_title_does_not_have_is_not_found(key: str, width: int, tmp_path: Path) -> None:
    async with opened(tmp_path, FILM) as house:
        with pytest.raises(NotFound):
            await house.posters.get(FILM.id, POSTER, key, width)
        with pytest.raises(TitleNotFound):
            await house.posters.get(TitleId("another"), POSTER, key, width)
        assert house.host.asked == []


async def test_pictures_when_they_are_too_many_then_those_looked_at_longest_ago_go(tmp_path: Path) -> None:
    now = [1.8e9]
    cache = PictureCache(tmp_path / "pictures", 1000, clock=lambda: now[0])
    for at in range(9):
        now[0] += 100_000
        cache.put([(f"{at}", bytes(100))])
    assert cache.read("0") is not None  # that is a look
    cache.put([("more", bytes(200))])
    kept = sorted(path.name for path in (tmp_path / "pictures").iterdir())
    assert kept == ["0", "3", "4", "5", "6", "7", "8", "more"]
    assert PictureCache(tmp_path / "pictures", 1000).read("1") is None


async def test_pictures_when_the_disk_refuses_then_the_poster_stays_drawn(tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("in the way")
    async with opened(tmp_path, FILM) as house:
        house.host.may_answer.set()
        assert await house.get(FILM) is None
        await house.settled()
        assert await house.get(FILM) is None


def test_picture_of_a_title_from_an_archive_is_the_archives_unless_it_has_its_own() -> None:
    archived = film("a-film", releases=(Release(ArchiveItem("An_item.1")),))
    strange = film("a-film", releases=(Release(ArchiveItem("../../etc?x")),))
    assert made(archived).url == "https://archive.org/services/img/An_item.1"
    assert (
        made(film("a-film", poster="https://a.example/p.jpg", releases=archived.releases)).url
        != made(archived).url
    )
    nowhere = [
        picture_of(strange, POSTER),
        picture_of(archived, BACKDROP),
        picture_of(film("a-film"), POSTER),
    ]
    assert nowhere == [None, None, None]
    assert made(archived).key != made(film("a-film", poster="https://a.example/p.jpg")).key


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Be a host with pictures good and bad."""
    path = (await reader.readline()).split()[1].decode()
    bodies = {
        "/good.jpg": drawn("mjpeg", "yuvj420p"),
        "/bomb.png": png(60_000, 60_000),
        "/evil.svg": b"<svg/>",
    }
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    if path == "/moved.jpg":
        head = b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nConnection: close\r\n\r\n"
    writer.write(head + bodies.get(path, bytes(9_000_000)))
    writer.close()


async def test_pictures_of_a_real_host_are_made_here_and_nothing_else_of_it_is_kept(tmp_path: Path) -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    names = ("good.jpg", "bomb.png", "evil.svg", "moved.jpg", "endless.jpg")
    films = [film(name.replace(".", "-"), poster=f"http://127.0.0.1:{port}/{name}") for name in names]
    async with opened(tmp_path, *films) as house, server:
        for allowed in (False, True):
            fetcher = Fetcher(AddressPolicy(allow_private=allowed), max_bytes=8 * 1024 * 1024)
            cache = PictureCache(tmp_path / f"kept-{allowed}")
            posters = Posters(
                house.posters._title, fetcher, Studio(), cache, house.bus, house.posters._stills
            )
            for title in films:
                picture = made(title)
                assert await posters.get(title.id, POSTER, picture.key, 240) is None
            await house.settled()
            await posters.close()
    kept = sorted(path.name for path in (tmp_path / "kept-True").iterdir() if path.suffix == ".webp")
    assert list((tmp_path / "kept-False").glob("*.webp")) == []
    assert kept == [f"poster-{made(films[0]).key}-{width}.webp" for width in (240, 480)]
    assert (tmp_path / "kept-True" / kept[0]).read_bytes()[:4] == b"RIFF"
