"""Hardware encoders, each tried in a process of its own: here none works, and software stands in for one that does."""

import contextlib
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from matinee.confined.frames import pack
from matinee.media import hardware
from matinee.media.hardware import ENCODERS, MOST_FAILURES, Hardware, working_encoders
from matinee.media.hardware_child import attempt
from matinee.media.hls.segments import even
from matinee.media.worker import MediaWorker
from tests.media.clips import clip
from tests.media.parts import stream_of
from tests.playback.demuxed import demuxed

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


async def test_look_when_several_work_then_the_fastest_until_it_failed_too_often() -> None:
    asked: list[Sequence[str]] = []

    async def find(names: Sequence[str]) -> dict[str, float]:
        asked.append(names)
        return {"h264_qsv": 300.0, "h264_nvenc": 500.0}

    looked = Hardware(find, ["h264_qsv", "h264_nvenc"])
    best = [looked.best]
    await looked.look()
    for _ in range(MOST_FAILURES):
        best.append(looked.best)
        looked.failed("the device is lost")
    assert [*best, looked.best] == [None, *["h264_nvenc"] * MOST_FAILURES, None]
    assert asked == [["h264_qsv", "h264_nvenc"]]


async def test_look_when_no_device_is_there_then_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    async def find(names: Sequence[str]) -> dict[str, float]:
        raise AssertionError(names)

    monkeypatch.setattr(hardware, "DEVICES", dict.fromkeys(ENCODERS, ("/dev/no-such-device*",)))
    looked = Hardware(find)
    await looked.look()
    assert looked.best is None


async def test_look_when_a_device_is_there_then_its_encoders_are_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def find(names: Sequence[str]) -> dict[str, float]:
        return dict.fromkeys(names, 1.0)

    none = ("/dev/no-such-device*",)
    monkeypatch.setattr(
        hardware, "DEVICES", {**dict.fromkeys(ENCODERS, none), "h264_qsv": ("/dev/dri-none", "/dev/nul*")}
    )
    looked = Hardware(find)
    await looked.look()
    assert looked.best == "h264_qsv"


async def found(names: Sequence[str]) -> dict[str, float]:
    """Find them all."""
    return dict.fromkeys(names, 100.0)


def encoders() -> list[int]:
    """Give the encoder processes that this process has started and that have not ended."""
    pids: list[int] = []
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError):
            pids += map(int, (task / "children").read_text().split())
    return [pid for pid in pids if b"encoder_child" in Path(f"/proc/{pid}/cmdline").read_bytes()]


async def test_worker_when_its_encoder_is_killed_then_goes_on_without_and_the_next_film_has_one_again() -> (
    None
):
    data = clip("hevc.mkv").read_bytes()
    looked = Hardware(found, ["libx264"])
    await looked.look()
    stream = stream_of(data)
    wanted = {"video": "convert", "audio": None}
    pictures, failed = [], []
    async with MediaWorker(stream.open, len(data), hardware=looked) as worker:
        await worker.ask("probe")
        assert encoders() == []
        head, start = await worker.ask("init", max_height=180, start_s=0.0, **wanted)
        assert head["encoding"]["encoder"] == "libx264"
        for part in even(12.0):
            if part.index == 1:
                (encoder,) = encoders()
                os.kill(encoder, signal.SIGKILL)
            head_of, body = await worker.ask("segment", encoding=head["encoding"], **wanted, **asdict(part))
            failed.append("encoder_failed" in head_of)
            pictures.append(demuxed(start, body).pictures)
        assert encoders() == []
    assert pictures == [96, 96, 96]
    assert failed == [False, True, False]
    async with MediaWorker(stream.open, len(data), hardware=looked) as worker:
        again, _ = await worker.ask("segment", encoding=head["encoding"], **wanted, **asdict(even(12.0)[0]))
        assert (again["frames"], "encoder_failed" in again, len(encoders())) == (96, False, 1)
    assert encoders() == []


async def test_worker_when_the_encoder_is_found_only_now_then_the_film_goes_on_as_it_began() -> None:
    data = clip("hevc.mkv").read_bytes()
    looked = Hardware(found, ["libx264"])
    stream = stream_of(data)
    wanted = {"video": "convert", "audio": None}
    async with MediaWorker(stream.open, len(data), hardware=looked) as worker:
        head, _ = await worker.ask("init", max_height=180, start_s=0.0, **wanted)
        await looked.look()
        made, _ = await worker.ask("segment", encoding=head["encoding"], **wanted, **asdict(even(12.0)[0]))
        assert (head["encoding"]["encoder"], made["frames"], encoders()) == ("", 96, [])
