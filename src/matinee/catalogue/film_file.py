"""Which file of a torrent is the film, or the episode, that is wanted. Pure.

An archive keeps several encodings of one film side by side: ``Film.mp4``, ``Film.ia.mp4``, ``Film_512kb.mp4``,
``Film.ogv``, and what was uploaded, which may be any. Which of them is played ``rank`` says, as among releases: here
are only told apart what belongs to one film.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from matinee.catalogue.rank import BROWSER, Candidate, Choice, Place, rank
from matinee.models.title import ArchiveItem, Release
from matinee.models.torrent import FileEntry

SMALLEST_PART = 50
"""A film of less than so small a part of the largest is something else: a trailer beside it."""
ANYWHERE = Place(BROWSER, float("inf"))
"""A player and a line of which nothing is known."""
SOME_S = 1.0
"""How long a film lasts of which nobody knows it: all encodings of it last as long."""

_VARIANT = re.compile(r"(\.ia|[._-]512kb|[._-]hd|_archive|_edit|\.thumbs)$", re.IGNORECASE)
_NUMBERED = (
    re.compile(r"s0*(?P<season>\d+)[ ._-]*e0*(?P<episode>\d+)", re.IGNORECASE),
    re.compile(r"(?<!\d)(?P<season>\d{1,2})x0*(?P<episode>\d{1,3})(?!\d)", re.IGNORECASE),
    re.compile(r"(?:episode|ep|chapter|chap|part|pt|no)[ ._-]*0*(?P<episode>\d+)(?!\d)", re.IGNORECASE),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A file, and why that one where there were several."""

    file: FileEntry
    choice: Choice | None = None
    """None where it was named, or is the only one."""


def film_file(
    files: Sequence[FileEntry],
    named: str | None = None,
    *,
    place: Place = ANYWHERE,
    duration_s: float | None = None,
) -> Found | None:
    """Choose the file of a film: the one that is named, else the best for this player, line and screen.

    Args:
        files: as the torrent shows them.
        named: a path in the archive's item or in the torrent; one that is not there does not count.
        place: where it is to be played.
        duration_s: how long the film lasts; None where nobody knows, and any line bears it.
    """
    films = _films(files)
    return _named(films, named) or _best(films, place, duration_s)


def part_file(
    files: Sequence[FileEntry],
    named: Sequence[str],
    *,
    place: Place = ANYWHERE,
    duration_s: float | None = None,
) -> Found | None:
    """Choose the file of an episode that has a place of its own: one that is named, else what the torrent alone holds.

    Args:
        files: as the torrent shows them.
        named: what it is called in the items where it is, as far as they say.
        place: where it is to be played.
        duration_s: how long the episode lasts.

    Returns:
        None where a name was told and the torrent has several films, none of that name: the best is another episode.
    """
    films = _films(files)
    found = next((one for name in named if (one := _named(films, name)) is not None), None)
    if found is not None or not named or len(_works(films)) == 1:
        return found or _best(films, place, duration_s)
    return None


def episode_file(
    files: Sequence[FileEntry],
    season: int,
    number: int,
    position: int,
    count: int,
    named: str | None = None,
    *,
    place: Place = ANYWHERE,
    duration_s: float | None = None,
) -> Found | None:
    """Choose the file of an episode: the one that is named, that says its number, or that stands in its place.

    Args:
        files: as the torrent shows them.
        season: the season's number.
        number: the episode's in it.
        position: its place among all episodes of the release, from 0.
        count: how many those are.
        named: a path in the archive's item or in the torrent.
        place: where it is to be played.
        duration_s: how long an episode lasts.

    Returns:
        None when nothing tells which file it is.
    """
    films = _films(files)
    if (found := _named(films, named)) is not None:
        return found
    works = _works(films)
    said = [one for one in works if (season, number) in {_number(file.path, season) for file in one}]
    if len(said) == 1:
        return _best(said[0], place, duration_s)
    if said or len(works) != count:
        return None
    return _best(works[position], place, duration_s)


def encodings(files: Sequence[FileEntry], of: FileEntry) -> list[FileEntry]:
    """Give all encodings of the film that a file is, that file first: on another line another one is played."""
    name = stem(of.path).lower()
    return [of, *(one for one in _films(files) if one != of and stem(one.path).lower() == name)]


def stem(path: str) -> str:
    """Give what all encodings of one film are called: a path without its ending and what the archive puts before it."""
    return _VARIANT.sub("", path.rpartition(".")[0] or path)


def _films(files: Sequence[FileEntry]) -> list[FileEntry]:
    return [file for file in files if file.media_type.startswith("video/")]


def _named(films: Sequence[FileEntry], named: str | None) -> Found | None:
    if named is None:
        return None
    exact = [file for file in films if file.path == named or file.path.endswith(f"/{named}")]
    return Found(exact[0]) if exact else None


def _best(films: Sequence[FileEntry], place: Place, duration_s: float | None) -> Found | None:
    large = max((file.length for file in films), default=0) / SMALLEST_PART
    whole = [file for file in films if file.length >= large]
    if len(whole) < 2:
        return Found(whole[0]) if whole else None
    if duration_s is None:
        place = Place(place.client, float("inf"))
    where = ArchiveItem("")
    lasts_s = duration_s or SOME_S
    candidates = [
        Candidate(Release(where, file.path, length_bytes=file.length, duration_s=lasts_s)) for file in whole
    ]
    choice = rank(candidates, place)[0]
    return Found(whole[choice.index], choice)


def _works(films: Sequence[FileEntry]) -> list[list[FileEntry]]:
    """Put the encodings of one film together; in the order in which a person would number them."""
    works: dict[str, list[FileEntry]] = {}
    for file in films:
        works.setdefault(stem(file.path).lower(), []).append(file)
    return [works[one] for one in sorted(works, key=_natural)]


def _natural(text: str) -> list[tuple[int, str]]:
    return [
        (int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d{1,9})", text) if part
    ]


def _number(path: str, season: int) -> tuple[int, int] | None:
    name = path.rpartition("/")[2]
    for pattern in _NUMBERED:
        if (found := pattern.search(name)) is not None:
            said = found.groupdict()
            return int(said.get("season") or season), int(said["episode"])
    return None
