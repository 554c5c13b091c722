"""A trailer alone, as a title that is played: with what speaks for it, which is nothing of the film's."""

from dataclasses import replace

from matinee.errors import FileNotFound
from matinee.models.catalogue import JudgedTitle
from matinee.models.rights import Standing, Verdict
from matinee.models.title import Kind, Trailer


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
        title=f"{judged.title.title} (trailer)",
        minutes=None,
        seasons=(),
        releases=(trailer.release,),
        evidence=trailer.evidence,
    )
    return JudgedTitle(title, verdict, judged.sources)


async def no_trailer(judged: JudgedTitle) -> JudgedTitle:
    """Say that a title has none. Raises FileNotFound."""
    raise _none(judged)


def _none(judged: JudgedTitle) -> FileNotFound:
    told = "Nobody has a trailer of this title that may be shared here."
    return FileNotFound(told, title_id=judged.title.id)
