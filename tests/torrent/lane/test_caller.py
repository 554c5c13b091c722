"""Peers are called by us and shown to libtorrent; where that cannot be, libtorrent calls them itself."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import libtorrent as lt
import pytest

from matinee.outside.addresses import AddressPolicy
from matinee.torrent.lane.caller import Caller
from matinee.torrent.lane.lane import Lane
from matinee.torrent.settings import EngineSettings, OwnNetwork, address_filter, session_settings

pytestmark = pytest.mark.swarm

ALONE: "lt.settings_pack" = {
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "listen_interfaces": "127.0.0.1:0",
    "webtorrent_stun_server": "",
}
SIZE = 3_000_000


async def until(is_so: Callable[[], bool], limit_s: float = 15.0) -> None:
    """Look until something is so."""
    async with asyncio.timeout(limit_s):
        while not is_so():  # noqa: ASYNC110 - libtorrent's threads tell no event here
            await asyncio.sleep(0.02)


class Swarm:
    """A seed and a session that wants its film, both libtorrent's, and our caller between them."""

    def __init__(self, folder: Path, network: OwnNetwork, pool: ThreadPoolExecutor) -> None:
        film = folder / "film.bin"
        film.write_bytes(os.urandom(SIZE))
        made = lt.create_torrent(lt.list_files(str(film)), 256 * 1024, lt.create_torrent.v1_only)
        lt.set_piece_hashes(made, str(folder))
        metainfo = lt.bencode(made.generate())
        self.seed = lt.session(ALONE)
        seeded = lt.load_torrent_buffer(metainfo)
        seeded.save_path = str(folder)
        seeded.flags |= lt.torrent_flags.seed_mode
        seeded.flags &= ~lt.torrent_flags.auto_managed & ~lt.torrent_flags.paused
        self._seeded = self.seed.add_torrent(seeded)
        settings = EngineSettings(listen_port=0, dht=False, lsd=False, allow_private=True)
        self.session = lt.session(session_settings(settings, "tests"))
        self.session.set_ip_filter(address_filter(AddressPolicy(allow_private=True), network))
        self.caller = Caller(self.session, settings, network, pool)
        wanted = lt.load_torrent_buffer(metainfo)
        wanted.save_path = str(folder / "here")
        wanted.flags &= ~lt.torrent_flags.auto_managed & ~lt.torrent_flags.paused
        self.caller.rest()
        self.handle = self.session.add_torrent(wanted)
        self.lane: Lane = self.caller.lane(self.handle)

    async def begin(self, known: list[tuple[str, int]] | None = None) -> None:
        """Have the caller call these; the seed, where nobody is named."""
        await until(lambda: bool(self.session.listen_port() and self.seed.listen_port()))
        await until(lambda: bool(self._seeded.status().is_seeding))
        self.caller.listening("127.0.0.1", self.session.listen_port())
        self.caller.expect(self.lane, known or [self.seed_address])

    @property
    def seed_address(self) -> tuple[str, int]:
        """Where the seed listens."""
        return "127.0.0.1", self.seed.listen_port()

    def is_whole(self) -> bool:
        """Whether the film has come."""
        return bool(self.handle.status().is_finished)


async def test_expect_when_a_peer_is_known_then_its_film_comes_by_the_lane(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    network = OwnNetwork()
    swarm = Swarm(tmp_path, network, pool)
    await swarm.begin()
    peer = swarm.lane.peers[0]
    assert swarm.caller.behind(peer.own_address) is peer
    assert peer.own_address.startswith(network.prefix)
    await until(swarm.is_whole)
    assert peer.line.bytes_down >= SIZE
    await swarm.caller.close()


async def test_expect_when_our_addresses_cannot_be_bound_then_libtorrent_calls_itself(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    """Not every system has all of 127/8."""
    swarm = Swarm(tmp_path, OwnNetwork(prefix="198.51.100"), pool)
    await swarm.begin()
    await until(swarm.is_whole)
    assert swarm.lane.peers == []
    await swarm.caller.close()


async def test_expect_when_nobody_answers_then_libtorrent_may_call_again(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    swarm = Swarm(tmp_path, OwnNetwork(), pool)
    await swarm.begin([("127.0.0.2", 9)])
    swarm.handle.connect_peer(swarm.seed_address)
    await until(swarm.is_whole)
    assert swarm.lane.peers == []
    await swarm.caller.close()
