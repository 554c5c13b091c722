"""What a person at the terminal is told of a torrent, from the program's own value or from the JSON of another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matinee.models.torrent import State, TorrentView


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A torrent as far as ``play`` speaks of it."""

    state: str
    trouble: str | None
    """In the program's own sentence."""
    has_files: bool
    bytes_done: int
    bytes_total: int
    down_bytes_per_s: int
    up_bytes_per_s: int
    connected: int
    known: int


def of_view(view: TorrentView) -> Glimpse:
    """Look at a torrent of this process."""
    return Glimpse(
        view.state.value,
        view.trouble.sentence if view.trouble else None,
        bool(view.files),
        view.progress.bytes_done,
        view.progress.bytes_total,
        view.rates.down_bytes_per_s,
        view.rates.up_bytes_per_s,
        view.peers.connected,
        view.peers.known,
    )


def of_json(torrent: Mapping[str, Any]) -> Glimpse:
    """Look at a torrent of another process, as docs/api.md writes it."""
    trouble = torrent["trouble"]
    return Glimpse(
        torrent["state"],
        trouble["sentence"] if trouble else None,
        bool(torrent.get("files", True)),  # an event leaves a long list out that was told before
        torrent["progress"]["bytes_done"],
        torrent["progress"]["bytes_total"],
        torrent["rates"]["down_bytes_per_s"],
        torrent["rates"]["up_bytes_per_s"],
        torrent["peers"]["connected"],
        torrent["peers"]["known"],
    )


def phase(now: Glimpse) -> str:
    """Say in plain words what is waited for, or what goes on; without figures that change each second."""
    if now.trouble is not None:
        return now.trouble
    if now.state == State.CHECKING:
        return "Checking what is here already"
    if now.state == State.COMPLETE:
        return "The film is here, whole"
    if now.state == State.PAUSED:
        return "The film is paused"
    if now.connected == 0:
        return "Calling people who have this film" if now.known else "Looking for people who have this film"
    if not now.has_files:
        return "Waiting for the list of files"
    if now.bytes_done == 0:
        return "Waiting for the first bytes"
    return "The film is arriving"


def figures(now: Glimpse) -> str:
    """Give what changes each second: how much is here, how fast more comes, from how many."""
    said = []
    if now.bytes_total:
        said.append(f"{100 * now.bytes_done // now.bytes_total} % of {now.bytes_total / 1e6:.0f} MB")
    if now.down_bytes_per_s:
        said.append(f"{now.down_bytes_per_s / 1e6:.1f} MB/s")
    if now.connected:
        said.append(_people(now.connected))
    elif now.known:
        said.append(f"{now.known} known")
    return ", ".join(said)


def sharing(now: Glimpse) -> str:
    """Say what goes on with a film that is shared from here."""
    if now.trouble is not None:
        return now.trouble
    if now.state != State.COMPLETE:
        return "Checking the copy that is shared"
    return "Sharing the film; Ctrl-C ends it"


def sharing_figures(now: Glimpse) -> str:
    """Give how fast it is given, to how many."""
    said = [f"{now.up_bytes_per_s / 1e6:.1f} MB/s"] if now.up_bytes_per_s else []
    return ", ".join([*said, _people(now.connected) if now.connected else "nobody asks for it now"])


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"
