"""Other screens of the house: phones, tablets, televisions that its owner has let in."""

from dataclasses import dataclass
from enum import StrEnum

from matinee.types import DeviceId

MOST_NAME_CHARS = 40


class Role(StrEnum):
    """What somebody may do; whoever may do more may do all that those before may."""

    WATCH = "watch"
    """See what there is, and play it."""
    MANAGE = "manage"
    """Add, publish, delete, and set."""
    OWNER = "owner"
    """Let in others: at this computer alone."""

    def may(self, needed: "Role") -> bool:
        """Whether this is enough for what needs another."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Device:
    """One that was let in."""

    id: DeviceId
    name: str
    may: Role
    """``watch`` or ``manage``."""
    created_at: float
    """Unix seconds, as the two below."""
    seen_at: float
    expires_at: float
    """Until when its cookie is good, unless it is used before."""
    address: str
    """From which it was seen last."""


@dataclass(frozen=True, slots=True)
class Code:
    """What lets one device in, for two minutes."""

    id: str
    secret: str
    """128 bits, for whoever sees the screen with a camera."""
    number: str
    """Eight digits, for whoever types."""
    ends_in_s: float


@dataclass(frozen=True, slots=True)
class Ask:
    """A device that waits until somebody at this computer says yes."""

    id: str
    name: str
    match: str
    """Two digits that both screens show."""
    address: str
    with_code: bool
    """Whether a code was typed on it; else it just opened the address."""
    ends_in_s: float
