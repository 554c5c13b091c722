"""Which file of a torrent is the film, or the episode, that is wanted. Pure.

An archive keeps several encodings of one film side by side: ``Film.mp4``, ``Film.ia.mp4``, ``Film_512kb.mp4``,
``Film.ogv``, and what was uploaded, which may be any.
"""

import re
from collections.abc import Sequence

from matinee.models.torrent import FileEntry

SMALLEST_PART = 50
"""An MP4 of less than so small a part of the largest film is something else: a trailer beside it."""

_VARIANT = re.compile(r"(\.ia|[._-]512kb|[._-]hd|_edit|\.thumbs)$", re.IGNORECASE)
_SMALL = re.compile(r"512kb\.mp4$", re.IGNORECASE)
_ENDINGS = {"mp4": 3, "m4v": 3, "webm": 2, "mkv": 2}
_RESCUE = 1
"""An MP4 of 512 kbit/s: it plays everywhere, and looks it."""
_NUMBERED = (
    re.compile(r"s0*(?P<season>\d+)[ ._-]*e0*(?P<episode>\d+)", re.IGNORECASE),
    re.compile(r"(?<!\d)(?P<season>\d{1,2})x0*(?P<episode>\d{1,3})(?!\d)", re.IGNORECASE),
    re.compile(r"(?:episode|ep|chapter|chap|part|pt|no)[ ._-]*0*(?P<episode>\d+)(?!\d)", re.IGNORECASE),
)


def film_file(files: Sequence[FileEntry], named: str | None = None) -> FileEntry | None:
    """Choose the file of a film: the one that is named, else the largest of those that play everywhere.

    Args:
        files: as the torrent shows them.
        named: a path in the archive's item or in the torrent; one that is not there does not count.
    """
    films = _films(files)
    return _named(films, named) or _best(films)


def episode_file(
    files: Sequence[FileEntry], season: int, number: int, position: int, count: int, named: str | None = None
) -> FileEntry | None:
    """Choose the file of an episode: the one that is named, that says its number, or that stands in its place.

    Args:
        files: as the torrent shows them.
        season: the season's number.
        number: the episode's in it.
        position: its place among all episodes of the release, from 0.
        count: how many those are.
        named: a path in the archive's item or in the torrent.

    Returns:
        None when nothing tells which file it is.
    """
    films = _films(files)
    if (found := _named(films, named)) is not None:
        return found
    works = _works(films)
    said = [one for one in works if (season, number) in {_number(file.path, season) for file in one}]
    if len(said) == 1:
        return _best(said[0])
    if said or len(works) != count:
        return None
    return _best(works[position])


def _films(files: Sequence[FileEntry]) -> list[FileEntry]:
    return [file for file in files if file.media_type.startswith("video/")]


def _named(films: Sequence[FileEntry], named: str | None) -> FileEntry | None:
    if named is None:
        return None
    exact = [file for file in films if file.path == named or file.path.endswith(f"/{named}")]
    return exact[0] if exact else None


def _best(films: Sequence[FileEntry]) -> FileEntry | None:
    if not films:
        return None
    large = max(file.length for file in films) / SMALLEST_PART
    return max(films, key=lambda file: (_worth(file) if file.length >= large else -1, file.length))


def _worth(file: FileEntry) -> int:
    if _SMALL.search(file.path):
        return _RESCUE
    return _ENDINGS.get(file.path.rpartition(".")[2].lower(), 0)


def _works(films: Sequence[FileEntry]) -> list[list[FileEntry]]:
    """Put the encodings of one film together; in the order in which a person would number them."""
    works: dict[str, list[FileEntry]] = {}
    for file in films:
        works.setdefault(_stem(file.path), []).append(file)
    return [works[stem] for stem in sorted(works, key=_natural)]


def _stem(path: str) -> str:
    stem = path.rpartition(".")[0].lower()
    return _VARIANT.sub("", stem)


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
