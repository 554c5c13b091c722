"""What all torrents of an engine share, and what libtorrent says of one at a moment."""

from concurrent.futures import Executor
from dataclasses import dataclass, field

from matinee.models.torrent import Peers, Rates
from matinee.torrent.piece_cache import PieceCache
from matinee.torrent.settings import EngineSettings
from matinee.torrent.space import Space
from matinee.torrent.spare import Line
from matinee.torrent.store import TorrentStore

_NO_RATES = Rates(0, 0)
_NO_PEERS = Peers(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """libtorrent's status of a torrent, as of its last update."""

    rates: Rates = _NO_RATES
    peers: Peers = _NO_PEERS
    checking: bool = False
    bytes_down: int = 0
    bytes_up: int = 0
    counted: bool = False
    """Whether libtorrent has said so: before, the bytes say nothing."""
    homes_known: bool = False
    """Whether anybody says now how many have all of it: those who are connected, or a tracker."""


@dataclass(slots=True)
class Shared:
    """What all torrents of an engine share."""

    settings: EngineSettings
    """Looked at each time: they may be replaced."""
    store: TorrentStore
    pool: Executor
    space: Space
    cache: PieceCache = field(default_factory=PieceCache)
    line: Line = field(default_factory=Line)
