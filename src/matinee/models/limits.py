"""Which limits hold."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LimitsNow:
    """The most that all torrents together take and give now."""

    down_bytes_per_s: int
    """0 is no limit."""
    up_bytes_per_s: int
    """0 is no limit."""
    quiet: bool
    """Whether they are those of the quiet hours."""
    until: str | None
    """When the others may hold; None where these always do. RFC 3339, UTC."""
