"""Hardware encoders, each tried in a process of its own: here none works, and software stands in for one that does."""

import sys
import time
from asyncio.subprocess import PIPE, Process, create_subprocess_exec

import pytest

from matinee.confined.frames import pack
from matinee.media import hardware
from matinee.media.hardware import ENCODERS, working_encoders
from matinee.media.hardware_child import attempt

MISCHIEF = {
    "hangs": "import signal; signal.pause()",
    "crashes": "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    "babbles": "import sys; sys.stdout.buffer.write(b'\\xff' * 64)",
    "lies": f"import sys; sys.stdout.buffer.write({pack({'frames_per_s': 'fast'})!r})",
}
"""What drivers do, by name."""
TRY_S = 1.0


async def test_working_encoders_when_one_really_encodes_then_it_is_given_with_its_speed() -> None:
    found = await working_encoders(["libx264", "none_of_that_name", "aac", "libx265"])

    assert list(found) == ["libx264"]
    assert found["libx264"] > 1


async def test_working_encoders_when_drivers_hang_or_crash_then_they_are_none_and_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[Process] = []

    async def spawn(_: str, name: str) -> Process:
        words = (sys.executable, "-c", MISCHIEF[name])
        started.append(await create_subprocess_exec(*words, stdin=PIPE, stdout=PIPE))
        return started[-1]

    monkeypatch.setattr(hardware, "spawn", spawn)
    began_s = time.monotonic()
    assert await working_encoders([*MISCHIEF], try_s=TRY_S) == {}
    assert time.monotonic() - began_s > TRY_S
    assert [process.returncode is not None for process in started] == [True] * len(MISCHIEF)


@pytest.mark.parametrize("name", ENCODERS)
def test_attempt_when_it_is_one_of_the_library_s_then_it_works_or_says_why(name: str) -> None:
    said = attempt(name)

    assert said.get("frames_per_s", 1.0) > 0
    assert "UnknownCodec" not in said.get("why", "")
