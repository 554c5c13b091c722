"""The table: medians and the worst, each figure over the limit of its swarm."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import mean, median

from rich.console import Console
from rich.table import Table

from bench.run import Run


def _middle_and_worst(values: Iterable[float | None], count: int, form: str = "{:.2f}") -> str:
    """Give 'median (worst)'; a run that gave nothing is the worst of all."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return "[red]fails[/]"
    missing = count - len(known)
    worst = f"[red]{missing} fail[/]" if missing else form.format(known[-1])
    return f"[bold]{form.format(median(known))}[/] ({worst})"


def _stalls(runs: Sequence[Run]) -> str:
    """Give the stalls of all runs: how many, how long together, the longest."""
    count = sum(run.stalls for run in runs)
    if not count:
        return "0"
    total_s, longest_s = sum(run.stalled_s for run in runs), max(run.longest_stall_s for run in runs)
    return f"{count}, {total_s:.1f} s, worst {longest_s:.1f} s"


def table(runs: Sequence[Run]) -> Table:
    """Give the table of all runs, a row for each swarm and client."""
    made = Table(
        title="Over the limit of the swarm: median (worst); 1.00 cannot be beaten", title_justify="left"
    )
    for heading in ("swarm", "client", "limit, s", "first frame", "seek", "stalls", "click to announce, ms"):
        made.add_column(heading, justify="left" if heading in ("swarm", "client") else "right")
    for heading in ("CPU, s/GB", "RSS, MB", "runs"):
        made.add_column(heading, justify="right")
    keys = list(dict.fromkeys((run.swarm, run.client) for run in runs))
    order = {swarm: at for at, swarm in enumerate(dict.fromkeys(run.swarm for run in runs))}
    last = ""
    for swarm, client in sorted(keys, key=lambda key: order[key[0]]):
        group = [run for run in runs if (run.swarm, run.client) == (swarm, client)]
        if last and last != swarm:
            made.add_section()
        bound = group[0].bound
        count = len(group)
        made.add_row(
            swarm if swarm != last else "",
            client,
            f"{bound.first_frame_s:.2f} / {mean(bound.seek_s):.2f}" if swarm != last else "",
            _middle_and_worst((run.first_frame_ratio for run in group), count),
            _middle_and_worst((run.seek_ratio for run in group), count),
            _stalls(group),
            _middle_and_worst((_milliseconds(run.announce_s) for run in group), count, "{:.0f}"),
            _middle_and_worst((_cpu_per_gb(run) for run in group), count, "{:.1f}"),
            _middle_and_worst((run.rss_peak_bytes / 1e6 or None for run in group), count, "{:.0f}"),
            str(count),
        )
        last = swarm
    return made


def line(run: Run) -> str:
    """Give one line about one run, for whoever watches."""
    frame = "-" if run.first_frame_ratio is None else f"{run.first_frame_ratio:.2f}"
    seek = "-" if run.seek_ratio is None else f"{run.seek_ratio:.2f}"
    seeks = " ".join(f"{seconds:.2f}" for seconds in run.seek_s)
    words = f"{run.swarm:10} {run.client:10} #{run.number} first {frame:>6}  seek {seek:>6} [{seeks}]"
    if run.stalls:
        words += f"  stalls {run.stalls} ({run.stalled_s:.1f} s)"
    words += f"  {run.delivered_bytes / 1e6:.0f} MB"
    return f"{words}  TROUBLE: {run.trouble}" if run.trouble else words


def show(made: Table) -> None:
    """Print a table."""
    console = Console()
    # A pipe has no width; rich would fold the columns at 80.
    (console if console.is_terminal else Console(width=150)).print(made)


def save(runs: Sequence[Run], path: Path) -> None:
    """Write every run as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(run) for run in runs], indent=1))


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1000


def _cpu_per_gb(run: Run) -> float | None:
    return run.cpu_s / (run.delivered_bytes / 1e9) if run.delivered_bytes else None
