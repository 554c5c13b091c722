"""How every page looks, from a phone to a television and in both rooms, beside what was kept of it before.

``make pictures`` keeps them anew; look at each before it is committed.
"""

import asyncio
import io
from dataclasses import replace
from pathlib import Path

import av
import pytest
from av.video.reformatter import Interpolation
from playwright.async_api import Browser

from tests.browser.mocked import Mocked
from tests.browser.sights import SIGHTS, Sight

pytestmark = pytest.mark.browser

LOOKS = Path(__file__).parent / "looks"
WINDOWS = {390: (844, "dark"), 820: (1180, "light"), 1440: (900, "dark"), 3840: (2160, "light")}
"""The height and the room of each width."""
LOOKED_AT = {
    "home", "home-much", "browse", "browse-search", "title", "series", "own", "own-empty", "film", "list", "people",
    "transfers", "glass-crowd", "publish", "first", "settings", "receipt", "player", "player-subtitles",
}  # fmt: skip
AT_EVERY_WIDTH = {"home", "browse", "title", "film", "transfers", "settings", "player"}
"""The others have a picture from a phone and from a desk: what makes them wider or narrower is one grid."""
KEPT_WIDTH = 240
COMPARED_WIDTH = 48
"""Of what is compared: a line of text is a grey there, however a system draws its letters."""
FARTHEST, MEAN = 56, 4.0
"""Of 255: so far one of its points, and so far all of them on average, may be from what they were."""
LIMIT_S = 400
"""On a computer that does much else."""


def _decoded(jpeg: bytes) -> av.VideoFrame:
    with av.open(io.BytesIO(jpeg), "r", format="jpeg_pipe") as picture:
        return next(picture.decode(video=0))


def _scaled(frame: av.VideoFrame, width: int, pixels: str) -> av.VideoFrame:
    height = round(frame.height * width / frame.width)
    return frame.reformat(width=width, height=height, format=pixels, interpolation=Interpolation.AREA)


def _jpeg(frame: av.VideoFrame) -> bytes:
    encoder = av.CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = frame.width, frame.height, frame.format.name
    encoder.time_base = encoder.framerate = 1  # type: ignore[assignment] # a whole number is a fraction
    encoder.options = {"qmin": "3", "qmax": "3"}
    return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])


def _points(frame: av.VideoFrame) -> bytes:
    small = _scaled(frame, COMPARED_WIDTH, "rgb24")
    plane = small.planes[0]
    data, line = bytes(plane), plane.line_size
    return b"".join(data[row * line : row * line + 3 * small.width] for row in range(small.height))


def differs(seen: av.VideoFrame, kept: av.VideoFrame) -> str:
    """Say in a word how two pictures of one page differ; empty when nobody would tell them apart."""
    one, other = _points(seen), _points(kept)
    if len(one) != len(other):
        return "another size"
    apart = [abs(a - b) for a, b in zip(one, other, strict=True)]
    farthest, mean = max(apart), sum(apart) / len(apart)
    return f"{farthest} at one point, {mean:.1f} in all" if farthest > FARTHEST or mean > MEAN else ""


async def _look(mocked: Mocked, width: int, folder: Path, *, renew: bool) -> list[str]:
    height, room = WINDOWS[width]
    wrong: list[str] = []
    async with mocked.tab(width, height, color_scheme=room) as screen:
        for sight in sorted(_looked_at(width), key=lambda one: str(one.wishes)):
            await mocked.show(screen, sight)
            # Where a pointer or a focus was left is no part of how a page looks.
            await screen.page.mouse.move(0, 0)
            taken = _decoded(await screen.page.screenshot(type="jpeg", quality=90))
            name = f"{sight.name}-{width}.jpg"
            small = _jpeg(_scaled(taken, KEPT_WIDTH, "yuvj420p"))
            target = LOOKS if renew else folder
            await asyncio.to_thread((target / name).write_bytes, small)
            if not (LOOKS / name).is_file():
                wrong.append(f"{name}: nobody has kept a picture of it")
            elif difference := differs(_decoded(small), _decoded((LOOKS / name).read_bytes())):
                wrong.append(f"{name}: {difference}; it looks like {folder / name} now")
    return wrong


def _looked_at(width: int) -> list[Sight]:
    names = LOOKED_AT if width in (390, 1440) else AT_EVERY_WIDTH
    found = [sight for sight in SIGHTS if sight.name in names]
    assert len(found) == len(names)
    return found


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.timeout(LIMIT_S)
async def test_page_when_seen_from_a_phone_to_a_television_then_looks_as_it_was_kept(
    mocked: Mocked, windowed: Browser, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    mocked = replace(mocked, chromium=windowed)
    renew = request.config.getoption("--renew-looks")
    found = await asyncio.gather(*(_look(mocked, width, tmp_path, renew=renew) for width in WINDOWS))
    assert [one for wrong in found for one in wrong] == []


def test_differs_when_something_stands_elsewhere_then_says_so() -> None:
    kept = _decoded((LOOKS / "home-1440.jpg").read_bytes())
    other = _decoded((LOOKS / "transfers-1440.jpg").read_bytes())
    assert differs(kept, kept) == ""
    assert differs(other, kept) != ""
