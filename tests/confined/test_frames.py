"""Frames between a confined process and its parent: nothing is believed."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.confined.child import read_frame
from matinee.confined.frames import (
    LENGTHS,
    MAX_FRAME_BYTES,
    WireError,
    pack,
    pack_head,
    unpack_head,
    unpack_lengths,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=4)
)


@given(st.dictionaries(st.text(), JSON, max_size=5), st.binary(max_size=2000))
def test_pack_when_read_then_the_same(head: dict[str, object], body: bytes) -> None:
    stream = io.BytesIO(pack(head, body) + pack_head(head, len(body)) + body)
    assert [read_frame(stream), read_frame(stream), read_frame(stream)] == [(head, body), (head, body), None]


@pytest.mark.parametrize(
    "lengths", [(MAX_FRAME_BYTES + 1, 0), (0, MAX_FRAME_BYTES + 1), (2**32 - 1, 2**32 - 1)]
)
def test_unpack_lengths_when_too_long_then_refused(lengths: tuple[int, int]) -> None:
    with pytest.raises(WireError):
        unpack_lengths(LENGTHS.pack(*lengths))


def test_unpack_lengths_when_at_the_limit_then_taken() -> None:
    assert unpack_lengths(struct.pack(">II", 5, MAX_FRAME_BYTES)) == (5, MAX_FRAME_BYTES)


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b"1", b"[" * 100_000, b"null"])
def test_unpack_head_when_not_an_object_then_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        unpack_head(data)
