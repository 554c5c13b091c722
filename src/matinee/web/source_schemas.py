"""The wire's shapes of where titles come from, as pydantic models; ``models/provider`` says what each field means."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class SourceTrouble(_Shape):
    """Why somebody gave nothing when asked last."""

    code: str
    message: str
    retry_after_s: float | None


class Provider(_Shape):
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


class FeedSource(_Shape):
    """A feed that the user added."""

    id: str
    address: str
    name: str
    enabled: bool
    items: int
    titles: int
    answered_at: str | None
    trouble: SourceTrouble | None


class SourceList(_Shape):
    """Where titles come from beside the shelf."""

    asked: bool
    providers: list[Provider]
    feeds: list[FeedSource]


class SwitchSource(_Shape):
    """Whether somebody is asked."""

    enabled: bool


class AddFeed(_Shape):
    """A feed's address."""

    url: Annotated[str, Field(min_length=1, max_length=2048)]
