"""What there is of a title beside the film itself: stills, subtitles, a trailer. Parses nothing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Beside:
    """Subtitles that lie beside a film."""

    language: str
    """BCP 47; ``und`` when nothing says."""
    machine_made: bool = False
    """Whether a machine wrote down what it heard."""


@dataclass(frozen=True, slots=True)
class ItemExtras:
    """What an item of the Internet Archive has beside its film. Paths are as in its addresses."""

    stills: tuple[str, ...] = ()
    """The one that is best alone first, the others in the order of the film."""
    subtitles: tuple[Beside, ...] = ()
    trailer: str | None = None


@dataclass(frozen=True, slots=True)
class Extras:
    """What is known here of a title beside the film."""

    stills: tuple[str, ...] = ()
    """Where the page finds them, up to their width; the one that is best alone first."""
    subtitles: tuple[Beside, ...] = ()
    trailer: bool = False
    """Whether there is one that may be shared here."""
