"""Captions inside the picture's own stream, out of real and of made frames."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.media.captions import as_scc, has_captions, pairs_of
from matinee.media.cues import cues
from matinee.media.cues_wire import excerpt_from_wire
from matinee.models.media import SubtitleForm
from matinee.subtitles.inside import cues_of
from tests import registry
from tests.media.clips import clip
from tests.media.made import open_film
from tests.media.parts import probed

TRIPLETS = bytes.fromhex("fc9420fdfffffc8080f89470fcc1d3fa0000")
"""Two pairs of the first field, one of the second, one that says nothing, two that are not valid."""
DATA = bytes((0x40 | len(TRIPLETS) // 3, 0xFF)) + TRIPLETS + b"\xff"
H264 = b"\x00\x00\x01\x06\x04\x2f\xb5\x00\x31GA94\x03" + DATA + b"\x80\x00\x00\x01\x65picture"
MPEG2 = b"\x00\x00\x01\x00head\x00\x00\x01\xb2GA94\x03" + DATA + b"\x00\x00\x01\x01picture"
PAIRS = bytes.fromhex("9420c1d3")


@pytest.mark.parametrize("frame", [H264, MPEG2])
def test_pairs_when_a_frame_has_some_then_those_of_the_first_field_that_say_something(frame: bytes) -> None:
    assert has_captions(frame)
    assert pairs_of(frame) == PAIRS
    assert pairs_of(frame * 2) == PAIRS * 2


@pytest.mark.parametrize(
    "frame", [b"", b"picture", H264.replace(b"GA94\x03", b"GA94\x06"), H264.replace(b"GA94", b"DTG1")]
)
def test_pairs_when_a_frame_has_none_then_none(frame: bytes) -> None:
    assert not has_captions(frame)
    assert pairs_of(frame) == b""


def test_pairs_when_they_are_told_not_to_be_shown_then_none() -> None:
    assert pairs_of(H264.replace(DATA[:1], bytes((DATA[0] & 0x1F,)))) == b""


@given(st.binary(max_size=300), st.integers(0, len(H264)))
def test_pairs_when_bytes_are_anything_then_whole_pairs(noise: bytes, cut: int) -> None:
    assert len(pairs_of(H264[:cut] + noise)) % 2 == 0


def test_scc_when_written_then_times_are_counted_in_thirtieths() -> None:
    assert as_scc([(3661.5, PAIRS), (0.0, PAIRS[:2])]).decode().split("\n")[2::2] == [
        "01:01:01:15\t9420 c1d3", "00:00:00:00\t9420",
    ]  # fmt: skip


async def test_captions_when_a_broadcast_has_them_then_they_are_a_track_and_each_line_is_at_its_second() -> (
    None
):
    film = registry.npm("mux.js", "7.1.0") / "test" / "segments" / "sintel-captions.ts"
    (track,) = (await probed(film.read_bytes())).subtitles
    assert (track.codec, track.form, track.hearing_impaired) == ("eia_608", SubtitleForm.TEXT, True)

    def said(start_s: float, stop_s: float) -> list[tuple[float, float, str]]:
        asked = {"track": track.index, "start_s": start_s, "stop_s": stop_s, "from_s": 0.0}
        head, _ = cues(open_film(film), asked)
        return [(cue.start_s, cue.stop_s, cue.text[:9]) for cue in cues_of(excerpt_from_wire(head))]

    first, second, third = said(0.0, 10.0)
    assert first[2] == "ASUKA ███"
    assert [*first[:2], second[0], third[0]] == pytest.approx([1.13, 4.13, 5.13, 7.07], abs=0.05)
    assert said(2.0, 3.0) == [(first[0], 3.0, first[2])]
    assert said(4.5, 5.0) == []
    assert said(16.0, 24.0) == []
    assert said(6.0, 8.0) == [second, (third[0], 8.0, third[2])]
    assert (await probed(clip("wrapped.ts").read_bytes())).subtitles == ()


def test_captions_when_nobody_says_anything_for_long_then_nothing_is_shown() -> None:
    """Given: frames of a film that carry none, read as if they did."""
    head, _ = cues(open_film(clip("wrapped.ts")), {"track": 0, "start_s": 8.0, "stop_s": 16.0, "from_s": 0.0})
    assert cues_of(excerpt_from_wire(head)) == ()
