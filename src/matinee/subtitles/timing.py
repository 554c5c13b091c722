"""When cues are shown: cut, moved and stretched. Pure; times are seconds from the film's beginning."""

from collections.abc import Iterable
from dataclasses import replace

from matinee.models.subtitles import Cue


def within(cues: Iterable[Cue], start_s: float, stop_s: float) -> tuple[Cue, ...]:
    """Give the cues that are shown at some moment of ``[start_s, stop_s)``, whole and in their order."""
    return tuple(cue for cue in cues if cue.start_s < stop_s and cue.stop_s > start_s)


def shift(cues: Iterable[Cue], delay_s: float) -> tuple[Cue, ...]:
    """Show cues later by ``delay_s``, or earlier when it is negative; what would end before the film is left out."""
    return _moved(cues, 1.0, delay_s)


def stretch(cues: Iterable[Cue], factor: float) -> tuple[Cue, ...]:
    """Multiply all times, as 25 / 23.976 does for subtitles made for the faster of two copies.

    Raises:
        ValueError: the factor is not above 0.
    """
    if not factor > 0:
        raise ValueError("cues cannot be shown backwards")
    return _moved(cues, factor, 0.0)


def fit(cues: Iterable[Cue], first: tuple[float, float], second: tuple[float, float]) -> tuple[Cue, ...]:
    """Stretch and move, so that two moments come where they belong: pairs of a time in the cues and in the film.

    Raises:
        ValueError: the pairs turn time round, or are one moment.
    """
    span_s = second[0] - first[0]
    factor = (second[1] - first[1]) / span_s if span_s else 0.0
    if not factor > 0:
        raise ValueError("two moments in one order are needed")
    return _moved(cues, factor, first[1] - first[0] * factor)


def _moved(cues: Iterable[Cue], factor: float, delay_s: float) -> tuple[Cue, ...]:
    moved = (
        replace(cue, start_s=max(0.0, cue.start_s * factor + delay_s), stop_s=cue.stop_s * factor + delay_s)
        for cue in cues
    )
    return tuple(cue for cue in moved if cue.stop_s > cue.start_s)
