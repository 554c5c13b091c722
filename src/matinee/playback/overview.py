"""Sums up who sees this computer, over all torrents: each person, tracker and host counted once. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from matinee.models.overview import (
    ClientCount,
    Contacts,
    FilmSeen,
    Given,
    Glance,
    HostSeen,
    Overview,
    TrackerSeen,
)
from matinee.models.torrent import Activity, PeerActivity, TorrentView
from matinee.types import InfoHash

_VERSION = re.compile(r"[\s/_-]*\bv?\d.*$", re.DOTALL)
_STATES = ("working", "waiting", "failed")
"""The one that says most first."""


def glance(seen: Sequence[tuple[TorrentView, Activity]], contacts: Contacts, *, dht: bool) -> Glance:
    """Give the sums alone.

    Args:
        seen: every torrent, and who sees it.
        contacts: whom this program asked itself.
        dht: whether this computer is part of the DHT.
    """
    active = [activity for _, activity in seen if activity.active]
    return Glance(
        people=len(_people(active)),
        swarms=sum(bool(activity.peers) for activity in active),
        trackers=sum(one.state == "working" for one in _trackers(active)),
        dht=dht,
        dht_films=sum(activity.dht for activity in active),
        lsd_films=sum(activity.lsd for activity in active),
        web_hosts=len(_hosts(active)),
        contacts=len(contacts.hosts) + contacts.more,
        down_bytes_per_s=sum(view.rates.down_bytes_per_s for view, _ in seen),
        up_bytes_per_s=sum(view.rates.up_bytes_per_s for view, _ in seen),
    )


def overview(
    seen: Sequence[tuple[TorrentView, Activity]], contacts: Contacts, total: Given, *, dht: bool
) -> Overview:
    """Give everything; arguments as of ``glance``, and what the receipts say of all."""
    active = [activity for _, activity in seen if activity.active]
    return Overview(
        now=glance(seen, contacts, dht=dht),
        total=total,
        clients=_clients(active),
        trackers=_trackers(active),
        web_hosts=_hosts(active),
        contacts=contacts,
        films=_films(seen),
    )


def program_of(client: str) -> str:
    """Give a peer's program without its version, as it calls itself."""
    return _VERSION.sub("", client).strip() or client


def _host_of(address: str) -> str:
    """Take the port from an address: who has several connections is one."""
    return address.rpartition(":")[0].strip("[]") or address


def _people(active: Iterable[Activity]) -> dict[str, str]:
    """Give the program of each address."""
    found: dict[str, str] = {}
    for activity in active:
        for peer in activity.peers:
            found.setdefault(_host_of(peer.address), program_of(peer.client))
    return found


def _clients(active: Iterable[Activity]) -> tuple[ClientCount, ...]:
    counts = Counter(_people(active).values())
    return tuple(
        ClientCount(name, n) for name, n in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    )


def _trackers(active: Iterable[Activity]) -> tuple[TrackerSeen, ...]:
    states: dict[str, str] = {}
    films: dict[str, set[InfoHash]] = {}
    for activity in active:
        for tracker in activity.trackers:
            films.setdefault(tracker.url, set()).add(activity.info_hash)
            before = states.get(tracker.url, _STATES[-1])
            states[tracker.url] = min(before, tracker.state, key=_STATES.index)
    ordered = sorted(states, key=lambda url: (_STATES.index(states[url]), url))
    return tuple(TrackerSeen(url, states[url], len(films[url])) for url in ordered)


def _hosts(active: Iterable[Activity]) -> tuple[HostSeen, ...]:
    films: dict[str, set[InfoHash]] = {}
    came: Counter[str] = Counter()
    for activity in active:
        for host in activity.web_hosts:
            name = _web_host(host)
            films.setdefault(name, set()).add(activity.info_hash)
            came[name] += host.bytes_down
    ordered = sorted(films, key=lambda name: (-came[name], name))
    return tuple(HostSeen(name, len(films[name]), came[name]) for name in ordered)


def _web_host(host: PeerActivity) -> str:
    """Give a host's name without its port; a film on the web has no port in its address."""
    name, _, port = host.address.rpartition(":")
    return name.strip("[]") if name and port.isdigit() else host.address


def _films(seen: Iterable[tuple[TorrentView, Activity]]) -> tuple[FilmSeen, ...]:
    found = [
        FilmSeen(
            info_hash=view.info_hash,
            name=view.name,
            sharing=view.sharing,
            active=activity.active,
            people=len(_people([activity])) if activity.active else 0,
            trackers=sum(one.state == "working" for one in _trackers([activity])) if activity.active else 0,
            dht=activity.dht,
            lsd=activity.lsd,
            pex=activity.pex,
            web_hosts=len(_hosts([activity])) if activity.active else 0,
            bytes_down=activity.bytes_down,
            bytes_up=activity.bytes_up,
        )
        for view, activity in seen
    ]
    return tuple(sorted(found, key=lambda film: (-film.people, not film.active, film.name)))
