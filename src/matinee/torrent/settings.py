"""libtorrent's settings, from ours. Each deviation from its defaults says why."""

import secrets
from dataclasses import dataclass, field
from typing import Any

import libtorrent as lt

from matinee.models.torrent import Sharing, Take
from matinee.outside.addresses import AddressPolicy, blocked_ranges
from matinee.torrent.alerts import CATEGORIES
from matinee.torrent.giving import GiveLimits

METADATA_LIMIT_BYTES = 2 * 1024 * 1024
"""What a magnet's list of files may weigh: parsing is quadratic in directories, on libtorrent's own thread."""
METADATA_LIMIT_TOKENS = 50_000
"""Refused before any path is built; 6 000 files pass. ``max_metadata_size`` has no effect here (measured)."""

CONNECTION_SPEED = 500
"""Peers that libtorrent may call in a second: all of a first announce at once."""

PROXY_KINDS = {
    "none": lt.proxy_type_t.none,
    "socks5": lt.proxy_type_t.socks5_pw,
    "http": lt.proxy_type_t.http_pw,
}


LIVE = (
    "download_rate_limit", "upload_rate_limit", "connections_limit", "enable_dht", "enable_lsd", "enable_upnp",
    "enable_natpmp", "enable_incoming_utp",
)  # fmt: skip

HOUSE = (
    ("10.0.0.0", "10.255.255.255"),
    ("127.0.0.0", "127.255.255.255"),
    ("169.254.0.0", "169.254.255.255"),
    ("172.16.0.0", "172.31.255.255"),
    ("192.168.0.0", "192.168.255.255"),
    ("::1", "::1"),
    ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
)
"""Where no limit holds and no upload slot is counted."""


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What the engine is told by the user's settings."""

    listen_port: int = 6881
    """TCP and UDP port for peers; 0 lets the system choose."""
    dht: bool = True
    lsd: bool = True
    utp: bool = True
    port_mapping: bool = False
    """Ask the router for a port by UPnP and NAT-PMP; only by the person's word."""
    encryption: str = "allowed"
    """``allowed``, ``required`` or ``off``."""
    down_limit_bytes_per_s: int = 0
    up_limit_bytes_per_s: int = 0
    connections: int = 200
    sharing: Sharing = Sharing.WHILE_WATCHING
    """What is done with a torrent that is added."""
    take: Take = Take.NOT
    """Whether the files of one that is added are fetched though nobody plays them."""
    downloads_at_once: int = 0
    """How many torrents are fetched so beside each other; 0 is no limit."""
    give: GiveLimits = field(default_factory=GiveLimits)
    """At which a complete torrent is given no longer, unless it has limits of its own."""
    proxy_kind: str = "none"
    proxy_host: str = ""
    proxy_port: int = 0
    proxy_user: str = ""
    proxy_password: str = ""
    metadata_timeout_s: float = 60.0
    piece_timeout_s: float = 120.0
    reserve_bytes: int = 256 * 1024 * 1024
    disk_cap_bytes: int = 0
    """Free space that is always left on the disk."""
    allow_private: bool = False
    offline: bool = False
    """Open no socket at all."""

    @property
    def straight(self) -> bool:
        """Whether a web host may be asked by ourselves: where nothing must go another way."""
        return not self.offline and self.proxy_kind == "none"

    @property
    def lanes(self) -> bool:
        """Whether we may call peers ourselves: where nothing must go another way than straight and plain."""
        return self.straight and self.encryption != "required"


@dataclass(frozen=True, slots=True)
class OwnNetwork:
    """Addresses inside this computer under which libtorrent knows the peers that we called for it.

    Drawn anew at each start, so that a page or a feed cannot name one.
    """

    prefix: str = field(default_factory=lambda: f"127.{secrets.randbelow(254) + 1}.{secrets.randbelow(255)}")

    @property
    def listener(self) -> str:
        """Where libtorrent is called."""
        return "127.0.0.1"

    @property
    def bounds(self) -> tuple[str, str]:
        """The first and the last address."""
        return f"{self.prefix}.0", f"{self.prefix}.255"

    def address(self, host: int) -> str:
        """Give an address, by a number from 1 to 254."""
        return f"{self.prefix}.{host}"

    def host(self, address: str) -> int:
        """Give the number of an address."""
        return int(address.rpartition(".")[2])


def session_settings(settings: EngineSettings, user_agent: str) -> Any:
    """Translate our settings into libtorrent's."""
    return {
        **_identity(settings, user_agent),
        **_start_and_seek(settings),
        **_limits(settings),
        **_encryption(settings.encryption),
        **_proxy(settings),
    }


def live_settings(settings: EngineSettings, user_agent: str) -> Any:
    """Give those of libtorrent's settings that follow ours while it runs; the lane and the runner change others."""
    whole = session_settings(settings, user_agent)
    return {name: whole[name] for name in LIVE}


def _identity(settings: EngineSettings, user_agent: str) -> dict[str, Any]:
    online = not settings.offline
    port = settings.listen_port
    return {
        "user_agent": user_agent,
        "listen_interfaces": f"0.0.0.0:{port},[::]:{port}" if online else "",
        "enable_dht": settings.dht and online,
        "enable_lsd": settings.lsd and online,
        "enable_upnp": settings.port_mapping and online,
        "enable_natpmp": settings.port_mapping and online,
        # libtorrent would try uTP first with everybody and fall back to TCP after three seconds (measured with aria2).
        "enable_outgoing_utp": False,
        "enable_incoming_utp": settings.utp,
        "enable_outgoing_tcp": online,
        # WebTorrent is compiled in, and its default STUN server is a third party that would learn of every start.
        "webtorrent_stun_server": "",
        "ssrf_mitigation": not settings.allow_private,
        "allow_idna": False,
        "validate_https_trackers": True,
        "apply_ip_filter_to_trackers": True,
        # A stale boundary piece of an archive's torrent must not ban the archive.
        "ban_web_seeds": False,
    }


def _start_and_seek(settings: EngineSettings) -> dict[str, Any]:
    return {
        # All peers of the first announce are dialled at once.
        "smooth_connects": False,
        "connection_speed": CONNECTION_SPEED,
        # The first peers are called by us where that is possible (lane/caller.py).
        "torrent_connect_boost": 0 if settings.lanes else 255,
        # TCP is preferred where both are there: with uTP first a start waits for its failure.
        "mixed_mode_algorithm": int(lt.bandwidth_mixed_algo_t.prefer_tcp),
        # 0: a fast peer may not take whole pieces alone; a seek is 1.0-1.3 s with the default of 20 and 0.6-1.1 with 0.
        "whole_pieces_threshold": 0,
        "request_queue_time": 1,
        # Idle peers send again what others hold as soon as they have nothing else to do.
        "strict_end_game_mode": False,
        "max_out_request_queue": 500,
        # Nothing wanted for a moment must not cost the seeds: a seek would have to find them again.
        "close_redundant_connections": False,
        "peer_turnover": 0,
        # A peer that sent nothing for this long is snubbed and its blocks are asked of others.
        "request_timeout": 10,
        "piece_timeout": 5,
        "peer_connect_timeout": 7,
        # Whoever hung up because nothing was wanted is called again when a player comes back.
        "min_reconnect_time": 1,
        "seeding_outgoing_connections": False,
        "auto_sequential": False,
        "announce_to_all_trackers": True,
        "announce_to_all_tiers": True,
    }


def _limits(settings: EngineSettings) -> dict[str, Any]:
    return {
        "alert_mask": int(CATEGORIES),
        "alert_queue_size": 20_000,
        "connections_limit": settings.connections,
        "download_rate_limit": settings.down_limit_bytes_per_s,
        "upload_rate_limit": settings.up_limit_bytes_per_s,
        "max_metadata_size": METADATA_LIMIT_BYTES,
        "metadata_token_limit": METADATA_LIMIT_TOKENS,
        # Ours to arbitrate: nothing starts or stops by libtorrent's own queue.
        "active_downloads": -1,
        "active_seeds": -1,
        "active_limit": -1,
        "aio_threads": 4,
        "hashing_threads": 1,
        # What waits for the disk is memory; more brings nothing (measured at 70 MB/s).
        "max_queued_disk_bytes": 2 * 1024 * 1024,
        # Of each peer; by itself one grew to 1 MiB, and brought nothing (2026-11-26).
        "max_peer_recv_buffer_size": 256 * 1024,
        "stop_tracker_timeout": 1,
    }


def _encryption(choice: str) -> dict[str, Any]:
    incoming = {
        "allowed": lt.enc_policy.pe_enabled,
        "required": lt.enc_policy.pe_forced,
        "off": lt.enc_policy.pe_disabled,
    }[choice]
    # "Enabled" would dial everybody encrypted first, a key exchange and a round trip before the handshake.
    outgoing = lt.enc_policy.pe_forced if choice == "required" else lt.enc_policy.pe_disabled
    return {"in_enc_policy": int(incoming), "out_enc_policy": int(outgoing), "prefer_rc4": False}


def _proxy(settings: EngineSettings) -> dict[str, Any]:
    if settings.proxy_kind == "none":
        return {}
    return {
        "proxy_type": int(PROXY_KINDS[settings.proxy_kind]),
        "proxy_hostname": settings.proxy_host,
        "proxy_port": settings.proxy_port,
        "proxy_username": settings.proxy_user,
        "proxy_password": settings.proxy_password,
        "proxy_hostnames": True,
        "proxy_peer_connections": True,
        "proxy_tracker_connections": True,
        "force_proxy": True,
    }


def open_session(settings: EngineSettings, own: OwnNetwork | None, user_agent: str) -> lt.session:
    """Open libtorrent. Quick: sockets are opened on its own thread."""
    parameters = lt.session_params()
    parameters.settings = session_settings(settings, user_agent)
    parameters.ip_filter = address_filter(AddressPolicy(allow_private=settings.allow_private), own)
    session = lt.session(parameters)
    if own is not None:
        session.set_peer_class_filter(class_filter(session, own))
    return session


def address_filter(policy: AddressPolicy, own: OwnNetwork | None) -> lt.ip_filter:
    """Make the filter that keeps every connection off addresses a stranger may not point us at."""
    blocked = lt.ip_filter()
    for first, last in blocked_ranges(policy.allow_private):
        blocked.add_rule(first, last, 1)
    if own is not None:
        blocked.add_rule(*own.bounds, 0)
    return blocked


def class_filter(session: lt.session, own: OwnNetwork) -> lt.ip_filter:
    """Say whom the user's limits hold for: everybody but the house, as libtorrent's default has it.

    The default cannot be read by this binding; and our own network, which it takes for the house, is not.
    """
    everybody, house = 1 << session.global_peer_class_id, 1 << session.local_peer_class_id
    classes = lt.ip_filter()
    classes.add_rule("0.0.0.0", "255.255.255.255", everybody)  # noqa: S104 - a range
    classes.add_rule("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", everybody)
    for first, last in HOUSE:
        classes.add_rule(first, last, house)
    classes.add_rule(*own.bounds, everybody)
    return classes
