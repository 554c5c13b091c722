"""What a process that opens devices may still do: tried in one."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from matinee.confined.fence import SYSTEM

PROGRAM = """
import os, resource, socket, sys, threading
from matinee.confined.fence import fence
parent = os.getppid()
assert fence(parent)
def attempt(name, do):
    try:
        do()
        print(name, "done")
    except OSError as error:
        print(name, type(error).__name__)
attempt("socket", socket.socket)
attempt("open", lambda: open(sys.argv[1]))
attempt("list", lambda: os.listdir(os.path.dirname(sys.argv[1])))
attempt("make", lambda: open(sys.argv[1] + ".new", "w"))
attempt("remove", lambda: os.unlink(sys.argv[1]))
attempt("parents-environment", lambda: open(f"/proc/{parent}/environ", "rb").read())
attempt("parents-memory", lambda: open(f"/proc/{parent}/mem", "rb"))
attempt("fork", os.fork)
attempt("run", lambda: os.execv("/bin/true", ["true"]))
attempt("kill", lambda: os.kill(parent, 0))
attempt("limit-parent", lambda: resource.prlimit(parent, resource.RLIMIT_CPU))
attempt("driver", lambda: open("/usr/bin/env", "rb"))
attempt("device", lambda: open("/dev/null", "wb"))
attempt("own", lambda: open("/proc/self/maps", "rb"))
attempt("thread", lambda: threading.Thread(target=int).start())
attempt("memory", lambda: bytes(1 << 28))
"""
REFUSED = [
    "socket", "open", "list", "make", "remove", "parents-environment", "parents-memory", "fork", "run", "kill",
    "limit-parent",
]  # fmt: skip
ALLOWED = ["driver", "device", "own", "thread", "memory"]


@pytest.mark.skipif(platform.machine() not in ("x86_64", "aarch64"), reason="no filter for this machine")
def test_fenced_process_when_it_tries_everything_then_it_reaches_devices_and_drivers_alone(
    tmp_path: Path,
) -> None:
    secret = tmp_path / "token"
    secret.write_text("secret")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(secret)], capture_output=True, text=True, timeout=60, check=True
    )
    found = dict(line.split() for line in done.stdout.splitlines())
    assert found == {**dict.fromkeys(REFUSED, "PermissionError"), **dict.fromkeys(ALLOWED, "done")}
    assert secret.read_text() == "secret"


def test_system_when_listed_then_nobodys_home_is_in_it() -> None:
    assert not [
        path for path in SYSTEM if path.startswith(("/home", "/root", "/var", "/tmp", "/mnt", "/media"))
    ]
