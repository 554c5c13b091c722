"""Titles that are played: from the catalogue's release to a torrent, on the basis that its evidence gives.

The ``Titles`` of ``ports``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from matinee.catalogue.basis import basis_of
from matinee.catalogue.service import Catalogue
from matinee.catalogue.title_data import record_of
from matinee.errors import (
    BadRequest,
    BadSource,
    FileNotFound,
    RightsUnconfirmed,
    SourceUnreachable,
    TooLarge,
    TorrentNotFound,
)
from matinee.models.catalogue import (
    SHELF,
    AddedTitle,
    Filters,
    JudgedTitle,
    ShelfRows,
    TitlePage,
    TitleQuery,
    Wanted,
)
from matinee.models.rights import Rights, Standing
from matinee.models.title import ArchiveItem, Episode, MagnetLink, Release, Title, WebFilm
from matinee.models.torrent import FileEntry, TorrentView
from matinee.playback.trailers import no_trailer
from matinee.ports import Films
from matinee.types import FileIndex, InfoHash, TitleId

if TYPE_CHECKING:
    # Needed only once a title is looked at.
    from matinee.catalogue.completing import Completing
    from matinee.catalogue.film_file import Found
    from matinee.catalogue.rank import Place
    from matinee.models.choice import Forecast
    from matinee.models.playback import ClientSupport
    from matinee.playback.promises import Promises

ARCHIVE = "https://archive.org/download/"
"""Where the archive has an item's files, and its torrent."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be played."""

    releases: Sequence[Release]
    """The first that can be had is played."""
    place: tuple[int, int, int, int] | None
    """Of an episode: season, number, place among all in the release, how many those are."""
    duration_s: float | None = None
    """Of the film or episode, where the catalogue knows it."""
    own: bool = False
    """Whether these are places of an episode alone, though others may be there too."""


class Titles:
    """Finds titles and plays them.

    Args:
        catalogue: knows them and what may be shared.
        films: adds their torrents.
        offline: whether nobody may be asked for a torrent.
        archive: where the archive's items are.
        details: asks whoever has a title for its releases; gives it as it is when that is away.
        completing: asks others for what titles of the shelf lack; without it nobody is.
        trailer: gives a title's trailer alone; raises FileNotFound where it has none that may be shared here.
        promises: gives what knows when films start on this line; without it nothing of the line is known.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        films: Films,
        *,
        offline: bool = False,
        archive: str = ARCHIVE,
        promises: Callable[[], Awaitable[Promises]] | None = None,
        details: Callable[[Title], Awaitable[Title]] | None = None,
        completing: Completing | None = None,
        trailer: Callable[[JudgedTitle], Awaitable[JudgedTitle]] = no_trailer,
    ) -> None:
        self._completing = completing
        self._trailer = trailer
        self._details = details
        self._promises = promises
        self._catalogue = catalogue
        self._films = films
        self._offline = offline
        self._archive = archive

    async def shelves(self) -> ShelfRows:
        """Give the rows of the home page."""
        return await self._catalogue.shelves()

    async def find(self, query: TitleQuery) -> TitlePage:
        """Find titles."""
        return await self._catalogue.find(query)

    async def filters(self, *, children: bool) -> Filters:
        """Say what titles may be narrowed by."""
        return await self._catalogue.filters(children=children)

    async def title(self, title_id: TitleId) -> JudgedTitle:
        """Give a title that may be shared here."""
        judged = await self._whole(title_id)
        looking = self._completing is not None and self._completing.is_looking(title_id)
        return replace(judged, looking=looking)

    async def complete(self, title_id: TitleId) -> JudgedTitle:
        """Give a title that may be shared here, and begin to ask others for what it lacks."""
        judged = await self._whole(title_id)
        return replace(judged, looking=self._completing is not None and self._completing.look(judged))

    async def _whole(self, title_id: TitleId) -> JudgedTitle:
        """Give a title that may be shared here; of one whose lists had no releases its provider is asked for them."""
        judged = await self._catalogue.title(title_id)
        title = judged.title
        if title.releases or title.seasons or self._details is None or self._offline:
            return judged
        whole = await self._details(title)
        if not whole.releases:
            return judged
        await (await self._catalogue.store()).put(title.id.partition(".")[0], [whole])
        return await self._catalogue.title(title_id)

    async def _found(self, title_id: TitleId, wanted: Wanted) -> JudgedTitle:
        """Give a title of which something is to be played; where no copy of that is known, others are asked first."""
        judged = await self._whole(title_id)
        if self._completing is None:
            return judged
        episode, _ = _episode(judged.title, wanted)
        if episode is None or episode.releases or judged.title.releases or not self._completing.look(judged):
            return judged
        await self._completing.finished(title_id)
        return await self._whole(title_id)

    async def forecast(self, title_id: TitleId, wanted: Wanted, client: ClientSupport) -> Forecast:
        """Say what playing it would do. Asks nobody, and adds nothing."""
        from matinee.catalogue.rank import handling_of
        from matinee.models.choice import Forecast, Reason, Why
        from matinee.playback import forecast

        judged = await self._wanted(await self._catalogue.title(title_id), wanted)
        choice = _choice(judged, wanted)
        promises = await self._known()
        place = forecast.place_of(client, promises)
        kept = await self._here(judged, wanted)
        found = None if kept is None else found_of(kept.files, choice, place)
        if kept is not None and found is not None:
            handling = handling_of(Release(MagnetLink(kept.magnet), found.file.path), client)
            said = await promises.of_film(kept.info_hash, found.file.index, choice.duration_s, handling)
            why = found.choice.reasons if found.choice is not None else ()
            return Forecast(None, found.file.path, said, (Reason(Why.HERE_ALREADY), *why))
        if self._offline:
            raise SourceUnreachable(
                "Matinee is offline, and nothing of this title is here. Start it without --offline."
            )
        played = await self._played(judged.title.id, wanted)
        ranking = await forecast.ranking(choice.releases, place, promises, self._films, played)
        first = ranking.choices[0]
        index = first.index if wanted.release is None else wanted.release
        file = choice.releases[first.index].file
        return Forecast(index, file, ranking.promises[first.index], first.reasons)

    async def add(self, title_id: TitleId, wanted: Wanted, client: ClientSupport | None = None) -> AddedTitle:
        """Add the torrent of a title; its evidence is the basis, or its user has to state one."""
        judged = await self._wanted(await self._found(title_id, wanted), wanted)
        choice, place = await self._ranked(_choice(judged, wanted), client)
        view, new = await self._add(judged, wanted, choice)
        found = found_of(view.files, choice, place)
        return AddedTitle(view, None if found is None else found.file.index, new)

    async def file(
        self, title_id: TitleId, wanted: Wanted, client: ClientSupport | None = None
    ) -> tuple[InfoHash, FileIndex]:
        """Add a title's torrent, wait for its list of files, and say which is the film."""
        judged = await self._wanted(await self._found(title_id, wanted), wanted)
        choice, place = await self._ranked(_choice(judged, wanted), client)
        view, _ = await self._add(judged, wanted, choice)
        info_hash = view.info_hash
        if not view.files:
            await self._films.stream(info_hash)  # waits for the list
            view = await self._films.torrent(info_hash)
        found = found_of(view.files, choice, place)
        if found is None:
            raise FileNotFound(
                "Nothing tells which file of this torrent is the film that is wanted. Choose one yourself.",
                info_hash=info_hash,
            )
        return info_hash, found.file.index

    async def follow(self, old: InfoHash, new: InfoHash) -> None:
        """Play a title from the torrent that an archive has made in the place of an earlier one."""
        recorded = await (await self._catalogue.store()).title_of(old)
        if recorded is None:
            return
        title_id, part = recorded
        judged = await self._whole(title_id)
        wanted = Wanted(*part) if part is not None else Wanted()
        await (await self._catalogue.store()).record(new, title_id, wanted, record_of(judged))

    async def _wanted(self, judged: JudgedTitle, wanted: Wanted) -> JudgedTitle:
        """Give a title, or its trailer alone as one. Raises FileNotFound: it has none that may be shared here."""
        return await self._trailer(judged) if wanted.trailer else judged

    async def _played(self, title_id: TitleId, wanted: Wanted) -> Sequence[InfoHash]:
        """Give the torrents that were added for what is wanted; a trailer is never taken for its film."""
        return () if wanted.trailer else await (await self._catalogue.store()).torrents_of(title_id, wanted)

    async def _known(self) -> Promises:
        from matinee.playback.promises import Promises

        return Promises(self._films) if self._promises is None else await self._promises()

    async def _ranked(self, choice: Choice, client: ClientSupport | None) -> tuple[Choice, Place]:
        """Put the release first that is best for a player on this line; equals stay as the catalogue has them."""
        from matinee.playback import forecast

        promises = await self._known()
        place = forecast.place_of(client, promises)
        if len(choice.releases) < 2:
            return choice, place
        ranking = await forecast.ranking(choice.releases, place, promises, self._films, ())
        ordered = tuple(choice.releases[one.index] for one in ranking.choices)
        return replace(choice, releases=ordered), place

    async def _add(self, judged: JudgedTitle, wanted: Wanted, choice: Choice) -> tuple[TorrentView, bool]:
        if (kept := await self._here(judged, wanted)) is not None:
            return kept, False
        rights = _rights(judged)
        failure: SourceUnreachable | BadSource | TooLarge | None = None
        for release in choice.releases:
            try:
                view, new = await self._add_release(judged.title, release, rights)
            except (SourceUnreachable, BadSource, TooLarge) as error:
                failure = failure or error
                continue
            if not wanted.trailer:
                store = await self._catalogue.store()
                await store.record(view.info_hash, judged.title.id, wanted, record_of(judged))
            return view, new
        assert failure is not None  # noqa: S101 - a title has a release: ``choice_of`` made sure
        raise failure

    async def _here(self, judged: JudgedTitle, wanted: Wanted) -> TorrentView | None:
        """Find what was added for this before: it needs no network."""
        if wanted.release is not None:
            return None
        for info_hash in await self._played(judged.title.id, wanted):
            try:
                view = await self._films.torrent(info_hash)
            except TorrentNotFound:
                continue
            if view.became is not None:
                view = await self._films.torrent(view.became)
            if view.rights is not None or judged.verdict.standing is not Standing.ALLOWED:
                return view
        return None

    async def _add_release(
        self, title: Title, release: Release, rights: Rights | None
    ) -> tuple[TorrentView, bool]:
        match release.place:
            case WebFilm() as film:
                return await self._add_web_film(title, film, rights)
            case MagnetLink(link):
                return await self._films.add_magnet(link, rights)
            case ArchiveItem(identifier):
                name = quote(identifier, safe="")
                url = f"{self._archive}{name}/{name}_archive.torrent"
                where = "the Internet Archive"
            case web:
                url, where = web.url, "the host of its torrent"
        if self._offline:
            raise SourceUnreachable(
                f"Matinee is offline, and the torrent of this film is fetched from {where}. Start it without --offline."
            )
        try:
            return await self._films.add_url(url, rights)
        except SourceUnreachable as error:
            raise SourceUnreachable(
                f"The torrent of this film is fetched from {where}, which cannot be reached now. Is this computer "
                f"on the network? ({error.message})"
            ) from error

    async def _add_web_film(
        self, title: Title, film: WebFilm, rights: Rights | None
    ) -> tuple[TorrentView, bool]:
        if rights is None:
            raise RightsUnconfirmed(
                "Nobody can say for certain that this film may be shared in your country. There is no torrent of it to "
                "look into, so nothing of it is fetched."
            )
        if self._offline:
            raise SourceUnreachable(
                "Matinee is offline, and this film is fetched from the web. Start it without --offline."
            )
        return await self._films.add_web_film(film, title.title, rights)


def _rights(judged: JudgedTitle) -> Rights | None:
    """Give the basis that the evidence is; None when somebody else has to state one."""
    if judged.verdict.standing is not Standing.ALLOWED:
        return None
    basis, licence = basis_of(judged.verdict)
    stated_at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Rights(basis, licence, stated_at)


def _choice(judged: JudgedTitle, wanted: Wanted) -> Choice:
    # Anybody may write a film's identifier beside what they upload: what the shelf names is played before that.
    return choice_of(judged.title, wanted, judged.own_releases if judged.source == SHELF else None)


def choice_of(title: Title, wanted: Wanted, first: int | None = None) -> Choice:
    """Say what of a title is to be played.

    Args:
        title: whose releases they are.
        wanted: which episode, and which release where one was chosen.
        first: so many of its releases, if there are any, are played unless another is chosen; None for all.

    Raises:
        BadRequest: it has no such episode or release.
        FileNotFound: nobody offers it.
    """
    episode, place = _episode(title, wanted)
    releases = (episode.releases if episode is not None else ()) or title.releases
    if wanted.release is not None:
        if wanted.release >= len(releases):
            raise BadRequest(f"There is no release {wanted.release} of this title.", title_id=title.id)
        releases = releases[wanted.release : wanted.release + 1]
    elif first and releases is title.releases:
        releases = releases[:first]
    if not releases:
        raise FileNotFound("Nobody offers this title as a torrent yet.", title_id=title.id)
    own = episode is not None and bool(episode.releases)
    minutes = title.minutes if episode is None else episode.minutes
    if minutes and (own or place is None):
        releases = tuple(replace(one, duration_s=one.duration_s or minutes * 60.0) for one in releases)
    return Choice(releases, None if own else place, minutes * 60.0 if minutes else None, own)


def _episode(title: Title, wanted: Wanted) -> tuple[Episode | None, tuple[int, int, int, int] | None]:
    """Find the episode that is wanted: of a series the first, when none is named."""
    every = [(season.number, episode) for season in title.seasons for episode in season.episodes]
    if not every:
        if wanted.season is not None or wanted.episode is not None:
            raise BadRequest("A film has no episodes.", title_id=title.id)
        return None, None
    shared = [one for one in every if not one[1].releases]
    for season, episode in every:
        if wanted.episode is not None and (season, episode.number) != (wanted.season, wanted.episode):
            continue
        if wanted.episode is None and wanted.season not in (None, season):
            continue
        position = shared.index((season, episode)) if not episode.releases else 0
        return episode, (season, episode.number, position, len(shared))
    raise BadRequest("This series has no such episode.", title_id=title.id)


def file_of(files: Sequence[FileEntry], choice: Choice) -> FileEntry | None:
    """Find what is to be played among the files of a torrent, anywhere; None when nothing tells which it is."""
    from matinee.catalogue.film_file import ANYWHERE

    found = found_of(files, choice, ANYWHERE)
    return None if found is None else found.file


def found_of(files: Sequence[FileEntry], choice: Choice, place: Place) -> Found | None:
    """Find what is to be played there among the files of a torrent, and why that; None when nothing tells."""
    from matinee.catalogue.film_file import episode_file, film_file, part_file

    names = [one.file for one in choice.releases if one.file]
    named = names[0] if names else None
    lasts_s = choice.duration_s
    if choice.own:
        return part_file(files, names, place=place, duration_s=lasts_s)
    if choice.place is None:
        return film_file(files, named, place=place, duration_s=lasts_s)
    return episode_file(files, *choice.place, named=named, place=place, duration_s=lasts_s)
