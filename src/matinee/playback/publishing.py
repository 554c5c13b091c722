"""Publishes films of one's own, one after another: looked into first, made a torrent, shared, and given a title.

The ``Publishing`` of ``ports``. STATES of one: checking -> hashing -> copying -> done; from each of them failed.
"""

import asyncio
import logging
import os
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from matinee.errors import BadRequest, BadRights, BadSource, Conflict, DiskFailed, MatineeError, NotFound
from matinee.models.licences import find_licence
from matinee.models.media import MediaInfo
from matinee.models.publication import FilmHere, FilmsHere, Order, PublicationView, Step, UploadView
from matinee.models.torrent import PublishStep, TorrentView
from matinee.names import clean_name
from matinee.outside.addresses import AddressPolicy, Refusal, UrlKind
from matinee.playback.local_film import look_into
from matinee.playback.uploads import Uploads
from matinee.ports import Report
from matinee.types import InfoHash, TitleId

log = logging.getLogger(__name__)

REMEMBERED = 20
MOST_FILMS_HERE = 500
TELL_EACH_S = 0.25
FIRST_YEAR, LAST_YEAR = 1874, 2200
_FILM = re.compile(r"\.(mp4|m4v|mkv|webm|avi|mov|ogv|ogm|mpg|mpeg|ts|m2ts|wmv|flv|3gp)$", re.IGNORECASE)
_STEPS = {PublishStep.HASHING: Step.HASHING, PublishStep.COPYING: Step.COPYING}


@dataclass(slots=True)
class _Job:
    view: PublicationView
    task: asyncio.Task[None] | None = None
    told_s: float = 0.0


class Sharing(Protocol):
    """What shares films: ``service.py`` is the one that does."""

    async def share(
        self,
        path: Path,
        licence: str | None,
        title: str | None,
        web_seeds: Sequence[str],
        trackers: Sequence[str],
        report: Report,
        *,
        ours: bool = False,
        also: Callable[[TorrentView], Awaitable[None]],
    ) -> tuple[TorrentView, bytes]:
        """Make a torrent, share it, and give it with its .torrent; nothing stays of it without ``also``."""

    async def metainfo(self, info_hash: InfoHash) -> bytes:
        """Give the .torrent of a torrent."""


class Keeping(Protocol):
    """What gives films titles: ``own_films.py`` is the one that does."""

    async def keep(self, order: Order, name: str, view: TorrentView, info: MediaInfo) -> TitleId:
        """Make a title of a film that is shared now."""

    async def forget(self, info_hash: InfoHash) -> None:
        """Have a title go with its torrent."""


class Publishing:
    """All of it. Everything runs on the loop's thread.

    Args:
        service: shares what is published.
        uploads: takes films that are sent.
        own: gives them titles.
        policy: which trackers may be named.
        films: where films are kept.
        pool: where files are read.
        tell: told of each publication as it gets on.
    """

    def __init__(
        self,
        service: Sharing,
        uploads: Uploads,
        own: Keeping,
        policy: AddressPolicy,
        films: Path,
        pool: Executor,
        tell: Callable[[PublicationView], None],
    ) -> None:
        self._service = service
        self._uploads = uploads
        self._own = own
        self._policy = policy
        self._films = films
        self._pool = pool
        self._tell = tell
        self._jobs: dict[str, _Job] = {}

    async def close(self) -> None:
        """Give up what is not done."""
        for job in list(self._jobs.values()):
            await _end(job)
        await self._uploads.close()

    # -- films that are sent

    async def begin_upload(self, name: str, length: int) -> UploadView:
        """Make room for a film that will be sent."""
        return await self._uploads.begin(name, length)

    def upload(self, upload: str) -> UploadView:
        """Say how much of it is here."""
        return self._uploads.get(upload)

    async def receive(self, upload: str, start: int, chunks: AsyncIterator[bytes]) -> UploadView:
        """Take what comes of it."""
        return await self._uploads.receive(upload, start, chunks)

    async def drop_upload(self, upload: str) -> None:
        """Forget it."""
        await self._uploads.drop(upload)

    async def films_here(self) -> FilmsHere:
        """List what lies in the folder of films, and is not a torrent's."""
        found = await asyncio.get_running_loop().run_in_executor(self._pool, _films_in, self._films)
        return FilmsHere(str(self._films), tuple(found))

    # -- publications

    async def publish(self, order: Order) -> PublicationView:
        """Begin to publish."""
        checked = _checked(order, self._policy)
        if any(job.task is not None and not job.task.done() for job in self._jobs.values()):
            raise Conflict("A film is being published already. Wait for it, or give it up.")
        if checked.upload is not None:
            path = await self._uploads.take(checked.upload)
        else:
            path = Path(str(checked.path))
        view = PublicationView(
            secrets.token_urlsafe(16), checked.title, Step.CHECKING, 0, 0, None, None, None, None
        )
        job = _Job(view)
        while len(self._jobs) >= REMEMBERED:
            del self._jobs[next(iter(self._jobs))]
        self._jobs[view.id] = job
        job.task = asyncio.create_task(self._work(job, checked, path), name="publish")
        return view

    def publications(self) -> list[PublicationView]:
        """Give those of this run, the newest first."""
        return [job.view for job in reversed(self._jobs.values())]

    def publication(self, publication: str) -> PublicationView:
        """Give one of them."""
        return self._find(publication).view

    async def cancel(self, publication: str) -> None:
        """Give it up, if it is not done."""
        job = self._find(publication)
        await _end(job)
        del self._jobs[publication]

    async def forget(self, info_hash: InfoHash) -> None:
        """Have the title of a torrent that was removed go with it."""
        await self._own.forget(info_hash)

    async def metainfo(self, info_hash: InfoHash) -> bytes:
        """Give the .torrent of a torrent."""
        return await self._service.metainfo(info_hash)

    async def _work(self, job: _Job, order: Order, path: Path) -> None:
        try:
            await self._publish(job, order, path)
        except MatineeError as error:
            log.info("A film was not published code=%s", error.code)
            self._now(job, step=Step.FAILED, code=error.code, message=error.message)
        except Exception:
            log.exception("A film could not be published")
            self._now(
                job,
                step=Step.FAILED,
                code="internal",
                message="Something went wrong inside Matinee. Try again.",
            )
        finally:
            if order.upload is not None:
                with suppress(NotFound):
                    await self._uploads.drop(order.upload)

    async def _publish(self, job: _Job, order: Order, path: Path) -> None:
        info = await look_into(path, self._pool)

        def report(step: PublishStep, done: int, total: int) -> None:
            now_s = asyncio.get_running_loop().time()
            first = job.view.step is not _STEPS[step]
            if first or done == total or now_s - job.told_s >= TELL_EACH_S:
                job.told_s = now_s
                self._now(job, step=_STEPS[step], done=done, total=total)

        ours = order.upload is not None
        title_id: TitleId | None = None

        async def keep(view: TorrentView) -> None:
            nonlocal title_id
            name = view.files[0].path if view.files else path.name
            title_id = await self._own.keep(order, name, view, info)

        view, _ = await self._service.share(
            path, order.licence, order.title, (), order.trackers, report, ours=ours, also=keep
        )
        self._now(job, step=Step.DONE, done=job.view.total, info_hash=view.info_hash, title_id=title_id)

    def _now(self, job: _Job, **changes: object) -> None:
        job.view = replace(job.view, **changes)  # type: ignore[arg-type]  # replace() checks the names
        self._tell(job.view)

    def _find(self, publication: str) -> _Job:
        found = self._jobs.get(publication)
        if found is None:
            raise NotFound("There is no such publication, or it was given up.")
        return found


async def _end(job: _Job) -> None:
    if job.task is not None:
        job.task.cancel()
        await asyncio.gather(job.task, return_exceptions=True)


def _checked(order: Order, policy: AddressPolicy) -> Order:
    """Hold an order to what can be published.

    Raises:
        BadRequest: its title, its year or a tracker makes no sense, or it names no film, or two.
        BadRights: its licence is not known.
        BadSource: its path is no whole one.
    """
    title = clean_name(order.title, "", 200)
    if not title:
        raise BadRequest("A film needs a title that can be read.")
    if not FIRST_YEAR <= order.year <= LAST_YEAR:
        raise BadRequest(f"A film is of a year from {FIRST_YEAR} on.")
    if (order.upload is None) == (order.path is None):
        raise BadRequest("Name either an upload or a path.")
    licence = None
    if order.licence is not None:
        known = find_licence(order.licence)
        if known is None:
            raise BadRights("This is not a licence Matinee knows. Choose one of the list.")
        licence = known.id
    if order.path is not None and not Path(order.path).is_absolute():
        raise BadSource("A film on this computer is named by its whole path, such as /media/film.mp4.")
    trackers = tuple(dict.fromkeys(_tracker(one, policy) for one in order.trackers))
    return replace(order, title=title, licence=licence, trackers=trackers)


def _tracker(text: str, policy: AddressPolicy) -> str:
    url = policy.clean_url(text.strip(), UrlKind.TRACKER)
    if isinstance(url, Refusal):
        raise BadRequest(f"The tracker {clean_name(text, 'given')!r} cannot be used: {url.reason}.")
    return url


def _films_in(folder: Path) -> list[FilmHere]:
    try:
        with os.scandir(folder) as entries:
            found = [
                FilmHere(
                    entry.path, clean_name(entry.name, "film"), entry.stat(follow_symlinks=False).st_size
                )
                for entry in entries
                if not entry.name.startswith(".")
                and entry.is_file(follow_symlinks=False)
                and _FILM.search(entry.name)
            ]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DiskFailed(f"The folder of films cannot be read: {error.strerror}.") from error
    return sorted(found, key=lambda one: one.name)[:MOST_FILMS_HERE]
