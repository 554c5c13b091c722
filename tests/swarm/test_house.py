"""A house with two rooms, each a network namespace: what the computer in the study is to others in its network."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.rooms import SOFA, STUDY, inside, rooms
from tests.swarm.parts import matinee

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(60)]

_RESOLVE = """
import asyncio, sys
from zeroconf import AddressResolver
from zeroconf.asyncio import AsyncZeroconf

async def main():
    asks = AsyncZeroconf(interfaces=[sys.argv[1]])
    name = AddressResolver(sys.argv[2])
    assert await name.async_request(asks.zeroconf, 20000), "nobody has the name"
    print(*name.parsed_addresses())
    await asks.async_close()

asyncio.run(main())
"""


async def test_name_when_another_computer_asks_the_network_for_it_then_is_the_address_of_this_one(
    tmp_path: Path,
) -> None:
    with rooms() as places:
        under = (*inside(places.study), "env", "MATINEE_OTHER_SCREENS=true")
        async with matinee(tmp_path / "data", under=under):
            command = [*inside(places.sofa), sys.executable, "-c", _RESOLVE, SOFA, "matinee.local."]
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=40)
    assert done.returncode == 0, done.stderr
    assert STUDY in done.stdout.split()
    assert set(done.stdout.split()) <= {STUDY, "fd77::1"}
