"""Promises that are kept: made at the click, watched while it plays, learned from when it ends."""

import asyncio
from dataclasses import replace

import pytest

from matinee.catalogue.rank import Handling
from matinee.errors import StorageFailed, TorrentNotFound
from matinee.models.playback import Plan, Way
from matinee.models.promise import Basis, Outcome, Plays
from matinee.models.title import ArchiveItem, Release, WebFilm
from matinee.models.torrent import Progress, TorrentView
from matinee.playback import promises as module
from matinee.playback.promises import Promises
from matinee.types import FileIndex, InfoHash
from tests.fakes.films import FakeFilms
from tests.fakes.playbacks import OUTCOMES, SESSION, make_playback

HASH = InfoHash("a" * 40)
ETAG = '"aaaaaaaaaaaaaaaa-0"'
LENGTH = 12_000_000


class Kept:
    """A store in memory."""

    def __init__(self, *outcomes: Outcome, failure: StorageFailed | None = None) -> None:
        self.outcomes = list(outcomes)
        self.failure = failure

    async def load(self, most: int) -> list[Outcome]:
        if self.failure is not None:
            raise self.failure
        return self.outcomes[-most:]

    async def add(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)


class Coming(FakeFilms):
    """More of its films is here each time that one looks."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0
        self.looked = asyncio.Event()
        """Set once a film was opened and then looked at as often as it is."""

    async def torrent(self, info_hash: InfoHash) -> TorrentView:
        view = await super().torrent(info_hash)
        self.looks += 1
        if self.looks == 2 + module.LOOKS:
            self.looked.set()
        come(self, min(view.progress.bytes_done + 1_500_000, LENGTH - 1))
        return view


@pytest.fixture
def films() -> Coming:
    """One film of twelve seconds, of which nothing is here yet."""
    films = Coming()
    torrent = films.put(HASH, {"film.mp4": bytes(LENGTH)})
    torrent.streams[FileIndex(0)].here = 0
    come(films, 0)
    return films


def come(films: FakeFilms, count: int) -> None:
    torrent = films.torrents_here[HASH]
    torrent.view = replace(torrent.view, progress=Progress(count, LENGTH))


async def opened(promises: Promises, way: Way = Way.DIRECT, *, keeps_up: bool = True) -> None:
    told = await promises.wished(HASH, None)
    view = make_playback(SESSION, HASH, FileIndex(0), way)
    plan: Plan = replace(view.plan, keeps_up=keeps_up)
    await promises.opened(told, replace(view, plan=plan), ETAG)


async def test_a_film_that_was_played_is_kept_with_what_was_promised(
    films: Coming, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOKS_S", 0.01)
    kept = Kept()
    promises = Promises(films, kept)
    await opened(promises)
    promises.sent(ETAG, 0, 1_000_000, 0.5)
    assert kept.outcomes == []
    promises.sent(ETAG, 1_000_000, 3_000_000, 0.5)
    async with asyncio.timeout(60):
        await films.looked.wait()
    promises.sent(ETAG, 3_000_000, 4_000_000, 30.0)
    promises.ended(SESSION)
    await promises.close()
    (one,) = kept.outcomes
    assert (one.promise.basis, one.fresh, one.stalls) == (Basis.GUESS, True, 1)
    assert one.promise.needs_bytes_per_s == pytest.approx(1.2e6)
    assert one.start_s > 0
    assert one.rate_bytes_per_s
    assert promises.outcomes == (one,)


async def test_bytes_of_an_index_at_the_end_are_no_picture(films: Coming) -> None:
    promises = Promises(films, kept := Kept())
    await opened(promises)
    promises.sent(ETAG, LENGTH - 5_000, LENGTH, 0.1)
    promises.sent('"another-0"', 0, LENGTH, 0.1)
    promises.ended(SESSION)
    await promises.close()
    assert kept.outcomes == []


async def test_segments_are_followed_by_their_time(films: Coming) -> None:
    promises = Promises(films, kept := Kept())
    await opened(promises, Way.TRANSCODE, keeps_up=False)
    promises.showed(SESSION, 0.0, 6.0, 1.0)
    await promises.close()
    (one,) = kept.outcomes
    assert (one.promise.plays, one.stalls) == (Plays.CONVERTS_SLOWLY, 0)


async def test_what_was_learned_comes_back(films: Coming) -> None:
    promises = Promises(films, Kept(*OUTCOMES))
    await promises.load()
    said = await promises.make(HASH, FileIndex(0))
    assert (said.basis, said.gets_bytes_per_s) == (Basis.FILM, 4e5)


async def test_a_database_that_refuses_makes_promises_guesses(films: Coming) -> None:
    promises = Promises(films, Kept(*OUTCOMES, failure=StorageFailed("The database refused.")))
    await promises.load()
    assert (await promises.make(HASH, None)).basis is Basis.GUESS


async def test_a_film_that_is_here_starts_at_once(films: Coming) -> None:
    films.torrents_here[HASH].streams[FileIndex(0)].here = LENGTH
    assert (await Promises(films).make(HASH, None)).basis is Basis.HERE


async def test_without_its_list_of_files_a_film_is_promised_all_the_same(films: Coming) -> None:
    torrent = films.torrents_here[HASH]
    torrent.view = replace(torrent.view, files=())
    said = await Promises(films).make(HASH, None)
    assert said.plays is Plays.NOT_KNOWN
    assert said.starts_in_s > 0


async def test_nothing_is_promised_of_a_torrent_that_is_not_here(films: Coming) -> None:
    with pytest.raises(TorrentNotFound):
        await Promises(films).make(InfoHash("f" * 40), None)


async def test_a_torrent_that_went_away_loses_only_the_figure(films: Coming) -> None:
    promises = Promises(films, kept := Kept())
    await opened(promises)
    promises.sent(ETAG, 0, 3_000_000, 0.5)
    del films.torrents_here[HASH]
    promises.ended(SESSION)
    await promises.close()
    assert [one.rate_bytes_per_s for one in kept.outcomes] == [None]


async def test_where_its_index_lies_is_learned_from_what_its_player_asks_for(films: Coming) -> None:
    promises = Promises(films, Kept(*OUTCOMES))
    await promises.load()
    await opened(promises)
    promises.sent(ETAG, 0, 3_000_000, 0.5)
    at_head = await promises.make(HASH, None)
    await opened(promises)
    promises.sent(ETAG, LENGTH - 5_000, LENGTH, 0.1)
    promises.sent(ETAG, 0, 3_000_000, 0.5)
    at_tail = await promises.make(HASH, None)
    await promises.close()
    assert at_head.starts_in_s != at_tail.starts_in_s


async def test_a_release_that_is_not_here_is_promised_by_what_is_known_of_it(films: Coming) -> None:
    promises = Promises(films, Kept(*OUTCOMES))
    await promises.load()
    large = Release(ArchiveItem("item"), "film.mp4", length_bytes=6_000_000_000, duration_s=6000.0)
    said = promises.of_release(large, Handling.PLAYS, HASH)
    assert (said.basis, said.plays) == (Basis.FILM, Plays.PAUSES)
    web = replace(large, place=WebFilm("https://films.example/a.mp4", None))
    assert promises.of_release(web, Handling.PLAYS, HASH) == said
    vague = promises.of_release(replace(large, duration_s=None), Handling.UNKNOWN, None)
    assert (vague.basis, vague.plays) == (Basis.LINE, Plays.NOT_KNOWN)
    assert vague.starts_in_s < said.starts_in_s
