"""What a confined process may still ask of the system: tried in one, and read from the filter itself."""

import errno
import platform
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from matinee.confined import calls
from matinee.confined.trial import can_take_calls

PROGRAM = """
import ctypes, os, resource, socket, sys, threading
from matinee.confined.child import confine
confine(os.getppid(), memory_bytes=2 << 30, cpu_s=None, threads=%s)
os.close(0)  # so that there is a number for a file
def attempt(name, do):
    try:
        do()
        print(name, "done")
    except (OSError, RuntimeError) as error:
        print(name, getattr(error, "errno", None) or "refused")
attempt("socket", socket.socket)
attempt("pair", socket.socketpair)
attempt("open", lambda: open("/etc/passwd"))
attempt("list", lambda: os.listdir("/"))
attempt("remove", lambda: os.unlink("/nothing"))
attempt("fork", os.fork)
attempt("run", lambda: os.execv("/bin/true", ["true"]))
attempt("kill", lambda: os.kill(os.getppid(), 0))
attempt("limit-parent", lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CPU))
attempt("limit", lambda: resource.setrlimit(resource.RLIMIT_CPU, (5, resource.RLIM_INFINITY)))
attempt("thread", lambda: threading.Thread(target=int).start())
attempt("memory", lambda: bytes(1 << 28))
"""
REFUSED = ["socket", "pair", "open", "list", "remove", "fork", "run", "kill", "limit-parent"]


@pytest.mark.skipif(platform.machine() not in ("x86_64", "aarch64"), reason="no filter for this machine")
@pytest.mark.parametrize(("threads", "thread"), [(True, "done"), (False, "refused")])
def test_confined_process_when_it_tries_everything_then_it_may_only_compute(
    threads: bool, thread: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM % threads], capture_output=True, text=True, timeout=60, check=True
    )
    found = dict(line.split() for line in done.stdout.splitlines())
    assert found == {
        **dict.fromkeys(REFUSED, str(errno.EPERM)),
        "limit": "done",
        "thread": thread,
        "memory": "done",
    }


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone can be told who goes first")
def test_confined_process_when_memory_runs_out_then_goes_before_its_parent() -> None:
    program = PROGRAM.replace(
        "import ctypes", "told = open('/proc/self/oom_score_adj')\nimport ctypes"
    ).split("os.close(0)")[0]
    said = subprocess.run(
        [sys.executable, "-c", program % True + "told.seek(0)\nprint(told.read())"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    own = int(Path("/proc/self/oom_score_adj").read_text())
    assert int(said.stdout) > own + 500


def judged(
    machine: str, number: int, first: int = 0, *, threads: bool = True, seen: int | None = None
) -> int:
    """Run the filter as the kernel does; gives its answer."""
    column, code = calls._MACHINES[machine]
    words = [struct.unpack("@HBBI", word) for word in calls._filter(column, code, threads=threads)]
    data = struct.pack("@IIQQ", number, code if seen is None else seen, 0, first)
    at, held = 0, 0
    for _ in range(len(words)):
        kind, when_true, when_false, value = words[at]
        if kind == calls._ANSWER:
            return int(value)
        if kind == calls._LOAD:
            (held,) = struct.unpack_from("@I", data, value)
            step = 0
        else:
            step = when_true if (held == value if kind == calls._IS else held & value) else when_false
        at += 1 + step
    raise AssertionError("the filter gives no answer")


EPERM = calls._REFUSE | errno.EPERM
MACHINES = [("x86_64", 0), ("aarch64", 1)]


@pytest.mark.parametrize(("machine", "column"), MACHINES)
def test_filter_when_any_call_then_only_those_of_the_list_pass(machine: str, column: int) -> None:
    listed = {numbers[column] for numbers in calls._NUMBERS.values()} - {None}
    special = {calls._CLONE[column], calls._CLONE3[column], calls._OWN_LIMITS[column]}
    assert not listed & special
    for number in range(600):
        assert (judged(machine, number) == calls._ALLOW) == (
            number in listed or number == calls._OWN_LIMITS[column]
        )


@pytest.mark.parametrize(("machine", "column"), MACHINES)
def test_filter_when_threads_or_limits_then_by_their_first_argument(machine: str, column: int) -> None:
    clone, limits = calls._CLONE[column], calls._OWN_LIMITS[column]
    assert judged(machine, clone, 0x3D0F00) == calls._ALLOW
    assert judged(machine, clone, 0x3D0F00, threads=False) == EPERM
    assert judged(machine, clone, 0x1200011) == EPERM
    assert judged(machine, limits, 0) == calls._ALLOW
    assert judged(machine, limits, 1234) == EPERM
    assert judged(machine, calls._CLONE3[column]) == calls._REFUSE | errno.ENOSYS


def test_filter_when_of_another_machine_then_refused() -> None:
    """The numbers of 32 bits mean other calls, those beyond 2**30 too."""
    assert judged("x86_64", 1, seen=0x40000003) == EPERM
    assert judged("x86_64", 0x40000000 + 59) == EPERM


def test_only_compute_when_the_machine_is_unknown_then_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "abacus")
    assert not calls.only_compute(threads=True)


def test_trial_when_this_system_has_the_filter_then_told_so_and_the_asker_keeps_its_calls() -> None:
    assert can_take_calls()
    assert Path(__file__).exists()


def test_trial_when_the_machine_is_one_without_a_filter_of_ours_then_told_so() -> None:
    """A computer of 32 bits, as far as its processes are told: personality(2) is inherited."""
    asked = (
        "import ctypes; ctypes.CDLL(None).personality(8);"
        "from matinee.confined.trial import can_take_calls; print(can_take_calls())"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout.strip(), done.stderr) == ("False", "")
