"""``matinee settings``, as a person uses it: beside a running Matinee, and without one."""

import asyncio
import json
import tomllib
from pathlib import Path

import pytest

from tests.cli.processes import ALONE, run, started

pytestmark = [pytest.mark.swarm]


async def test_settings_when_changed_then_kept_whether_it_runs_or_not(tmp_path: Path) -> None:
    place = ("--data-dir", tmp_path)
    alone = await asyncio.to_thread(run, "settings", "country", "BE", *place)
    assert (alone.returncode, alone.stdout) == (0, '"BE"\n')
    async with started("serve", *ALONE, "--no-open", "--port", "0", *place) as running:
        await running.line()
        changed, fixed, wrong, secret, listed = await asyncio.gather(
            asyncio.to_thread(run, "settings", "up_limit_bytes_per_s", "500000", *place),
            asyncio.to_thread(run, "settings", "dht", "on", *place),
            asyncio.to_thread(run, "settings", "country", "UK", *place),
            asyncio.to_thread(run, "settings", "proxy_password", "of mine", *place),
            asyncio.to_thread(run, "settings", "--json", *place),
        )
    assert (changed.returncode, changed.stdout) == (0, "500000\n")
    assert (fixed.returncode, wrong.returncode) == (1, 1)
    assert "two capitals of ISO 3166-1" in wrong.stderr
    assert (secret.returncode, secret.stdout) == (0, "is set, after a restart\n")
    found = {one["key"]: one for one in json.loads(listed.stdout)}
    assert (found["country"]["value"], found["dht"]["set_in"]) == ("BE", "command-line")
    again = await asyncio.to_thread(run, "settings", "country", "--default", *place)
    nothing, table = await asyncio.gather(
        asyncio.to_thread(run, "settings", "nonsense", *place), asyncio.to_thread(run, "settings", *place)
    )
    assert (again.returncode, nothing.returncode, table.returncode) == (0, 2, 0)
    assert "of mine" not in table.stdout + listed.stdout
    kept = tomllib.loads((tmp_path / "config.toml").read_text())
    assert kept == {"up_limit_bytes_per_s": 500_000, "proxy_password": "of mine"}
