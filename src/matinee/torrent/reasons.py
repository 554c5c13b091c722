"""Why a film waits, in words for a person. Pure."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known when somebody waits."""

    has_metadata: bool
    connected: int
    seeds: int
    known: int
    rate_bytes_per_s: int
    tracker_errors: Collection[str]
    """What the trackers that failed said."""
    trackers: int
    dht: bool
    offline: bool


def why_waiting(now: Situation) -> str:
    """Give one sentence: what is waited for, and what will happen next."""
    if now.offline:
        return "Matinee was started offline, so nobody can be asked for this film."
    if now.connected == 0:
        return _nobody(now)
    people = "One person is" if now.connected == 1 else f"{now.connected} people are"
    if not now.has_metadata:
        return f"{people} connected; waiting for one of them to send the list of files."
    if now.rate_bytes_per_s == 0:
        return f"{people} connected, but nobody is sending the next part yet."
    return f"{people} connected and sending {_rate(now.rate_bytes_per_s)}; the next part is on its way."


def why_no_metadata(now: Situation, waited_s: float) -> str:
    """Say why the list of files did not come in time, and what to do."""
    if now.offline:
        return why_waiting(now)
    if now.connected > 0:
        reason = f"{now.connected} connected, but none of them sent it"
    elif now.tracker_errors and len(now.tracker_errors) >= now.trackers:
        reason = f"nobody was found, and the tracker says: {next(iter(now.tracker_errors))}"
    elif now.known > 0:
        reason = f"{now.known} are known, but none of them answers"
    else:
        reason = "nobody was found who has this film"
    return (
        f"The list of files did not come within {waited_s:.0f} seconds: {reason}. "
        "It may still come later; a .torrent file of the same film would start without waiting."
    )


def _nobody(now: Situation) -> str:
    if now.known > 0:
        return f"Calling {now.known} people who have this film."
    if now.tracker_errors and len(now.tracker_errors) >= now.trackers and not now.dht:
        return f"Nobody was found yet; the tracker says: {next(iter(now.tracker_errors))}."
    return "Looking for people who have this film."


def _rate(bytes_per_s: int) -> str:
    if bytes_per_s >= 1_000_000:
        return f"{bytes_per_s / 1_000_000:.1f} MB a second"
    return f"{max(1, bytes_per_s // 1000)} kB a second"
