"""From a title to its torrent: real archive-made and open films' torrents, no network beyond a fake."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from matinee.catalogue.rank import BROWSER
from matinee.catalogue.service import Catalogue
from matinee.catalogue.shelf import Shelf
from matinee.errors import BadRequest, FileNotFound, RightsUnconfirmed, SourceUnreachable, TitleNotAllowed
from matinee.models.catalogue import JudgedTitle, Wanted
from matinee.models.choice import Reason, Why
from matinee.models.promise import Basis, Outcome, Plays
from matinee.models.rights import Basis as Ground
from matinee.models.rights import Evidence, Rights
from matinee.models.title import (
    ArchiveItem,
    Episode,
    Kind,
    MagnetLink,
    Release,
    Season,
    Title,
    Trailer,
    WebAddress,
    WebFilm,
)
from matinee.models.torrent import Peers, State, TorrentView
from matinee.playback.promises import Promises
from matinee.playback.titles import Titles
from matinee.playback.trailers import alone
from matinee.storage.database import Database
from matinee.storage.tables import title_torrents
from matinee.types import InfoHash, TitleId
from tests.catalogue.made import ELSEWHERE, LICENCE, MAGNET, OLD, SERIES, film
from tests.fakes.films import FakeFilms
from tests.fakes.playbacks import OUTCOMES
from tests.fakes.titles import LAW
from tests.playback.test_promises import Kept

ARCHIVED = film(
    "archived-1922",
    evidence=OLD,
    authors_complete=True,
    releases=(Release(ArchiveItem("An item")), Release(MAGNET)),
)
MAGNETIC = film("magnetic-2008")
LARGE, SMALL = MagnetLink("magnet:?xt=urn:btih:" + "b" * 40), MagnetLink("magnet:?xt=urn:btih:" + "d" * 40)
TWICE = film(
    "twice-2008",
    minutes=100,
    releases=(
        Release(LARGE, "a.mp4", length_bytes=6_000_000_000, width=1920, height=1080, codecs=("h264", "aac")),
        Release(SMALL, "b.mp4", length_bytes=600_000_000, width=854, height=480, codecs=("h264", "aac")),
    ),
)
FORBIDDEN = film("forbidden-1999", evidence=())
NOWHERE = film("nowhere-1950", releases=(Release(WebAddress("https://films.example/gone.torrent")),))
SHARED = replace(SERIES, id="shared-1915", releases=(Release(MAGNET),), seasons=SERIES.seasons)  # type: ignore[arg-type] # an id
TITLES = (ARCHIVED, MAGNETIC, TWICE, FORBIDDEN, NOWHERE, SHARED, ELSEWHERE)


class Fetching(FakeFilms):
    """Films whose torrents are at addresses; every other address cannot be reached."""

    def __init__(self) -> None:
        super().__init__()
        self.there: dict[str, tuple[str, ...]] = {}
        self.asked: list[str] = []

    async def add_url(self, url: str, rights: Rights | None) -> tuple[TorrentView, bool]:
        self.asked.append(url)
        if url not in self.there:
            raise SourceUnreachable("The host could not be found. Check the address.")
        files = {path: bytes(10 - at) for at, path in enumerate(self.there[url])}
        return self.put(InfoHash("c" * 40), files, rights).view, True


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as made:
        yield made


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database.in_folder(tmp_path)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def films() -> Fetching:
    return Fetching()


async def titles_of(films: Fetching, database: Database, pool: ThreadPoolExecutor, **options: Any) -> Titles:
    catalogue = Catalogue(database, LAW, lambda: Shelf(TITLES, "1"), pool)
    await catalogue.settle()
    return Titles(catalogue, films, archive="https://archive.example/download/", **options)


@pytest.fixture
async def titles(films: Fetching, database: Database, pool: ThreadPoolExecutor) -> Titles:
    return await titles_of(films, database, pool)


ARCHIVE_URL = "https://archive.example/download/An%20item/An%20item_archive.torrent"


async def test_add_when_an_archive_has_it_then_its_torrent_is_fetched_on_the_basis_of_the_evidence(
    titles: Titles, films: Fetching, database: Database
) -> None:
    films.there[ARCHIVE_URL] = ("An item/film.ogv", "An item/film.mp4", "An item/film.srt")
    added = await titles.add(ARCHIVED.id, Wanted())
    assert added.torrent.rights is not None
    assert (added.torrent.rights.basis, added.torrent.rights.licence) == (Ground.PUBLIC_DOMAIN, None)
    assert (added.new, added.file) == (True, 1)
    row = await database.read(lambda connection: connection.execute(select(title_torrents)).one())
    record = json.loads(row.basis)
    assert (row.info_hash, row.title) == ("c" * 40, ARCHIVED.id)
    assert (record["country"], record["reasons"][0]["why"]) == ("FR", "authors-dead")
    assert [one["claim"] for one in record["evidence"]] == ["published", "author-died"]


async def test_add_when_it_is_here_already_then_nobody_is_asked(titles: Titles, films: Fetching) -> None:
    films.there[ARCHIVE_URL] = ("film.mp4",)
    await titles.add(ARCHIVED.id, Wanted())
    films.there.clear()
    again = await titles.add(ARCHIVED.id, Wanted())
    assert (again.new, films.asked) == (False, [ARCHIVE_URL])


async def test_add_when_the_first_cannot_be_had_then_the_next_is_tried(
    titles: Titles, films: Fetching
) -> None:
    added = await titles.add(ARCHIVED.id, Wanted())
    assert (films.asked, added.torrent.info_hash) == ([ARCHIVE_URL], "a" * 40)


async def test_add_when_a_stranger_has_a_film_of_the_shelf_then_theirs_is_played_only_when_it_is_chosen(
    films: Fetching, database: Database, pool: ThreadPoolExecutor
) -> None:
    ours = film(
        "nowhere-1951", imdb="tt1", releases=(Release(WebAddress("https://films.example/gone.torrent")),)
    )
    theirs = WebAddress("https://strangers.example/x.torrent")
    catalogue = Catalogue(database, LAW, lambda: Shelf((ours,), "1"), pool)
    await catalogue.settle()
    stranger = film(
        "peertube.x", "Another name", imdb="tt1", releases=(Release(theirs, width=3840, height=2160),)
    )
    await (await catalogue.store()).put("peertube", [stranger])
    titles = Titles(catalogue, films)
    films.there[theirs.url] = ("film.mp4",)
    assert len((await titles.title(ours.id)).title.releases) == 2
    with pytest.raises(SourceUnreachable):
        await titles.add(ours.id, Wanted())
    assert films.asked == ["https://films.example/gone.torrent"]
    assert (await titles.add(ours.id, Wanted(release=1))).new


async def test_add_when_nobody_can_be_reached_then_says_so_in_words(
    titles: Titles, films: Fetching, database: Database, pool: ThreadPoolExecutor
) -> None:
    with pytest.raises(SourceUnreachable, match=r"cannot be reached now\. Is this computer on the network\?"):
        await titles.add(NOWHERE.id, Wanted())
    offline = await titles_of(films, database, pool, offline=True)
    with pytest.raises(SourceUnreachable, match="Matinee is offline"):
        await offline.add(NOWHERE.id, Wanted())
    assert len(films.asked) == 1


async def test_add_when_a_licence_is_given_then_it_is_recorded(titles: Titles) -> None:
    added = await titles.add(MAGNETIC.id, Wanted())
    assert added.torrent.rights is not None
    assert (added.torrent.rights.basis, added.torrent.rights.licence) == (Ground.LICENCE, "CC-BY-3.0")


async def test_add_when_it_may_not_be_shared_then_nothing_is_added(titles: Titles, films: Fetching) -> None:
    with pytest.raises(TitleNotAllowed):
        await titles.add(FORBIDDEN.id, Wanted())
    assert films.torrents_here == {}


async def test_file_when_nobody_knows_here_then_plays_once_its_user_has_stated_a_basis(
    titles: Titles, films: Fetching
) -> None:
    added = await titles.add(ELSEWHERE.id, Wanted())
    info_hash = added.torrent.info_hash
    with pytest.raises(RightsUnconfirmed):
        await titles.file(ELSEWHERE.id, Wanted())
    await films.state_rights(info_hash, Rights(Ground.PUBLIC_DOMAIN, None, "2026-11-26T12:00:00Z"))
    again = await titles.add(ELSEWHERE.id, Wanted())
    assert (added.torrent.rights, added.new, again.new) == (None, True, False)
    assert again.torrent.rights is not None


@pytest.mark.parametrize(
    ("title", "wanted"),
    [(MAGNETIC, Wanted(1, 1)), (MAGNETIC, Wanted(release=1)), (SHARED, Wanted(1, 9)), (SHARED, Wanted(2, 1))],
)
async def test_add_when_there_is_no_such_part_then_refuses(
    titles: Titles, title: Title, wanted: Wanted
) -> None:
    with pytest.raises(BadRequest):
        await titles.add(title.id, wanted)


async def test_file_when_the_list_is_here_then_is_the_film_or_the_episode(
    titles: Titles, films: Fetching
) -> None:
    films.there[ARCHIVE_URL] = ("film.ogv", "film.mp4")
    assert await titles.file(ARCHIVED.id, Wanted()) == ("c" * 40, 1)
    films.put(InfoHash("a" * 40), {"x_ep0.mp4": b"00", "x_ep1.mp4": b"1", "x_ep2.mp4": b"2"})
    assert await titles.file(SHARED.id, Wanted(1, 1)) == ("a" * 40, 1)


async def test_file_when_nothing_tells_which_then_says_so(titles: Titles, films: Fetching) -> None:
    films.put(InfoHash("a" * 40), {"x.mp4": b"00", "y.mp4": b"1", "z.mp4": b"2"})
    with pytest.raises(FileNotFound, match="Choose one yourself"):
        await titles.file(SHARED.id, Wanted(1, 1))


CHAPTERS = film(
    "chapters-1922", "Chapters", kind=Kind.SERIES, releases=(),
    seasons=(Season(1, (Episode(1, "One", releases=(Release(MAGNET),)), Episode(2, "Two"))),),
)  # fmt: skip
FOUND_TWO = replace(
    CHAPTERS,
    id=TitleId("archive..chapters-1922"),
    evidence=(),
    seasons=(Season(1, (Episode(2, "Two", releases=(Release(ArchiveItem("An item"), "two.mp4"),)),)),),
)


class Finding:
    """Finds the second chapter once somebody waits for it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.looked: list[TitleId] = []

    def look(self, judged: JudgedTitle) -> bool:
        self.looked.append(judged.title.id)
        return len(self.looked) == 1

    def is_looking(self, title_id: TitleId) -> bool:
        return False

    async def finished(self, title_id: TitleId) -> None:
        await (await self.catalogue.store()).put("archive", [FOUND_TWO])


@pytest.mark.parametrize(
    ("files", "index"),
    [(("An item/one.mp4", "An item/two.mp4"), 1), (("An item/other.mp4",), 0), (("a.mp4", "b.mp4"), None)],
)
async def test_file_when_no_copy_of_a_chapter_is_known_then_others_are_asked_and_that_very_file_is_played(
    films: Fetching, database: Database, pool: ThreadPoolExecutor, files: tuple[str, ...], index: int | None
) -> None:
    films.there[ARCHIVE_URL] = files
    titles = await web_titles(database, pool, films, CHAPTERS, archive="https://archive.example/download/")
    titles._completing = finding = Finding(titles._catalogue)  # type: ignore[assignment] # a fake
    with nullcontext() if index is not None else pytest.raises(FileNotFound, match="Choose one"):
        assert await titles.file(CHAPTERS.id, Wanted(1, 2)) == ("c" * 40, index)
    await titles.add(CHAPTERS.id, Wanted(1, 1))
    assert finding.looked == [CHAPTERS.id]
    assert not (await titles.title(CHAPTERS.id)).looking
    assert finding.looked == [CHAPTERS.id]
    assert not (await titles.complete(CHAPTERS.id)).looking
    assert finding.looked == [CHAPTERS.id, CHAPTERS.id]


def learned(films: Fetching, *outcomes: Outcome) -> Callable[[], Awaitable[Promises]]:
    """Give what has seen these films played."""

    async def ready() -> Promises:
        made = Promises(films, Kept(*outcomes))
        await made.load()
        return made

    return ready


def played(rate_bytes_per_s: float, info_hash: str = "f" * 40) -> Outcome:
    return replace(OUTCOMES[0], info_hash=InfoHash(info_hash), rate_bytes_per_s=rate_bytes_per_s)


@pytest.mark.parametrize(("line", "chosen"), [(2e6, LARGE), (1e6, SMALL), (None, LARGE)])
async def test_add_when_there_are_several_then_it_is_what_the_line_bears(
    films: Fetching, database: Database, pool: ThreadPoolExecutor, line: float | None, chosen: MagnetLink
) -> None:
    outcomes = () if line is None else (played(line),)
    titles = await titles_of(films, database, pool, promises=learned(films, *outcomes))
    added = await titles.add(TWICE.id, Wanted())
    assert f"urn:btih:{added.torrent.info_hash}" in chosen.link
    again = await titles.add(TWICE.id, Wanted(release=1))
    assert f"urn:btih:{again.torrent.info_hash}" in SMALL.link


async def test_forecast_when_the_line_is_known_then_says_which_why_and_when_and_adds_nothing(
    films: Fetching, database: Database, pool: ThreadPoolExecutor
) -> None:
    titles = await titles_of(films, database, pool, promises=learned(films, played(1e6)))
    found = await titles.forecast(TWICE.id, Wanted(), BROWSER)
    assert (found.release, found.file, found.promise.plays) == (1, "b.mp4", Plays.SMOOTHLY)
    assert {Why.FITS_LINE, Why.PLAYS} <= {reason.why for reason in found.reasons}
    wanted = await titles.forecast(TWICE.id, Wanted(release=0), BROWSER)
    assert (wanted.release, wanted.file, wanted.promise.plays) == (0, "a.mp4", Plays.PAUSES)
    assert wanted.promise.needs_bytes_per_s == pytest.approx(1.2e6)
    assert (films.given, films.asked, films.torrents_here) == ([], [], {})


async def test_forecast_when_a_swarm_was_slow_before_then_another_is_chosen(
    films: Fetching, database: Database, pool: ThreadPoolExecutor
) -> None:
    outcomes = (played(9e6), played(2e5, "b" * 40))
    titles = await titles_of(films, database, pool, promises=learned(films, *outcomes))
    found = await titles.forecast(TWICE.id, Wanted(), BROWSER)
    assert (found.release, found.promise.basis) == (1, Basis.LINE)


async def test_forecast_when_a_tracker_says_that_nobody_has_it_then_another_is_chosen(
    films: Fetching, database: Database, pool: ThreadPoolExecutor
) -> None:
    titles = await titles_of(films, database, pool)
    dead = films.put(InfoHash("b" * 40), {})
    dead.view = replace(dead.view, state=State.DOWNLOADING)
    found = await titles.forecast(TWICE.id, Wanted(), BROWSER)
    assert found.release == 1
    dead.view = replace(dead.view, peers=Peers(0, 2, 5))
    found = await titles.forecast(TWICE.id, Wanted(), BROWSER)
    assert found.release == 0
    assert Reason(Why.SOURCES, {"count": 2.0}) in found.reasons


async def test_forecast_when_the_screen_is_small_then_the_larger_picture_counts_for_nothing(
    films: Fetching, database: Database, pool: ThreadPoolExecutor
) -> None:
    titles = await titles_of(films, database, pool, promises=learned(films, played(2e6)))
    small = replace(BROWSER, screen_height=480)
    assert (await titles.forecast(TWICE.id, Wanted(), BROWSER)).release == 0
    assert (await titles.forecast(TWICE.id, Wanted(), small)).release == 1


async def test_forecast_when_its_torrent_is_here_then_tells_of_the_file_that_the_line_bears(
    films: Fetching, database: Database, pool: ThreadPoolExecutor
) -> None:
    films.there[ARCHIVE_URL] = ("film.ogv", "film.mp4")
    titles = await titles_of(films, database, pool)
    await titles.add(ARCHIVED.id, Wanted())
    found = await titles.forecast(ARCHIVED.id, Wanted(), BROWSER)
    assert (found.release, found.file, found.promise.basis) == (None, "film.mp4", Basis.HERE)
    assert found.reasons[0] == Reason(Why.HERE_ALREADY)


async def test_forecast_when_offline_then_only_of_what_is_here(
    films: Fetching, database: Database, pool: ThreadPoolExecutor
) -> None:
    films.there[ARCHIVE_URL] = ("film.mp4",)
    await (await titles_of(films, database, pool)).add(ARCHIVED.id, Wanted())
    offline = await titles_of(films, database, pool, offline=True)
    assert (await offline.forecast(ARCHIVED.id, Wanted(), BROWSER)).release is None
    with pytest.raises(SourceUnreachable, match="offline"):
        await offline.forecast(TWICE.id, Wanted(), BROWSER)


async def test_forecast_when_nothing_is_known_then_is_a_guess(titles: Titles) -> None:
    found = await titles.forecast(ARCHIVED.id, Wanted(), BROWSER)
    assert (found.release, found.promise.basis, found.promise.plays) == (0, Basis.GUESS, Plays.NOT_KNOWN)
    with pytest.raises(TitleNotAllowed):
        await titles.forecast(FORBIDDEN.id, Wanted(), BROWSER)


async def test_follow_when_an_archive_made_a_torrent_anew_then_its_title_is_played_from_that(
    titles: Titles, films: Fetching, database: Database
) -> None:
    films.there[ARCHIVE_URL] = ("film.mp4",)
    old = (await titles.add(ARCHIVED.id, Wanted())).torrent.info_hash
    new = films.put(InfoHash("e" * 40), {"film.mp4": b"anew"}).view.info_hash
    await titles.follow(old, new)
    await titles.follow(InfoHash("f" * 40), new)  # of which no title is known
    again = await titles.add(ARCHIVED.id, Wanted())
    assert (again.torrent.info_hash, again.new) == (new, False)
    rows = await database.read(lambda connection: connection.execute(select(title_torrents)).all())
    assert {row.info_hash: row.title for row in rows} == {old: ARCHIVED.id, new: ARCHIVED.id}
    assert json.loads(rows[1].basis)["evidence"] == json.loads(rows[0].basis)["evidence"]


ON_THE_WEB = WebFilm("https://films.example/moon.webm", "a" * 40)
WEB = film("web-2013", releases=(Release(ON_THE_WEB),))


class Arriving(Fetching):
    """Films that come from the web."""

    async def add_web_film(self, film: WebFilm, title: str, rights: Rights) -> tuple[TorrentView, bool]:
        self.asked.append(film.url)
        return self.put(InfoHash("f" * 40), {f"{title}.mp4": bytes(10)}, rights).view, True


async def web_titles(
    database: Database, pool: ThreadPoolExecutor, films: Fetching, *shelf: Title, **options: Any
) -> Titles:
    catalogue = Catalogue(database, LAW, lambda: Shelf(shelf, "web"), pool)
    await catalogue.settle()
    return Titles(catalogue, films, **options)


async def test_add_when_a_film_is_on_the_web_alone_then_it_comes_on_the_basis_of_its_evidence(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    films = Arriving()
    titles = await web_titles(database, pool, films, WEB)
    added = await titles.add(WEB.id, Wanted())
    assert (films.asked, added.file) == ([ON_THE_WEB.url], 0)
    assert added.torrent.rights is not None
    assert added.torrent.rights.licence == "CC-BY-3.0"


async def test_add_when_a_film_is_on_the_web_alone_and_nobody_knows_then_nothing_of_it_is_fetched(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    films = Arriving()
    unknown = replace(ELSEWHERE, id=TitleId("unknown-1950"), releases=WEB.releases)
    titles = await web_titles(database, pool, films, unknown, WEB)
    with pytest.raises(RightsUnconfirmed):
        await titles.add(unknown.id, Wanted())
    assert films.asked == []


async def test_add_when_offline_then_a_film_on_the_web_alone_is_not_fetched(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    films = Arriving()
    titles = await web_titles(database, pool, films, WEB, offline=True)
    with pytest.raises(SourceUnreachable, match="offline"):
        await titles.add(WEB.id, Wanted())
    assert films.asked == []


LISTED = film("peertube.a_b", releases=())


async def test_title_when_its_lists_had_no_release_then_whoever_has_it_is_asked_once(
    films: Fetching, database: Database, pool: ThreadPoolExecutor
) -> None:
    asked: list[Title] = []

    async def details(title: Title) -> Title:
        asked.append(title)
        return replace(title, releases=(Release(MAGNET),))

    titles = await web_titles(database, pool, films, details=details)
    catalogue = titles._catalogue
    await (await catalogue.store()).put("peertube", [LISTED, MAGNETIC])
    assert (await titles.title(LISTED.id)).title.releases == (Release(MAGNET),)
    assert (await titles.add(LISTED.id, Wanted())).torrent.rights is not None
    await titles.title(MAGNETIC.id)
    assert [one.id for one in asked] == [LISTED.id]


async def test_title_when_whoever_has_it_is_away_then_as_it_is_and_asked_again(
    films: Fetching, database: Database, pool: ThreadPoolExecutor
) -> None:
    asked: list[Title] = []

    async def away(title: Title) -> Title:
        asked.append(title)
        return title

    titles = await web_titles(database, pool, films, details=away)
    await (await titles._catalogue.store()).put("peertube", [LISTED])
    assert (await titles.title(LISTED.id)).title.releases == ()
    with pytest.raises(FileNotFound, match="Nobody offers"):
        await titles.add(LISTED.id, Wanted())
    assert len(asked) == 2


async def test_title_when_offline_then_nobody_is_asked_for_its_releases(
    films: Fetching, database: Database, pool: ThreadPoolExecutor
) -> None:
    async def details(title: Title) -> Title:
        pytest.fail("somebody was asked")

    titles = await web_titles(database, pool, films, offline=True, details=details)
    await (await titles._catalogue.store()).put("peertube", [LISTED])
    assert (await titles.title(LISTED.id)).title.releases == ()


TRAILER = Trailer(Release(ArchiveItem("An item"), "trailer.mp4"), (LICENCE,))


@pytest.mark.parametrize("evidence", [(LICENCE,), ()])
async def test_trailer_when_wanted_then_plays_on_what_speaks_for_it_alone_and_is_not_recorded_as_the_film(
    evidence: tuple[Evidence, ...], films: Fetching, database: Database, pool: ThreadPoolExecutor
) -> None:
    async def trailer(judged: JudgedTitle) -> JudgedTitle:
        said = replace(TRAILER, evidence=evidence)
        return alone(
            judged, said, LAW.verdict(replace(judged.title, evidence=evidence, authors_complete=False))
        )

    titles = await titles_of(films, database, pool, trailer=trailer)
    films.there[ARCHIVE_URL] = ("An item/film.mp4", "An item/trailer.mp4")
    if not evidence:
        with pytest.raises(FileNotFound, match="trailer"):
            await titles.add(ARCHIVED.id, Wanted(trailer=True))
        assert films.asked == []
        return
    added = await titles.add(ARCHIVED.id, Wanted(trailer=True))
    assert added.torrent.rights is not None
    assert (added.torrent.rights.basis, added.torrent.rights.licence, added.file) == (
        Ground.LICENCE,
        "CC-BY-3.0",
        1,
    )
    assert (await titles.file(ARCHIVED.id, Wanted(trailer=True)))[1] == 1
    assert await database.read(lambda connection: connection.execute(select(title_torrents)).all()) == []
    film_of_it = await titles.add(ARCHIVED.id, Wanted())
    assert (film_of_it.file, film_of_it.torrent.info_hash) == (0, added.torrent.info_hash)


async def test_trailer_when_a_title_has_none_then_not_found(titles: Titles, films: Fetching) -> None:
    with pytest.raises(FileNotFound, match="trailer"):
        await titles.add(ARCHIVED.id, Wanted(trailer=True))
    assert films.asked == []
