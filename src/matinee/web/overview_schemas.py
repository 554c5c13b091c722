"""The wire's shapes of who can see this computer, as pydantic models; ``models/overview`` explains them."""

from typing import Literal

from matinee.web.shape import Shape


class Glance(Shape):
    """The sums; also the event ``activity``."""

    people: int
    swarms: int
    trackers: int
    dht: bool
    dht_films: int
    lsd_films: int
    web_hosts: int
    contacts: int
    down_bytes_per_s: int
    up_bytes_per_s: int


class AllGiven(Shape):
    """What was taken and given of everything that is on record."""

    torrents: int
    bytes_down: int
    bytes_up: int


class ClientCount(Shape):
    """How many people use a program."""

    client: str
    people: int


class TrackerSeen(Shape):
    """A tracker, over all torrents."""

    url: str
    state: Literal["working", "waiting", "failed"]
    films: int


class HostSeen(Shape):
    """A host that sends films."""

    host: str
    films: int
    bytes_down: int


class Contact(Shape):
    """A host that this program asked since it was started."""

    host: str
    purposes: list[Literal["catalogue", "torrents", "films", "pictures", "subtitles"]]
    requests: int
    bytes_down: int
    last_at: str


class Contacts(Shape):
    """All of them, the last one first."""

    hosts: list[Contact]
    more: int


class FilmSeen(Shape):
    """One torrent in the sums."""

    info_hash: str
    name: str
    sharing: Literal["archive-only", "while-watching", "keep"]
    active: bool
    people: int
    trackers: int
    dht: bool
    lsd: bool
    pex: bool
    web_hosts: int
    bytes_down: int
    bytes_up: int


class Overview(Shape):
    """Who can see this computer now, and whom it asked."""

    now: Glance
    total: AllGiven
    clients: list[ClientCount]
    trackers: list[TrackerSeen]
    web_hosts: list[HostSeen]
    contacts: Contacts
    films: list[FilmSeen]
