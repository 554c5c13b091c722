"""A disk on which films lie."""

from matinee.models.space import FilmSpace, Freed, SpaceView, Standing
from matinee.types import InfoHash, TitleId

GOES, STAYS, GONE = (InfoHash(letter * 40) for letter in "def")


class FakeDisk:
    """The ``Disk`` of ``ports``: one film that goes, one that stays, and one that went."""

    def __init__(self) -> None:
        self.seen = SpaceView(
            cap_bytes=5_000_000_000,
            used_bytes=3_100_000_000,
            other_bytes=100_000_000,
            free_bytes=40_000_000_000,
            floor_bytes=268_435_456,
            held=None,
            films=(
                FilmSpace(
                    GOES, "<b>Seen</b>", 1_000_000_000, Standing.WATCHED, "2026-11-20T20:00:00Z", False
                ),
                FilmSpace(STAYS, "Kept", 2_000_000_000, Standing.KEPT, "2026-11-26T20:00:00Z", True),
            ),
            freed=(
                Freed(
                    GONE,
                    "Nosferatu (1922)",
                    TitleId("nosferatu-1922"),
                    700_000_000,
                    Standing.WATCHED,
                    "magnet:?x",
                    "2026-11-26T21:00:00Z",
                ),
            ),
        )

    async def view(self) -> SpaceView:
        """Say what films take."""
        return self.seen
