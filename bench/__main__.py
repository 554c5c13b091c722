"""`python -m bench`: the command behind `make bench`."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from bench import report
from bench.clients import CLIENTS
from bench.network import NoNetworkError, network
from bench.run import CACHE, Run, run_all, swarm_addresses
from bench.swarms import SWARMS

_DEFAULT_CLIENTS = "matinee,peerflix,webtorrent"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("swarms", nargs="*", metavar="SWARM", help=f"of: {', '.join(SWARMS)}; all by default")
    parser.add_argument("--clients", default=_DEFAULT_CLIENTS, help=f"of: {', '.join(CLIENTS)}")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--seconds", type=float, help="of play before the seeks; each swarm has its own default"
    )
    parser.add_argument("--film", choices=("mp4", "mp4-fast-start", "mkv"), help="the container")
    parser.add_argument("--quick", action="store_true", help="one run, matinee alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every run there")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.runs, chosen.clients = 1, "matinee"
    chosen.clients = chosen.clients.split(",")
    for kind, known, asked in (("swarm", SWARMS, chosen.swarms), ("client", CLIENTS, chosen.clients)):
        for name in asked:
            if name not in known:
                parser.error(f"no {kind} named {name!r}; there are: {', '.join(known)}")
    return chosen


def main() -> int:
    """Run what was asked for and print the table."""
    chosen = _arguments()
    # SIGTERM takes the same way out as Ctrl-C, through every `with`.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    runs: list[Run] = []
    code = 0
    try:
        for client in chosen.clients:
            CLIENTS[client].prepare(CACHE)
        with network(swarm_addresses()) as made:
            swarms = [SWARMS[name] for name in chosen.swarms] or list(SWARMS.values())
            for run in run_all(
                made, swarms, chosen.clients, chosen.runs, film_kind=chosen.film, play_s=chosen.seconds
            ):
                runs.append(run)
                print(report.line(run), flush=True)
    except (NoNetworkError, RuntimeError) as error:
        print(error, file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        print("Interrupted; what follows is what was measured until then.", file=sys.stderr)
        code = 130
    if runs:
        report.show(runs)
        if chosen.json:
            report.save(runs, chosen.json)
    return code


if __name__ == "__main__":
    sys.exit(main())
