"""A trailer alone, as a title that is played: with what speaks for it, which is nothing of the film's."""

import re
from collections.abc import Sequence
from dataclasses import replace

from matinee.errors import FileNotFound
from matinee.models.catalogue import JudgedTitle
from matinee.models.rights import Standing, Verdict
from matinee.models.title import Kind, Trailer
from matinee.models.torrent import FileEntry
from matinee.types import FileIndex

MARK = " (trailer)"
"""How the name ends of what was added as one; the page knows it too."""
LONGER = 4
"""A film is so many times as large as a trailer beside it, or more."""
_CALLED_SO = re.compile(r"(^|[/_ .-])trailer([/_ .-]|$)", re.IGNORECASE)


def alone(judged: JudgedTitle, trailer: Trailer, verdict: Verdict) -> JudgedTitle:
    """Give a title's trailer as one.

    Raises:
        FileNotFound: it may not be shared here.
    """
    if verdict.standing is not Standing.ALLOWED:
        raise _none(judged)
    title = replace(
        judged.title,
        kind=Kind.FILM,
        title=f"{judged.title.title}{MARK}",
        minutes=None,
        seasons=(),
        releases=(trailer.release,),
        evidence=trailer.evidence,
    )
    return JudgedTitle(title, verdict, judged.sources)


def is_trailer(name: str, files: Sequence[FileEntry], index: FileIndex) -> bool:
    """Say whether a file is a trailer: of what was added as one, or called so beside a film that is not.

    Args:
        name: the torrent's.
        files: all that it shows.
        index: the file's.
    """
    if name.endswith(MARK):
        return True
    file = next((one for one in files if one.index == index), None)
    if file is None or not _called_so(file):
        return False
    films = (one for one in files if one.media_type.startswith("video/"))
    return any(one.length >= LONGER * file.length and not _called_so(one) for one in films)


def _called_so(file: FileEntry) -> bool:
    # Without the folder: a series may be about people who live in one.
    return _CALLED_SO.search(file.path.partition("/")[2] or file.path) is not None


async def no_trailer(judged: JudgedTitle) -> JudgedTitle:
    """Say that a title has none. Raises FileNotFound."""
    raise _none(judged)


def _none(judged: JudgedTitle) -> FileNotFound:
    told = "Nobody has a trailer of this title that may be shared here."
    return FileNotFound(told, title_id=judged.title.id)
