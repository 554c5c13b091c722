"""One peer on a lane: a connection to it, and one to libtorrent that shows it as a peer which came in.

Towards libtorrent everything is as if the two spoke with each other, but for a few things: its requests go out no
faster than the peer's line takes them, they may be answered by blocks that the lane has gathered elsewhere, what
it takes back is let go at once, and nothing passes that would tell it, or others through it, to call addresses
inside this computer. A peer that does not answer every request (BEP 6) is only passed through.
"""

import asyncio
import secrets
from functools import partial
from typing import Protocol

from matinee.errors import MatineeError
from matinee.torrent import bencode
from matinee.torrent.lane import wire
from matinee.torrent.lane.line import SLOTS, Gathered, Key, Line
from matinee.torrent.lane.wire import Kind, Splitter, Verdict
from matinee.types import PieceIndex

LONGEST_INTRODUCTION_BYTES = 16 * 1024
"""Of an extended handshake; those of the field have a few hundred bytes."""
MOST_ASKED = 128
"""Blocks that libtorrent may ask of one peer: of thousands, two peers hold a whole large piece, and others are idle."""
LULL_S = 5.0
"""For how long nothing has to be wanted of a peer before it is told so."""

Address = tuple[str, int]


class Home(Gathered, Protocol):
    """What a peer needs of its lane."""

    info_hash: bytes
    answers: list[bytes]
    peer_id: bytes
    v2: bool
    urgent: bool

    def hears_dht(self, address: Address) -> None:
        """A peer has named its DHT node."""

    def came(self, peer: "LanePeer", key: Key, data: memoryview) -> None:
        """Take a block of a gathered piece."""

    def taken_back(self, peer: "LanePeer", key: Key) -> None:
        """A peer will not send a block."""

    def opened(self, peer: "LanePeer") -> None:
        """The peer's handshake is here: libtorrent is to be called now."""

    def left(self, peer: "LanePeer") -> None:
        """The peer is gone."""

    def turn(self) -> None:
        """Something changed that lets requests be sent: send them before the loop's next turn."""


class LanePeer:
    """A peer. Everything runs on the loop's thread."""

    def __init__(self, home: Home, address: Address, own_address: str, *, shy: bool = False) -> None:
        self.home = home
        self.address = address
        self.own_address = own_address
        """The address inside this computer under which libtorrent knows it."""
        self.shy = shy
        """It hung up on a message right behind the handshake, as aria2 does: nothing is said before it has spoken."""
        self.heard = False
        """Whether anything came behind its handshake."""
        self.spoke = False
        """Whether its handshake has come."""
        self.settled = asyncio.Event()
        """Set when it has spoken, or is gone."""
        self.lied = False
        """Whether it sent wrong bytes."""
        self.broke_off = False
        """Whether it was the peer that hung up."""
        self._loop = asyncio.get_running_loop()
        self._called_s = self._loop.time()
        self._has: bytearray | None = bytearray()
        self._interested = False
        self._near_interested = False
        self._lull: asyncio.TimerHandle | None = None
        self._exchange_id: int | None = None
        self._far: asyncio.Transport | None = None
        self._near: asyncio.Transport | None = None
        self._early: list[wire.Bytes] = []
        self._going: list[wire.Bytes] = []
        self._shake = b""
        self._closed = False
        self.line = Line(
            home,
            self._loop.time,
            to_peer=self._say,
            to_libtorrent=self._tell,
            came=partial(home.came, self),
            will_not_come=partial(home.taken_back, self),
        )
        self._from_far = Splitter(_FarJudge(self), self._to_near)
        self._from_near = Splitter(_NearJudge(self), self._to_far)
        self._skip = wire.HANDSHAKE_BYTES

    # -- what is known

    def has(self, piece: PieceIndex) -> bool:
        """Tell whether the peer has a piece."""
        if self._has is None:
            return True
        at, bit = divmod(piece, 8)
        return at < len(self._has) and bool(self._has[at] & (0x80 >> bit))

    # -- life

    def far_connected(self, transport: asyncio.Transport) -> None:
        """Begin to speak with the peer: it may answer our interest with the handshake's way back."""
        self._far = transport
        self._called_s = self._loop.time()
        transport.write(wire.handshake(self.home.info_hash, self.home.peer_id, v2=self.home.v2))
        self.show_interest()

    def near_connected(self, transport: asyncio.Transport) -> None:
        """Introduce the peer to libtorrent."""
        self._near = transport
        for chunk in self._early:
            transport.write(chunk)
        self._early.clear()

    def lost(self) -> None:
        """Note that the peer has hung up."""
        self.broke_off = not self._closed
        self.close()

    def close(self) -> None:
        """Hang up on both sides. Harmless when called twice."""
        if self._closed:
            return
        self._closed = True
        self.settled.set()
        if self._lull is not None:
            self._lull.cancel()
        for transport in (self._far, self._near):
            if transport is not None:
                transport.abort()
        self.home.left(self)

    def show_interest(self) -> None:
        """Tell the peer whether anything is wanted of it, if that changed; libtorrent does not know all of it.

        That nothing is wanted any more is said late: between two pieces it is true for a moment, and a peer that is
        told so may choke us, and not look at us again for ten seconds.
        """
        interested = self._near_interested or self.home.urgent
        if self._lull is not None:
            self._lull.cancel()
            self._lull = None
        if interested and not self._interested:
            self._say_interest()
        elif self._interested and not interested:
            self._lull = self._loop.call_later(LULL_S, self._say_no_interest)

    def _say_interest(self) -> None:
        if self._far is not None and (self.spoke or not self.shy):
            self._interested = True
            self._say(wire.plain(Kind.INTERESTED))

    def _say_no_interest(self) -> None:
        self._interested = False
        self._say(wire.plain(Kind.NOT_INTERESTED))

    # -- from the peer

    def from_far(self, data: bytes) -> None:
        """Take what the peer sent."""
        try:
            if not self.spoke:
                data = self._shaking(data)
            if data:
                self.heard = True
                self._from_far.feed(data)
        except wire.WireError:
            self.close()
        self.home.turn()

    def _shaking(self, data: bytes) -> bytes:
        self._shake += data
        if len(self._shake) < wire.HANDSHAKE_BYTES:
            return b""
        theirs, rest = self._shake[: wire.HANDSHAKE_BYTES], self._shake[wire.HANDSHAKE_BYTES :]
        self._shake = b""
        if not theirs.startswith(wire.PROTOCOL) or theirs[28:48] not in self.home.answers:
            raise wire.WireError("not a handshake for this torrent")
        self.spoke = True
        self.settled.set()
        self.line.fast = wire.speaks_fast(theirs)
        self.line.pace.rtt_s = max(self._loop.time() - self._called_s, 0.001)
        # Said again: webtorrent only listens from now on, and would unchoke us ten seconds later.
        if self._interested:
            self._say_interest()
        else:
            self.show_interest()
        self._to_near(wire.shown(theirs, self.home.info_hash, secrets.token_bytes(12), v2=self.home.v2))
        self.home.opened(self)
        return rest

    def heard_far(self, kind: int, message: bytes) -> bool:
        """Take any other message of the peer; true when libtorrent is to hear it."""
        if kind == Kind.CHOKE:
            self.line.choke()
        elif kind == Kind.UNCHOKE:
            self.line.choked = False
        elif kind == Kind.HAVE and len(message) == 9:
            self._mark(int.from_bytes(message[5:9], "big"))
        elif kind == Kind.BITFIELD:
            self._has = bytearray(message[5:])
        elif kind == Kind.HAVE_ALL:
            self._has = None
        elif kind == Kind.HAVE_NONE:
            self._has = bytearray()
        elif kind == Kind.REJECT:
            return self.line.rejected(message)
        elif kind == Kind.PORT and len(message) == 7:
            self.home.hears_dht((self.address[0], int.from_bytes(message[5:7], "big")))
            return False
        elif kind == Kind.ALLOWED_FAST:
            return False  # while it chokes us nothing is asked of it: libtorrent must not count on an answer
        elif kind == Kind.EXTENDED and message[5:6] == b"\0":
            self._introduces_itself(message)
            return False
        return True

    def _introduces_itself(self, message: bytes) -> None:
        """Pass an extended handshake on without the port at which the peer could be called: libtorrent would call it
        at an address inside this computer, and tell others to. And with a queue that has an end."""
        if len(message) > LONGEST_INTRODUCTION_BYTES:
            return
        try:
            fields = bencode.decode(message[6:]).fields
        except MatineeError:
            return  # without one, a peer has no extensions; libtorrent's reader is less strict than ours
        numbers = fields.get(b"m")
        if isinstance(numbers, dict):
            found = numbers.get(b"ut_pex")
            self._exchange_id = found if isinstance(found, int) and found else None
        fields.pop(b"p", None)
        takes = fields.get(b"reqq")
        fields[b"reqq"] = min(takes, MOST_ASKED) if isinstance(takes, int) and takes > 0 else MOST_ASKED
        self._tell(wire.extended(bencode.encode(fields)))

    def _mark(self, piece: int) -> None:
        if self._has is None:
            return
        at, bit = divmod(piece, 8)
        if at >= len(self._has) and at < SLOTS:
            self._has.extend(bytes(at + 1 - len(self._has)))
        if at < len(self._has):
            self._has[at] |= 0x80 >> bit

    # -- from libtorrent

    def from_near(self, data: bytes) -> None:
        """Take what libtorrent sent; its handshake was said by us already."""
        if self._skip:
            step = min(self._skip, len(data))
            self._skip -= step
            data = data[step:]
        try:
            if data:
                self._from_near.feed(data)
        except wire.WireError:
            self.close()
            return
        self.home.turn()

    def heard_near(self, kind: int, message: bytes) -> bool:
        """Take a message of libtorrent; true when the peer is to hear it."""
        if kind == Kind.REQUEST and self.line.fast:
            return self.line.requested(message)
        if kind == Kind.CANCEL and self.line.fast:
            self.line.cancelled(message)
            return False
        if kind in (Kind.INTERESTED, Kind.NOT_INTERESTED):
            self._near_interested = kind == Kind.INTERESTED
            self.show_interest()
            return False
        return not (
            kind == Kind.EXTENDED and self._exchange_id is not None and message[5] == self._exchange_id
        )

    # -- transports

    def _say(self, message: wire.Bytes) -> None:
        """Say something of our own to the peer."""
        self._from_near.insert(message)

    def _tell(self, message: wire.Bytes) -> None:
        """Tell libtorrent something of our own."""
        self._from_far.insert(message)

    def _to_near(self, data: wire.Bytes) -> None:
        if self._near is None:
            self._early.append(bytes(data))
        elif not self._near.is_closing():
            self._near.write(data)

    def _to_far(self, data: wire.Bytes) -> None:
        # Sent together at the loop's next turn: a system call for each request took a seventh of all processor time.
        if not self._going:
            self._loop.call_soon(self._send_far)
        self._going.append(data)

    def _send_far(self) -> None:
        going, self._going = b"".join(self._going), []
        # A side that is gone is told of a turn of the loop later.
        if self._far is not None and not self._far.is_closing():
            self._far.write(going)

    def pause(self, *, far: bool, paused: bool) -> None:
        """Read no more from one side while the other does not take it: TCP's own back-pressure."""
        transport = self._far if far else self._near
        if transport is None or transport.is_closing():
            return
        if paused:
            transport.pause_reading()
        else:
            transport.resume_reading()


class _FarJudge:
    """Passes a peer's messages to the place where they are judged."""

    def __init__(self, peer: LanePeer) -> None:
        self.begins, self.took, self.heard = peer.line.begins, peer.line.took, peer.heard_far


class _NearJudge:
    """Passes libtorrent's messages to the place where they are judged; what it gives to the peer just passes."""

    def __init__(self, peer: LanePeer) -> None:
        self.heard = peer.heard_near

    def begins(self, piece: int, offset: int, length: int) -> Verdict:
        return Verdict.PASS

    def took(self, piece: int, offset: int, message: bytes) -> None:
        raise AssertionError("a passed block is never taken")


class FarSide(asyncio.Protocol):
    """The connection to the peer."""

    def __init__(self, peer: LanePeer) -> None:
        self._peer = peer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Hand the transport over."""
        self._peer.far_connected(transport)  # type: ignore[arg-type]  # uvloop's has the methods, not the class

    def data_received(self, data: bytes) -> None:
        """Pass the bytes on."""
        self._peer.from_far(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Hang up on libtorrent too."""
        self._peer.lost()

    def pause_writing(self) -> None:
        """Hear no more from libtorrent until the peer takes it."""
        self._peer.pause(far=False, paused=True)

    def resume_writing(self) -> None:
        """Hear libtorrent again."""
        self._peer.pause(far=False, paused=False)


class NearSide(asyncio.Protocol):
    """The connection to libtorrent."""

    def __init__(self, peer: LanePeer) -> None:
        self._peer = peer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Hand the transport over."""
        self._peer.near_connected(transport)  # type: ignore[arg-type]  # uvloop's has the methods, not the class

    def data_received(self, data: bytes) -> None:
        """Pass the bytes on."""
        self._peer.from_near(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Hang up on the peer too."""
        self._peer.close()

    def pause_writing(self) -> None:
        """Read no more from the peer until libtorrent takes it."""
        self._peer.pause(far=True, paused=True)

    def resume_writing(self) -> None:
        """Read the peer again."""
        self._peer.pause(far=True, paused=False)
