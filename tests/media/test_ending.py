"""The end of a recording that was never finished."""

from hypothesis import given
from hypothesis import strategies as st

from matinee.media.ending import last_stamp


def block(stamp: int) -> bytes:
    return b"\xa3\x8c\x81" + stamp.to_bytes(2, "big", signed=True) + b"\x80" + b"picture!"


CLUSTER = b"\x1f\x43\xb6\x75\x01\xff\xff\xff\xff\xff\xff\xff" + b"\xe7\x82\x27\x10"


def test_last_stamp_when_clusters_follow_each_other_then_the_last_counts() -> None:
    early = b"\x1f\x43\xb6\x75\xa0" + b"\xe7\x81\x05" + block(9)

    assert last_stamp(early + CLUSTER + block(-3) + block(41) + block(20) + bytes(9)) == 10_041


def test_last_stamp_when_the_last_cluster_has_just_begun_then_the_one_before_counts() -> None:
    assert last_stamp(CLUSTER + block(7) + b"\x1f\x43\xb6\x75\x01") == 10_007


def test_last_stamp_when_there_is_no_cluster_then_none() -> None:
    assert last_stamp(b"no film") is None


@given(st.binary(max_size=300))
def test_last_stamp_when_bytes_are_anything_then_it_ends(data: bytes) -> None:
    last_stamp(CLUSTER + data)
