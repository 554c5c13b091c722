"""Size and preset: never larger than the film, and as good as this computer can in time."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.media.encoding import COSTS, Encoding, Speed, choose, choose_hardware, sizes

FULL_HD = sizes(1920, 1080, 1, 0)


@given(st.integers(2, 8000), st.integers(2, 4400), st.floats(0.3, 3), st.sampled_from([0, 480, 1080]))
def test_sizes_when_given_any_picture_then_they_are_even_and_never_larger(
    width: int, height: int, aspect: float, most: int
) -> None:
    offered = sizes(width, height, aspect, most)

    assert all(size.width % 2 == 0 and size.height % 2 == 0 for size in offered)
    assert all(size.height <= max(2, min(height, most or height)) for size in offered)
    assert sorted(offered, key=lambda size: -size.height) == list(offered)


def test_sizes_when_pixels_are_not_square_then_the_shape_stays() -> None:
    assert asdict(sizes(720, 576, 64 / 45, 0)[0]) == {"width": 1024, "height": 576}
    assert asdict(sizes(3840, 2160, 1, 1080)[0]) == {"width": 1920, "height": 1080}


@pytest.mark.parametrize(
    ("encode_s", "height", "preset", "keeps_up"),
    [
        (0.001, 1080, "faster", True),
        (0.004, 1080, "veryfast", True),
        (0.011, 1080, "ultrafast", True),
        (0.03, 720, "ultrafast", True),
        (0.15, 360, "ultrafast", True),
        (0.45, 240, "ultrafast", True),
        (2.0, 240, "ultrafast", False),
    ],
)
def test_choose_when_the_computer_is_slower_then_the_picture_is_smaller(
    encode_s: float, height: int, preset: str, keeps_up: bool
) -> None:
    found = choose(FULL_HD, 24, Speed(0.002, encode_s))

    assert (found.height, found.preset, found.keeps_up) == (height, preset, keeps_up)


@given(st.floats(0, 1), st.floats(0, 3), st.floats(1, 120))
def test_choose_when_it_says_that_it_keeps_up_then_it_does(
    decode_s: float, encode_s: float, rate: float
) -> None:
    speed = Speed(decode_s, encode_s)

    found = choose(FULL_HD, rate, speed)

    size = next(size for size in FULL_HD if size.height == found.height)
    assert found.keeps_up == (speed.frames_per_s(size, found.preset) >= rate)
    assert found.preset in COSTS


def test_of_when_it_comes_back_then_it_is_the_same() -> None:
    encoding = Encoding(1280, 720, "veryfast", keeps_up=False, turned=90)

    assert Encoding.of(asdict(encoding)) == encoding


@pytest.mark.parametrize(
    "wire",
    [
        None,
        {},
        {"preset": "placebo"},
        {"preset": "veryfast", "width": 0, "height": 2, "keeps_up": True, "turned": 0},
        {"preset": "veryfast", "width": 2, "height": 2, "keeps_up": True, "turned": 45},
    ],
)
def test_of_when_it_is_none_then_it_is_refused(wire: object) -> None:
    with pytest.raises(ValueError, match="no "):
        Encoding.of(wire)


@pytest.mark.parametrize(
    ("decode_s", "encode_s", "height"),
    [(0.002, 0.001, 1080), (0.002, 0.02, 720), (0.002, 0.1, 360), (0.002, 2.0, None), (0.03, 0.001, None)],
)
def test_choose_hardware_when_it_is_slower_then_the_picture_is_smaller_and_at_last_it_is_not_used(
    decode_s: float, encode_s: float, height: int | None
) -> None:
    found = choose_hardware(FULL_HD, 24, Speed(decode_s, encode_s), "h264_qsv")

    assert (found and found.height) == height
    assert found is None or (found.encoder, found.keeps_up) == ("h264_qsv", True)


@pytest.mark.parametrize("change", [{"encoder": 1}, {"sets": [1]}])
def test_of_when_the_encoder_is_none_then_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no encoder"):
        Encoding.of({**asdict(Encoding(320, 180, "superfast")), **change})
