"""What is wanted though nobody waits for it: the bytes of pictures of places where nobody has been.

It comes when, and only when, every player of every torrent has enough ahead of it (``governor.has_room``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from matinee.torrent.governor import SPARE_SHARE
from matinee.torrent.layout import FileLayout
from matinee.types import PieceIndex


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one owner wants of a torrent when there is room."""

    pieces: tuple[PieceIndex, ...]
    """The first first; those that are here included."""
    film_bytes_per_s: float
    """What its film takes a second to play."""


class Line:
    """The line that all torrents of a session share: who plays from one of them is not kept waiting by another."""

    def __init__(self) -> None:
        self._needing: set[object] = set()
        self._giving_way: dict[object, Callable[[], None]] = {}

    def tell(self, who: object, *, needs: bool) -> None:
        """Note whether a torrent's players need the line; the others give way at once, or may go on."""
        if needs == (who in self._needing):
            return
        (self._needing.add if needs else self._needing.discard)(who)
        for other, give_way in self._giving_way.items():
            if other is not who:
                give_way()

    def register(self, who: object, give_way: Callable[[], None] | None) -> None:
        """Have ``give_way`` called whenever others begin or end to need the line; None ends that."""
        if give_way is None:
            self._giving_way.pop(who, None)
        else:
            self._giving_way[who] = give_way

    def is_needed_by_others(self, who: object) -> bool:
        """Whether players of other torrents need the line."""
        return bool(self._needing - {who})


class SpareWish:
    """The ``Spare`` of ``ports``: one owner's wish, from entering to leaving."""

    def __init__(self, file: FileLayout, tell: Callable[[object, Wanted | None], None]) -> None:
        """Make it; ``tell`` hears of each change, with None for nothing any more."""
        self._file = file
        self._tell = tell

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._tell(self, None)

    def want(self, spans: Sequence[tuple[int, int]], film_bytes_per_s: float) -> None:
        """Have bytes of the file fetched while there is room, the first first; replaces what was wanted."""
        pieces: dict[PieceIndex, None] = {}
        room = self._file.length // SPARE_SHARE
        for start, stop in spans:
            covering = self._file.torrent.covering(self._file.to_torrent(start), self._file.to_torrent(stop))
            new = [PieceIndex(index) for index in covering if PieceIndex(index) not in pieces]
            room -= sum(map(self._file.torrent.size, new))
            if room < 0:
                break
            pieces.update(dict.fromkeys(new))
        self._tell(self, Wanted(tuple(pieces), film_bytes_per_s))
