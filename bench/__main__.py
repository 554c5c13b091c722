"""`python -m bench`: the command behind `make bench`.

Without a word of its own it plays every swarm. `promise` holds what is said before a film plays against what
happens. `start`, `serve` and `cpu` instead of a swarm's name give the figures
that have no limit: starting, serving a finished film, and what a gigabyte costs. `media`, alone, gives those of opening
films and of making segments, without a network; `catalogue`, alone, those of taking in and finding 100 000
titles; `page`, alone, those of the page on a phone.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.table import Table

from bench import catalogue, figures, joints, media, opening, page, promised, report
from bench.clients import CLIENTS
from bench.network import Network, NoNetworkError, network
from bench.run import CACHE, Run, run_all, swarm_addresses, sweep
from bench.swarms import SWARMS

_DEFAULT_CLIENTS = "matinee,peerflix,webtorrent"

_MEDIA, _CATALOGUE, _PAGE = "media", "catalogue", "page"

_Figure = tuple[
    Callable[[Network, Sequence[str], int], Iterator[Run]],
    Callable[[Sequence[Run]], Table],
]
_FIGURES: dict[str, _Figure] = {
    "start": (figures.start, figures.start_table),
    "serve": (figures.serve, figures.serve_table),
    "cpu": (figures.cost, figures.cost_table),
    "promise": (promised.measure, promised.table),
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "what",
        nargs="*",
        help=f"{', '.join(SWARMS)} (all by default), or {', '.join([*_FIGURES, _MEDIA, _CATALOGUE, _PAGE])}",
    )
    parser.add_argument("--clients", default=_DEFAULT_CLIENTS, help=f"of: {', '.join(CLIENTS)}")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--seconds", type=float, help="of play before the seeks; each swarm has its own default"
    )
    parser.add_argument("--film", choices=("mp4", "mp4-fast-start", "mkv", "mkv-ac3"), help="the container")
    parser.add_argument("--quick", action="store_true", help="one run, matinee alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every run there")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.runs, chosen.clients = 1, "matinee"
    chosen.clients = chosen.clients.split(",")
    chosen.alone = chosen.what[0] if chosen.what in ([_MEDIA], [_CATALOGUE], [_PAGE]) else None
    chosen.swarms = [] if chosen.alone else [name for name in chosen.what if name not in _FIGURES]
    chosen.figures = [name for name in chosen.what if name in _FIGURES]
    for kind, known, asked in (("swarm", SWARMS, chosen.swarms), ("client", CLIENTS, chosen.clients)):
        for name in asked:
            if name not in known:
                parser.error(f"no {kind} named {name!r}; there are: {', '.join(known)}")
    return chosen


def _measure(chosen: argparse.Namespace, runs: dict[str, list[Run]]) -> None:
    """Run what was asked for; what was measured stays in `runs` whatever happens."""
    for client in chosen.clients:
        CLIENTS[client].prepare(CACHE)
    sweep()
    with network(swarm_addresses()) as made:
        if chosen.swarms or not chosen.figures:
            swarms = [SWARMS[name] for name in chosen.swarms] or list(SWARMS.values())
            for run in run_all(
                made, swarms, chosen.clients, chosen.runs, film_kind=chosen.film, play_s=chosen.seconds
            ):
                runs.setdefault("swarms", []).append(run)
                print(report.line(run), flush=True)
        for name in chosen.figures:
            for run in _FIGURES[name][0](made, chosen.clients, chosen.runs):
                runs.setdefault(name, []).append(run)
                print(f"{name} {run.client} #{run.number} {run.trouble or 'done'}", flush=True)


def main() -> int:
    """Run what was asked for and print the tables."""
    chosen = _arguments()
    if chosen.alone == _CATALOGUE:
        report.show(catalogue.table(catalogue.measure()))
        return 0
    if chosen.alone == _PAGE:
        try:
            report.show(page.table(page.measure(lambda figure: print(page.line(figure), flush=True))))
        except NoNetworkError as error:
            print(error, file=sys.stderr)
            return 1
        return 0
    if chosen.alone == _MEDIA:
        report.show(opening.table(opening.measure(chosen.runs)))
        report.show(media.table(media.measure()))
        report.show(joints.table(joints.measure()))
        return 0
    # SIGTERM takes the same way out as Ctrl-C, through every `with`.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    runs: dict[str, list[Run]] = {}
    code = 0
    try:
        _measure(chosen, runs)
    except (NoNetworkError, RuntimeError) as error:
        print(error, file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        print("Interrupted; what follows is what was measured until then.", file=sys.stderr)
        code = 130
    for name, measured in runs.items():
        report.show(report.table(measured) if name == "swarms" else _FIGURES[name][1](measured))
    if runs and chosen.json:
        report.save([run for measured in runs.values() for run in measured], chosen.json)
    return code


if __name__ == "__main__":
    sys.exit(main())
