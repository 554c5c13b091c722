"""How much may be in flight: the narrower the better, as long as every peer has something to send. Pure.

A wide window makes pieces complete together and late; data in flight for the wrong place delays a seek; and
with little wanted libtorrent is in its end game for exactly the pieces the player needs, so that idle fast
peers send again what slow, silent or dying peers hold. So three ways, by what is known of the swarm:

- *quick*: somebody waits for a first frame or a seek: only the next few blocks' worth of pieces.
- *steady*: playing: a fraction of a second of the swarm's rate.
- *guarded*: peers proved slow or dead: while a piece of the critical part is missing, nothing beyond it.

A lane (``lane/``) needs none of this for what is urgent: it keeps every queue short and overtakes what is late, so
it may be told of more at once.

What may wait, the pictures of places where nobody has been, comes when there is room to spare: see ``has_room``.

The figures are measured, see docs/decisions/0005-governor.md and 0017-spare.md.
"""

from dataclasses import dataclass

QUICK_BYTES = 1_100_000
QUICK_S = 0.05
OPENING_BYTES = 3_000_000
"""Of a film's head, wanted before anybody reads: its header and two seconds of a well encoded film."""
NEAR_BYTES = 4_000_000
"""A reader with less than this ahead of it is served with those that wait."""
STEADY_BYTES = 3_000_000
STEADY_S = 0.25
LANE_QUICK_BYTES = 1_800_000
"""While a picture waits: what lies behind it takes the line from it. With 3 MB the first frame came 7 % later."""
LANE_BYTES = 12_000_000
LANE_S = 0.5
"""With a lane what is in flight is kept short by each peer's own queue, and a seek takes it back."""
CRITICAL_BYTES = 2_500_000
PENDING_BYTES = 2_500_000
"""A reader that has got less than this since its seek is still waiting for its picture."""
SPARE_AHEAD_S = 20.0
"""Of film ahead of every player, beside what the player holds itself, before anything else is fetched."""
SPARE_AHEAD_BYTES = NEAR_BYTES
"""At least; and where nobody knows how long a film's second is."""
SPARE_SLACK = 1.25
"""Of the film's own rate: what comes more slowly is all needed by who plays."""
SPARE_BYTES = 1_000_000
"""Of spare pieces wanted at once: what is in flight of them when a player needs the line again."""
SPARE_SHARE = 8
"""At most this part of a film is fetched so."""


BACKGROUND_BYTES = 16_000_000
BACKGROUND_S = 2.0
"""Of the rate, wanted at once where nobody plays: every peer has something to send, and none is asked for what
another one sends. A player that comes takes the line back with one cancel (0005)."""


@dataclass(frozen=True, slots=True)
class Swarm:
    """What is known of a swarm at one moment."""

    rate_bytes_per_s: float
    """Payload that arrived over the last seconds."""
    troubled: bool
    """Whether peers proved slow, silent or dead while something was critical."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far ahead of each playhead pieces may be wanted, in missing bytes."""

    window_bytes: int
    critical_bytes: int
    """While any of this many missing bytes is not here, nothing beyond is wanted; 0 is no such hold."""


def reach(swarm: Swarm, *, pending: bool, by_lane: bool = False) -> Reach:
    """Choose how much may be wanted.

    Args:
        swarm: what is known of the swarm.
        pending: whether a first frame or a seek is being waited for.
        by_lane: whether a lane gathers what is urgent.
    """
    if by_lane and pending:
        return Reach(max(LANE_QUICK_BYTES, int(STEADY_S * swarm.rate_bytes_per_s)), 0)
    if by_lane and not swarm.troubled:
        return Reach(max(LANE_BYTES, int(LANE_S * swarm.rate_bytes_per_s)), 0)
    if pending and not swarm.troubled:
        return Reach(max(QUICK_BYTES, int(QUICK_S * swarm.rate_bytes_per_s)), 0)
    window = max(STEADY_BYTES, int(STEADY_S * swarm.rate_bytes_per_s))
    return Reach(window, CRITICAL_BYTES)


BESIDE = Reach(STEADY_BYTES, 0)
"""Of what is read ahead while there is room: in a peer's queue what is in flight stands in front of a spare piece."""

EVERYTHING = Reach(window_bytes=1 << 62, critical_bytes=0)
"""For a window that is short by itself."""


def background(swarm: Swarm) -> int:
    """Say how many missing bytes may be wanted at once of what nobody plays."""
    return max(BACKGROUND_BYTES, int(BACKGROUND_S * swarm.rate_bytes_per_s))


def spare_ahead(film_bytes_per_s: float) -> int:
    """Say how many bytes every player must have ahead of it before there is room to spare."""
    return max(SPARE_AHEAD_BYTES, int(SPARE_AHEAD_S * film_bytes_per_s))


def holds_enough(read_bytes: int, lasted_s: float, film_bytes_per_s: float) -> bool:
    """Tell whether a player holds enough itself, by what it has read since it sought and what it can have shown.

    Browsers take what comes, minutes of it, and wait for more: that is no wait for a picture. A film's rate that is not
    known (0) says nothing.
    """
    held_bytes = read_bytes - lasted_s * film_bytes_per_s
    return film_bytes_per_s > 0 and held_bytes >= spare_ahead(film_bytes_per_s)


def has_room(swarm: Swarm, film_bytes_per_s: float, *, provided: bool, idle: bool) -> bool:
    """Tell whether the swarm brings more than those who play need.

    Args:
        swarm: what is known of it, its rate over so long that one large piece does not make it.
        film_bytes_per_s: the film's mean rate; 0 where it is not known.
        provided: whether every player has ``spare_ahead`` before it, as far as it looks ahead.
        idle: whether nothing at all is wanted for a player.
    """
    if swarm.troubled or not provided:
        return False
    return idle or swarm.rate_bytes_per_s > SPARE_SLACK * film_bytes_per_s
