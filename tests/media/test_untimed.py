"""Pictures whose container says only when they are decoded: shown in the order that stands in them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.media.bitstream import units
from matinee.media.packets import Track
from matinee.media.picture_order import Order, configured, measured
from matinee.media.remux import picture_of
from tests.media.films import made
from tests.media.made import open_film, packets

CUT = ("-ss", "56.3", "-t", "12", "-i", "{bunny}", "-an", "-c", "copy")
"""It begins with a group of fewer pictures than the library's filter looks at, which then takes two groups for one."""


def cut(ending: str) -> Path:
    """Give the same pictures in any container."""
    data = made("groups.ts", *CUT).read_bytes()
    return made(f"groups.{ending}", "-i", "{x.ts}", "-c", "copy", files={"x.ts": data})


def pictures(path: Path, at_s: float | None = None) -> list[tuple[int, int, bytes]]:
    """Give when pictures are decoded and shown, in the order of decoding, and what they are."""
    film = open_film(path)
    track = Track.of(film, picture_of(film))
    return [(one.dts or 0, one.pts or 0, bytes(one)) for one in track.read(at_s)]


def order_of(shown: list[float]) -> list[int]:
    return sorted(range(len(shown)), key=lambda at: shown[at])


def test_read_when_groups_are_short_then_pictures_are_shown_as_the_film_they_were_taken_from_shows_them() -> (
    None
):
    found = pictures(cut("avi"))
    true = packets(cut("mp4"), "video")

    shown = [float(at) for _, at, _ in found]
    assert len(found) == len(true) > 250
    assert order_of(shown) == order_of([one.shown_s for one in true])
    assert order_of(shown) != list(range(len(found)))
    later = [
        late - early for early, late in zip(sorted(at for at, _, _ in found), sorted(shown), strict=True)
    ]
    assert len(set(later)) == 1


def test_read_when_entered_at_any_group_then_times_are_the_same() -> None:
    path = cut("avi")
    whole = pictures(path)

    read = [pictures(path, at_s) for at_s in (1.0, 3.0, 5.5, 9.0)]

    assert all(found == whole[len(whole) - len(found) :] for found in read)
    assert len(read[-1]) < len(read[-2]) < len(whole)


def frames(name: str) -> tuple[bytes, list[bytes]]:
    """Give what a film says of its picture, and its first pictures."""
    film = open_film(cut(name))
    track = Track.of(film, picture_of(film))
    data = [one.data for one in packets(cut(name), "video")]
    return track.stream.codec_context.extradata or b"", data[:200]


def test_order_when_said_with_start_codes_or_with_lengths_then_the_same() -> None:
    record, with_lengths = frames("mp4")
    _, with_starts = frames("ts")
    stated, counted = Order(), Order()
    stated.learn(configured(record))

    found = [stated.of(measured(one)) for one in with_lengths]

    assert found == [counted.of(units(one)) for one in with_starts]
    assert [begins for _, begins in found].count(True) >= 2


@given(st.binary(max_size=80), st.integers(0, 5))
def test_order_when_bytes_are_anything_then_a_number_or_a_clear_error(noise: bytes, kind: int) -> None:
    order = Order()
    order.learn([b"\x67" + noise, b"\x68" + noise, *configured(noise), *measured(noise)])
    try:
        count, _ = order.of([bytes((0x61 + kind,)) + noise])
    except ValueError:
        return
    assert abs(count) < 1 << 40


@pytest.mark.parametrize("size", [0, 1, 3])
def test_order_when_a_unit_ends_too_early_then_a_clear_error(size: int) -> None:
    whole = units(frames("ts")[1][0])
    with pytest.raises(ValueError, match=r"\w"):
        Order().of([one[:size] for one in whole if one[:size]])
    assert Order().of(whole) == (0, True)
