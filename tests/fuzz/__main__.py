"""The long run: every reader under atheris, which keeps what leads to new code and goes on from that.

`make fuzz` gives each reader its share of the cases, each in a process of its own, at the lowest priority.
What breaks one is kept in `.cache/fuzz` and named. `make fuzz ARGS="feed --cases 100000"` runs one.
`make fuzz ARGS="api --cases 15000"` asks the whole interface of the real program instead, other things on each run.
"""

import argparse
import asyncio
import os
import random
import re
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".cache" / "fuzz"
CASES = 2_000_000
API, API_CASES = "api", 15_000
HANG_S = 20
"""Of one case, on the clock: at the lowest priority, beside whatever else this computer does."""
MEMORY_MB = 1500
LENGTH = 8192
_DONE = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_COVERED = re.compile(r"cov: (\d+)")


def one(name: str, cases: int) -> None:
    """Fuzz one reader in this process, which libFuzzer ends."""
    import atheris

    with atheris.instrument_imports(include=["matinee"]):
        from tests.fuzz.targets import targets
    target = next(target for target in targets() if target.name == name)
    kept, first = CACHE / name / "kept", CACHE / name / "first"
    for folder in (kept, first):
        folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (first / str(number)).write_bytes(seed)
    flags = {
        "runs": cases, "timeout": HANG_S, "rss_limit_mb": MEMORY_MB, "max_len": LENGTH, "print_final_stats": 1,
        "artifact_prefix": f"{CACHE / name}/",
    }  # fmt: skip
    atheris.Setup(
        [name, *(f"-{key}={value}" for key, value in flags.items()), str(kept), str(first)], target.take
    )
    atheris.Fuzz()


def api(cases: int) -> int:
    """Ask the interface in this process; gives how much was wrong. What is told draws the same again."""
    from tests.fuzz.interface import ask

    seed, begun = secrets.randbits(32), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        well, wrong = asyncio.run(ask(Path(folder), cases, random.Random(seed)))
    print(  # noqa: T201 - a command's own words
        f"{API:20} {cases:9} cases {time.monotonic() - begun:7.1f} s  {well} not refused, "
        f"{len(wrong)} wrong, drawn by {seed}",
        *wrong,
        sep="\n",
        flush=True,
    )
    return len(wrong)


def every(names: list[str], cases: int) -> int:
    """Fuzz several readers one after the other; gives how many broke."""
    broken = total = 0
    for name in names:
        begun = time.monotonic()
        found = subprocess.run(
            [sys.executable, "-m", "tests.fuzz", name, "--cases", str(cases // len(names)), "--here"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        (CACHE / name / "log").write_text(found.stdout + found.stderr)
        done, covered = _DONE.findall(found.stderr), _COVERED.findall(found.stderr)
        count = int(done[-1]) if done else 0
        total += count
        broken += found.returncode != 0
        state = "ok" if found.returncode == 0 else f"BROKEN, see {CACHE / name / 'log'}"
        print(  # noqa: T201 - a command's own words
            f"{name:20} {count:9} cases {time.monotonic() - begun:7.1f} s  "
            f"edges {covered[-1] if covered else '?':>5}  {state}",
            flush=True,
        )
    print(f"{total} cases, {broken} readers broken", flush=True)  # noqa: T201 - likewise
    return broken


def main() -> int:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", help="readers; all of them by default")
    parser.add_argument("--cases", type=int, help=f"in all; {CASES} of readers, {API_CASES} of {API}")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.here:
        one(chosen.names[0], chosen.cases)
    os.nice(19)
    if chosen.names == [API]:
        return 1 if api(chosen.cases or API_CASES) else 0
    from tests.fuzz.targets import targets

    known = [target.name for target in targets()]
    for name in chosen.names:
        if name not in known:
            parser.error(f"no reader named {name!r}; there are: {', '.join(known)}")
    return 1 if every(chosen.names or known, chosen.cases or CASES) else 0


if __name__ == "__main__":
    sys.exit(main())
