"""Which films make room for others, in which order, and why. Pure.

Watched ones go first; then, where somebody waits for room, those that nobody has watched; of each kind the one that was
used longest ago. What plays, what is given until its user says otherwise, what is kept for offline and what is the
user's own never goes.
"""

from collections.abc import Collection, Iterable, Sequence

from matinee.library.watched import is_begun
from matinee.models.library import Progress
from matinee.models.space import FilmHere, FilmSpace, Standing
from matinee.models.torrent import FileEntry

FILM_PART = 5
"""Beside a torrent's largest film, one of less than this part of it is a trailer or a sample."""


def standing(film: FilmHere) -> Standing:
    """Say whether a film may go, and why; of several reasons to stay the one that its user would name first."""
    if film.playing:
        return Standing.PLAYING
    if film.own:
        return Standing.OWN
    if film.kept:
        return Standing.KEPT
    if film.given:
        return Standing.GIVEN
    return Standing.WATCHED if film.watched else Standing.UNWATCHED


def in_order(films: Iterable[FilmHere]) -> list[FilmSpace]:
    """Put films in order: those that may go, the first to go first; then those that stay, the largest first."""
    told = [
        FilmSpace(
            film.info_hash,
            film.name,
            film.taken_bytes,
            standing(film),
            film.used_at,
            film.kept,
            film.title_id,
        )
        for film in films
        if film.taken_bytes > 0
    ]
    going = [film for film in told if film.standing.goes]
    staying = [film for film in told if not film.standing.goes]
    going.sort(key=lambda film: (film.standing is Standing.UNWATCHED, film.used_at, film.info_hash))
    staying.sort(key=lambda film: (-film.taken_bytes, film.info_hash))
    return going + staying


def first_to_go(films: Iterable[FilmHere], needed_bytes: int, urgent_bytes: int) -> Sequence[FilmSpace]:
    """Choose the films that make room: no more of them than are needed, all that may go where that is not enough.

    Args:
        films: all that are here.
        needed_bytes: how much has to go; watched ones go for that.
        urgent_bytes: how much of it somebody waits for; others go for that alone: what is fetched to be watched one day
            does not push out what was fetched for the same.
    """
    chosen: list[FilmSpace] = []
    freed_bytes = 0
    for film in in_order(films):
        enough_bytes = needed_bytes if film.standing is Standing.WATCHED else urgent_bytes
        if freed_bytes >= enough_bytes or not film.standing.goes:
            break
        chosen.append(film)
        freed_bytes += film.taken_bytes
    return chosen


def is_watched(works: Collection[str], left: Iterable[Progress]) -> bool:
    """Tell whether all works of a torrent have been watched by somebody, and nobody is in the middle of any.

    Args:
        works: their keys; of none nobody has watched anything.
        left: where anybody left them.
    """
    watched = set()
    for one in left:
        if one.watched:
            watched.add(one.key)
        elif is_begun(one.position_s, one.duration_s):
            return False
    return bool(works) and watched >= set(works)


def films_among(files: Sequence[FileEntry]) -> Sequence[FileEntry]:
    """Give those of a torrent's files that somebody would watch: its films, and not what comes with them."""
    videos = [file for file in files if file.media_type.startswith("video/")]
    longest = max((file.length for file in videos), default=0)
    return [file for file in videos if file.length * FILM_PART >= longest]
