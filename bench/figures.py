"""The figures that have no limit to be compared with: starting, serving, and what a gigabyte costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from rich.table import Table

from bench.network import Network
from bench.run import Run, run_once
from bench.swarms import LOCAL, LOCAL_PIECES_4, SWARMS

VIEWERS = 200


def start(network: Network, clients: Sequence[str], runs: int) -> Iterator[Run]:
    """Start each client and go to the first frame of the fast swarm, no farther."""
    for number in range(runs):
        for client in clients:
            yield run_once(network, SWARMS["fast"], client, number, mode="open", play_s=0.0)


def serve(network: Network, clients: Sequence[str], runs: int) -> Iterator[Run]:
    """Fetch the film as fast as it goes, then read it again alone, then in company."""
    for number in range(runs):
        for client in clients:
            yield run_once(network, LOCAL, client, number, mode="serve", viewers=VIEWERS)


def cost(network: Network, clients: Sequence[str], runs: int) -> Iterator[Run]:
    """Fetch and read the film with pieces of 4 MiB, and count processor time and memory."""
    for number in range(runs):
        for client in clients:
            yield run_once(network, LOCAL_PIECES_4, client, number, mode="serve")


def start_table(runs: Sequence[Run]) -> Table:
    """Give what `start` found."""
    made = Table(
        "client",
        "process to first answer, ms",
        "home page after that, ms",
        "click to first announce, ms",
        title="Starting, median (worst)",
    )
    for client, group in _by_client(runs):
        answers = [run.outcome.start_s for run in group if run.outcome.start_s is not None]
        pages = [run.outcome.page_s for run in group if run.outcome.page_s is not None]
        announces = [run.announce_s for run in group if run.announce_s is not None]
        made.add_row(client, _milliseconds(answers), _milliseconds(pages), _milliseconds(announces))
    return made


def serve_table(runs: Sequence[Run]) -> Table:
    """Give what `serve` found."""
    made = Table(
        "client", "one reader, MB/s", "CPU, s/GB", f"{VIEWERS} viewers: late", "worst wait, s", "server CPU, %",
        title="Serving a finished film over loopback, median",
    )  # fmt: skip
    for client, group in _by_client(runs):
        served = [run.outcome.served for run in group if run.outcome.served]
        crowds = [run.outcome.crowd for run in group if run.outcome.crowd]
        if not served or not crowds:
            made.add_row(client, "[red]fails[/]", str(group[0].trouble))
            continue
        made.add_row(
            client,
            f"{median(one.length_bytes / one.lasted_s / 1e6 for one in served):.0f}",
            f"{median(one.cpu_s / one.length_bytes * 1e9 for one in served):.2f}",
            f"{median(crowd.late for crowd in crowds):.0f}",
            f"{median(crowd.worst_s for crowd in crowds):.2f}",
            f"{median(crowd.server_cpu_share for crowd in crowds) * 100:.0f}",
        )
    return made


def cost_table(runs: Sequence[Run]) -> Table:
    """Give what `cpu` found."""
    made = Table(
        "client", "download and serve, CPU s/GB", "serve again, CPU s/GB", "MB/s", "peak RSS, MB",
        title="What a gigabyte costs, pieces of 4 MiB, median",
    )  # fmt: skip
    for client, group in _by_client(runs):
        fetched = [run.outcome.fetched for run in group if run.outcome.fetched]
        served = [run.outcome.served for run in group if run.outcome.served]
        if not fetched or not served:
            made.add_row(client, "[red]fails[/]", str(group[0].trouble))
            continue
        made.add_row(
            client,
            f"{median(one.cpu_s / one.length_bytes * 1e9 for one in fetched):.1f}",
            f"{median(one.cpu_s / one.length_bytes * 1e9 for one in served):.2f}",
            f"{median(one.length_bytes / one.lasted_s / 1e6 for one in fetched):.0f}",
            f"{median(run.rss_peak_bytes for run in group) / 1e6:.0f}",
        )
    return made


def _by_client(runs: Sequence[Run]) -> Iterator[tuple[str, list[Run]]]:
    for client in dict.fromkeys(run.client for run in runs):
        yield client, [run for run in runs if run.client == client]


def _milliseconds(values_s: Sequence[float]) -> str:
    return f"{median(values_s) * 1000:.0f} ({max(values_s) * 1000:.0f})" if values_s else "-"
