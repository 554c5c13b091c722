"""The wire's shapes of the disk, as pydantic models; ``models/space`` says what each field means."""

from typing import Literal

from matinee.web.shape import Shape

Standing = Literal["watched", "unwatched", "playing", "given", "kept", "own"]


class FilmSpace(Shape):
    """A film, what it takes, and whether it may make room."""

    info_hash: str
    name: str
    taken_bytes: int
    standing: Standing
    used_at: str
    kept: bool
    title_id: str | None


class Freed(Shape):
    """A film that went to make room."""

    info_hash: str
    name: str
    title_id: str | None
    freed_bytes: int
    standing: Standing
    magnet: str
    freed_at: str


class Storage(Shape):
    """The disk as films see it: those that may go come first, in the order in which they would."""

    cap_bytes: int
    used_bytes: int
    other_bytes: int
    free_bytes: int
    floor_bytes: int
    held: str | None
    films: list[FilmSpace]
    freed: list[Freed]


class StorageEvent(Shape):
    """The event ``storage``: films take more or less, or fetching has begun or ended to wait for room."""

    used_bytes: int
    held: str | None
