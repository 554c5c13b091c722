"""A piece is what its torrent says, or it is not."""

from hashlib import sha1, sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.torrent.hashes import V1Hashes, V2File, V2Hashes, merkle_root
from matinee.torrent.layout import Layout
from matinee.types import BLOCK_BYTES, PieceIndex
from tests.torrent.made_torrents import root

PIECE_LENGTH = 2 * BLOCK_BYTES


def content(length: int, salt: int) -> bytes:
    """Bytes that repeat nowhere near."""
    return (sha256(salt.to_bytes(4, "big")).digest() * (length // 32 + 1))[:length]


def changed(data: bytes, at: int) -> bytes:
    """The same with one bit turned."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def layer_of(data: bytes) -> bytes:
    """Compute a v2 piece layer for pieces of two blocks; the last is filled up with zeros (BEP 52)."""
    leaves = [sha256(data[at : at + BLOCK_BYTES]).digest() for at in range(0, len(data), BLOCK_BYTES)]
    leaves += [bytes(32)] * (len(leaves) % 2)
    return b"".join(
        sha256(left + right).digest() for left, right in zip(leaves[::2], leaves[1::2], strict=True)
    )


@pytest.mark.parametrize("piece", [0, 1, 2])
def test_v1_when_one_bit_differs_then_does_not_match(piece: int) -> None:
    pieces = [content(1000, salt) for salt in range(3)]
    hashes = V1Hashes([sha1(data, usedforsecurity=False).digest() for data in pieces].__getitem__)
    assert hashes.matches(PieceIndex(piece), pieces[piece])
    assert not hashes.matches(PieceIndex(piece), changed(pieces[piece], 500))
    assert not hashes.matches(PieceIndex((piece + 1) % 3), pieces[piece])


@pytest.mark.parametrize("length", [1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, PIECE_LENGTH])
def test_v2_when_the_file_is_one_piece_then_its_root_is_compared(length: int) -> None:
    data = content(length, 1)
    hashes = V2Hashes(Layout(PIECE_LENGTH, length), (V2File(0, length, root(data), b""),))
    assert hashes.matches(PieceIndex(0), data)
    assert not hashes.matches(PieceIndex(0), changed(data, length - 1))


@pytest.mark.parametrize("length", [PIECE_LENGTH + 1, 2 * PIECE_LENGTH, 3 * PIECE_LENGTH - BLOCK_BYTES])
def test_v2_when_the_file_has_pieces_then_its_layer_is_compared(length: int) -> None:
    data = content(length, 2)
    layout = Layout(PIECE_LENGTH, length)
    hashes = V2Hashes(layout, (V2File(0, length, b"", layer_of(data)),))
    bounds = [layout.bounds(PieceIndex(index)) for index in range(layout.piece_count)]
    right = [hashes.matches(PieceIndex(at), data[start:stop]) for at, (start, stop) in enumerate(bounds)]
    wrong = [
        hashes.matches(PieceIndex(at), changed(data[start:stop], 0))
        for at, (start, stop) in enumerate(bounds)
    ]
    assert all(right)
    assert not any(wrong)


def test_v2_when_files_follow_each_other_then_padding_does_not_count() -> None:
    first, second = content(BLOCK_BYTES + 5, 3), content(PIECE_LENGTH + 7, 4)
    layout = Layout(PIECE_LENGTH, 2 * PIECE_LENGTH + 7)
    files = (
        V2File(0, len(first), root(first), b""),
        V2File(PIECE_LENGTH, len(second), b"", layer_of(second)),
    )
    hashes = V2Hashes(layout, files)
    assert hashes.matches(PieceIndex(0), first.ljust(PIECE_LENGTH, b"\xff"))
    assert hashes.matches(PieceIndex(1), second[:PIECE_LENGTH])
    assert hashes.matches(PieceIndex(2), second[PIECE_LENGTH:])


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=20), st.integers(1, 40))
def test_merkle_root_when_zeros_are_written_out_then_is_the_same(leaves: list[bytes], width: int) -> None:
    full = 1 << (max(len(leaves), width) - 1).bit_length()
    assert merkle_root(leaves, width) == merkle_root(leaves + [bytes(32)] * (full - len(leaves)), full)


def test_merkle_root_when_one_leaf_then_is_the_leaf() -> None:
    assert merkle_root([b"\1" * 32], 1) == b"\1" * 32
