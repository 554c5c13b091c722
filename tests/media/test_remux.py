"""Segments of copied films: over the whole film nothing is lost, doubled, moved or late."""

import io
import struct
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import av
import pytest

from matinee.media.hls.segments import MOST_SEGMENTS
from matinee.media.hls.timing import OFFSET_S
from matinee.media.keyframes import keyframes
from matinee.media.remux import init, segment
from tests.media.clips import MAKES, clip
from tests.media.films import made as film_made
from tests.media.made import Made, make, open_film, packets, parts, plan

H264_AND_SOUND = [
    "copied.mp4",
    "ac3.mkv",
    "open.mkv",
    "varying.mkv",
    "flv.flv",
    "flac.mkv",
    "hevc.mkv",
    "vp9.webm",
]
MS = 0.00105


def sound(name: str) -> list[object]:
    """Ask for a film's first sound, copied."""
    return [open_film(clip(name)).container.streams.audio[0].index, "copy"]


def assert_joined(made: Made) -> None:
    """Every track goes on where it ended in the segment before."""
    ends: dict[int, int] = {}
    for body in made.bodies:
        for part in parts(body):
            assert ends.get(part.track, part.start) == part.start
            ends[part.track] = part.stop


@pytest.mark.parametrize("name", H264_AND_SOUND)
def test_segments_when_everything_is_copied_then_the_film_is_the_same(name: str) -> None:
    made = make(clip(name), video="copy", audio=sound(name))

    for kind in ("video", "audio"):
        before, after = packets(clip(name), kind), packets(made.film, kind)
        assert [packet.data for packet in after] == [packet.data for packet in before]
        assert [packet.key for packet in after] == [packet.key for packet in before]
        assert [packet.shown_s for packet in after] == pytest.approx(
            [packet.shown_s for packet in before], abs=MS
        )
    assert_joined(made)
    assert sum(head["frames"] for head in made.heads) == len(packets(clip(name), "video"))
    assert sum(head["packets"] for head in made.heads) == len(packets(clip(name), "audio"))


@pytest.mark.parametrize("name", ["copied.mp4", "ac3.mkv", "wrapped.ts", "vp9.webm"])
def test_segments_when_each_is_made_alone_from_the_last_to_the_first_then_they_are_the_same(
    name: str,
) -> None:
    alone = make(clip(name), backwards=True, video="copy", audio=sound(name))

    assert alone.bodies == make(clip(name), video="copy", audio=sound(name)).bodies


@pytest.mark.parametrize("step_s", [3.75, 10.0])
def test_segments_when_there_is_no_index_then_every_step_gives_the_same_film(step_s: float) -> None:
    made = make(clip("wrapped.ts"), step_s=step_s, video="copy", audio=sound("wrapped.ts"))

    for kind in ("video", "audio"):
        before, after = packets(clip("wrapped.ts"), kind), packets(made.film, kind)
        assert len(after) == len(before)
        assert [packet.shown_s for packet in after] == pytest.approx(
            [packet.shown_s for packet in before], abs=MS
        )
    assert_joined(made)


@pytest.mark.parametrize("name", ["ac3.mkv", "wrapped.ts", "open.mkv", "hevc.mkv"])
def test_segments_when_decoded_then_the_pictures_are_the_film_s(name: str) -> None:
    made = make(clip(name), video="copy", audio=None)

    with av.open(str(clip(name)), "r") as film, av.open(io.BytesIO(made.film), "r") as copy:
        before = [hash(bytes(frame.planes[0])) for frame in film.decode(video=0)]
        after = [hash(bytes(frame.planes[0])) for frame in copy.decode(video=0)]
    assert after == before


def test_segments_when_an_edit_list_cuts_the_beginning_away_then_it_is_not_seen() -> None:
    made = make(clip("edited.mp4"), video="copy", audio=sound("edited.mp4"))

    before, after = packets(clip("edited.mp4"), "video"), packets(made.film, "video")
    assert [packet.data for packet in after] == [packet.data for packet in before]
    hidden = [new for old, new in zip(before, after, strict=True) if old.hidden]
    assert len(hidden) > 20
    assert all(-0.01 < packet.shown_s < 0 for packet in hidden)
    seen = [(old.shown_s, new.shown_s) for old, new in zip(before, after, strict=True) if not old.hidden]
    assert [new for _, new in seen] == pytest.approx([old for old, _ in seen], abs=MS)
    heard = [packet.shown_s for packet in packets(clip("edited.mp4"), "audio") if not packet.hidden]
    assert [packet.shown_s for packet in packets(made.film, "audio")] == pytest.approx(heard, abs=MS)
    assert_joined(made)


def test_segments_when_picture_and_sound_are_made_apart_then_they_are_those_of_both_together() -> None:
    wanted = sound("ac3.mkv")
    both = make(clip("ac3.mkv"), video="copy", audio=wanted)

    picture = make(clip("ac3.mkv"), video="copy", audio=None)
    heard = make(clip("ac3.mkv"), video=None, audio=wanted)

    assert packets(picture.film, "video") == packets(both.film, "video")
    assert packets(heard.film, "audio") == packets(both.film, "audio")


@pytest.mark.parametrize(
    ("name", "codecs"),
    [
        ("copied.mp4", ["avc1.4D401F", "mp4a.40.2"]),
        ("hevc.mkv", ["hvc1.1.6.L63.90", "ec-3"]),
        ("vp9.webm", ["vp09.00.41.08", "opus"]),
        ("av1.mkv", ["av01.0.00M.08", "opus"]),
    ],
)
def test_init_when_copied_then_it_says_what_the_segments_hold(name: str, codecs: list[str]) -> None:
    head, body = init(open_film(clip(name)), {"video": "copy", "audio": sound(name)})

    assert head == {"codecs": codecs, "encoding": None}
    assert codecs[0].split(".")[0].encode() in body


@pytest.mark.parametrize("name", ["copied.mp4", "ac3.mkv", "av1.mkv", "flac.mkv"])
@pytest.mark.parametrize("start_s", [3.0, 9999.0])
def test_init_when_playing_begins_elsewhere_then_it_is_the_same(name: str, start_s: float) -> None:
    wanted = {"video": "copy", "audio": sound(name)}

    assert init(open_film(clip(name)), {**wanted, "start_s": start_s}) == init(open_film(clip(name)), wanted)


def test_decode_times_when_frames_follow_in_every_segment_then_they_never_go_back() -> None:
    made = make(clip("open.mkv"), video="copy", audio=None)

    starts = [parts(body)[0].start for body in made.bodies]
    assert all(earlier < later for earlier, later in pairwise(starts))


def test_segments_when_the_whole_film_is_copied_then_all_14315_pictures_are_there(bunny: Path) -> None:
    index = open_film(bunny).container.streams.audio[0].index

    made = make(bunny, video="copy", audio=[index, "copy"])

    for kind in ("video", "audio"):
        before, after = packets(bunny, kind), packets(made.film, kind)
        assert [packet.data for packet in after] == [packet.data for packet in before]
        assert [packet.shown_s for packet in after] == pytest.approx(
            [packet.shown_s for packet in before], abs=1e-6
        )
    assert len(packets(made.film, "video")) == 14_315
    assert_joined(made)


@pytest.mark.parametrize("name", ["delayed.mkv", "indexed.mp4", "fragments.mp4", "unindexed.mkv"])
def test_segments_when_the_film_is_oddly_made_then_it_is_whole(name: str) -> None:
    made = make(clip(name), video="copy", audio=sound(name))

    for kind in ("video", "audio"):
        before, after = packets(clip(name), kind), packets(made.film, kind)
        assert [packet.data for packet in after] == [packet.data for packet in before]
        assert [packet.shown_s for packet in after] == pytest.approx(
            [packet.shown_s for packet in before], abs=MS
        )
    assert_joined(made)


@pytest.mark.parametrize("name", ["timeless.avi", "named.avi"])
def test_segments_when_the_container_does_not_say_when_pictures_are_shown_then_the_pictures_do(
    name: str,
) -> None:
    """AVI says when a picture is decoded. FFmpeg takes H.264 to be shown in that order, so that it judders."""
    made = make(clip(name), backwards=True, video="copy", audio=sound(name))

    with av.open(str(clip(name)), "r") as film, av.open(io.BytesIO(made.film), "r") as copy:
        before = [hash(bytes(frame.planes[0])) for frame in film.decode(video=0)]
        after = [(frame.time, hash(bytes(frame.planes[0]))) for frame in copy.decode(video=0)]
    assert [picture for _, picture in after] == before
    first_s = after[0][0] or 0.0
    # The one clip was cut before its last picture but one: so the last is late.
    assert [shown for shown, _ in after][:-1] == pytest.approx(
        [first_s + at / 24 for at in range(len(before) - 1)]
    )
    assert_joined(made)
    copied = [packet.shown_s for packet in packets(made.film, "video") if packet.key]
    assert keyframes(open_film(clip(name)), {})[0]["times_s"] == pytest.approx(copied)


def test_segments_when_key_frames_are_20_s_apart_then_each_can_be_played_alone() -> None:
    """Given: no index, so that cuts are guesses, shorter than a group of pictures."""
    made = make(clip("far.ts"), step_s=8.0, video="copy", audio=sound("far.ts"))

    whole = [packet.shown_s for packet in packets(clip("far.ts"), "video")]
    shown: set[float] = set()
    for one, body, head in zip(made.segments, made.bodies, made.heads, strict=True):
        alone = packets(made.init + body, "video")
        assert head["frames"] == len(alone) >= 239
        assert alone[0].key
        assert min(packet.shown_s for packet in alone) <= one.start_s + 4.1
        shown.update(round(packet.shown_s, 3) for packet in alone)
    assert sorted(shown) == pytest.approx(sorted(whole), abs=MS)


@pytest.mark.parametrize(
    ("name", "group_s"), [("far.ts", 20.0), ("once.ts", 30.1), ("wrapped.ts", 2.5), ("theora.ogv", 0.5)]
)
def test_keyframes_when_a_film_has_no_index_then_its_first_seconds_say_how_far_they_are_apart(
    name: str, group_s: float
) -> None:
    head, _ = keyframes(open_film(clip(name)), {})

    assert head["times_s"] == []
    assert head["group_s"] == pytest.approx(group_s, abs=0.05)


def test_segments_when_a_broadcast_begins_between_key_frames_then_it_begins_with_the_first(
    tmp_path: Path,
) -> None:
    path = tmp_path / "cut.ts"
    path.write_bytes(clip("wrapped.ts").read_bytes()[188 * 8000 :])

    made = make(path, video="copy", audio=None)

    before, after = packets(path, "video"), packets(made.film, "video")
    first = next(at for at, packet in enumerate(before) if packet.key)
    assert first > 0
    assert len(after) == len(before) - first
    assert [packet.shown_s for packet in after] == pytest.approx(
        [one.shown_s for one in before[first:]], abs=MS
    )


@pytest.mark.parametrize("name", ["open.mkv", "old.avi", "flv.flv"])
def test_segments_when_the_film_breaks_off_then_all_before_is_there(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(clip(name).read_bytes()[:1_500_000])

    made = make(path, video="copy", audio=None)

    before, after = packets(path, "video"), packets(made.film, "video")
    assert len(before) - 1 <= len(after) <= len(before)
    assert [packet.data for packet in after] == [packet.data for packet in before[: len(after)]]


def test_keyframes_when_nothing_says_how_long_the_film_is_then_its_end_does() -> None:
    film = open_film(clip("unindexed.mkv"))
    assert film.container.duration is None

    head, _ = keyframes(film, {})

    assert head["duration_s"] == pytest.approx(30, abs=0.1)


def test_keyframes_when_a_film_has_no_index_then_there_are_none() -> None:
    assert keyframes(open_film(clip("wrapped.ts")), {})[0]["times_s"] == []


@pytest.mark.parametrize(
    "name", ["copied.mp4", "ac3.mkv", "edited.mp4", "vp9.webm", "fragments.mp4", "old.avi"]
)
def test_keyframes_when_there_is_an_index_then_they_are_the_film_s(name: str) -> None:
    found = keyframes(open_film(clip(name)), {})[0]["times_s"]

    told = [packet.shown_s for packet in packets(clip(name), "video") if packet.key]
    assert found == pytest.approx(told, abs=0.09)


@pytest.mark.parametrize("name", MAKES)
def test_clip_when_decoded_then_it_is_sound(name: str) -> None:
    """Of large pictures the key frames: a clip whose places are wrong has none."""
    with av.open(str(clip(name)), "r") as film:
        for stream in (*film.streams.video, *film.streams.audio):
            film.seek(0)
            large = isinstance(stream, av.VideoStream) and stream.height >= 720
            if large:
                stream.codec_context.skip_frame = "NONKEY"
            packets_of = (packet for packet in film.demux(stream) if packet.size)
            assert sum(len(packet.decode()) for packet in packets_of) >= (1 if large else 20)


def test_segments_when_the_film_has_ten_hours_then_its_joints_are_exact_also_at_the_end() -> None:
    """Given: a minute, six hundred times."""
    minute = film_made(
        "minute.mkv", "-t", "60", "-i", "{bunny}", "-vf", "scale=32:18,fps=2", "-c:v", "libx264", "-g", "20",
        "-sc_threshold", "0", "-ar", "8000", "-ac", "1", "-c:a", "aac", "-b:a", "6k",
    )  # fmt: skip
    film = film_made(
        "long.mkv",
        "-stream_loop",
        "599",
        "-i",
        "{minute.mkv}",
        "-c",
        "copy",
        files={"minute.mkv": minute.read_bytes()},
    )
    opened = open_film(film)
    segments = plan(opened)
    assert len(segments) <= MOST_SEGMENTS
    assert segments[-1].stop_s > 36_000

    ends: dict[int, int] = {}
    frames = 0
    for number in (*range(3), *range(2000, 2003), *range(len(segments) - 3, len(segments))):
        one = segments[number]
        if number in (2000, len(segments) - 3):
            ends.clear()
        head, body = segment(opened, {"video": "copy", "audio": [1, "convert"], **asdict(one)})
        frames += head["frames"] - round((one.stop_s - one.start_s) * 2)
        for part in parts(body):
            assert ends.get(part.track, part.start) == part.start
            at_s = part.start / (48_000 if part.track == 2 else 16_000) - OFFSET_S
            assert at_s == pytest.approx(one.start_s, abs=1.6)
            ends[part.track] = part.stop
    assert frames == pytest.approx(0, abs=1)


def test_segments_when_a_cover_is_stored_like_a_picture_then_the_film_is_shown() -> None:
    still = film_made("still.png", "-ss", "60", "-i", "{bunny}", "-frames:v", "1", "-vf", "scale=160:90")
    film = film_made(
        "covered.mp4", "-t", "6", "-i", "{bunny}", "-i", "{still.png}", "-map", "1:v", "-map", "0:v", "-map", "0:a",
        "-c", "copy", "-disposition:v:0", "attached_pic", files={"still.png": still.read_bytes()},
    )  # fmt: skip

    whole = make(film, video="copy", audio=None)

    with av.open(str(film), "r") as container:
        shown = next(stream for stream in container.streams.video if stream.codec_context.name == "h264")
        count = sum(1 for packet in container.demux(shown) if packet.size)
    assert sum(head["frames"] for head in whole.heads) == count > 140


def test_keyframes_when_the_film_says_that_it_is_shorter_than_its_index_then_the_index_counts(
    tmp_path: Path,
) -> None:
    data = clip("ac3.mkv").read_bytes()
    place = data.index(b"\x44\x89\x88") + 3
    path = tmp_path / "lies.mkv"
    path.write_bytes(data[:place] + struct.pack(">d", 3000.0) + data[place + 8 :])
    assert (open_film(path).container.duration or 0) < 4_000_000

    head, _ = keyframes(open_film(path), {})

    assert head["duration_s"] == pytest.approx(30, abs=1.5)
