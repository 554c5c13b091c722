"""The process in which one hardware encoder is tried. Started by ``hardware.py``.

A driver may crash or hang, so it is tried where nothing else is lost, and within the limits in which it will be used
(``confined.fence``): what needs more does not work. Nothing that a stranger wrote is here: the pictures are made here.
"""

import sys
import time
from collections.abc import Iterator
from fractions import Fraction

import av
from av.codec import CodecContext
from av.video.frame import VideoFrame

from matinee.confined.fence import fence
from matinee.confined.frames import Head, pack
from matinee.media.encoders import encoder_of
from matinee.media.library import load_all
from matinee.media.order import Order

WIDTH, HEIGHT, FRAMES, RATE = 1280, 720, 24, 24
MOST_BITS = 4_000_000


def main() -> None:
    """Try the encoder that is named, and say how fast it was."""
    load_all()
    av.logging.set_level(av.logging.PANIC)
    if not fence(int(sys.argv[1])):
        sys.exit(1)
    _say({"ready": True})
    _say(attempt(sys.argv[2]))


def attempt(name: str) -> Head:
    """Encode a second and decode it again: {"frames_per_s": float}, or {"why": str} where that is not what came."""
    began_s = time.monotonic()
    try:
        encoder = encoder_of(Order(name, WIDTH, HEIGHT, Fraction(RATE), MOST_BITS, (1, 1, 1)))
        made = [packet for picture in _pictures() for packet in encoder.encode(picture)]
        made += encoder.encode(None)
        took_s = time.monotonic() - began_s
        decoder = CodecContext.create("h264", "r")
        if encoder.extradata:
            decoder.extradata = encoder.extradata
        shown = [frame for packet in (*made, None) for frame in decoder.decode(packet)]
    except (av.FFmpegError, ValueError, RuntimeError) as exc:
        return {"why": f"{type(exc).__name__}: {exc}"[:200]}
    if len(shown) != FRAMES:
        return {"why": f"{len(shown)} of {FRAMES} pictures came back"}
    return {"frames_per_s": FRAMES / took_s}


def _pictures() -> Iterator[VideoFrame]:
    """Give grey pictures across which a slope moves."""
    for number in range(FRAMES):
        frame = VideoFrame(WIDTH, HEIGHT, "nv12")
        light, colour = frame.planes
        row = bytes((column + 8 * number) % 256 for column in range(light.line_size))
        light.update(row * HEIGHT)
        colour.update(b"\x80" * colour.buffer_size)
        frame.pts, frame.time_base = number, Fraction(1, RATE)
        yield frame


def _say(head: Head) -> None:
    sys.stdout.buffer.write(pack(head))
    sys.stdout.buffer.flush()
