"""``matinee providers`` and ``matinee feeds``, as a person uses them: beside a running Matinee, and without one."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.catalogue.providers.services import home, serving
from tests.catalogue.providers.test_feeds import feed
from tests.cli.processes import ALONE, run, started

pytestmark = [pytest.mark.swarm]


async def test_feeds_and_providers_when_changed_then_kept_whether_it_runs_or_not(tmp_path: Path) -> None:
    place = ("--data-dir", tmp_path)
    private = {"MATINEE_ALLOW_PRIVATE_SOURCES": "true"}
    async with serving({"/a.xml": feed("Moon", "Sun")}) as host:
        alone = await asyncio.to_thread(run, "feeds", "--add", f"{home(host)}/a.xml", *place, **private)
        async with started("serve", *ALONE, "--no-open", "--port", "0", *place, **private) as running:
            await running.line()
            off, wrong = await asyncio.gather(
                asyncio.to_thread(run, "providers", "peertube", "off", *place),
                asyncio.to_thread(run, "providers", "peertube", "perhaps", *place),
            )
            listed, feeds = await asyncio.gather(
                asyncio.to_thread(run, "providers", "--json", *place),
                asyncio.to_thread(run, "feeds", *place),
            )
    assert [done.returncode for done in (alone, off, wrong, listed, feeds)] == [0, 0, 2, 0, 0]
    providers = {one["id"]: one["enabled"] for one in json.loads(listed.stdout)}
    assert providers == {
        "internet-archive": True, "peertube": False, "media-ccc-de": True, "wikimedia-commons": True,
    }  # fmt: skip
    assert "a.xml" in feeds.stdout
