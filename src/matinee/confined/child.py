"""The inside of a confined process: gives up what it needs not, and speaks with its parent. Imports nothing heavy."""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from typing import BinaryIO

from matinee.confined.calls import only_compute
from matinee.confined.frames import LENGTHS, Head, unpack_head, unpack_lengths

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
_GOES_FIRST = "/proc/self/oom_score_adj"
_FIRST = 800
"""Of 1000. By size alone the kernel ended the whole program while a film of 576 lines was converted in 170 MB."""


def confine(parent: int, *, memory_bytes: int, cpu_s: int | None, threads: bool = False) -> None:
    """Give up files, sockets, new processes, memory and time, and die with the parent.

    Args:
        parent: the parent's process id; when it is gone already, so is this process.
        memory_bytes: the most address space.
        cpu_s: processor time of this process over its life; None where each piece of work sets its own limit.
        threads: whether threads may be made; the limit on them is one on processes, so those may be made too.
    """
    leave_with(parent)
    limits = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        # Standard input, output and error are open; with this nothing else can be, no file and no socket.
        resource.RLIMIT_NOFILE: 3,
    }
    if cpu_s is not None:
        limits[resource.RLIMIT_CPU] = cpu_s
    if not threads:
        limits[resource.RLIMIT_NPROC] = 0
    for kind, most in limits.items():
        resource.setrlimit(kind, (most, most))
    only_compute(threads=threads)


def leave_with(parent: int) -> None:
    """Die with the parent, before it where memory runs out, and gain no rights by running other programs."""
    # Where the system knows no such word, or does not let it be said, the kernel goes by size.
    with contextlib.suppress(OSError), open(_GOES_FIRST, "r+b", buffering=0) as told:  # noqa: PTH123 - pathlib is heavy
        if int(told.read()) < _FIRST:
            told.write(b"%d" % _FIRST)
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


def read_frame(stream: BinaryIO) -> tuple[Head, bytes] | None:
    """Read one frame; None when the parent has closed its end."""
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    head_bytes, body_bytes = unpack_lengths(lengths)
    return unpack_head(stream.read(head_bytes)), stream.read(body_bytes)
