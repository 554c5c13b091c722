"""Which hardware encoders work on this computer: each is tried, for what is there says nothing of whether it works."""

import asyncio
from collections.abc import Sequence

from matinee.confined.frames import WireError
from matinee.confined.process import kill, receive, spawn

ENCODERS = ("h264_nvenc", "h264_qsv", "h264_amf", "h264_v4l2m2m")
"""What the bundled library has for Linux: NVIDIA, Intel, AMD's own driver, small boards. It has no VAAPI."""
TRY_S = 10.0
"""A driver that has not encoded a second of film by then is none."""

_MODULE = "matinee.media.hardware_child"


async def working_encoders(names: Sequence[str] = ENCODERS, *, try_s: float = TRY_S) -> dict[str, float]:
    """Give those that work, and how many pictures of 720 lines they encode in a second.

    Args:
        names: FFmpeg's.
        try_s: for each; they are tried side by side.
    """
    speeds = await asyncio.gather(*(_tried(name, try_s) for name in names))
    return {name: speed for name, speed in zip(names, speeds, strict=True) if speed is not None}


async def _tried(name: str, try_s: float) -> float | None:
    try:
        child = await spawn(_MODULE, name)
    except (OSError, EOFError, WireError, TimeoutError):
        return None
    try:
        async with asyncio.timeout(try_s):
            head, _ = await receive(child)
    except (EOFError, WireError, TimeoutError):
        return None
    finally:
        await kill(child)
    match head:
        case {"frames_per_s": float(speed)}:
            return speed
    return None
