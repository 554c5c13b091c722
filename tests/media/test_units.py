"""Units of films without an index, found in bytes from any place on."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.media.entrance import LARGEST_BYTES, Entrance
from matinee.media.source import FilmSource
from matinee.media.units import (
    FLV_LARGEST,
    FLV_TAG_BYTES,
    Find,
    cluster,
    cluster_filler,
    flv_filler,
    flv_tag,
    fragment_filler,
    fragment_of,
)
from tests.media.hostile import box, element, number, u32


def tag(stamp: int, size: int = 40) -> bytes:
    head = b"\x09" + size.to_bytes(3, "big") + (stamp & 0xFFFFFF).to_bytes(3, "big") + bytes([stamp >> 24])
    return head + bytes(3) + b"p" * size + (size + FLV_TAG_BYTES).to_bytes(4, "big")


def fragment(stamp: int, track: int = 1) -> bytes:
    times = box(b"traf", box(b"tfhd", u32(0, track)), box(b"tfdt", b"\x01\0\0\0", stamp.to_bytes(8, "big")))
    return box(b"moof", box(b"mfhd", u32(0, 1)), times) + box(b"mdat", bytes(20))


def matroska_cluster(stamp: int) -> bytes:
    return element(0x1F43B675, element(0xBF, b"crc!") + number(0xE7, stamp) + element(0xA3, bytes(20)))


KINDS: dict[str, tuple[Callable[[int], bytes], Find]] = {
    "flv": (tag, flv_tag),
    "matroska": (matroska_cluster, cluster),
    "mp4": (fragment, fragment_of(1)),
}


@pytest.mark.parametrize("kind", list(KINDS))
@given(noise=st.binary(max_size=200), stamp=st.integers(0, 2**31))
def test_find_when_a_unit_lies_behind_what_is_none_then_found(kind: str, noise: bytes, stamp: int) -> None:
    make, find = KINDS[kind]
    noise = noise.translate(None, b"\x08\x09\x1fm")

    assert find(noise + make(stamp) + make(7), 0) == (len(noise), stamp)


@pytest.mark.parametrize("kind", list(KINDS))
@given(data=st.binary(max_size=600))
def test_find_when_bytes_are_anything_then_it_ends(kind: str, data: bytes) -> None:
    make, find = KINDS[kind]
    found = find(data + make(1)[: len(data)], 0)
    assert found is None or 0 <= found[0] < 2 * len(data)


def test_find_when_it_only_looks_like_a_unit_then_passed_over() -> None:
    assert flv_tag(b"\x09\0\0\x08\0\0\x01\0\0\0\0" + bytes(12) + tag(5)) == (23, 5)
    assert cluster(b"\x1f\x43\xb6\x75\x81\xa3\x81\0" + matroska_cluster(5)) == (8, 5)
    assert fragment_of(2)(fragment(9) + fragment(5, 2), 0) == (len(fragment(9)), 5)


@pytest.mark.parametrize("kind", list(KINDS))
@given(count=st.integers(2, 60), wanted=st.integers(-5, 700))
def test_place_when_found_then_no_later_and_the_last_such_unit_is_near(
    kind: str, count: int, wanted: int
) -> None:
    make, find = KINDS[kind]
    data = b"head" + b"".join(make(at * 10) for at in range(count))
    film = FilmSource(lambda start, stop: data[start:stop], len(data))

    place = Entrance(4, lambda _: find, cluster_filler).place(film, 1, wanted)

    assert place == 4 or find(data, place) == (place, find(data, place)[1])  # type: ignore[index]  # one is there
    stamp = (find(data, place) or (0, 0))[1]
    assert stamp <= max(wanted, 0)


def test_place_when_units_are_large_then_the_one_before_is_found_by_few_looks() -> None:
    size = 300_000
    data = bytes(13) + b"".join(tag(at * 100, size) for at in range(200))
    looked: list[int] = []

    def fetch(start: int, stop: int) -> bytes:
        looked.append(min(stop, start + 65536) - start)
        return data[start : min(stop, start + 65536)]

    film = FilmSource(fetch, len(data))
    place = Entrance(13, lambda _: flv_tag, flv_filler).place(film, 0, 15_050)

    assert flv_tag(data, place) == (place, (place - 13) // (size + 15) * 100)
    assert 0 <= 15_050 - (place - 13) // (size + 15) * 100 <= 300
    assert sum(looked) < LARGEST_BYTES // 2


@given(start=st.integers(13, 10**6), length=st.integers(16, 5 * FLV_LARGEST))
def test_filler_when_of_tags_then_they_lead_from_one_place_to_the_other(start: int, length: int) -> None:
    shown = flv_filler(start, start + length)

    at = start
    while at < start + length:
        size = int.from_bytes(shown[at][1:4], "big")
        assert shown[at + FLV_TAG_BYTES + size] == (size + FLV_TAG_BYTES).to_bytes(4, "big")
        at += FLV_TAG_BYTES + size + 4
    assert at == start + length


def test_filler_when_of_one_piece_then_it_says_how_long_it_is() -> None:
    assert cluster_filler(10, 1000) == {10: b"\xec\x01" + (981).to_bytes(7, "big")}
    assert fragment_filler(10, 1000) == {10: b"\0\0\0\x01free" + (990).to_bytes(8, "big")}
