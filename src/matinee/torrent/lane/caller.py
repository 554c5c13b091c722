"""Calls the first peers that a torrent hears of, and shows them to libtorrent.

libtorrent must not call them itself, or a peer that takes one connection from an address would refuse ours. It has
no switch for that but the number of calls a second, of the whole session: so that is nought from the moment in
which a torrent starts for as long as we call everybody that is known ourselves. Who is learned of later, who has to
be called in another way, and who is one too many, is libtorrent's.

STATES of libtorrent's own calls: awake -> (a torrent starts) resting -> (time is over, or nobody whom we called
spoke, or there are more peers than we call) awake.
"""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

import libtorrent as lt

from matinee.outside.addresses import AddressPolicy
from matinee.tasks import Tasks
from matinee.torrent.lane.lane import Lane
from matinee.torrent.lane.peer import Address, FarSide, LanePeer, NearSide
from matinee.torrent.settings import CONNECTION_SPEED, EngineSettings, OwnNetwork

log = logging.getLogger(__name__)

MOST_PEERS = 30
"""Called for one torrent."""
SPEAKS_S = 3.0
"""If nobody has spoken to us by then, libtorrent calls whom it knows in its own way."""
REST_S = 20.0
CONNECT_S = 5.0
HANDSHAKE_S = 10.0
RECALL_S = 5.0
"""At most so often is everybody called again whom a torrent has lost."""
AGAIN = 3
"""How often a peer that broke off after it had sent something is called again."""


def digests(hashes: lt.info_hash_t) -> list[bytes]:
    """Give each hash of a torrent as handshakes carry it, 20 bytes, that of v1 first."""
    v1 = [hashes.v1.to_bytes()] if hashes.has_v1() else []
    return [*v1, hashes.v2.to_bytes()[:20]] if hashes.has_v2() else v1


class Caller:
    """All lanes of the session. Everything runs on the loop's thread."""

    def __init__(
        self, session: lt.session, settings: EngineSettings, network: OwnNetwork, pool: Executor
    ) -> None:
        self._session = session
        self._policy = AddressPolicy(allow_private=settings.allow_private)
        self._network = network
        self._pool = pool
        self._loop = asyncio.get_running_loop()
        self._free = list(range(254, 0, -1))
        self._port = 0
        self._handles: dict[Lane, lt.torrent_handle] = {}
        self._lanes: dict[lt.torrent_handle, Lane] = {}
        self._deserted_s: dict[Lane, float] = {}
        self._asked: set[lt.torrent_handle] = set()
        self._tasks = Tasks()
        self._resting = False
        self._timers: dict[str, asyncio.TimerHandle] = {}

    # -- torrents

    def lane(self, handle: lt.torrent_handle) -> Lane:
        """Make the lane of a torrent."""
        hashes = handle.info_hashes()
        lane = Lane(
            digests(hashes)[0],
            b"-MT0100-" + secrets.token_bytes(12),
            v2=not hashes.has_v1(),
            pool=self._pool,
            opened=self._opened,
            left=self._left,
            deserted=self._deserted,
            hears_dht=self._session.add_dht_node,
        )
        lane.answers = digests(hashes)
        self._handles[lane] = handle
        self._lanes[handle] = lane
        return lane

    def forget(self, lane: Lane) -> None:
        """Let go of a torrent's lane."""
        handle = self._handles.pop(lane)
        del self._lanes[handle]
        self._asked.discard(handle)
        self._deserted_s.pop(lane, None)
        lane.close()

    def rest(self) -> None:
        """Have libtorrent call nobody for a while: a torrent is about to start."""
        self._set("end", REST_S, self._wake)
        if not self._resting:
            self._resting = True
            self._session.apply_settings({"connection_speed": 0})

    def expect(self, lane: Lane, known: Sequence[Address]) -> None:
        """Have the first peers of a torrent that starts called here: those known already, and its tracker's."""
        self.rest()
        self._set("silence", SPEAKS_S, self._check_silence)
        self._call(lane, known)

    def call(self, lane: Lane, peers: Sequence[Address]) -> None:
        """Have peers called that were named for a torrent that runs: here, while libtorrent calls nobody."""
        if self._resting:
            self._call(lane, peers)
            return
        for peer in peers:
            self._handles[lane].connect_peer(peer)

    def listening(self, host: str, port: int) -> None:
        """Note where libtorrent takes connections."""
        if host == self._network.listener:
            self._port = port

    def heard(self, handle: lt.torrent_handle) -> None:
        """Ask libtorrent whom it knows, now that it was told; the answer is a claim of resume data."""
        if self._resting and handle in self._lanes and handle not in self._asked:
            self._asked.add(handle)
            handle.save_resume_data(0)

    def told(self, handle: lt.torrent_handle, peers: Sequence[Address]) -> None:
        """Take what libtorrent knows."""
        if handle in self._asked:
            self._asked.discard(handle)
            if self._resting:
                self._call(self._lanes[handle], peers)

    def behind(self, own_address: str) -> LanePeer | None:
        """Find who is behind an address inside this computer."""
        return next(
            (peer for lane in self._handles for peer in lane.peers if peer.own_address == own_address), None
        )

    async def close(self) -> None:
        """Hang up on everybody."""
        for timer in self._timers.values():
            timer.cancel()
        for lane in list(self._handles):
            self.forget(lane)
        self._tasks.cancel()
        await self._tasks.done()

    # -- calling

    def _call(self, lane: Lane, peers: Sequence[Address]) -> None:
        for address in peers:
            if address in lane.called or address[1] <= 0 or not self._policy.may_contact(address[0]):
                continue
            if len(lane.called) >= MOST_PEERS or not self._free or not self._port:
                self._wake()
                # What resume data names is known to nobody else.
                self._handles[lane].connect_peer(address)
                continue
            self._call_one(lane, address)

    def _call_one(self, lane: Lane, address: Address, *, shy: bool = False) -> None:
        lane.called[address] = lane.called.get(address, 0) + 1
        peer = LanePeer(lane, address, self._network.address(self._free.pop()), shy=shy)
        lane.join(peer)
        self._tasks.begin(self._reach(peer))

    async def _reach(self, peer: LanePeer) -> None:
        host, port = peer.address
        try:
            async with asyncio.timeout(CONNECT_S):
                await self._loop.create_connection(lambda: FarSide(peer), host, port)
            async with asyncio.timeout(HANDSHAKE_S):
                await peer.settled.wait()
        except (OSError, TimeoutError):
            peer.close()

    def _opened(self, peer: LanePeer) -> None:
        self._tasks.begin(self._show(peer))

    async def _show(self, peer: LanePeer) -> None:
        try:
            await self._loop.create_connection(
                lambda: NearSide(peer), self._network.listener, self._port, local_addr=(peer.own_address, 0)
            )
        except OSError as error:
            # Not every system has the whole of 127/8 to itself: there libtorrent does everything alone.
            log.warning("The engine could not be called error=%s", error)
            self._port = 0
            peer.close()
            self._wake()

    def _left(self, lane: Lane, peer: LanePeer) -> None:
        self._free.insert(0, self._network.host(peer.own_address))
        handle = self._handles.get(lane)
        if handle is None:
            return
        again = lane.called.get(peer.address, AGAIN) < AGAIN
        if (
            again
            and peer.broke_off
            and (peer.line.bytes_down or (peer.spoke and not peer.heard and not peer.shy))
        ):
            self._call_one(lane, peer.address, shy=not peer.line.bytes_down)
        elif not peer.lied:
            # From now on it is libtorrent's, which has not heard of every address by itself.
            handle.connect_peer(peer.address)

    def _deserted(self, lane: Lane) -> None:
        """Call again whoever was called: seeds hang up on somebody who wants nothing, and now something is wanted."""
        now_s = self._loop.time()
        if now_s - self._deserted_s.get(lane, -RECALL_S) >= RECALL_S:
            self._deserted_s[lane] = now_s
            known, lane.called = tuple(lane.called), {}
            self.expect(lane, known)

    # -- libtorrent's own calls

    def _check_silence(self) -> None:
        if not any(peer.spoke for lane in self._handles for peer in lane.peers):
            self._wake()

    def _wake(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        if self._resting:
            self._resting = False
            self._session.apply_settings({"connection_speed": CONNECTION_SPEED})

    def _set(self, name: str, delay_s: float, action: Any) -> None:
        known = self._timers.get(name)
        if known is not None:
            known.cancel()
        self._timers[name] = self._loop.call_later(delay_s, action)
