"""What a jump reads of a film without an index: what lies there, and little more."""

from dataclasses import asdict
from itertools import islice, pairwise
from pathlib import Path

import pytest

from matinee.media.decide import decide
from matinee.media.film import Film
from matinee.media.hls.segments import Segment
from matinee.media.packets import Track
from matinee.media.remux import init, picture_of, segment
from matinee.media.source import FilmSource
from matinee.models.playback import ClientSupport
from tests.media.clips import clip
from tests.media.films import made
from tests.media.made import open_film, packets, parts, plan
from tests.media.parts import probed

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
            whole = looped("whole.avi", "old.avi", 15)
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
        self.here = len(self._data)
        """Before this place nobody needs to wait."""
        self.film = Film(FilmSource(self._fetch, len(self._data), peek=self._peek))

    def _peek(self, start: int, stop: int) -> bytes:
        return self._fetch(start, min(stop, self.here)) if start < self.here else b""

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


async def test_probe_when_an_avi_has_no_index_then_a_person_is_told_what_a_jump_costs() -> None:
    part = (await probed(unindexed("avi").read_bytes()), await probed(clip("old.avi").read_bytes()))
    assert [one.counted for one in part] == [True, False]
    told = [
        decide(one, ClientSupport(frozenset({"mp4"}), frozenset({"h264"}), frozenset({"aac"})))
        for one in part
    ]
    assert [any("index is missing" in reason for reason in plan.reasons) for plan in told] == [True, False]


def everything(path: Path) -> dict[str, list[tuple[int, bytes]]]:
    """Give the packets of a film's picture and sound, with their times, as they are read from its beginning."""
    film = open_film(path)
    tracks = [Track.of(film, stream) for stream in (film.container.streams[0], film.container.streams[1])]  # type: ignore[arg-type]  # of picture and sound
    return {track.stream.type: [(one.pts or 0, bytes(one)) for one in track.read(None)] for track in tracks}


def some(film: Film, at_s: float, count: int) -> dict[str, list[tuple[int, bytes]]]:
    """Give some packets from a place on."""
    streams = (film.container.streams[0], film.container.streams[1])
    tracks = [Track.of(film, stream) for stream in streams]  # type: ignore[arg-type]  # of picture and sound
    return {
        track.stream.type: [(one.pts or 0, bytes(one)) for one in islice(track.read(at_s), count)]
        for track in tracks
    }


@pytest.mark.parametrize("at_s", [1.0, 33.3, 150.0, 299.0])
def test_jump_when_an_avi_without_an_index_is_here_then_every_packet_has_its_time(at_s: float) -> None:
    path = unindexed("avi")
    whole = everything(path)
    film = open_film(path)

    for kind, found in some(film, at_s, 500).items():
        begin = whole[kind].index(found[0])
        assert found == whole[kind][begin : begin + len(found)]
        base = 1 / 24 if kind == "video" else 1152 / 44100
        assert at_s - 30 < found[0][0] * base <= at_s


def test_jump_when_an_avi_without_an_index_is_arriving_then_its_place_is_guessed_and_it_goes_on_from_there() -> (
    None
):
    path = unindexed("avi")
    whole = everything(path)
    counted = Counted(path)
    counted.here = 2 * MB
    counted.film.container  # noqa: B018 - opens it
    counted.bytes = 0

    first = some(counted.film, 150.0, 500)
    read = counted.bytes
    later = some(counted.film, 170.0, 500)

    apart: dict[str, float] = {}
    for kind, base in (("video", 1 / 24), ("audio", 1152 / 44100)):
        for found in (first[kind], later[kind]):
            data = [one for _, one in whole[kind]]
            begins = [at for at in range(len(data)) if data[at : at + 50] == [one for _, one in found[:50]]]
            near = min(begins, key=lambda at: abs(whole[kind][at][0] - found[0][0]))
            off = found[0][0] - whole[kind][near][0]
            assert apart.setdefault(kind, off * base) == off * base
            assert [at for at, _ in found] == [at + off for at, _ in whole[kind][near : near + len(found)]]
    assert abs(apart["video"]) < 10
    assert abs(apart["video"] - apart["audio"]) < 0.05
    assert read < 6 * MB < len(path.read_bytes()) / 2


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
