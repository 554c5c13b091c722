"""The hash by which providers know a film."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from matinee.subtitles.moviehash import PART_BYTES, moviehash

NOTHING = bytes(PART_BYTES)


def words(*values: int) -> bytes:
    """Make a part that begins with these numbers."""
    return struct.pack(f"<{len(values)}Q", *values).ljust(PART_BYTES, b"\0")


def test_moviehash_when_there_are_only_zeros_then_it_is_the_length() -> None:
    assert moviehash(4_295_033_890, NOTHING, NOTHING) == "0000000100010422"


def test_moviehash_when_of_the_published_length_and_sum_then_the_published_hash() -> None:
    # The parts of the published films cannot be had here; these add up to what theirs must.
    for length, published in ((12_909_756, 0x8E245D9679D31E12), (4_295_033_890, 0x61F7751FC2A72BFB)):
        rest = (published - length) % 2**64
        assert moviehash(length, words(rest - 1), words(0, 1)) == f"{published:016x}"
        assert moviehash(length, words(2**64 - 1, rest), words(1)) == f"{published:016x}"


def test_moviehash_when_bytes_are_in_order_then_the_lowest_comes_first() -> None:
    assert moviehash(131_072, b"\x01".ljust(PART_BYTES, b"\0"), NOTHING) == "0000000000020001"


@given(st.integers(131_072, 9_000_000_000), st.lists(st.integers(0, 2**64 - 1), max_size=8))
def test_moviehash_when_numbers_move_between_the_parts_then_the_same(length: int, values: list[int]) -> None:
    assert moviehash(length, words(*values), NOTHING) == moviehash(length, NOTHING, words(*reversed(values)))
