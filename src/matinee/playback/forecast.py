"""Which release of a title is played, why, and when it will start: from what is known here. Asks nobody.

What is known of a swarm is what its torrent has told while it was here; nothing is added, and no tracker asked, for a
title that somebody looks at: that would show this computer's address to strangers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from matinee.catalogue.rank import BROWSER, Candidate, Choice, Place, handling_of, rank
from matinee.errors import TorrentNotFound
from matinee.models.playback import ClientSupport
from matinee.models.promise import Basis, Promise
from matinee.models.title import ArchiveItem, MagnetLink, Release, WebFilm
from matinee.models.torrent import State
from matinee.playback.promises import Promises
from matinee.ports import Films
from matinee.types import InfoHash

_HASH = re.compile(r"xt=urn:btih:([0-9a-fA-F]{40})(?:&|$)")
_ASKS = (State.DOWNLOADING, State.FETCHING_METADATA)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Releases of one title in the order in which they are tried, and what is promised of each."""

    choices: tuple[Choice, ...]
    promises: tuple[Promise, ...]
    """In the order of the releases."""


def place_of(client: ClientSupport | None, promises: Promises) -> Place:
    """Say where it is to be played: by a usual browser, where nobody says."""
    line = promises.line()
    return Place(client or BROWSER, line.rate_bytes_per_s if line.measured else None)


async def ranking(
    releases: Sequence[Release], place: Place, promises: Promises, films: Films, played: Sequence[InfoHash]
) -> Ranking:
    """Rank releases by all that is known of them.

    Args:
        releases: of one title or episode, at least one.
        place: where it is to be played.
        promises: knows what was played here.
        films: knows which torrents are here.
        played: torrents that were added for this title before, the newest first.
    """
    found, said = [], []
    for release in releases:
        info_hash = _hash_of(release, played if len(releases) == 1 else ())
        line = promises.line(info_hash)
        promise = promises.of_release(release, handling_of(release, place.client), info_hash)
        own = line.rate_bytes_per_s if line.basis is Basis.FILM else None
        sources = await sources_of(release, info_hash, films)
        found.append(Candidate(release, sources, own, promise.starts_in_s))
        said.append(promise)
    return Ranking(rank(found, place), tuple(said))


async def sources_of(release: Release, info_hash: InfoHash | None, films: Films) -> int | None:
    """Count who is known to have a release: seeds and web seeds; 0 only where a tracker says that there is nobody."""
    hosts = _web_seeds(release)
    if info_hash is None:
        return hosts or None
    try:
        view = await films.torrent(info_hash)
    except TorrentNotFound:
        return hosts or None
    hosts = max(hosts, _web_seeds(Release(MagnetLink(view.magnet))))
    if (count := hosts + view.peers.seeds) or view.peers.known or view.state not in _ASKS:
        return count or None
    trackers = (await films.activity(info_hash)).trackers
    return 0 if any(one.state == "working" for one in trackers) else None


def _web_seeds(release: Release) -> int:
    match release.place:
        case MagnetLink(link):
            return len(parse_qs(urlsplit(link).query).get("ws", ()))
        case ArchiveItem() | WebFilm():
            return 1
    return 0


def _hash_of(release: Release, played: Sequence[InfoHash]) -> InfoHash | None:
    if isinstance(release.place, MagnetLink):
        found = _HASH.search(release.place.link)
        return InfoHash(found[1].lower()) if found else None
    return next(iter(played), None)
