"""Pictures for the seek bar, made by the real process of real films."""

import io
from pathlib import Path

import av
import pytest

from matinee.media.tiles import Moment, Sprite, moments_from_wire, sprite_from_wire
from matinee.media.worker import MediaWorker
from matinee.ports import NotHere
from tests.fakes.films import FakeStream
from tests.media.films import clip, made
from tests.media.parts import stream_of, worker_for
from tests.media.test_probe import X264

WHITE, BLACK = (f"color={color}:s=320x180:r=10:d=30" for color in ("white", "black"))


def two_halves(name: str, *words: str) -> Path:
    """Half a minute of white and half a minute of black, a key frame every two seconds."""
    return made(
        name, "-f", "lavfi", "-i", WHITE, "-f", "lavfi", "-i", BLACK,
        "-filter_complex", "[0][1]concat", "-g", "20", *words,
    )  # fmt: skip


async def moments_of(worker: MediaWorker) -> tuple[Moment, ...]:
    return moments_from_wire((await worker.ask("moments"))[0], worker._length)


async def sprite_of(worker: MediaWorker, moments: tuple[Moment, ...], *, whole: bool = True) -> Sprite:
    middles_s = [(moment.start_s + moment.stop_s) / 2 for moment in moments]
    stamps = [moment.stamp for moment in moments]
    head, body = await worker.ask("pictures", stamps=stamps, at_s=middles_s, whole=whole)
    return sprite_from_wire(head, body, len(moments))


def decoded(sprite: Sprite) -> "av.VideoFrame":
    with av.open(io.BytesIO(sprite.data), "r") as container:
        return next(container.decode(video=0)).reformat(format="gray")


def brightness(sprite: Sprite, place: int) -> int:
    """Give how bright the middle of a picture is."""
    frame = decoded(sprite)
    row, column = divmod(place, 5)
    plane = frame.planes[0]
    x, y = column * sprite.width + sprite.width // 2, row * sprite.height + sprite.height // 2
    return bytes(plane)[y * plane.line_size + x]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("halves.mp4", X264),
        ("halves.mkv", X264),
        ("halves.avi", ("-c:v", "mpeg4")),
        ("halves.webm", ("-c:v", "libvpx", "-b:v", "200k")),
        ("halves.ts", X264),
        (
            "hevc.mkv",
            ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "keyint=20:log-level=error"),
        ),
    ],
)
async def test_pictures_when_of_any_container_then_of_their_moments(
    name: str, words: tuple[str, ...]
) -> None:
    async with worker_for(two_halves(name, *words).read_bytes()) as (worker, _):
        moments = await moments_of(worker)
        sprite = await sprite_of(worker, moments)
    assert len(moments) == 12
    assert [moment.start_s for moment in moments] == pytest.approx([5 * n for n in range(12)], abs=0.2)
    assert moments[-1].stop_s == pytest.approx(60, abs=1)
    assert (sprite.made, sprite.missing) == (tuple(range(12)), frozenset())
    frame = decoded(sprite)
    assert (frame.width, frame.height) == (5 * 240, 3 * 136)
    assert [brightness(sprite, place) > 128 for place in range(12)] == [True] * 6 + [False] * 6


async def test_moments_when_key_frames_are_rare_then_one_for_each() -> None:
    film = two_halves(
        "rare.mp4", *X264, "-g", "200", "-force_key_frames", "0,20,40", "-x264-params", "scenecut=0"
    )
    async with worker_for(film.read_bytes()) as (worker, _):
        moments = await moments_of(worker)
    assert len(moments) <= 6
    assert [one.stop_s for one in moments[:-1]] == [other.start_s for other in moments[1:]]


async def test_pictures_when_the_phone_was_turned_then_upright() -> None:
    flat = clip("upright.mp4", *X264, "-g", "20", length_s=60)
    turned = made("upright90.mp4", "-i", "{flat.mp4}", "-c", "copy", "-metadata:s:v:0", "rotate=270",
                  files={"flat.mp4": flat.read_bytes()})  # fmt: skip
    async with worker_for(turned.read_bytes()) as (worker, _):
        sprite = await sprite_of(worker, (await moments_of(worker))[:7])
    assert (sprite.width, sprite.height) == (136, 240)
    assert (decoded(sprite).width, decoded(sprite).height) == (5 * 136, 2 * 240)


async def test_moments_when_their_bytes_are_here_then_those_suffice() -> None:
    """What the index says is all that a picture needs, but for what all of them need."""
    for name in ("halves.mp4", "halves.mkv"):
        data = two_halves(name, *X264).read_bytes()
        async with worker_for(data) as (worker, stream):
            moments = await moments_of(worker)
            stream.reads.clear()
            await sprite_of(worker, moments[6:7])
        assert all(start < moments[6].last for start, _ in stream.reads)


def half_here(stream: FakeStream) -> FakeStream:
    stream.withhold_from(len(stream.data) // 2)
    return stream


async def test_pictures_when_only_half_is_here_then_the_others_are_missing_and_nobody_waits() -> None:
    data = clip("half.mp4", *X264, "-g", "20", "-movflags", "+faststart", length_s=60).read_bytes()
    stream = half_here(stream_of(data, 4096))
    async with MediaWorker(stream.peek, len(data)) as worker:
        moments = await moments_of(worker)
        sprite = await sprite_of(worker, moments)
    assert 0 < len(sprite.made) < len(moments)
    assert sprite.missing == set(range(len(moments))) - set(sprite.made)
    assert all(moments[place].last > stream.here - 4096 for place in sprite.missing)


async def test_moments_when_the_index_is_not_here_then_told_so_and_later_answered() -> None:
    data = clip("index-last.mp4", *X264, length_s=20).read_bytes()
    stream = half_here(stream_of(data, 4096))
    async with MediaWorker(stream.peek, len(data)) as worker:
        with pytest.raises(NotHere):
            await worker.ask("moments")
        await stream.release()
        assert await moments_of(worker)


class Islands(FakeStream):
    """A film of which the head, the index and some parts are here."""

    parts: tuple[tuple[int, int], ...] = ()

    def has(self, position: int) -> bool:
        return any(start <= position < stop for start, stop in self.parts)


@pytest.mark.parametrize("name", ["island.mp4", "island.mkv"])
async def test_pictures_when_their_bytes_are_here_alone_then_made(name: str) -> None:
    """Its pictures are decoded out of order: in MP4 another clock leads there than its index has."""
    data = made(
        name, "-t", "120", "-i", "{bunny}", "-an", "-c:v", "copy", "-movflags", "+faststart"
    ).read_bytes()
    stream = Islands(stream_of(data).file, data, '"x"', 16 * 1024)
    stream.parts = ((0, len(data)),)
    async with MediaWorker(stream.peek, len(data)) as worker:
        moments = await moments_of(worker)
        whole = await sprite_of(worker, moments[16:17])
    wanted = moments[16]
    stream.parts = ((0, 600_000), (wanted.first, wanted.last), (len(data) - 65_536, len(data)))
    async with MediaWorker(stream.peek, len(data)) as worker:
        alone = await sprite_of(worker, (wanted,))
        others = await sprite_of(worker, moments[10:12])
    assert wanted.first > 1_000_000
    assert (alone.made, others.made) == ((0,), ())
    assert alone.data == whole.data


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("island.ts", ("-c:v", "copy")),
        ("island.flv", ("-c:v", "copy", "-flvflags", "no_duration_filesize")),
        ("island.mpg", ("-vf", "scale=320:180", "-c:v", "mpeg2video", "-b:v", "1M", "-f", "vob")),
        ("island.ogv", ("-vf", "scale=320:180", "-c:v", "libtheora", "-b:v", "1M")),
    ],
)
async def test_pictures_when_a_film_without_an_index_arrives_then_made_of_what_is_here_and_their_times_told(
    name: str, words: tuple[str, ...]
) -> None:
    data = made(name, "-t", "120", "-i", "{bunny}", "-an", *words).read_bytes()
    stream = Islands(stream_of(data).file, data, '"x"', 16 * 1024)
    stream.parts = ((0, len(data)),)
    async with MediaWorker(stream.peek, len(data)) as worker:
        moments = await moments_of(worker)
        whole = await sprite_of(worker, moments, whole=False)
    wanted = moments[16]
    stream.parts = ((0, 1_200_000), (wanted.first, wanted.last), (len(data) - 600_000, len(data)))
    async with MediaWorker(stream.peek, len(data)) as worker:
        assert await moments_of(worker) == moments
        alone = await sprite_of(worker, (wanted,), whole=False)
        others = await sprite_of(worker, moments[10:12], whole=False)

    assert whole.made[-1] >= 20
    assert whole.times_s is not None
    assert list(whole.times_s) == sorted(whole.times_s)
    assert (alone.made, others.made) == ((0,), ())
    assert alone.times_s == (whole.times_s[whole.made.index(16)],)
