"""On which basis a torrent may be shared, as its user states it."""

from dataclasses import dataclass
from enum import StrEnum


class Basis(StrEnum):
    """Why this film may be shared."""

    OWN_WORK = "own-work"
    LICENCE = "licence"
    PUBLIC_DOMAIN = "public-domain"
    PERMISSION = "permission"


@dataclass(frozen=True, slots=True)
class Rights:
    """A statement of rights."""

    basis: Basis
    """The kind of reason."""
    licence: str | None
    """Licence identifier or address as stated, such as ``CC-BY-3.0``; None when the basis needs none."""
    stated_at: str
    """When it was stated: RFC 3339, UTC."""
