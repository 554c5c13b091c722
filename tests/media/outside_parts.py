"""An encoder's process without a process: it works in a thread, on x264, and may do what drivers do."""

import contextlib
import os
import threading
from collections.abc import Iterator
from typing import BinaryIO

from matinee.confined.frames import Head
from matinee.media.encoder_child import Encoding
from matinee.media.encoder_line import Line
from matinee.media.film import Film
from matinee.media.source import FilmSource
from tests.media.clips import clip

PATIENCE_S = 10.0
"""Of a line whose other end works; the computer may be busy."""


class Honest(Encoding):
    """Encodes. Each job has its own name here: what its successors do, they do in a job's middle."""

    PATIENCE_S = PATIENCE_S
    SPOILT = 3
    """The job from which on successors misbehave: the first two are those of ``init``."""
    PICTURE = 40
    """The picture in whose place they do it."""

    def _say(self, head: Head, body: bytes = b"") -> None:
        if self._job >= self.SPOILT and head.get("packet") == self.PICTURE:
            self.spoil(head, body)
        else:
            self.tell(head, body)

    def tell(self, head: Head, body: bytes) -> None:
        """Say it."""
        super()._say(head, body)

    def spoil(self, head: Head, body: bytes) -> None:
        """Say something else."""
        self.tell(head, body)


class End(Exception):
    """The process is no more."""


def _serve(kind: type[Honest], source: BinaryIO, target: BinaryIO) -> None:
    # Where the film's side closes first there is nobody left to tell.
    with contextlib.suppress(End, BrokenPipeError), source, target:
        kind(target).work(source)


@contextlib.contextmanager
def film_with(kind: type[Honest], name: str) -> Iterator[Film]:
    """Open a film whose line leads to an encoder of that kind."""
    pixels, to_encoder = os.pipe()
    from_encoder, packets = os.pipe()
    for end in (to_encoder, from_encoder):
        os.set_blocking(end, False)
    source, target = os.fdopen(pixels, "rb"), os.fdopen(packets, "wb")
    thread = threading.Thread(target=_serve, args=(kind, source, target))
    thread.start()
    data = clip(name).read_bytes()
    line = Line(to_encoder, from_encoder, patience_s=kind.PATIENCE_S)
    try:
        with Film(FilmSource(lambda start, stop: data[start:stop], len(data)), line) as film:
            yield film
    finally:
        os.close(to_encoder)
        os.close(from_encoder)
        thread.join()
