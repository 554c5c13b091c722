"""The limits of the hour: which hold, and that one timer wakes when that changes."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from matinee.config import Config, load
from matinee.config_keys import Value
from matinee.errors import BadSetting
from matinee.limits import Limits

BEGIN_S = datetime(2026, 11, 26, 22, 30, tzinfo=UTC).timestamp()
QUIET: dict[str, Value | None] = {
    "quiet_from": "22:30",
    "quiet_until": "07:00",
    "quiet_up_limit_bytes_per_s": 50_000,
    "down_limit_bytes_per_s": 900_000,
}


def utc(now_s: float) -> datetime:
    return datetime.fromtimestamp(now_s, UTC)


def configured(folder: Path, **more: Value) -> Config:
    return load({"data_dir": str(folder), **QUIET, **more}, {})


async def nothing() -> None:
    """Nobody goes by it."""


@pytest.mark.parametrize(
    ("offset_s", "down", "up"), [(-1, 900_000, 0), (0, 0, 50_000), (8.5 * 3600, 900_000, 0)]
)
async def test_of_settings_at_an_hour_then_the_limits_are_those_of_the_hour(
    offset_s: float, down: int, up: int, tmp_path: Path
) -> None:
    config = configured(tmp_path)
    limits = Limits(lambda: config, nothing, utc, lambda: BEGIN_S + offset_s)
    held = limits.of(config)
    assert (held.down_limit_bytes_per_s, held.up_limit_bytes_per_s) == (down, up)
    assert held.sharing == config.sharing


async def test_view_says_what_holds_and_until_when(tmp_path: Path) -> None:
    config = configured(tmp_path)
    found = Limits(lambda: config, nothing, utc, lambda: BEGIN_S).view()
    assert (found.quiet, found.up_bytes_per_s, found.until) == (True, 50_000, "2026-11-27T07:00:00Z")
    always = Limits(lambda: configured(tmp_path, quiet_from=""), nothing, utc, lambda: BEGIN_S).view()
    assert (always.quiet, always.down_bytes_per_s, always.until) == (False, 900_000, None)


async def test_watch_when_the_hour_comes_then_whoever_goes_by_it_is_told_once(tmp_path: Path) -> None:
    config, told = configured(tmp_path), asyncio.Event()
    loop = asyncio.get_running_loop()
    began_s = loop.time()

    def now() -> float:
        """Give a time that is a moment before the hour, and goes on."""
        return BEGIN_S - 0.05 + loop.time() - began_s

    held: list[int] = []

    async def apply() -> None:
        held.append(limits.of(config).up_limit_bytes_per_s)
        told.set()

    limits = Limits(lambda: config, apply, utc, now)
    limits.watch()
    limits.watch()
    async with asyncio.timeout(30):
        await told.wait()
    limits.close()
    assert held == [50_000]


@pytest.mark.parametrize(
    ("key", "value"),
    [("quiet_from", "25:00"), ("quiet_until", "7"), ("quiet_days", "monday"), ("downloads_at_once", -1)],
)
def test_load_when_hours_are_none_then_refused_in_a_sentence(key: str, value: Value, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=f"The setting '{key}'"):
        configured(tmp_path, **{key: value})
