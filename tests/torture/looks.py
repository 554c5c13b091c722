"""What a running program takes: from its own figures, from /proc and from its folder."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.process import tree

from tests.swarm.parts import Matinee

MB = 1e6


@dataclass(frozen=True, slots=True)
class Look:
    """What it took at one moment."""

    anonymous_mb: float
    """Memory that is its own, of no file: what a leak is made of."""
    resident_mb: float
    """All of it (RSS). How much of it is nobody else's (USS) changes with who else runs Python."""
    descriptors: int
    threads: int
    tasks: int
    """Of the event loop."""
    readers: int
    """Of films."""
    children: int
    """Processes that it has started and that are there."""
    database_mb: float
    """With its copy and all that lies beside it in the data folder; without films, and without SQLite's log, which is
    bounded (`storage.sqlite_file.LOG_PAGES`)."""

    @property
    def settled(self) -> tuple[int, ...]:
        """Give what can be counted, to be compared with another look."""
        return self.descriptors, self.threads, self.tasks, self.readers, self.children

    def __str__(self) -> str:
        """Give it in a line."""
        return ", ".join(
            f"{name.removesuffix('_mb')} {value:.1f} MB" if name.endswith("_mb") else f"{name} {value}"
            for name, value in asdict(self).items()
        )


async def look(running: Matinee, data: Path) -> Look:
    """Look at a program on its data folder."""
    answer = (await running.client.get("metrics")).raise_for_status()
    told = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    own, pid = Path("/proc", str(running.process.pid)), running.process.pid
    status = _kib(own / "status")
    return Look(
        anonymous_mb=status["RssAnon"] / MB,
        resident_mb=status["VmRSS"] / MB,
        descriptors=sum(1 for _ in (own / "fd").iterdir()),
        threads=sum(1 for _ in (own / "task").iterdir()),
        tasks=int(told["matinee_tasks"]),
        readers=int(told["matinee_readers"]),
        children=len(tree(pid)) - 1,
        database_mb=sum(_sizes(data)) / MB,
    )


def _kib(listing: Path) -> dict[str, int]:
    """Read the lines of a listing of /proc that count KiB; in bytes."""
    lines = (line.split() for line in listing.read_text().splitlines())
    return {words[0].rstrip(":"): int(words[1]) * 1024 for words in lines if words[-1] == "kB"}


def _sizes(data: Path) -> Iterator[int]:
    for path in data.iterdir():
        if path.is_file() and not path.name.endswith(("-wal", "-shm")):
            yield path.stat().st_size
