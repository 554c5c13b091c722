"""Settings as the port says, written nowhere."""

from collections.abc import Mapping
from dataclasses import replace

from matinee.config_keys import BY_KEY, Value, checked
from matinee.errors import Conflict
from matinee.models.settings import Kind, SetIn, SettingsView, SettingView


class FakeSettings:
    """Three settings: one that changes, one that is fixed, and a secret."""

    def __init__(self) -> None:
        self.secrets: list[Value | None] = []
        self._settings = {
            one.key: one
            for one in (
                _view("country", Kind.TEXT, ""),
                replace(_view("dht", Kind.SWITCH, False), set_in=SetIn.ENVIRONMENT, changeable=False),
                _view("opensubtitles_key", Kind.SECRET, None),
            )
        }

    def all(self) -> SettingsView:
        return SettingsView(tuple(self._settings.values()), "/data/config.toml", "/data")

    async def change(self, changes: Mapping[str, Value | None]) -> SettingsView:
        for key, value in changes.items():
            wanted = BY_KEY[key].default if value is None else checked(key, value, "in what was sent")
            one = self._settings[key]
            if not one.changeable:
                raise Conflict(f"The setting '{key}' is fixed.", setting=key)
            if one.kind is Kind.SECRET:
                self.secrets.append(value)
                self._settings[key] = replace(one, is_set=bool(value))
            else:
                self._settings[key] = replace(one, value=wanted, in_force=wanted)
        return self.all()


def _view(key: str, kind: Kind, value: Value | None) -> SettingView:
    one = BY_KEY[key]
    return SettingView(
        key=key, kind=kind, sentence=one.sentence, value=value, is_set=False, in_force=value, default=one.default,
        unit=one.unit, low=one.low, high=one.high, whole=False, choices=one.choices, set_in=SetIn.DEFAULT,
        holds=one.holds.value, changeable=True, waits=False,
    )  # fmt: skip
