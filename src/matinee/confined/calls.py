"""Which calls of the system a confined process may still make: those that compute and those on its open pipes.

The limits of ``child`` keep an honest process from files and sockets. One that was taken over by what it read could
close a pipe and have a number free for a socket; the filter set here (seccomp, BPF) is what it cannot undo. All else
answers EPERM, which programs take as any other refusal.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable

PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
_CLONE_THREAD = 0x10000

_NUMBERS: dict[str, tuple[int, int | None]] = {
    # name: (x86_64, aarch64); None where there is no such call
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "poll": (7, None),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "readv": (19, 65),
    "writev": (20, 66),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "nanosleep": (35, 101),
    "getitimer": (36, 102),
    "setitimer": (38, 103),
    "getpid": (39, 172),
    "exit": (60, 93),
    "uname": (63, 160),
    "gettimeofday": (96, 169),
    "getrlimit": (97, 163),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "times": (100, 153),
    "getppid": (110, 173),
    "sigaltstack": (131, 132),
    "sched_getparam": (143, 121),
    "sched_getscheduler": (145, 120),
    "arch_prctl": (158, None),
    "setrlimit": (160, 164),
    "gettid": (186, 178),
    "time": (201, None),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "ppoll": (271, 73),
    "set_robust_list": (273, 99),
    "getcpu": (309, 168),
    "getrandom": (318, 278),
    "membarrier": (324, 283),
    "rseq": (334, 293),
}
_OUTWARD: dict[str, tuple[int, int | None]] = {
    # those that lead out of a process that may use devices: other processes, the network, ways round this filter
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    "socketpair": (53, 199),
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "ptrace": (101, 117),
    "rt_sigqueueinfo": (129, 138),
    "mount": (165, 40),
    "tkill": (200, 130),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "unshare": (272, 97),
    "rt_tgsigqueueinfo": (297, 240),
    "perf_event_open": (298, 241),
    "setns": (308, 268),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "bpf": (321, 280),
    "execveat": (322, 281),
    "userfaultfd": (323, 282),
    "pidfd_send_signal": (424, 424),
    "io_uring_setup": (425, 425),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
}
_TO_ONESELF: dict[str, tuple[int, int]] = {"kill": (62, 129), "tgkill": (234, 131)}
_OWN_LIMITS = (302, 261)  # prlimit64, for oneself alone
_CLONE = (56, 220)
_CLONE3 = (435, 435)
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

# BPF: load a word, jump if equal, jump if as large, jump if any bit, return
_LOAD, _IS, _REACHES, _HAS, _ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
_OTHER_NUMBERS = 0x40000000
"""From here on x86_64 knows its calls by other numbers."""
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_NUMBER_AT, _MACHINE_AT, _FIRST_AT = 0, 4, 16
"""Where a call's number, its machine and the lower half of its first argument stand."""


def only_compute(*, threads: bool) -> bool:
    """Give up all other calls, for good; tell whether this system can do that.

    Called while the process has one thread and ``PR_SET_NO_NEW_PRIVS`` is set.
    """
    machine = _MACHINES.get(platform.machine())
    return machine is not None and _set(_filter(*machine, threads=threads))


def keep_to_itself() -> bool:
    """Give up the calls that lead to other processes or the network, for good, and keep the rest; else as above."""
    machine = _MACHINES.get(platform.machine())
    return machine is not None and _set(_inward(*machine, os.getpid()))


def _set(filter_: Iterable[bytes]) -> bool:
    if sys.platform != "linux":
        return False
    words = b"".join(filter_)
    code = ctypes.create_string_buffer(words, len(words))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(words) // 8, ctypes.addressof(code)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return bool(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0) == 0)


def _filter(column: int, machine: int, *, threads: bool) -> Iterable[bytes]:
    yield _word(_LOAD, _MACHINE_AT)
    yield _word(_IS, machine, 1, 0)
    yield _refuse(errno.EPERM)
    yield _word(_LOAD, _NUMBER_AT)
    for numbers in _NUMBERS.values():
        if (number := numbers[column]) is not None:
            yield from (_word(_IS, number, 0, 1), _word(_ANSWER, _ALLOW))
    # The C library is told that there is no such call, and takes the older one, whose argument can be judged.
    yield from (_word(_IS, _CLONE3[column], 0, 1), _refuse(errno.ENOSYS))
    if threads:
        yield _word(_IS, _CLONE[column], 0, 4)
        yield _word(_LOAD, _FIRST_AT)
        yield from (_word(_HAS, _CLONE_THREAD, 0, 1), _word(_ANSWER, _ALLOW))
        yield _refuse(errno.EPERM)
    yield _word(_IS, _OWN_LIMITS[column], 0, 3)
    yield _word(_LOAD, _FIRST_AT)
    yield from (_word(_IS, 0, 0, 1), _word(_ANSWER, _ALLOW))
    yield _refuse(errno.EPERM)


def _inward(column: int, machine: int, own: int) -> Iterable[bytes]:
    yield _word(_LOAD, _MACHINE_AT)
    yield _word(_IS, machine, 1, 0)
    yield _refuse(errno.EPERM)
    yield _word(_LOAD, _NUMBER_AT)
    yield from (_word(_REACHES, _OTHER_NUMBERS, 0, 1), _refuse(errno.EPERM))
    for numbers in _OUTWARD.values():
        if (number := numbers[column]) is not None:
            yield from (_word(_IS, number, 0, 1), _refuse(errno.EPERM))
    yield from (_word(_IS, _CLONE3[column], 0, 1), _refuse(errno.ENOSYS))
    yield _word(_IS, _CLONE[column], 0, 4)
    yield _word(_LOAD, _FIRST_AT)
    yield from (_word(_HAS, _CLONE_THREAD, 0, 1), _word(_ANSWER, _ALLOW))
    yield _refuse(errno.EPERM)
    for number, mine in [*((one[column], own) for one in _TO_ONESELF.values()), (_OWN_LIMITS[column], 0)]:
        yield _word(_IS, number, 0, 4)
        yield _word(_LOAD, _FIRST_AT)
        yield from (_word(_IS, mine, 0, 1), _word(_ANSWER, _ALLOW))
        yield _refuse(errno.EPERM)
    yield _word(_ANSWER, _ALLOW)


def _refuse(error: int) -> bytes:
    return _word(_ANSWER, _REFUSE | error)


def _word(code: int, value: int, when_true: int = 0, when_false: int = 0) -> bytes:
    return struct.pack("@HBBI", code, when_true, when_false, value)
