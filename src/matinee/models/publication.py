"""A film of the user's own on its way to others, as values."""

from dataclasses import dataclass
from enum import StrEnum

from matinee.types import InfoHash, TitleId


class Step(StrEnum):
    """Where a publication is."""

    CHECKING = "checking"
    """Whether it is a film."""
    HASHING = "hashing"
    COPYING = "copying"
    """To where films are kept, as far as it was not sent there."""
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class UploadView:
    """A film that is being sent here."""

    id: str
    name: str
    """Fit to be a file's name, and to be read."""
    length: int
    """Bytes, as its sender said."""
    received: int
    """Bytes from the beginning that are here; sending goes on there."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be published; either an upload or a path."""

    title: str
    year: int
    licence: str | None
    """As in ``models/licences``; None for a work of one's own of which all other rights are reserved."""
    upload: str | None = None
    path: str | None = None
    """On the computer that runs the program."""
    trackers: tuple[str, ...] = ()
    """That are told of it, besides the DHT."""


@dataclass(frozen=True, slots=True)
class PublicationView:
    """A publication at one moment."""

    id: str
    title: str
    step: Step
    done: int
    """Of what the step counts: pieces or bytes."""
    total: int
    """0 where the step counts nothing."""
    info_hash: InfoHash | None
    """Of its torrent, once it is shared."""
    title_id: TitleId | None
    """Of its title in the catalogue."""
    code: str | None
    """Of ``errors.py``, where it failed."""
    message: str | None
    """For people, where it failed."""


@dataclass(frozen=True, slots=True)
class FilmHere:
    """A file that may be a film, in the folder in which films are kept."""

    path: str
    name: str
    length: int


@dataclass(frozen=True, slots=True)
class FilmsHere:
    """What may be chosen on the computer that runs the program."""

    folder: str
    films: tuple[FilmHere, ...]
