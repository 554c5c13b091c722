"""What to go on with: a film that was left, the next episode of a series. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from matinee.library.watched import is_over, resume_s
from matinee.models.library import Going, Progress, Work

Parts = Mapping[str, Sequence[tuple[int, int]]]
"""The episodes of each series in their order, as season and number."""


def going_on(left: Iterable[Progress], parts: Parts) -> list[Going]:
    """Say what to go on with, the title that was watched last first; a title comes once.

    Args:
        left: where works were left.
        parts: the series among their titles; one that is not here is taken for a film.
    """
    by_title: dict[str, list[Progress]] = {}
    for one in sorted(left, key=lambda one: (-one.changed_ms, one.key)):
        by_title.setdefault(one.work.title, []).append(one)
    found = (_of_title(those, parts.get(title, ())) for title, those in by_title.items())
    return [one for one in found if one is not None]


def _of_title(left: Sequence[Progress], order: Sequence[tuple[int, int]]) -> Going | None:
    """Choose among what of one title was left, the last first."""
    last = left[0]
    if resume_s(last.position_s, last.duration_s) > 0:
        return _again(last)
    if last.work.season is None or last.work.number is None:
        return None
    if not _is_done(last):
        # It had hardly begun: it is still the one to see.
        return _again(last) if len(left) > 1 else None
    done = {(one.work.season, one.work.number) for one in left if _is_done(one)}
    here = (last.work.season, last.work.number)
    after = order[order.index(here) + 1 :] if here in order else ()
    for season, number in after:
        if (season, number) in done:
            continue
        work = Work(last.work.title, season, number)
        known = next((one for one in left if one.work == work), None)
        begun = 0.0 if known is None else resume_s(known.position_s, known.duration_s)
        return Going(
            work=work, position_s=begun, duration_s=0.0 if known is None else known.duration_s, follows=True,
            name=last.name, changed_ms=last.changed_ms, info_hash=None, file_index=None,
        )  # fmt: skip
    return None


def _is_done(one: Progress) -> bool:
    return one.watched or is_over(one.position_s, one.duration_s)


def _again(one: Progress) -> Going:
    return Going(
        work=one.work, position_s=resume_s(one.position_s, one.duration_s), duration_s=one.duration_s, follows=False,
        name=one.name, changed_ms=one.changed_ms, info_hash=one.info_hash, file_index=one.file_index,
    )  # fmt: skip
