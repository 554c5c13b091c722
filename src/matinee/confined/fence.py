"""Limits for a process that must open devices: it may use them and what drivers are made of, and nothing else.

It is given no stranger's bytes. Who feeds it may have been taken over all the same, so it reaches no network, no other
process, and no file but those named here: not the data folder, not the films (Landlock, and a filter of calls).
"""

import ctypes
import glob
import os
import resource
import stat
import struct
import sys

from matinee.confined.calls import keep_to_itself
from matinee.confined.child import leave_with

SYSTEM = (
    "/usr", "/lib", "/lib32", "/lib64", "/etc", "/sys", "/nix/store", "/gnu/store", "/run/opengl-driver",
    "/opt/amdgpu*", "/opt/rocm*", "/opt/intel*", "/proc/self", "/proc/sys", "/proc/driver", "/proc/devices",
    "/proc/modules", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/version", "/proc/filesystems",
)  # fmt: skip
"""What drivers are made of, and what they read. Of other processes nothing: their environment may hold a secret."""
DEVICES = "/dev"
MOST_FILES = 256

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
_ALL_OF_FIRST = (1 << 13) - 1
_ALL = {1: _ALL_OF_FIRST, 2: _ALL_OF_FIRST | 1 << 13}
_ALL_OF_THIRD = _ALL_OF_FIRST | 1 << 13 | 1 << 14
"""From the third edition of Landlock on; to use a device is not limited."""
_BENEATH = 1


def fence(parent: int) -> bool:
    """Give up all but devices and drivers, for good, and die with the parent; tell whether this system can do that."""
    leave_with(parent)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = MOST_FILES if most == resource.RLIM_INFINITY else min(MOST_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    return sys.platform == "linux" and _leave_files() and keep_to_itself()


def _leave_files() -> bool:
    call = ctypes.CDLL(None, use_errno=True).syscall
    call.restype = ctypes.c_long
    edition = call(_CREATE, None, 0, 1)
    if edition < 1:
        return False
    rules = call(_CREATE, struct.pack("@Q", _ALL.get(edition, _ALL_OF_THIRD)), 8, 0)
    if rules < 0:
        return False
    places = {path: _EXECUTE | _READ | _LIST for pattern in SYSTEM for path in glob.glob(pattern)}  # noqa: PTH207 - absolute patterns
    places[DEVICES] = _WRITE | _READ | _LIST
    try:
        return all(_allow(call, rules, *place) for place in places.items()) and call(_RESTRICT, rules, 0) == 0
    finally:
        os.close(rules)


def _allow(call: "ctypes._NamedFuncPointer", rules: int, path: str, rights: int) -> bool:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    if not stat.S_ISDIR(os.fstat(place).st_mode):
        rights &= ~_LIST
    try:
        return bool(call(_ADD, rules, _BENEATH, struct.pack("=Qi", rights, place), 0) == 0)
    finally:
        os.close(place)
