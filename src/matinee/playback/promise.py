"""When a film will start, and whether it will play without a stall: said before, from what this line did before. Pure.

    start = reach + opening / rate + opening / most (of pieces that are not large) + handling
    smooth = length / duration * margin <= rate

*opening* is what a player must have before it draws: the film's head with two seconds of it, and its index, in whole
pieces. *reach* and *rate* are learned from what was played, of this torrent if it was, else of others. What the whole
gave in the bench's swarms, and which constants were chosen and not measured: docs/decisions/0018-promise.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from matinee.catalogue.rank import MARGIN, UNMEASURED_BYTES_PER_S, Handling
from matinee.models.promise import Basis, Outcome, Plays, Promise
from matinee.types import InfoHash

OPENING_S = 2.0
"""Of film, with which a player begins."""
UNKNOWN_OPENING_BYTES = 3_000_000
"""The opening of a film of which nobody knows how long it lasts: what the engine fetches of it at once."""
INDEX_BYTES_PER_S = 512.0
"""An MP4's index has seven bytes for each of 24 pictures and 47 blocks of sound a second."""
CUES_BYTES_PER_S = 12.0
"""Matroska's has as many for each key frame."""
REACH_S = 0.6
"""Before anything was played: two round trips to a tracker, three to a peer, and getting up to speed."""
OPENING_MOST_BYTES_PER_S = 13e6
"""What comes urgently comes a few pieces at a time, each whole before it is proved: no line is used to the full."""
GATHERED_BYTES = 4 * 1024 * 1024
"""Of larger pieces one takes the whole line: it is all that is asked for."""
METADATA_S = 0.1
"""More, where the list of files must come too: it is asked for while peers still greet."""
HERE_S = 0.15
"""From the disk: the film is looked into, and the player asks."""
HANDLING_S = {
    Handling.PLAYS: 0.0,
    Handling.UNKNOWN: 0.0,
    Handling.SEGMENTS: 0.1,
    Handling.SOUND: 0.2,
    Handling.PICTURE: 1.0,
}
"""To make the first segment, once its bytes are here."""
REMEMBERED = 9
"""Films of which the middle one speaks for the line: one that was slow is not a slow line."""
LEAST_BYTES = 4_000_000
"""Less than that tells little of a line: a film that was nearly here."""
WITHIN = 0.3
"""A start is as promised when it is off by no more than this part of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of a line, or of a torrent on it."""

    reach_s: float = REACH_S
    rate_bytes_per_s: float = UNMEASURED_BYTES_PER_S
    basis: Basis = Basis.GUESS

    @property
    def measured(self) -> bool:
        """Whether it is more than a guess."""
        return self.basis is not Basis.GUESS


@dataclass(frozen=True, slots=True)
class Film:
    """What is known of a film before it plays."""

    length_bytes: int
    """0 as long as the list of files is not here."""
    duration_s: float | None = None
    piece_bytes: int = 1
    index_at_tail: bool = True
    matroska: bool = False
    handling: Handling = Handling.UNKNOWN
    metadata_here: bool = True


@dataclass(frozen=True, slots=True)
class Opening:
    """Half-open byte ranges of a film that a player must have before it draws."""

    spans: tuple[tuple[int, int], ...]

    @property
    def length_bytes(self) -> int:
        """Bytes of all of them."""
        return sum(stop - start for start, stop in self.spans)


def opening(film: Film) -> Opening:
    """Give what a player must have before it draws, in whole pieces counted from the film's beginning."""
    if not film.length_bytes:
        return Opening(((0, UNKNOWN_OPENING_BYTES),))
    index, head = 0, UNKNOWN_OPENING_BYTES
    if film.duration_s:
        index = int(film.duration_s * (CUES_BYTES_PER_S if film.matroska else INDEX_BYTES_PER_S))
        # The first seconds are no smaller than others, and their sound lies behind their pictures.
        head = int(OPENING_S * film.length_bytes / film.duration_s * MARGIN)
    piece = max(film.piece_bytes, 1)
    head_stop = min(-(-(head if film.index_at_tail else head + index) // piece) * piece, film.length_bytes)
    tail = (
        max(film.length_bytes - max(index, 1), 0) // piece * piece
        if film.index_at_tail
        else film.length_bytes
    )
    if tail <= head_stop:
        return Opening(((0, film.length_bytes if film.index_at_tail else head_stop),))
    spans = ((0, head_stop), (tail, film.length_bytes))
    return Opening(tuple(span for span in spans if span[0] < span[1]))


def missing_bytes(wanted: Opening, here: Sequence[tuple[int, int]]) -> int:
    """Count what of an opening is not here.

    Args:
        wanted: the opening.
        here: half-open ranges that are, ascending, not overlapping.
    """
    found = sum(
        max(0, min(stop, until) - max(start, since)) for start, stop in wanted.spans for since, until in here
    )
    return wanted.length_bytes - found


def promise(film: Film, line: Line, missing: int | None = None) -> Promise:
    """Say when a film will start and how it will play.

    Args:
        film: what is known of it.
        line: what is known of the line, or of those who have the film.
        missing: bytes of its opening that are not here; None when none are.
    """
    must_come = opening(film).length_bytes if missing is None else missing
    here = must_come <= 0
    wait_s = HERE_S if here else line.reach_s + _comes_s(film, must_come, line.rate_bytes_per_s)
    if not film.metadata_here:
        wait_s += METADATA_S
    needs = film.length_bytes / film.duration_s * MARGIN if film.length_bytes and film.duration_s else None
    plays = Plays.NOT_KNOWN
    if needs is not None and line.measured:
        plays = Plays.SMOOTHLY if needs <= line.rate_bytes_per_s else Plays.PAUSES
    return Promise(
        round(wait_s + HANDLING_S[film.handling], 3),
        plays,
        needs,
        line.rate_bytes_per_s,
        Basis.HERE if here else line.basis,
    )


def _comes_s(film: Film, opening_bytes: int, rate_bytes_per_s: float) -> float:
    proved_s = opening_bytes / OPENING_MOST_BYTES_PER_S if film.piece_bytes <= GATHERED_BYTES else 0.0
    return opening_bytes / rate_bytes_per_s + proved_s


@dataclass(frozen=True, slots=True)
class Look:
    """A torrent while one of its films was played."""

    at_s: float
    """On the loop's clock."""
    here_bytes: int
    rate_bytes_per_s: float
    """At which bytes came in the seconds before, as libtorrent counts them: the mean of about five."""


def gave_bytes_per_s(looks: Sequence[Look]) -> float | None:
    """Say what a line gave: the best it did for some seconds, or on the whole, whichever is more.

    A player that has enough is brought less than there is: of a swarm with trouble hardly more than it plays, so that
    what it waits for next has the line. So a rate is what was given at least, and the best is nearest to what there is.
    On the whole it is counted from the second look on: what comes first is in many pieces that are not whole yet.

    Args:
        looks: the oldest first, while there was something left to come.

    Returns:
        Bytes a second; None when too little came to tell.
    """
    looks = looks[1:] if len(looks) > 2 else looks
    if len(looks) < 2 or (came := looks[-1].here_bytes - looks[0].here_bytes) < LEAST_BYTES:
        return None
    return max(came / (looks[-1].at_s - looks[0].at_s), *(one.rate_bytes_per_s for one in looks))


def reach_s(start_s: float, opening_bytes: int, rate_bytes_per_s: float, film: Film) -> float:
    """Give what of a start did not depend on how much had to come: the model, solved for what it learns."""
    return max(start_s - _comes_s(film, opening_bytes, rate_bytes_per_s) - HANDLING_S[film.handling], 0.0)


def learned(outcomes: Sequence[Outcome], info_hash: InfoHash | None = None) -> Line:
    """Say what is known of a line.

    Args:
        outcomes: what was played on it, the newest last.
        info_hash: of a torrent, if it is about one: what it did counts before what others did.
    """
    fresh = [one for one in outcomes if one.fresh and one.rate_bytes_per_s]
    own = [one for one in fresh if one.info_hash == info_hash]
    basis = Basis.FILM if own else Basis.LINE
    known = (own or fresh)[-REMEMBERED:]
    if not known:
        return Line()
    return Line(
        median(one.reach_s for one in known),
        median(one.rate_bytes_per_s or 0.0 for one in known),
        basis,
    )


@dataclass(frozen=True, slots=True)
class Error:
    """How far what was promised is from what happened."""

    count: int
    median: float | None
    """Of the starts: by what part of what happened each was off, whatever the sign; None where there is none."""
    within: int
    """How many starts were off by no more than ``WITHIN``."""
    judged: int
    """Of how many it had been said how they would play."""
    right: int
    """How many of those did so."""


def off(one: Outcome) -> float:
    """Give by what part of what happened a start was promised too early (below 0) or too late (above)."""
    return (one.promise.starts_in_s - one.start_s) / max(one.start_s, 0.001)


def error(outcomes: Sequence[Outcome]) -> Error:
    """Say how well promises were kept."""
    offs = [abs(off(one)) for one in outcomes]
    judged = [one for one in outcomes if one.promise.plays is not Plays.NOT_KNOWN]
    right = sum((one.promise.plays is Plays.SMOOTHLY) == (one.stalls == 0) for one in judged)
    return Error(
        len(offs), median(offs) if offs else None, sum(one <= WITHIN for one in offs), len(judged), right
    )
