"""What a jump reads of a film without an index: what lies there, and little more."""

from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import pytest

from matinee.media.film import Film
from matinee.media.hls.segments import Segment
from matinee.media.packets import Track
from matinee.media.remux import init, picture_of, segment
from matinee.media.source import FilmSource
from tests.media.clips import clip
from tests.media.films import made
from tests.media.made import open_film, packets, parts, plan

MB = 1024 * 1024
PIECE_BYTES = 256 * 1024
WHOLE = ("-t", "300", "-i", "{bunny}", "-c", "copy")
FRAGMENTS = "frag_keyframe+empty_moov+default_base_moof"


def looped(name: str, source: str, times: int, *words: str) -> Path:
    """Give a clip many times one after the other."""
    data = clip(source).read_bytes()
    return made(name, "-stream_loop", str(times - 1), "-i", "{x}", "-c", "copy", *words, files={"x": data})


def unindexed(kind: str) -> Path:
    """Give a film without an index, of 20 to 40 MB."""
    match kind:
        case "flv":
            return made("whole.flv", *WHOLE, "-flvflags", "no_duration_filesize")
        case "mp4":
            return made("whole.mp4", *WHOLE, "-movflags", FRAGMENTS)
        case "mkv":
            return made("whole.mkv", *WHOLE, "-live", "1")
        case "ts":
            return made("whole.ts", *WHOLE)
        case "avi":
            whole = made("whole.avi", *WHOLE)
            part = whole.with_name(f"no-index-{whole.name}")
            data = whole.read_bytes()
            part.write_bytes(data[: data.rindex(b"idx1")])
            return part
        case "webm":
            return looped("whole.webm", "vp9.webm", 20, "-live", "1")
        case "ogv":
            return looped("whole.ogv", "theora.ogv", 20)
    return looped("whole.mpg", "interlaced.mpg", 10, "-f", "vob")


class Counted:
    """A film of which it is counted what is read."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        self.bytes = 0
        self.film = Film(FilmSource(self._fetch, len(self._data)))

    def _fetch(self, start: int, stop: int) -> bytes:
        stop = min(stop, (start // PIECE_BYTES + 1) * PIECE_BYTES)
        self.bytes += stop - start
        return self._data[start:stop]


def place(one: Segment, **wanted: object) -> dict[str, object]:
    return {**wanted, **asdict(one)}


@pytest.mark.parametrize(
    ("kind", "most_mb"),
    [("flv", 1.4), ("mp4", 1.8), ("mkv", 1.0), ("webm", 1.0), ("ts", 1.0), ("mpg", 2.0), ("ogv", 1.0)],
)
def test_jump_when_a_film_has_no_index_then_little_is_read_but_what_lies_there(
    kind: str, most_mb: float
) -> None:
    counted = Counted(unindexed(kind))
    film = counted.film
    video = "convert" if kind in ("mpg", "ogv") else "copy"
    wanted = {"video": video, "audio": [1, "convert"], "max_height": 120}
    segments = plan(film)
    head, _ = init(film, wanted)
    one = segments[len(segments) * 8 // 10]
    counted.bytes = 0

    told, _ = segment(film, place(one, **wanted, alone=True, encoding=head["encoding"]))

    its_own = film.source.length * one.duration_s / segments[-1].stop_s
    assert told["frames"] > 100
    assert counted.bytes < its_own + most_mb * MB


def test_opening_when_a_film_is_in_many_fragments_then_they_are_not_looked_for() -> None:
    counted = Counted(unindexed("mp4"))

    assert plan(counted.film)[-1].stop_s == pytest.approx(300, abs=2)
    assert counted.bytes < 3 * MB


@pytest.mark.parametrize("kind", ["flv", "mp4", "mkv", "webm"])
def test_segments_when_each_is_entered_anew_then_they_are_the_film(kind: str) -> None:
    path = unindexed(kind)
    segments = plan(open_film(path))
    at = len(segments) // 2
    three = segments[at : at + 3]
    assert len(three) == 3
    wanted = {"video": "copy", "audio": [1, "copy"]}
    _, start = init(open_film(path), wanted)

    bodies = [segment(open_film(path), place(one, **wanted))[1] for one in reversed(three)][::-1]

    for before, after in pairwise(bodies):
        for part, following in zip(parts(before), parts(after), strict=True):
            assert part.stop == following.start
    for kind_of in ("video", "audio"):
        whole = packets(path, kind_of)
        found = packets(start + b"".join(bodies), kind_of)
        begin = next(
            i
            for i, one in enumerate(whole)
            if one.data == found[0].data and abs(one.shown_s - found[0].shown_s) < 0.1
        )
        assert [one.data for one in found] == [one.data for one in whole[begin : begin + len(found)]]
        assert found[-1].shown_s - found[0].shown_s > 30


@pytest.mark.parametrize("kind", ["flv", "mkv", "mp4"])
def test_entrance_when_a_film_lies_about_its_times_then_it_ends(kind: str, tmp_path: Path) -> None:
    """Given: all that is behind the head says that it is where the first unit is, or is noise."""
    data = bytearray(unindexed(kind).read_bytes()[: 4 * MB])
    data[MB:] = bytes(reversed(data[MB:]))
    path = tmp_path / "film"
    path.write_bytes(data)
    counted = Counted(path)

    track = Track.of(counted.film, picture_of(counted.film))
    for at_s in (1.0, 200.0, 1e9):
        assert sum(1 for _ in track.read(at_s)) < 14400

    assert counted.bytes < 200 * MB
