"""The process that owns a hardware encoder. Started by ``hardware.py``; pictures come from a film's process.

It has no byte of a film, only pictures, and may use devices and drivers alone (``confined.fence``). A driver that
crashes or hangs takes this process with it, and the film's goes on without. STATES: waiting -> (an order) open ->
(pictures) encoding -> (the end, or another order) waiting.
"""

import os
import sys
from typing import BinaryIO

import av
from av.video.codeccontext import VideoCodecContext

from matinee.allocator import keep_small
from matinee.confined.child import read_frame
from matinee.confined.fence import fence
from matinee.confined.frames import Head, pack, pack_head
from matinee.media.encoders import encoder_of
from matinee.media.library import load_all
from matinee.media.order import Order
from matinee.media.planes import unpacked


def main() -> None:
    """Encode what comes by one pipe, into the other, until the first ends."""
    parent, pixels, packets = map(int, sys.argv[1:4])
    keep_small()
    load_all()
    av.logging.set_level(av.logging.PANIC)
    if not fence(parent):
        sys.exit(1)
    sys.stdout.buffer.write(pack({"ready": True}))
    sys.stdout.buffer.flush()
    with os.fdopen(pixels, "rb") as source, os.fdopen(packets, "wb") as target:
        Encoding(target).work(source)


class Encoding:
    """Works off messages; see ``order.py``."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._job = -1
        self._order: Order | None = None
        self._encoder: VideoCodecContext | None = None

    def work(self, source: BinaryIO) -> None:
        """Go on until nothing more comes. What the encoder refuses is an answer; the rest of that job is dropped."""
        while (message := read_frame(source)) is not None:
            head, body = message
            try:
                self._take(head, body)
            except (av.FFmpegError, ValueError, RuntimeError) as exc:
                self._encoder = None
                self._say({"why": f"{type(exc).__name__}: {exc}"[:200]})

    def _take(self, head: Head, body: bytes) -> None:
        if "order" in head:
            self._job, self._encoder = int(head["job"]), None
            self._order = Order.of(head["order"])
            self._encoder = encoder_of(self._order)
            self._encoder.open()
            self._say({"opened": True}, bytes(self._encoder.extradata or b""))
        elif self._encoder is None or self._order is None or head.get("job") != self._job:
            return
        elif "picture" in head:
            if len(body) != self._order.picture_bytes:
                raise ValueError("a picture of another size")
            frame = unpacked(body, self._order.width, self._order.height)
            frame.pts, frame.time_base = int(head["picture"]), 1 / self._order.rate
            self._give(frame)
        elif "end" in head:
            self._give(None)
            self._encoder = None
            self._say({"done": True})

    def _give(self, frame: av.VideoFrame | None) -> None:
        assert self._encoder is not None  # noqa: S101 - seen to by ``_take``; for mypy
        for packet in self._encoder.encode(frame):
            self._say({"packet": packet.pts}, bytes(packet))

    def _say(self, head: Head, body: bytes = b"") -> None:
        self._target.write(pack_head({"job": self._job, **head}, len(body)))
        self._target.write(body)
        self._target.flush()
