"""The process in which a film is opened. Started by ``worker.py``; asks its parent for the film's bytes.

It has no file but its pipes (two to its parent, and two to an encoder's process where it may have one), no socket and
no path: what a hostile film does to the library that opens it ends here.
STATES: ready -> (a request) working -> (it wants bytes) waiting -> working -> ready, with one answer.
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any, BinaryIO

import av

from matinee.allocator import keep_small
from matinee.confined.child import confine, read_frame
from matinee.confined.frames import Head, pack, pack_head
from matinee.media.encoder_line import Line
from matinee.media.film import Film
from matinee.media.jobs import JOBS
from matinee.media.library import load_all
from matinee.media.source import FilmSource, Gone

MEMORY_BYTES = 3 * 1024 * 1024 * 1024
"""Address space, not what is used: the library alone maps 300 MB, and each thread 8 MB of stack."""
JOB_CPU_S = 60
"""Processor time of one request."""
PROBE_CPU_S = 10
"""The same for finding out what a film is made of."""
BEAT_S = 1.0
"""A job that gets on says so that often."""


def main() -> None:
    """Work off requests from standard input until it ends."""
    # Each thread that gets an arena of its own reserves 64 MB of the address space, and an encoder starts dozens.
    keep_small()
    load_all()
    av.logging.set_level(av.logging.PANIC)
    parent, length, niceness, *pipes = map(int, sys.argv[1:])
    os.nice(niceness)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    confine(parent, memory_bytes=MEMORY_BYTES, cpu_s=None, threads=True)
    _say(answers, {"ready": True})
    beat = Beat(lambda: _say(answers, {"busy": True}), time.monotonic)
    outside = Line(*pipes) if pipes else None
    fetch, peek = _fetcher(requests, answers), _fetcher(requests, answers, waits=False)
    with Film(FilmSource(fetch, length, beat.alive, peek), outside) as film:
        while (request := read_frame(requests)) is not None:
            head, _ = request
            beat.begin()
            _say(answers, *_answer(film, head))


class Beat:
    """Says now and then that a job gets on, however often it is told: one that does not is given up sooner."""

    def __init__(self, say: Callable[[], None], clock: Callable[[], float]) -> None:
        self._say = say
        self._clock = clock
        self._said_s = 0.0

    def begin(self) -> None:
        """A job begins: there is nothing to say yet."""
        self._said_s = self._clock()

    def alive(self) -> None:
        """The job has got on."""
        if (now_s := self._clock()) - self._said_s >= BEAT_S:
            self._said_s = now_s
            self._say()


def _answer(film: Film, head: Head) -> tuple[Head, bytes]:
    """Do one job. What a film can do wrong is an answer too; anything else ends the process."""
    _limit_time(PROBE_CPU_S if head["ask"] == "probe" else JOB_CPU_S)
    job: Callable[[Film, dict[str, Any]], tuple[Head, bytes]] = JOBS[head["ask"]]
    try:
        found, body = job(film, head)
    except Gone:
        film.close()
        return {"gone": True}, b""
    except Exception as exc:  # noqa: BLE001 - the edge: what a film makes of the library is no defect of ours
        film.close()
        return {"error": f"{type(exc).__name__}: {exc}"[:300]}, b""
    return {"done": found}, body


def _limit_time(cpu_s: int) -> None:
    """End the process when it uses more processor time than this from now on."""
    until_s = int(time.process_time()) + cpu_s
    _, most_s = resource.getrlimit(resource.RLIMIT_CPU)
    if most_s == resource.RLIM_INFINITY or until_s <= most_s:
        resource.setrlimit(resource.RLIMIT_CPU, (until_s, most_s))


def _fetcher(requests: BinaryIO, answers: BinaryIO, *, waits: bool = True) -> Callable[[int, int], bytes]:
    def fetch(start: int, stop: int) -> bytes:
        _say(answers, {"read": [start, stop]} if waits else {"read": [start, stop], "waits": False})
        frame = read_frame(requests)
        if frame is None:
            os._exit(0)  # the parent is gone; the library is not to see an error it may go on from
        head, data = frame
        if not data or "gone" in head:
            if not waits:
                return b""
            raise Gone
        return data

    return fetch


def _say(answers: BinaryIO, head: Head, body: bytes = b"") -> None:
    if body:
        answers.write(pack_head(head, len(body)))
        answers.write(body)
    else:
        answers.write(pack(head))
    answers.flush()
