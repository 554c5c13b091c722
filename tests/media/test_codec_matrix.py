"""Some 750 small films of others, each named by what it holds, and a real one with captions."""

from pathlib import Path
from typing import Protocol

import pytest

from matinee.confined.frames import Head
from matinee.media.film import Film
from matinee.media.probe import probe
from matinee.media.probe_wire import info_from_wire
from matinee.media.source import FilmSource
from matinee.models.media import MediaInfo


class Registry(Protocol):
    def npm(self, name: str, version: str) -> Path: ...


PICTURES = {
    "avc1": "h264", "hev1": "hevc", "hvc1": "hevc", "av01": "av1", "vp8": "vp8", "vp9": "vp9", "vp09": "vp9",
    "mp4v": "mpeg4", "theora": "theora",
}  # fmt: skip
SOUNDS = {
    "aac": "aac", "mp4a.40.2": "aac", "mp4a.40.5": "aac", "mp4a.40.29": "aac", "mp4a.40.34": "mp3", "mp3": "mp3",
    "ac-3": "ac3", "ec-3": "eac3", "flac": "flac", "alac": "alac", "opus": "opus", "vorbis": "vorbis", "speex": "speex",
}  # fmt: skip
REFUSED = (
    # AVI has no name for HEVC, so these say that they are uncompressed.
    *(f"avi/hev1.1.6.{level}.90" for level in ("H120", "H150", "L60")),
    # Their one sound track has a broken description; no program plays them.
    *(f"{folder}/mp4a.40.{kind}." for folder in ("avi", "mkv", "mov", "mp4", "wav") for kind in (5, 29)),
    # Ten packets, taken for MPEG audio by FFmpeg too.
    *(
        f"ts/avc1.{profile},{sound}."
        for profile in ("42c00d", "4d401e", "640028")
        for sound in ("aac", "mp4a.40.2")
    ),
)
"""Beginnings of the names of what cannot be played."""


def opened(data: bytes) -> MediaInfo:
    with Film(FilmSource(lambda start, stop: data[start:stop], len(data))) as film:
        head: Head = probe(film, {})[0]
        return info_from_wire(head)


def held_by(path: Path) -> tuple[list[str], list[str]]:
    """Give what a file's name says of its pictures and sounds."""
    words = path.name.removesuffix(path.suffix).split(",")
    pictures = [PICTURES[word.split(".")[0]] for word in words if word.split(".")[0] in PICTURES]
    return pictures, [SOUNDS[word] for word in words if word in SOUNDS]


def names(info: MediaInfo) -> tuple[list[str], list[str]]:
    return [track.codec for track in info.video], [track.codec for track in info.audio]


@pytest.fixture(scope="module")
def matrix(registry: Registry) -> list[Path]:
    folder = registry.npm("@videojs/vhs-utils", "4.1.2") / "test" / "fixtures" / "formats"
    return sorted(path for path in folder.rglob("*") if path.is_file())


def refused(path: Path) -> bool:
    return f"{path.parent.name}/{path.name}".startswith(REFUSED)


def test_probe_when_a_film_of_the_matrix_then_its_codecs_are_those_of_its_name(matrix: list[Path]) -> None:
    good = [path for path in matrix if not refused(path)]
    assert len(good) > 690
    wrong = [path for path in good if names(opened(path.read_bytes())) != held_by(path)]
    assert wrong == []


def test_probe_when_a_film_of_the_matrix_cannot_be_played_then_refused(matrix: list[Path]) -> None:
    bad = list(filter(refused, matrix))
    assert len(bad) > 50
    for path in bad:
        with pytest.raises(ValueError, match=r"neither|unknown kind"):
            opened(path.read_bytes())


def test_probe_when_the_codec_string_is_in_the_name_then_the_same(matrix: list[Path]) -> None:
    for path in matrix:
        word = path.name.removesuffix(path.suffix).split(",")[0]
        if refused(path) or word[:4] not in ("avc1", "hev1", "hvc1") or word.endswith(("avc1", "hev1")):
            continue
        (track,) = opened(path.read_bytes()).video
        assert (track.codec_string or "").upper() == word.upper().replace("HEV1", "HVC1"), path


def test_probe_when_of_a_broadcast_then_described(registry: Registry) -> None:
    sintel = registry.npm("mux.js", "7.1.0") / "test" / "segments" / "sintel-captions.ts"
    info = opened(sintel.read_bytes())
    assert info.container == "mpegts"
    assert names(info) == (["h264"], ["aac"])
    assert [(track.width, track.height, track.frame_rate) for track in info.video] == [(400, 170, 24.0)]
    assert info.start_s > 1
