"""Messages are cut, judged and passed on, however they come in."""

import itertools
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.torrent.lane import wire
from matinee.torrent.lane.wire import Kind, Splitter, Verdict, WireError


class Judge:
    """Passes, takes or drops a block by its piece; notes everything else."""

    def __init__(
        self, verdicts: dict[int, Verdict] | None = None, silent: frozenset[int] = frozenset()
    ) -> None:
        self.verdicts = verdicts or {}
        self.silent = silent
        self.taken: list[tuple[int, int, bytes]] = []
        self.others: list[bytes] = []

    def begins(self, piece: int, offset: int, length: int) -> Verdict:
        return self.verdicts.get(piece, Verdict.PASS)

    def took(self, piece: int, offset: int, message: bytes) -> None:
        self.taken.append((piece, offset, bytes(message[wire.BLOCK_AT :])))

    def heard(self, kind: int, message: bytes) -> bool:
        self.others.append(bytes(message))
        return kind not in self.silent


def block(piece: int, offset: int, data: bytes) -> bytes:
    """A whole piece message."""
    return wire.block_head(piece, offset, len(data)) + data


def feed(judge: Judge, chunks: list[bytes]) -> bytes:
    """Feed chunks to a splitter; give what it forwards."""
    out = bytearray()
    splitter = Splitter(judge, out.extend)
    for chunk in chunks:
        splitter.feed(chunk)
    return bytes(out)


MESSAGES = st.one_of(
    st.just(bytes(4)),
    st.builds(wire.plain, st.sampled_from([Kind.CHOKE, Kind.UNCHOKE, Kind.INTERESTED, Kind.HAVE_ALL])),
    st.builds(block, st.integers(0, 3), st.sampled_from([0, 16384]), st.binary(max_size=300)),
    st.builds(wire.request, st.just(Kind.REQUEST), st.integers(0, 9), st.just(0), st.integers(1, 16384)),
    st.builds(wire.extended, st.binary(max_size=90)),
)


@given(st.lists(MESSAGES, max_size=12), st.lists(st.integers(0, 4000), max_size=8))
def test_everything_passed_when_cut_anywhere_then_comes_out_as_it_came_in(
    messages: list[bytes], cuts: list[int]
) -> None:
    """Where TCP cuts the stream changes nothing."""
    stream = b"".join(messages)
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    chunks = [stream[start:stop] for start, stop in itertools.pairwise(edges)]
    assert feed(Judge(), chunks) == stream


@given(st.lists(MESSAGES, max_size=12), st.integers(1, 40))
def test_verdicts_when_cut_anywhere_then_are_the_same(messages: list[bytes], step: int) -> None:
    """Taken blocks come whole, dropped ones not at all, the rest in order."""
    verdicts = {1: Verdict.TAKE, 2: Verdict.DROP}
    stream = b"".join(messages)
    whole, cut = Judge(verdicts), Judge(verdicts)
    passed = feed(whole, [stream])
    assert feed(cut, [stream[at : at + step] for at in range(0, len(stream), step)]) == passed
    assert cut.taken == whole.taken
    assert cut.others == whole.others
    blocks = [message for message in messages if len(message) > 4 and message[4] == Kind.PIECE]
    assert [taken[0] for taken in whole.taken] == [1] * sum(message[8] == 1 for message in blocks)


def test_insert_when_a_block_is_half_through_then_waits_for_its_end() -> None:
    """A message of ours inside of a block would be read as a part of it."""
    out = bytearray()
    splitter = Splitter(Judge(), out.extend)
    message = block(0, 0, b"x" * 100)
    splitter.feed(message[:50])
    splitter.insert(wire.plain(Kind.CHOKE))
    assert bytes(out) == message[:50]
    splitter.feed(message[50:])
    assert bytes(out) == message + wire.plain(Kind.CHOKE)


def test_insert_when_a_dropped_block_is_half_through_then_goes_out_at_once() -> None:
    """Nothing of a dropped block goes out, so nothing has to be waited for."""
    out = bytearray()
    splitter = Splitter(Judge({0: Verdict.DROP}), out.extend)
    splitter.feed(block(0, 0, b"x" * 100)[:50])
    splitter.insert(wire.plain(Kind.CHOKE))
    assert bytes(out) == wire.plain(Kind.CHOKE)


def test_heard_when_not_to_be_passed_on_then_the_others_are() -> None:
    """What the judge keeps leaves no gap."""
    judge = Judge(silent=frozenset({Kind.INTERESTED}))
    out = feed(judge, [wire.plain(Kind.UNCHOKE) + wire.plain(Kind.INTERESTED) + wire.plain(Kind.CHOKE)])
    assert out == wire.plain(Kind.UNCHOKE) + wire.plain(Kind.CHOKE)


def test_feed_when_a_message_is_longer_than_any_then_is_refused() -> None:
    """A length is believed only as far as memory goes."""
    with pytest.raises(WireError):
        feed(Judge(), [struct.pack(">I", wire.LONGEST_BYTES + 1)])


@given(st.binary(max_size=600), st.integers(1, 50))
def test_feed_when_given_anything_then_ends_in_its_own_error_or_none(data: bytes, step: int) -> None:
    """No bytes crash the reader, and it never holds more than it was given."""
    try:
        out = feed(Judge({0: Verdict.TAKE}), [data[at : at + step] for at in range(0, len(data), step)])
    except WireError:
        return
    assert len(out) <= len(data)


def test_feed_when_a_message_comes_byte_by_byte_then_is_joined_once() -> None:
    """A hostile peer must not have a long message copied for each byte of it."""
    judge = Judge()
    splitter = Splitter(judge, lambda _: None)
    message = wire.extended(b"x" * 200_000)
    for at in range(len(message)):
        splitter.feed(message[at : at + 1])
    assert judge.others == [message]


def test_request_when_read_back_then_is_what_was_made() -> None:
    """One format for REQUEST, CANCEL and REJECT."""
    message = wire.request(Kind.CANCEL, 7, 32768, 16384)
    assert wire.read_request(message) == (7, 32768, 16384)
    with pytest.raises(WireError):
        wire.read_request(message + b"\0")


def test_shown_when_hybrid_then_does_not_offer_v2() -> None:
    """The wire was agreed as v1; libtorrent must not ask for an upgrade in the middle of it."""
    theirs = wire.handshake(b"i" * 20, b"-XX0001-" + b"p" * 12, v2=True)
    seen = wire.shown(theirs, b"o" * 20, b"q" * 12, v2=False)
    assert len(seen) == wire.HANDSHAKE_BYTES
    assert seen[27] & 0x10 == 0
    assert seen[28:48] == b"o" * 20
    assert seen[48:] == b"-XX0001-" + b"q" * 12
    assert wire.speaks_fast(seen)
