"""The wire's shapes of publishing films of one's own, as pydantic models; ``models/publication`` explains them."""

from typing import Annotated, Literal

from pydantic import Field

from matinee.web.shape import Shape


class BeginUpload(Shape):
    """A film that will be sent."""

    name: Annotated[str, Field(min_length=1, max_length=1024)]
    length: Annotated[int, Field(strict=True, gt=0, le=2**40)]


class Upload(Shape):
    """A film that is being sent."""

    id: str
    name: str
    length: int
    received: int


class PublishFilm(Shape):
    """Exactly one of ``upload`` and ``path``; without a licence it is one's own work, all other rights reserved."""

    title: Annotated[str, Field(min_length=1, max_length=1000)]
    year: Annotated[int, Field(strict=True)]
    licence: Annotated[str, Field(max_length=200)] | None = None
    upload: Annotated[str, Field(max_length=64)] | None = None
    path: Annotated[str, Field(max_length=4096)] | None = None
    trackers: Annotated[tuple[Annotated[str, Field(max_length=2048)], ...], Field(max_length=20)] = ()
    """That are told of it, besides the DHT."""


class Publication(Shape):
    """A film on its way to others; also the event ``publication``."""

    id: str
    title: str
    step: Literal["checking", "hashing", "copying", "done", "failed"]
    done: int
    total: int
    info_hash: str | None
    title_id: str | None
    code: str | None
    message: str | None


class PublishableFilm(Shape):
    """A file in the folder of films."""

    path: str
    name: str
    length: int


class PublishingLicence(Shape):
    """A licence under which a film may be published."""

    id: str
    name: str
    url: str


class Publishing(Shape):
    """What can be published, and what is."""

    publications: list[Publication]
    licences: list[PublishingLicence]
    paths: bool
    """Whether whoever asks sits at the computer that runs the program, and may name a file there."""
    folder: str | None
    films: list[PublishableFilm]
