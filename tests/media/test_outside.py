"""Pictures encoded by another process: as exact as ever, and no error to be seen when it crashes, hangs or lies."""

import io
import re
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from matinee.confined.frames import Head, pack
from matinee.media.bitstream import SPS, kind_of, number_of, units, with_starts
from matinee.media.encoding import FALLBACK_PRESET, Encoding
from matinee.media.film import Film
from matinee.media.hls.segments import even
from matinee.media.outside import OWN_SETS
from matinee.media.remux import init, segment
from tests.media.clips import clip
from tests.media.made import Made
from tests.media.outside_parts import End, Honest, film_with
from tests.media.test_remux import assert_joined
from tests.media.test_transcode import shown_at, times

WANTED = {"video": "convert", "audio": None, "hardware": "libx264"}


class Crashes(Honest):
    def spoil(self, head: Head, body: bytes) -> None:
        raise End


class Hangs(Honest):
    PATIENCE_S = 0.7

    def tell(self, head: Head, body: bytes) -> None:
        if self._job < self.SPOILT or "packet" not in head or head["packet"] < self.PICTURE:
            super().tell(head, body)

    def spoil(self, head: Head, body: bytes) -> None:
        """Say nothing, from now on."""


class Babbles(Honest):
    def spoil(self, head: Head, body: bytes) -> None:
        self._target.write(b"\xff" * 64)


class SpeaksNonsense(Honest):
    def spoil(self, head: Head, body: bytes) -> None:
        self.tell({"packet": "forty"}, body)


class Invents(Honest):
    def spoil(self, head: Head, body: bytes) -> None:
        self.tell({"packet": 4_000}, body)


class Swallows(Honest):
    def spoil(self, head: Head, body: bytes) -> None:
        """Leave a picture out."""


class Refuses(Honest):
    def spoil(self, head: Head, body: bytes) -> None:
        raise RuntimeError("the device is lost")


class Garbles(Honest):
    def spoil(self, head: Head, body: bytes) -> None:
        """Leave nothing but what the picture begins with: its mark, and its kind."""
        self.tell(head, body[:5] + bytes(255 - byte for byte in body[5:]))


class ChangesItsSize(Honest):
    SPOILT, PICTURE = 3, 0

    def spoil(self, head: Head, body: bytes) -> None:
        self.tell(head, _with_other_sets(body))


class NeedsOthers(Honest):
    SPOILT, PICTURE = 3, 0

    def spoil(self, head: Head, body: bytes) -> None:
        """Say that the key frame is none."""
        parts = [
            part if kind_of(part) != 5 else bytes([part[0] & 0xE0 | 1]) + part[1:] for part in units(body)
        ]
        self.tell(head, with_starts(parts))


def _with_other_sets(body: bytes) -> bytes:
    other = av.CodecContext.create("libx264", "w")
    assert isinstance(other, av.VideoCodecContext)
    other.width, other.height, other.pix_fmt = 64, 64, "yuv420p"
    other.framerate, other.time_base = Fraction(1), Fraction(1)
    picture = av.VideoFrame(64, 64, "yuv420p")
    picture.pts = 0
    made = b"".join(bytes(packet) for packet in (*other.encode(picture), *other.encode(None)))
    return made or body


LIARS = [
    Crashes, Hangs, Babbles, SpeaksNonsense, Invents, Swallows, Refuses, Garbles, ChangesItsSize, NeedsOthers,
]  # fmt: skip


def converted(film: Film) -> tuple[Made, Encoding, dict[str, Any]]:
    """Convert a whole film, the segments in their order."""
    parts = even((film.container.duration or 0) / 1e6)
    told, start = init(film, {**WANTED, "max_height": 180})
    wanted = {**WANTED, "encoding": told["encoding"]}
    heads, bodies = zip(*(segment(film, {**wanted, **asdict(part)}) for part in parts), strict=True)
    return Made(parts, start, bodies, heads), Encoding.of(told["encoding"]), told


def assert_whole(made: Made, source: Path) -> None:
    shown = times(made.film)
    assert shown == pytest.approx(shown_at(source), abs=1e-5)
    assert sum(head["frames"] for head in made.heads) == len(shown)
    assert_joined(made)
    with av.open(io.BytesIO(made.film), "r") as film:
        assert not any(frame.is_corrupt for frame in film.decode(video=0))


@pytest.mark.parametrize("name", ["hevc.mkv", "old.avi"])
def test_segments_when_made_outside_then_every_frame_is_there_once_at_its_time(name: str) -> None:
    with film_with(Honest, name) as film:
        made, encoding, _ = converted(film)

    assert_whole(made, clip(name))
    assert not any("encoder_failed" in head for head in made.heads)
    assert (encoding.encoder, encoding.preset, encoding.keeps_up) == ("libx264", FALLBACK_PRESET, True)


def test_init_when_made_outside_then_has_the_parameter_sets_of_both_and_segments_none() -> None:
    with film_with(Honest, "hevc.mkv") as film:
        made, encoding, _ = converted(film)

    sets = [bytes.fromhex(one) for one in encoding.sets]
    assert [number_of(one) for one in sets] == [0, 0]
    assert all(one in made.init for one in sets)
    with av.open(io.BytesIO(made.film), "r") as container:
        record = container.streams.video[0].codec_context.extradata or b""
        assert record[5] & 31 == 2
        size = int.from_bytes(record[6:8], "big")
        second = record[10 + size :]
        assert {number_of(record[8 : 8 + size]), number_of(second)} == {0, OWN_SETS}
        units_of = [bytes(packet)[4] & 31 for packet in container.demux(video=0) if packet.size]
    assert SPS not in units_of


@pytest.mark.parametrize("liar", LIARS)
def test_segments_when_the_encoder_fails_in_the_middle_then_the_film_is_whole_all_the_same(
    liar: type[Honest],
) -> None:
    with film_with(liar, "hevc.mkv") as film:
        made, encoding, told = converted(film)

    assert_whole(made, clip("hevc.mkv"))
    assert encoding.encoder == "libx264"
    assert "encoder_failed" not in told
    assert [bool(head.get("encoder_failed")) for head in made.heads] == [True, True, True]


class FailsAtOnce(Crashes):
    SPOILT, PICTURE = 1, 3


def test_init_when_the_encoder_fails_at_once_then_the_film_is_converted_without() -> None:
    with film_with(FailsAtOnce, "hevc.mkv") as film:
        made, encoding, told = converted(film)

    assert_whole(made, clip("hevc.mkv"))
    assert (encoding.encoder, encoding.sets) == ("", ())
    assert re.search("ended|gone", told["encoder_failed"])


class Late(Honest):
    """Begins every job with what is left of the one before."""

    def tell(self, head: Head, body: bytes) -> None:
        if "opened" in head:
            self._target.write(pack({"job": self._job - 1, "packet": 0}))
        super().tell(head, body)


def test_segments_when_a_job_was_given_up_then_what_comes_of_it_is_not_taken_for_the_next_ones() -> None:
    with film_with(Late, "hevc.mkv") as film:
        made, _, _ = converted(film)

    assert_whole(made, clip("hevc.mkv"))
    assert not any("encoder_failed" in head for head in made.heads)
