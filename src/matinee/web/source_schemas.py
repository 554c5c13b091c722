"""The wire's shapes of where titles come from, as pydantic models; ``models/provider`` says what each field means."""

from typing import Annotated

from pydantic import Field

from matinee.web.shape import Shape


class SourceTrouble(Shape):
    """Why somebody gave nothing when asked last."""

    code: str
    message: str
    retry_after_s: float | None


class Provider(Shape):
    """A service that has titles."""

    id: str
    name: str
    home: str
    features: list[str]
    asks: list[str]
    enabled: bool
    answered_at: str | None
    kept_at: str | None
    trouble: SourceTrouble | None


class FeedSource(Shape):
    """A feed that the user added."""

    id: str
    address: str
    name: str
    enabled: bool
    items: int
    titles: int
    answered_at: str | None
    trouble: SourceTrouble | None


class SourceList(Shape):
    """Where titles come from beside the shelf."""

    asked: bool
    providers: list[Provider]
    feeds: list[FeedSource]


class SwitchSource(Shape):
    """Whether somebody is asked."""

    enabled: bool


class AddFeed(Shape):
    """A feed's address."""

    url: Annotated[str, Field(min_length=1, max_length=2048)]
