"""What a player has of its film, told by what was sent to it and how long that was waited for. Pure.

The player itself says nothing. But what it was sent it can show, and it shows it while it waits for more: a wait that
is longer than what it has left is a stall. Bytes that it does not take it does not need yet. So a film that is paused
stalls only if its bytes come late, and one that was left is not counted on.
"""

from dataclasses import dataclass, field

from matinee.playback.promise import OPENING_S

MOST_S = 15.0
"""What a player has at most that takes no more: it shows that while we wait for it, and we see nothing of it."""
SEEKS_S = 1.0
"""What begins so far from where the last ended is another place: what is waited for there is no stall."""


@dataclass(slots=True)
class Watch:
    """One player and its film, from its first wish. Everything is in seconds of film or of the clock."""

    opening_s: float = OPENING_S
    """With how much it begins: more where its time is only known by the film's mean rate."""
    drawn: bool = False
    """Whether it ever had enough to begin."""
    stalls: int = 0
    stalled_s: float = 0.0
    _at_s: float = 0.0
    """Where in the film what it has ends."""
    _has_s: float = 0.0
    """How much of it it has not shown."""
    _begins: bool = field(default=True)
    """Whether it still waits for enough to begin, there or elsewhere."""
    _stalls_now: bool = field(default=False)

    def sent(self, start_s: float, stop_s: float, waited_s: float) -> bool:
        """Note what was sent, and for how long it was waited for; say whether the first picture came with it.

        Args:
            start_s, stop_s: the time in the film that it shows.
            waited_s: how long it took to come, without what the player took to take it.
        """
        if abs(start_s - self._at_s) > SEEKS_S:
            self._has_s, self._begins, self._stalls_now = 0.0, True, False
        elif not self._begins:
            self._wait(waited_s)
        since_s = start_s if self._begins else max(start_s, self._at_s)
        self._has_s = min(self._has_s + max(stop_s - since_s, 0.0), MOST_S)
        self._at_s = stop_s
        if self._has_s < self.opening_s:
            return False
        self._stalls_now = False
        self._begins = False
        first = not self.drawn
        self.drawn = True
        return first

    def _wait(self, waited_s: float) -> None:
        left_s = self._has_s - waited_s
        self._has_s = max(left_s, 0.0)
        if left_s >= 0:
            return
        self.stalled_s -= left_s
        if not self._stalls_now:
            self.stalls += 1
            self._stalls_now = True
