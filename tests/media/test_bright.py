"""Bright films on ordinary screens: colours that are known come out as they are, on the whole way through."""

import io
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import av
import pytest

from matinee.media.dolby import profiles
from matinee.media.encoding import Encoding
from matinee.models.media import Hdr
from tests.media.bright import ACROSS, COLOURS, HEIGHT, SIDE, WIDTH, dolby, hdr10, hlg
from tests.media.clips import clip
from tests.media.parts import probed, worker_for
from tests.media.test_transcode import converted

Colour = tuple[float, ...]
GREYS = slice(12, 18)
BELOW_KNEE = [*range(12), 14, 15, 16, 17]


def shown(path: Path) -> list[Colour]:
    """Convert a film and measure its patches, in 8 bits."""
    made = converted(path, Encoding(WIDTH, HEIGHT, "veryfast"), step_s=4.0)
    with av.open(io.BytesIO(made.film), "r") as film:
        context = film.streams.video[0].codec_context
        assert (context.color_primaries, context.color_trc, context.colorspace) == (1, 1, 1)
        plane = next(film.decode(video=0)).reformat(format="rgb24", src_colorspace="ITU709").planes[0]
    data, line = bytes(plane), plane.line_size
    middles = (
        (at // ACROSS * SIDE + SIDE // 2, at % ACROSS * SIDE + SIDE // 2) for at in range(len(COLOURS))
    )
    return [tuple(data[row * line + 3 * column :][:3]) for row, column in middles]


@pytest.mark.parametrize(("make", "kind"), [(hdr10, Hdr.HDR10), (hlg, Hdr.HLG)])
async def test_colours_when_a_bright_film_is_converted_then_they_are_those_it_was_made_of(
    make: Callable[[Path], Path], kind: Hdr, tmp_path: Path
) -> None:
    film = make(tmp_path / "bright.mkv")

    found = shown(film)

    assert (await probed(film.read_bytes())).video[0].hdr is kind
    for at in BELOW_KNEE:
        assert found[at] == pytest.approx(COLOURS[at], abs=6), COLOURS[at]
    greys = [max(grey) for grey in found[GREYS]]
    assert all(max(grey) - min(grey) <= 2 for grey in found[GREYS])
    assert all(bright > dark + 10 for bright, dark in pairwise(greys))
    # Paper white leaves room for what is brighter: ten times as bright can still be told from it.
    assert 205 < greys[0] < 225


async def test_seek_bar_when_a_film_is_bright_then_its_pictures_are_as_an_ordinary_screen_shows_them(
    tmp_path: Path,
) -> None:
    async with worker_for(hdr10(tmp_path / "bright.mkv").read_bytes()) as (worker, _):
        head, body = await worker.ask("pictures", stamps=[0], at_s=[0.2], whole=True)
    with av.open(io.BytesIO(body), "r") as sprite:
        frame = next(sprite.decode(video=0)).reformat(format="rgb24")
    data, line, by = bytes(frame.planes[0]), frame.planes[0].line_size, head["width"] / WIDTH
    for at in BELOW_KNEE:
        row, column = (int((place * SIDE + SIDE // 2) * by) for place in divmod(at, ACROSS))
        assert tuple(data[row * line + 3 * column :][:3]) == pytest.approx(COLOURS[at], abs=14), COLOURS[at]


async def test_colours_when_only_dolby_vision_knows_them_then_the_picture_is_grey_and_rightly_bright(
    tmp_path: Path,
) -> None:
    film = dolby(tmp_path / "dolby.mkv")

    found = shown(film)

    assert (await probed(film.read_bytes())).video[0].hdr is Hdr.DOLBY_VISION
    assert all(max(colour) - min(colour) <= 2 for colour in found)
    assert [max(grey) for grey in found[GREYS][2:]] == pytest.approx([160, 122, 85, 52], abs=3)


def test_profiles_when_a_film_says_none_then_there_are_none(tmp_path: Path) -> None:
    film = dolby(tmp_path / "dolby.mkv").read_bytes()

    assert profiles(film[: 64 * 1024]) == [5]
    assert profiles(clip("hevc.mkv").read_bytes()[: 64 * 1024]) == [None]
    assert profiles(b"") == profiles(b"\x00" * 100) == profiles(b"\x18\x53\x80\x67\xff" * 50) == []
    assert all(profiles(film[:at]) in ([], [None], [5]) for at in range(0, 700, 7))
