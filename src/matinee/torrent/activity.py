"""Who sees a torrent here, and what was given and taken: told plainly."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import partial
from urllib.parse import urlsplit

import libtorrent as lt

from matinee.models.torrent import Activity, PeerActivity, Sharing, TrackerActivity
from matinee.names import clean_name
from matinee.torrent.adding import trackers_of
from matinee.torrent.lane.caller import Caller
from matinee.torrent.lane.peer import LanePeer
from matinee.torrent.settings import EngineSettings
from matinee.torrent.torrent import Torrent


async def read_activities(
    torrents: Sequence[Torrent], settings: EngineSettings, caller: Caller | None, pool: Executor
) -> list[Activity]:
    """Say who sees each torrent, by snapshots that are fresh."""
    connected = [one.handle for one in torrents if one.snapshot.peers.connected]
    # This binding cannot hand over the peers of ``post_peer_info``; the blocking question is asked off the loop.
    peers = await asyncio.get_running_loop().run_in_executor(pool, partial(_peers_of, connected))
    behind = caller.behind if caller is not None else _nobody
    return [read_activity(torrent, peers.get(torrent.handle, []), settings, behind) for torrent in torrents]


def _peers_of(handles: Sequence[lt.torrent_handle]) -> dict[lt.torrent_handle, list[lt.peer_info]]:
    """Ask for the peers of each; blocks. One that was removed meanwhile has none."""
    found = {}
    for handle in handles:
        try:
            found[handle] = handle.get_peer_info()
        except RuntimeError:
            continue
    return found


def _nobody(_: str) -> None:
    """No peer was called by us."""


def read_activity(
    torrent: Torrent,
    peers: list[lt.peer_info],
    settings: EngineSettings,
    behind: Callable[[str], LanePeer | None],
) -> Activity:
    """Join what trackers, peers and web hosts know of this computer.

    Args:
        torrent: whose.
        peers: as libtorrent knows them.
        settings: the user's.
        behind: finds the peer that we called ourselves behind the address under which libtorrent knows it.
    """
    record = torrent.record
    alone = record.sharing is Sharing.ARCHIVE_ONLY or settings.offline
    private = torrent.film is not None and torrent.film.contents.private
    told = not alone and not private and torrent.should_run
    seen = [_peer(peer, behind(peer.ip[0])) for peer in peers if not _calling(peer)]
    return Activity(
        info_hash=record.info_hash,
        trackers=() if alone else tuple(_tracker(torrent, url) for url in trackers_of(record.magnet)),
        dht=settings.dht and told,
        lsd=settings.lsd and told,
        pex=told,
        peers=tuple(peer for peer in seen if peer.kind == "peer"),
        web_hosts=tuple(peer for peer in seen if peer.kind == "web-host"),
        bytes_down=torrent.snapshot.bytes_down,
        bytes_up=torrent.snapshot.bytes_up,
        active=torrent.should_run and not settings.offline,
    )


def _tracker(torrent: Torrent, url: str) -> TrackerActivity:
    if url in torrent.trackers_working:
        state, message = "working", ""
    elif url in torrent.tracker_errors:
        state, message = "failed", torrent.tracker_errors[url]
    else:
        state, message = "waiting", ""
    parts = urlsplit(url)
    # A path or query may hold the user's passkey.
    return TrackerActivity(f"{parts.scheme}://{parts.netloc}", state, message)


def _calling(peer: lt.peer_info) -> bool:
    """Whether nobody has answered there yet: an address that somebody named sees nothing."""
    return peer.connection_type == peer.standard_bittorrent and bool(peer.flags & peer.connecting)


def _peer(peer: lt.peer_info, called: LanePeer | None) -> PeerActivity:
    web = peer.connection_type != peer.standard_bittorrent
    host, port = peer.ip if called is None else called.address
    try:
        client = clean_name(peer.client, "unknown")
    except UnicodeDecodeError:
        client = "unknown"
    return PeerActivity(
        address=f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        client=client,
        kind="web-host" if web else "peer",
        bytes_down=peer.total_download if called is None else called.line.bytes_down,
        bytes_up=peer.total_upload,
        progress=peer.progress,
    )
