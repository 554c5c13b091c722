"""The wire's shapes of settings, as pydantic models; ``models/settings`` says what each field means."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, RootModel, StrictBool, StrictFloat, StrictInt, StrictStr

from matinee.web.shape import Shape


class SettingState(Shape):
    """One setting as it is."""

    key: str
    kind: Literal["switch", "number", "choice", "text", "secret"]
    sentence: str
    value: StrictBool | StrictInt | StrictFloat | StrictStr | None
    is_set: bool
    in_force: StrictBool | StrictInt | StrictFloat | StrictStr | None
    default: StrictBool | StrictInt | StrictFloat | StrictStr
    unit: str
    low: float | None
    high: float | None
    whole: bool
    choices: list[str]
    set_in: Literal["default", "file", "environment", "command-line"]
    holds: Literal["at-once", "on-restart", "by-hand"]
    changeable: bool
    waits: bool


class Settings(Shape):
    """All settings, and where they are kept."""

    settings: list[SettingState]
    file: str
    data_dir: str


Key = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,64}$")]


class ChangeSettings(RootModel[dict[Key, StrictBool | StrictInt | StrictFloat | StrictStr | None]]):
    """Settings by their keys; null goes back to the default."""

    model_config = ConfigDict(defer_build=True)


class SettingEvent(Shape):
    """The event ``setting``: one was changed. Its value is asked for by whoever may see it."""

    key: str
