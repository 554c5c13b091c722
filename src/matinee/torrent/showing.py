"""A torrent as people see it: one value of all that is known of it at a moment."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from matinee.errors import FileNotFound
from matinee.models.torrent import (
    Fetching,
    FileEntry,
    FileState,
    Giving,
    Homes,
    Limits,
    Progress,
    State,
    TorrentView,
)
from matinee.torrent import giving, taking
from matinee.torrent.giving import GiveLimits
from matinee.types import FileIndex

if TYPE_CHECKING:
    from matinee.torrent.film import Film
    from matinee.torrent.torrent import Torrent

_NOTHING = Progress(0, 0)


def view(torrent: "Torrent", give: GiveLimits) -> TorrentView:
    """Show a torrent; ``give`` is what the settings say of giving."""
    film, record = torrent.film, torrent.record
    length = film.contents.length if film else 0
    progress = Progress(film.bytes_done if film else 0, length)
    return TorrentView(
        info_hash=record.info_hash,
        name=record.name,
        state=_state(torrent),
        trouble=torrent.trouble,
        rights=record.rights,
        sharing=record.sharing,
        length=length,
        piece_length=film.contents.layout.piece_length if film else 0,
        files=film.contents.files if film else (),
        progress=progress,
        rates=torrent.snapshot.rates,
        peers=torrent.snapshot.peers,
        added_at=record.added_at,
        magnet=record.magnet,
        kept=record.kept,
        own=record.own,
        fetching=_fetching(torrent),
        queue_position=record.place,
        takes=record.takes,
        wanted=_wanted(torrent, progress),
        giving=_giving(torrent, give),
        limits=Limits(record.down_limit_bytes_per_s, record.up_limit_bytes_per_s),
        homes=homes(torrent),
    )


def homes(torrent: "Torrent") -> Homes | None:
    """Say how many others have all of it now; where nobody tells, how many had it when that was known last."""
    now = torrent.snapshot
    if not now.homes_known:
        return torrent.record.homes
    return Homes(now.peers.seeds, datetime.now(UTC).date().isoformat())


def files(torrent: "Torrent", start: int, most: int) -> tuple[FileState, ...]:
    """Show some of its files, each with what becomes of it; none until its list of files is here."""
    film = torrent.film
    if film is None:
        return ()
    return tuple(_file(torrent, film, file) for file in film.contents.files[start : start + most])


def file(torrent: "Torrent", index: FileIndex) -> FileState:
    """Show one of its files.

    Raises:
        FileNotFound: there is no such file.
    """
    film = torrent.film
    found = film.contents.file(index) if film is not None else None
    if film is None or found is None:
        raise FileNotFound(
            f"The torrent has no file {index} that is shown.", info_hash=torrent.record.info_hash
        )
    return _file(torrent, film, found)


def _file(torrent: "Torrent", film: "Film", entry: FileEntry) -> FileState:
    done = sum(stop - start for start, stop in film.ranges(entry).spans)
    return FileState(entry, torrent.record.takes.of(entry.index), done)


def _state(torrent: "Torrent") -> State:
    if torrent.trouble is not None and torrent.trouble.code != "waiting":
        return State.ERROR
    if torrent.film is None:
        return State.PAUSED if torrent.record.paused else State.FETCHING_METADATA
    if torrent.snapshot.checking:
        return State.CHECKING
    if torrent.complete:
        return State.COMPLETE
    if torrent.record.paused or torrent.record.rights is None:
        return State.PAUSED
    return State.DOWNLOADING


def _fetching(torrent: "Torrent") -> Fetching:
    film = torrent.film
    if film is None or not film.taken:
        return Fetching.AS_WATCHED
    if not film.lacks:
        return Fetching.HERE
    return Fetching.NOW if torrent.turn else Fetching.QUEUED


def _wanted(torrent: "Torrent", progress: Progress) -> Progress:
    film = torrent.film
    if film is None or not film.taken:
        return _NOTHING
    if not torrent.record.takes.files:
        return progress
    return taking.progress(film.contents.layout, film.pieces.ready, film.taken)


def limits_of(torrent: "Torrent", give: GiveLimits) -> GiveLimits:
    """Say at which a torrent is given no longer; one that was published here goes by its own limits alone."""
    record = torrent.record
    return (GiveLimits() if record.own else give).over(record.give_ratio, record.give_hours)


def _giving(torrent: "Torrent", give: GiveLimits) -> Giving:
    record, given = torrent.record, torrent.given
    until_s = giving.until_s(limits_of(torrent, give), given)
    return Giving(
        bytes_down=given.bytes_down,
        bytes_up=given.bytes_up,
        ratio=giving.ratio(given),
        ratio_limit=record.give_ratio,
        hours_limit=record.give_hours,
        complete_since=record.completed_at if torrent.complete else None,
        until=None if until_s is None else stamp(until_s),
        enough=torrent.enough,
    )


def stamp(moment_s: float) -> str:
    """Write a moment of the wall clock, in seconds since 1970, as RFC 3339 in UTC."""
    return datetime.fromtimestamp(moment_s, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
