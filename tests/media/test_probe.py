"""What films are made of: made ones, each with what real ones have."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.confined.frames import WireError
from matinee.media.film import demuxed
from matinee.media.probe_wire import MOST_TRACKS, info_from_wire, info_to_wire
from matinee.media.rotation import rotations
from matinee.media.source import FilmSource
from matinee.models.media import Chapter, Hdr, MediaInfo, SubtitleForm
from tests.media.films import CHAPTERS, SUBTITLES, clip, made
from tests.media.parts import probed, worker_for
from tests.media.test_codec_matrix import opened

X264 = ("-c:v", "libx264", "-preset", "ultrafast")


def rich() -> Path:
    """A Matroska file with all that people put into one."""
    return made(
        "rich.mkv",
        *("-ss", "30", "-t", "6", "-i", "{bunny}", "-i", "{a.srt}", "-i", "{chapters.txt}"),
        *("-attach", "{font.ttf}", "-metadata:s:t:0", "mimetype=font/ttf", "-metadata:s:t:0", "filename=A font.ttf"),
        *("-attach", "{cover.jpg}", "-metadata:s:t:1", "mimetype=image/jpeg", "-metadata:s:t:1", "filename=cover.jpg"),
        *("-map", "0:v", "-map", "0:a", "-map", "0:a", "-map", "0:a", "-map", "1:s", "-map", "1:s", "-map", "1:s"),
        *("-map_metadata", "2", "-vf", "scale=320:180", *X264, "-c:a:0", "ac3", "-c:a:1", "eac3", "-c:a:2", "libopus"),
        *("-c:s:0", "srt", "-c:s:1", "ass", "-c:s:2", "srt"),
        *("-metadata:s:a:0", "language=ger", "-metadata:s:a:0", "title=Deutsch", "-metadata:s:a:1", "language=eng"),
        *("-metadata:s:a:2", "title=Director's commentary", "-metadata:s:s:0", "language=fre"),
        *("-metadata:s:s:1", "language=por-BR", "-metadata:s:s:2", "title=SDH \u202e"),
        *("-disposition:a:0", "0", "-disposition:a:1", "default", "-disposition:s:0", "default+forced"),
        *("-metadata:s:a:2", "language=", "-disposition:a:2", "0", "-disposition:s:2", "hearing_impaired"),
        files={"a.srt": SUBTITLES, "chapters.txt": CHAPTERS, "font.ttf": b"\0" * 5000, "cover.jpg": cover()},
    )  # fmt: skip


def cover() -> bytes:
    return made("cover.jpg", "-ss", "60", "-i", "{bunny}", "-frames:v", "1").read_bytes()


async def test_probe_when_everything_is_in_it_then_everything_is_told() -> None:
    info = await probed(rich().read_bytes())
    assert [track.codec for track in info.video] == ["h264"]
    assert [
        (track.codec, track.language, track.title, track.default, track.commentary) for track in info.audio
    ] == [
        ("ac3", "de", "Deutsch", False, False),
        ("eac3", "en", "", True, False),
        ("opus", "und", "Director's commentary", False, True),
    ]
    assert [
        (
            track.codec,
            track.form,
            track.language,
            track.title,
            track.default,
            track.forced,
            track.hearing_impaired,
        )
        for track in info.subtitles
    ] == [
        ("subrip", SubtitleForm.TEXT, "fr", "", True, True, False),
        ("ass", SubtitleForm.STYLED, "pt-BR", "", False, False, False),
        ("subrip", SubtitleForm.TEXT, "und", "SDH", False, False, True),
    ]
    assert info.chapters == (Chapter(0.0, 2.0, "Waking"), Chapter(2.0, 6.0, "2"))
    assert [(file.name, file.media_type, file.length) for file in info.attachments] == [
        ("A font.ttf", "font/ttf", 5000)
    ]
    assert info.duration_s == pytest.approx(6, abs=0.1)


async def test_probe_when_its_head_is_here_then_asked_for_little_else() -> None:
    data = rich().read_bytes()
    async with worker_for(data) as (worker, stream):
        info = info_from_wire((await worker.ask("probe"))[0])
    assert len(info.audio) == 3
    assert len(stream.reads) < 20


def test_probe_when_a_song_with_a_cover_then_no_picture() -> None:
    song = made(
        "song.mp3", "-t", "5", "-i", "{bunny}", "-i", "{cover.jpg}", "-map", "0:a", "-map", "1:v",
        "-c:v", "copy", "-disposition:v:0", "attached_pic", files={"cover.jpg": cover()},
    )  # fmt: skip
    info = opened(song.read_bytes())
    assert (info.video, [track.codec for track in info.audio]) == ((), ["mp3"])


@pytest.mark.parametrize(
    ("transfer", "hdr"), [("smpte2084", Hdr.HDR10), ("arib-std-b67", Hdr.HLG), ("bt709", None)]
)
@pytest.mark.parametrize("container", ["mkv", "mp4"])
def test_probe_when_hdr_then_told(container: str, transfer: str, hdr: Hdr | None) -> None:
    bits = f"colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc:log-level=error"
    film = clip(
        f"{transfer}.{container}", "-an", "-pix_fmt", "yuv420p10le", "-c:v", "libx265", "-preset", "ultrafast",
        "-x265-params", bits, length_s=1,
    )  # fmt: skip
    (track,) = opened(film.read_bytes()).video
    assert (track.hdr, track.bit_depth, track.codec) == (hdr, 10, "hevc")
    assert (track.codec_string or "").startswith("hvc1.2.")


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_probe_when_a_phone_was_turned_then_told(degrees: int) -> None:
    flat = clip("flat.mp4", *X264, length_s=1)
    turned = made(
        f"turned{degrees}.mp4", "-i", "{flat.mp4}", "-c", "copy", "-metadata:s:v:0", f"rotate={360 - degrees}",
        files={"flat.mp4": flat.read_bytes()},
    )  # fmt: skip
    assert opened(flat.read_bytes()).video[0].rotation == 0
    assert opened(turned.read_bytes()).video[0].rotation == degrees


def test_probe_when_pixels_are_not_square_and_lines_alternate_then_told() -> None:
    film = clip(
        "disc.mpg", "-aspect", "16:9", "-c:v", "mpeg2video", "-flags", "+ilme+ildct", "-top", "1", "-c:a", "mp2",
        length_s=2, sized="720:576",
    )  # fmt: skip
    info = opened(film.read_bytes())
    assert info.container == "mpeg"
    (track,) = info.video
    assert (track.codec, track.interlaced, round(track.pixel_aspect, 2)) == ("mpeg2video", True, 1.42)


def test_probe_when_sound_begins_later_than_a_glance_sees_then_found() -> None:
    """Given: a recording whose sound begins in the sixth second, after two million bytes."""
    film = made(
        "late.ts", "-t", "12", "-i", "{bunny}", "-itsoffset", "6", "-t", "6", "-i", "{bunny}", "-map", "0:v",
        "-map", "1:a", "-c:v", "mpeg2video", "-b:v", "4M", "-minrate", "4M", "-maxrate", "4M", "-bufsize", "1M",
        "-c:a", "ac3",
    )  # fmt: skip
    assert [(track.codec, track.channels) for track in opened(film.read_bytes()).audio] == [("ac3", 2)]


def test_rotations_when_boxes_are_anything_then_an_answer() -> None:
    @given(st.binary(max_size=300))
    def check(data: bytes) -> None:
        for film in (data, b"\0\0\0\x08moov" + data, (len(data) + 8).to_bytes(4, "big") + b"moov" + data):
            source = FilmSource(lambda start, stop, film=film: film[start:stop], len(film))  # type: ignore[misc]
            assert set(rotations(source, len(film)).values()) <= {90, 180, 270}

    check()


EMPTY = MediaInfo("mp4", 1.0, 0.0, 0, (), (), (), (), ())


@pytest.fixture(scope="module")
def head() -> dict[str, Any]:
    import json

    written: dict[str, Any] = json.loads(json.dumps(info_to_wire(opened(rich().read_bytes()))))
    return written


def test_info_from_wire_when_written_then_the_same(head: dict[str, Any]) -> None:
    assert info_from_wire(head) == opened(rich().read_bytes())


@pytest.mark.parametrize(
    "wrong",
    [
        {"container": 5},
        {"duration_s": "x"},
        {"duration_s": float("nan")},
        {"duration_s": -1.0},
        {"duration_s": 0},
        {"start_s": float("inf")},
        {"video": None},
        {"video": [{}]},
        {"audio": [None] * 2},
        {"bit_rate": "many"},
        {"bit_rate": True},
        {"bit_rate": 2**63},
        {"start_s": 10**400},
        {"duration_s": 1e9},
        {"video": {}},
        {"video": "ab"},
        {"audio": 5},
        {"more": 1},
        {"container": None},
        {"chapters": [{"start_s": float("nan"), "stop_s": 1.0, "title": ""}]},
    ],
)
def test_info_from_wire_when_the_process_lies_then_refused(
    head: dict[str, Any], wrong: dict[str, Any]
) -> None:
    with pytest.raises(WireError):
        info_from_wire(head | wrong)


@pytest.mark.parametrize("hdr", ["hdr11", 5, [], {}, "HDR10"])
def test_info_from_wire_when_no_such_brightness_then_refused(head: dict[str, Any], hdr: object) -> None:
    assert info_from_wire(head | {"video": [head["video"][0] | {"hdr": "hdr10"}]}).video[0].hdr is Hdr.HDR10
    with pytest.raises(WireError):
        info_from_wire(head | {"video": [head["video"][0] | {"hdr": hdr}]})


def test_info_from_wire_when_more_than_films_have_then_refused(head: dict[str, Any]) -> None:
    for kind, most in (("audio", MOST_TRACKS), ("subtitles", MOST_TRACKS), ("chapters", 500)):
        with pytest.raises(WireError):
            info_from_wire(head | {kind: (head[kind] * 300)[: most + 1]})


def test_demuxed_when_the_library_met_more_tracks_than_it_knows_then_the_end() -> None:
    class Container:
        def demux(self, *streams: object) -> Iterator[str]:
            yield from streams  # type: ignore[misc]
            raise IndexError("list index out of range")

    assert list(demuxed(Container(), "a", "b")) == ["a", "b"]  # type: ignore[arg-type,comparison-overlap]
