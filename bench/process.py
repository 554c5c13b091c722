"""What a process and its children have cost so far, from /proc."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """Give the process and all its living descendants."""
    found = [pid]
    for member in found:
        for listing in Path("/proc", str(member), "task").glob("*/children"):
            try:
                found.extend(int(child) for child in listing.read_text().split())
            except OSError:
                continue  # the thread ended while we looked
    return found


def cpu_s(pid: int) -> float:
    """Give user and system time of the tree, the children that ended and were waited for included."""
    ticks = 0
    for member in tree(pid):
        try:
            fields = Path("/proc", str(member), "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += sum(int(field) for field in fields[11:15])
    return ticks / _TICKS_PER_S


def rss_peak_bytes(pid: int) -> int:
    """Give the sum of the peaks of resident memory over the tree."""
    total = 0
    for member in tree(pid):
        try:
            status = Path("/proc", str(member), "status").read_text()
        except OSError:
            continue
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                total += int(line.split()[1]) * 1024
    return total
