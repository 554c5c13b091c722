"""What is promised before a film plays, and the release that is chosen, held against what happens: ``bench promise``.

In each swarm a film is played first, by a program that knows nothing: so it learns the line. Then every release of the
same title is promised from its facts, as a catalogue has them, and from what was learned; one is picked; and then all
are played, each by a program that remembers that one film and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from bench import film as films
from bench.network import Network
from bench.run import CACHE, Run, run_once
from bench.segments import CLIENT
from bench.swarms import SWARMS, FilmKind, Swarm
from matinee.catalogue.rank import Candidate, Place, handling_of, rank
from matinee.models.playback import ClientSupport
from matinee.models.promise import Basis, Plays, Promise
from matinee.models.title import MagnetLink, Release
from matinee.playback.promise import WITHIN, Film, Line, promise

KINDS: tuple[FilmKind, ...] = ("mp4", "mp4-fast-start", "mkv-ac3", "mp4-large")
"""The releases of the title; the first is the one by which the line is learned."""
LEARNS_S = 20.0
"""A third of what the program looks at: among peers that let it down it is careful for the first ten seconds."""
WATCHED_S = 6.0
WATCHED_LARGE_S = 14.0
"""What needs a quarter more than it gets stalls within ten seconds."""
ALIKE = 0.1
"""Starts that differ by less are the same: so much do two runs of one release."""

_SOUND_CODECS = {"mkv-ac3": "ac3"}
_PLAYER = ClientSupport(
    frozenset(CLIENT["containers"]),
    frozenset(CLIENT["video"]),
    frozenset(CLIENT["audio"]),
    screen_height=1080,
)


@dataclass(frozen=True, slots=True)
class _Played:
    """A release, what was promised of it, and what happened."""

    promise: Promise
    start_s: float | None
    stalls: int
    stalled_s: float
    lines: int

    @property
    def off(self) -> float | None:
        """By what part of what happened the promise was off; None when it never started."""
        return None if self.start_s is None else self.promise.starts_in_s / self.start_s - 1

    @property
    def order(self) -> tuple[float, ...]:
        """The best first: without a stall, the larger picture, the sooner start."""
        start_s = float("inf") if self.start_s is None else self.start_s
        return (self.start_s is None, self.stalled_s if self.stalls else 0.0, -self.lines, start_s)


def measure(network: Network, clients: Sequence[str], runs: int) -> Iterator[Run]:
    """Learn each line, then play every release on it; once, whatever was asked for."""
    for swarm in SWARMS.values():
        memory = CACHE / f"memory-{os.getpid()}-{swarm.name}.sqlite"
        try:
            yield _run(network, swarm, 0, KINDS[0], LEARNS_S, memory)
            for number, kind in enumerate(KINDS, 1):
                watch_s = WATCHED_LARGE_S if kind == "mp4-large" else WATCHED_S
                yield _run(network, swarm, number, kind, watch_s, memory)
        finally:
            memory.unlink(missing_ok=True)


def _run(network: Network, swarm: Swarm, number: int, kind: FilmKind, play_s: float, memory: Path) -> Run:
    return run_once(
        network, swarm, "opened", number, film_kind=kind, play_s=play_s, mode="open", memory=memory
    )


def table(runs: Sequence[Run]) -> Table:
    """Give what was found, a row for each swarm."""
    made = Table(
        "swarm", "picked", "promised, s", "happened, s", "off", "best, tried one by one", "as good",
        "plays as said", "all four off", "again, by the program", title="Promises, and what came of them",
    )  # fmt: skip
    kept = right = count = 0
    for swarm in SWARMS.values():
        group = {run.number: run for run in runs if run.swarm == swarm.name}
        if len(group) <= len(KINDS) or group[0].outcome.story.told is None:
            made.add_row(swarm.name, "[red]fails[/]", *[""] * 8)
            count += bool(group)
            continue
        picked, played = _judged(swarm, group)
        one = played[picked]
        best = min(range(len(played)), key=lambda at: played[at].order)
        good = _as_good(one, played[best])
        count, right, kept = count + 1, right + good, kept + (one.off is not None and abs(one.off) <= WITHIN)
        made.add_row(
            swarm.name, KINDS[picked], f"{one.promise.starts_in_s:.2f}", _seconds(one.start_s), _part(one.off),
            KINDS[best], "yes" if good else "[red]no[/]",
            " ".join(_as_said(other) for other in played), " ".join(_part(other.off) for other in played),
            _again(group[1]),
        )  # fmt: skip
    made.caption = (
        f"kept within {WITHIN:.0%}: {kept} of {count}; picked as good as the best: {right} of {count}"
    )
    return made


def _judged(swarm: Swarm, group: dict[int, Run]) -> tuple[int, list[_Played]]:
    """Promise and rank the releases from their facts and what was learned, and put beside it what happened."""
    told: dict[str, Any] = group[0].outcome.story.told or {}
    line = Line(told["reach_s"], told["rate_bytes_per_s"] or 0.0, Basis.LINE)
    releases = [_release(kind) for kind in KINDS]
    promises = [promise(_film(swarm, kind, one), line) for kind, one in zip(KINDS, releases, strict=True)]
    candidates = [
        Candidate(one, sources=len(swarm.peers), starts_in_s=said.starts_in_s)
        for one, said in zip(releases, promises, strict=True)
    ]
    chosen = rank(candidates, Place(_PLAYER, line.rate_bytes_per_s))[0].index
    played = [
        _Played(said, _start_s(group[at]), group[at].stalls, group[at].stalled_s, release.height or 0)
        for at, (said, release) in enumerate(zip(promises, releases, strict=True), 1)
    ]
    return chosen, played


def _release(kind: FilmKind) -> Release:
    film = films.prepare(CACHE, kind)
    large = kind == "mp4-large"
    return Release(
        MagnetLink(""),
        film.name,
        length_bytes=film.length_bytes,
        duration_s=float(films.LARGE_SECONDS if large else films.SECONDS),
        width=films.LARGE_WIDTH if large else films.WIDTH,
        height=films.LARGE_HEIGHT if large else films.HEIGHT,
        codecs=("h264", _SOUND_CODECS.get(kind, "aac")),
    )


def _film(swarm: Swarm, kind: FilmKind, release: Release) -> Film:
    return Film(
        release.length_bytes or 0,
        release.duration_s,
        swarm.piece_bytes,
        index_at_tail=kind != "mp4-fast-start",
        matroska=kind.startswith("mkv"),
        handling=handling_of(release, _PLAYER),
        metadata_here=not swarm.by_magnet,
    )


def _start_s(run: Run) -> float | None:
    """Give how long it took from asking for the playback to two seconds of film at the player."""
    frame_s = run.outcome.story.first_frame_s
    return None if frame_s is None else frame_s - run.outcome.story.opened_s


def _as_good(one: _Played, best: _Played) -> bool:
    if one.start_s is None or best.start_s is None or one.lines != best.lines:
        return False
    return one.stalls <= best.stalls and one.start_s <= best.start_s * (1 + ALIKE)


def _as_said(one: _Played) -> str:
    """Give an initial of what was said, and whether it was so."""
    right = (one.promise.plays is Plays.SMOOTHLY) == (one.stalls == 0 and one.start_s is not None)
    return f"{one.promise.plays.value[0]}{'' if right else '!'}"


def _again(run: Run) -> str:
    """Give what the program itself promised of the film that it had played before, and what it saw of it."""
    told = run.outcome.story.told
    if told is None:
        return "[red]fails[/]"
    said = told["promise"]
    return f"{said['starts_in_s']:.2f} / {told['start_s']:.2f} ({said['basis']})"


def _seconds(value: float | None) -> str:
    return "[red]never[/]" if value is None else f"{value:.2f}"


def _part(value: float | None) -> str:
    return "-" if value is None else f"{value:+.0%}"
