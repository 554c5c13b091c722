"""What a player tells becomes what is remembered. Pure."""

from matinee.library.watched import is_over
from matinee.models.library import Progress, Seen, Viewing, Work


def progress_of(work: Work, seen: Seen, before: Progress | None, now_ms: int) -> Progress:
    """Give where somebody is in a work.

    What was watched stays so until somebody says otherwise, also while it is watched again. Somebody who says that it
    was watched, or was not, begins anew.

    Args:
        work: what is watched.
        seen: what was told now.
        before: what was remembered of it.
        now_ms: the moment.
    """
    was_s = before.position_s if before is not None else 0.0
    said = seen.watched is not None and seen.position_s is None
    position_s = 0.0 if said else was_s if seen.position_s is None else seen.position_s
    known_s = before.duration_s if before is not None else 0.0
    duration_s = seen.duration_s or known_s
    if seen.watched is not None:
        watched = seen.watched
    else:
        watched = (before is not None and before.watched) or is_over(position_s, duration_s, seen.credits_s)
    return Progress(
        work=work,
        position_s=position_s,
        duration_s=duration_s,
        watched=watched,
        info_hash=seen.info_hash or (before.info_hash if before is not None else None),
        file_index=seen.file_index if seen.info_hash else (before.file_index if before is not None else None),
        name=seen.name or (before.name if before is not None else ""),
        changed_ms=now_ms,
    )


def viewing_of(progress: Progress, seen: Seen, day: str) -> Viewing | None:
    """Give what history says of it; nothing when nothing was played."""
    if seen.position_s is None:
        return None
    return Viewing(
        day=day,
        work=progress.work,
        position_s=progress.position_s,
        duration_s=progress.duration_s,
        watched=is_over(progress.position_s, progress.duration_s, seen.credits_s),
        name=progress.name,
        changed_ms=progress.changed_ms,
    )
