"""The process that makes small pictures of what strangers sent. Started by ``picture.py``.

It may open no file and no socket; a picture that takes too much memory or time ends it.
"""

import gc
import io
import signal
import sys
from fractions import Fraction
from typing import Any

import av
from av.codec.context import CodecContext, ThreadType
from av.packet import Packet
from av.video.frame import VideoFrame

from matinee.confined.child import confine, read_frame
from matinee.confined.frames import pack
from matinee.media.library import load_all
from matinee.media.picture_header import MOST_PIXELS, Header, NoPicture, first_frame, read_header

MEMORY_BYTES = 768 * 1024 * 1024
"""Address space: 25 million pixels of 64 bits, and what is made of them."""
PICTURE_CPU_S = 6.0
"""Processor time for one picture. One of 24 million pixels takes 0.6 s here (2026-11-26)."""
_DECODERS = {"jpeg": "mjpeg", "png": "png", "webp": "webp"}
_QUALITY = {"quality": "80", "compression_level": "4"}


def main() -> None:
    """Make what is asked for, until standard input ends."""
    load_all()
    av.logging.set_level(av.logging.PANIC)
    confine(int(sys.argv[1]), memory_bytes=MEMORY_BYTES, cpu_s=None)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    answers.write(pack({"ready": True}))
    answers.flush()
    while (request := read_frame(requests)) is not None:
        # Its signal ends the process.
        signal.setitimer(signal.ITIMER_PROF, PICTURE_CPU_S)
        answers.write(_answer(*request))
        answers.flush()
        signal.setitimer(signal.ITIMER_PROF, 0)
        gc.collect()


def _answer(head: dict[str, Any], body: bytes) -> bytes:
    try:
        made = develop(body, head["widths"])
    except NoPicture as exc:
        return pack({"no": str(exc)})
    except (av.FFmpegError, ValueError, MemoryError, EOFError) as exc:
        return pack({"no": f"it cannot be decoded ({type(exc).__name__})"})
    sizes = [{"width": width, "height": height, "bytes": len(data)} for width, height, data in made]
    return pack({"sizes": sizes}, b"".join(data for _, _, data in made))


def develop(data: bytes, widths: list[int]) -> list[tuple[int, int, bytes]]:
    """Make a WebP of each width, or of the picture's own where that is less: width, height, bytes.

    Raises:
        NoPicture: it is none that is opened.
        av.FFmpegError, ValueError, MemoryError, EOFError: it cannot be decoded.
    """
    frame = _decoded(read_header(data), data)
    if frame.width * frame.height > MOST_PIXELS:
        raise NoPicture("it has more pixels than it says")
    made = []
    for wanted in widths:
        width = min(wanted, frame.width)
        height = max(1, round(frame.height * width / frame.width))
        small = frame.reformat(
            width,
            height,
            "yuv420p",
            dst_colorspace="ITU601",
            dst_color_range="MPEG",
            interpolation="AREA",
            threads=1,
        )
        made.append((width, height, _written(small)))
    return made


def _decoded(header: Header, data: bytes) -> VideoFrame:
    """Decode the only picture, or the first one."""
    if header.kind == "gif":
        with av.open(io.BytesIO(data), "r", format="gif") as container:
            return next(container.decode(video=0))
    decoder = CodecContext.create(_DECODERS[header.kind], "r")
    assert isinstance(decoder, av.VideoCodecContext)  # noqa: S101 - for mypy
    decoder.thread_count, decoder.thread_type = 1, ThreadType.NONE
    packet = Packet(first_frame(data) if header.kind == "webp" else data)
    for frame in (*decoder.decode(packet), *decoder.decode(None)):
        return frame
    raise NoPicture("it has no picture")


def _written(picture: VideoFrame) -> bytes:
    encoder = CodecContext.create("libwebp", "w")
    assert isinstance(encoder, av.VideoCodecContext)  # noqa: S101 - for mypy
    encoder.width, encoder.height, encoder.pix_fmt = picture.width, picture.height, "yuv420p"
    encoder.time_base, encoder.thread_count, encoder.options = Fraction(1), 1, _QUALITY
    picture.pts, picture.time_base = 0, Fraction(1)
    return b"".join(bytes(packet) for packet in (*encoder.encode(picture), *encoder.encode(None)))
