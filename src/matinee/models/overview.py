"""Who can see this computer now, over everything that is here: made of each torrent's ``Activity``."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from matinee.models.torrent import Sharing
from matinee.types import InfoHash

Purpose: TypeAlias = Literal["catalogue", "torrents", "films", "pictures", "subtitles"]
"""Why this program itself asked a host: ``catalogue`` is providers and feeds, ``torrents`` the list of a film's pieces
and what an archive says of it, ``films`` a film on the web, or a file that lies beside one."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A host that this program asked since it was started; it saw this computer's address."""

    host: str
    purposes: tuple[Purpose, ...]
    """In the order of the alphabet."""
    requests: int
    bytes_down: int
    """Of bodies."""
    last_at: str
    """RFC 3339, UTC."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """The hosts that were asked, the last one first."""

    hosts: tuple[Contact, ...]
    more: int
    """How many others were asked longer ago than those that are remembered."""


@dataclass(frozen=True, slots=True)
class Glance:
    """The sums: told as an event when one has changed."""

    people: int
    """Addresses of peers that are connected, each counted once."""
    swarms: int
    """Torrents in which there are any."""
    trackers: int
    """Servers that were told this address and go on answering, each counted once."""
    dht: bool
    """Whether this computer is part of the DHT: others in it see that it is there."""
    dht_films: int
    """Torrents for which whoever asks the DHT learns this address."""
    lsd_films: int
    """Torrents that the local network is told of."""
    web_hosts: int
    """Hosts that send films now, each counted once."""
    contacts: int
    """Other hosts that were asked since the program was started."""
    down_bytes_per_s: int
    up_bytes_per_s: int


@dataclass(frozen=True, slots=True)
class Given:
    """What was taken and given, of all that is on record: the sum of all receipts."""

    torrents: int
    bytes_down: int
    bytes_up: int


@dataclass(frozen=True, slots=True)
class ClientCount:
    """How many people use a program; the sum of all is ``Glance.people``."""

    client: str
    people: int


@dataclass(frozen=True, slots=True)
class TrackerSeen:
    """A tracker, over all torrents."""

    url: str
    """Without passkey or query."""
    state: str
    """``working`` where one torrent's is, else ``waiting``, else ``failed``."""
    films: int


@dataclass(frozen=True, slots=True)
class HostSeen:
    """A host that sends films."""

    host: str
    films: int
    bytes_down: int


@dataclass(frozen=True, slots=True)
class FilmSeen:
    """One torrent in the sums."""

    info_hash: InfoHash
    name: str
    sharing: Sharing
    active: bool
    """Whether it takes part in its swarm now."""
    people: int
    trackers: int
    dht: bool
    lsd: bool
    pex: bool
    web_hosts: int
    bytes_down: int
    bytes_up: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything."""

    now: Glance
    total: Given
    clients: tuple[ClientCount, ...]
    trackers: tuple[TrackerSeen, ...]
    web_hosts: tuple[HostSeen, ...]
    contacts: Contacts
    films: tuple[FilmSeen, ...]
    """Those first that most people see."""
