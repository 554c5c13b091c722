"""The most memory that a process ever had."""

from pathlib import Path


def forget_the_most(pid: int) -> int:
    """Have the kernel forget the most that a process ever had; gives what it has now, in bytes."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    return most_bytes(pid)


def most_bytes(pid: int) -> int:
    """Give the most that a process had since then."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
