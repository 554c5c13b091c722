"""The settings while the program runs: what they are, who may change them, and who has to go by a change.

A change is written to ``config.toml`` before anybody goes by it, whole or not at all, in a file that only its owner can
read. What somebody wrote there by hand meanwhile is kept. The ``Settings`` of ``ports.py``.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from matinee.config import CONFIG_FILE, Config, edited, file_text, read_settings, with_file
from matinee.config_keys import BY_KEY, SECRETS, SETTINGS, Holds, Setting, Value, checked
from matinee.countries import COUNTRIES
from matinee.data_folder import write_private
from matinee.errors import BadSetting, Conflict, DiskFailed

if TYPE_CHECKING:
    from matinee.models.settings import Kind, SettingsView, SettingView

log = logging.getLogger(__name__)

HERE = "in what was sent"
Apply: TypeAlias = Callable[[Config, frozenset[str]], Awaitable[None]]
"""Goes by changed settings; told all that hold now, and which of them have changed."""


class Settings:
    """All settings of a running program, or of one that does not run.

    Args:
        config: as the program was started.
        tell: told the key of each setting that was changed.
    """

    def __init__(self, config: Config, tell: Callable[[str], None] = lambda key: None) -> None:
        self._said = config
        """As a start would find them now."""
        self._running = config
        """What the program goes by."""
        self._tell = tell
        self._appliers: list[Apply] = []
        self._changing = asyncio.Lock()

    @property
    def running(self) -> Config:
        """What the program goes by now."""
        return self._running

    def hold(self, apply: Apply) -> None:
        """Have somebody go by what changes while the program runs."""
        self._appliers.append(apply)

    def all(self) -> "SettingsView":
        """Say what is set, where, and whether it can be changed."""
        from matinee.models.settings import SettingsView

        folder = self._said.data_dir
        return SettingsView(tuple(map(self._view, SETTINGS)), str(folder / CONFIG_FILE), str(folder))

    async def change(self, changes: Mapping[str, Value | None]) -> "SettingsView":
        """Change settings, all of these or none; None goes back to the default.

        Raises:
            BadSetting: there is no such setting, or a value is not one; ``details["setting"]`` says which.
            Conflict: one is fixed by the command line or the environment, or can be changed by hand alone.
            DiskFailed: it cannot be kept; nothing has changed then.
        """
        wanted = {key: self._changed(key, value) for key, value in changes.items()}
        async with self._changing:
            said = await asyncio.to_thread(self._keep, wanted)
            await self._go_by(said)
        return self.all()

    def _changed(self, key: str, value: Value | None) -> Value | None:
        # Unknown keys first of all; what the default is a value of needs no other look.
        setting = BY_KEY.get(key)
        if setting is None or value is not None:
            value = checked(key, value, HERE)
        fixed = self._said.said.fixed_by(key)
        if fixed is not None:
            place = "on the command line" if fixed == "command-line" else "in the environment"
            raise Conflict(f"The setting '{key}' was fixed {place} when Matinee was started.", setting=key)
        if BY_KEY[key].holds is Holds.BY_HAND:
            raise Conflict(
                f"The setting '{key}' is changed by hand alone, in {CONFIG_FILE} in the data folder.",
                setting=key,
            )
        return value

    def _keep(self, changes: Mapping[str, Value | None]) -> Config:
        """Write them, and give what a start would find now; blocks."""
        folder = self._said.data_dir
        text = edited(file_text(folder), changes)
        said = with_file(self._said, read_settings(text))
        for key in ("films_dir", "torrents_dir"):
            if changes.get(key):
                _check_folder(key, Path(str(changes[key])))
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Whoever keeps the file elsewhere, and a link here, goes on doing so.
            write_private((folder / CONFIG_FILE).resolve(), text.encode())
        except OSError as error:
            raise DiskFailed(f"{folder / CONFIG_FILE} cannot be written: {error.strerror}.") from error
        return said

    async def _go_by(self, said: Config) -> None:
        before, self._said = self._said, said
        now = {one.key: getattr(said, one.key) for one in SETTINGS if one.holds is Holds.AT_ONCE}
        changed = frozenset(key for key, value in now.items() if value != getattr(self._running, key))
        self._running = replace(self._running, **now)
        for apply in self._appliers:
            await apply(self._running, changed)
        for key in _differing(before, said):
            log.info("A setting was changed key=%s", key)
            self._tell(key)

    def _view(self, setting: Setting) -> "SettingView":
        from matinee.models.settings import Kind, SetIn, SettingView

        key, said = setting.key, self._said.said
        secret = key in SECRETS
        fixed = said.fixed_by(key)
        value = _value(self._said, key)
        in_force = _plain(getattr(self._running, key))
        return SettingView(
            key=key,
            kind=Kind.SECRET if secret else _kind(setting),
            sentence=setting.sentence,
            value=None if secret else value,
            is_set=value != setting.default,
            in_force=None if secret else in_force,
            default=setting.default,
            unit=setting.unit,
            low=setting.low,
            high=setting.high,
            whole=type(setting.default) is int,
            choices=("", *sorted(COUNTRIES)) if key == "country" else setting.choices,
            set_in=SetIn(fixed or ("file" if key in said.file else "default")),
            holds=setting.holds.value,
            changeable=fixed is None and setting.holds is not Holds.BY_HAND,
            waits=_plain(getattr(self._said, key)) != in_force,
        )


def _value(config: Config, key: str) -> Value:
    """Give what was said of a setting, before it was understood: an empty folder is empty here."""
    said = config.said
    default = BY_KEY[key].default
    return {**said.file, **said.environment, **said.command_line}.get(key, default)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


def _kind(setting: Setting) -> "Kind":
    from matinee.models.settings import Kind

    if isinstance(setting.default, bool):
        return Kind.SWITCH
    if isinstance(setting.default, int | float):
        return Kind.NUMBER
    return Kind.CHOICE if setting.choices or setting.key == "country" else Kind.TEXT


def _differing(before: Config, now: Config) -> list[str]:
    return [one.key for one in SETTINGS if _value(before, one.key) != _value(now, one.key)]


def _check_folder(key: str, folder: Path) -> None:
    """See that a folder can be used: one that has not been made yet, that it can be made.

    Raises:
        BadSetting: it cannot.
    """
    fault = ""
    if not folder.is_absolute():
        fault = "must be a whole path, such as /media/films"
    else:
        there = next((one for one in (folder, *folder.parents) if os.path.lexists(one)), folder)
        if not there.is_dir():
            fault = "must be a folder, and a file is there"
        elif not os.access(
            there, os.R_OK | os.X_OK | (0 if there == folder and key == "torrents_dir" else os.W_OK)
        ):
            fault = "must be a folder that Matinee may use"
    if fault:
        raise BadSetting(f"The setting '{key}' ({HERE}) {fault}.", setting=key)
