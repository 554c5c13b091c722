"""Posters of every kind are made small in a process of their own; bombs and what is no picture are refused there."""

import os
import struct
from collections.abc import AsyncIterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.confined.frames import WireError
from matinee.errors import BadSource
from matinee.media import picture as module
from matinee.media.picture import Studio, _made
from matinee.media.picture_header import NoPicture, first_frame, read_header
from tests.media import made_pictures as drawn

JPEG = drawn.drawn("mjpeg", "yuvj420p")
WEBP = drawn.drawn("libwebp", "yuv420p")
GOOD = {
    "jpeg": JPEG,
    "png": drawn.drawn("png", "rgb24"),
    "png-64": drawn.drawn("png", "rgba64be"),
    "png-grey": drawn.drawn("png", "gray"),
    "webp": WEBP,
    "webp-lossless": drawn.drawn("libwebp", "bgra"),
    "gif-moving": drawn.moving_gif(),
    "webp-moving": drawn.moving_webp(WEBP),
}


@pytest.fixture
async def studio() -> AsyncIterator[Studio]:
    """One with a process of its own."""
    studio = Studio()
    yield studio
    await studio.close()


async def test_every_kind_is_made_as_wide_as_is_asked_but_no_wider_than_it_is(studio: Studio) -> None:
    made = {name: await studio.develop(data, (100, 480)) for name, data in GOOD.items()}
    sizes = {name: [(one.width, one.height) for one in pictures] for name, pictures in made.items()}
    assert sizes == {name: [(100, 150), (200, 300)] for name in GOOD}
    assert all(read_header(one.data).kind == "webp" for pictures in made.values() for one in pictures)
    assert drawn.light(made["gif-moving"][0].data) > 200
    assert abs(drawn.light(made["jpeg"][0].data) - drawn.light(made["png"][0].data)) < 3


def _many_scans() -> bytes:
    """A progressive JPEG that has its only scan again and again: each costs a pass over all of it."""
    head = b"\xff\xd8\xff\xc2" + struct.pack(">HBHHB", 11, 8, 4900, 5000, 1) + b"\x01\x11\x00"
    table = b"\xff\xdb" + struct.pack(">HB", 67, 0) + b"\x01" * 64
    huffman = b"\xff\xc4" + struct.pack(">HB", 20, 0) + b"\x01" + bytes(15) + b"\x00"
    scan = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\x01\x00\x00\x00\x00" + b"\x00" * 400
    return head + table + huffman + scan * 3000 + b"\xff\xd9"


BAD = {
    "nothing": b"",
    "text": b"not a picture",
    "html": b"<!doctype html><img src=x onerror=alert(1)>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' width='200' height='300'><script>1</script></svg>",
    "film": b"\x00\x00\x00\x18ftypmp42" + bytes(400),
    "tiff": b"II*\x00" + bytes(400),
    "says-60000": drawn.png(60_000, 60_000),
    "says-89-megapixels": drawn.png(9_000, 9_900),
    "one-pixel": drawn.drawn("png", "rgb24", 1, 1),
    "packs-more": drawn.png(300, 300, rows=300_000),
    "cut-off": JPEG[:60],
    "no-frame": JPEG[:2] + b"\xff\xd9",
    "noise": b"\xff\xd8\xff\xe0\x00\x04ab" + os.urandom(5000),
    "gif-of-nothing": b"GIF89a\xc8\x00\xc8\x00\x00\x00\x00;",
    "moves-without-picture": drawn.moving_webp(WEBP[:12] + b"VP8Z" + WEBP[16:]),
    "many-scans": _many_scans(),
}


async def test_what_is_no_picture_is_refused_and_the_next_one_is_made(studio: Studio) -> None:
    refused = []
    for name, data in BAD.items():
        try:
            pictures = await studio.develop(data, (100,))
        except BadSource:
            refused.append(name)
        else:
            # Nothing worse than a picture comes of it, and none of the bytes that were sent.
            assert name in ("packs-more", "noise", "many-scans")
            assert read_header(pictures[0].data).kind == "webp"
    after = await studio.develop(JPEG, (100,))
    assert set(BAD) - set(refused) <= {"packs-more", "noise", "many-scans"}
    assert (after[0].width, after[0].height) == (100, 150)


async def test_a_picture_that_takes_too_long_ends_and_the_next_one_is_made(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(module, "LIMIT_S", 0.0)
        with pytest.raises(BadSource):
            await studio.develop(JPEG, (100,))
    assert len(await studio.develop(JPEG, (100,))) == 1


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ({}, b""),
        ({"sizes": []}, b""),
        ({"sizes": [{}]}, b""),
        ({"sizes": [{"width": True, "height": 1, "bytes": 12}]}, WEBP[:12]),
        ({"sizes": [{"width": 101, "height": 1, "bytes": 12}]}, WEBP[:12]),
        ({"sizes": [{"width": 9, "height": 99_999, "bytes": 12}]}, WEBP[:12]),
        ({"sizes": [{"width": 9, "height": 9, "bytes": -1}]}, WEBP[:12]),
        ({"sizes": [{"width": 9, "height": 9, "bytes": 10**9}]}, WEBP[:12]),
        ({"sizes": [{"width": 9, "height": 9, "bytes": 12}]}, b"<svg></svg> "),
        ({"sizes": [{"width": 9, "height": 9, "bytes": 12}]}, WEBP[:11]),
        ({"sizes": [{"width": 9, "height": 9, "bytes": 12}]}, WEBP[:13]),
    ],
)
def test_what_a_process_says_that_was_taken_over_is_not_believed(
    head: dict[str, object], body: bytes
) -> None:
    with pytest.raises(WireError):
        _made(head, body, (100,))


@given(st.sampled_from([*GOOD.values(), *BAD.values()]), st.data())
@settings(max_examples=150)
def test_a_header_of_any_bytes_is_read_or_refused(good: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, 60))
    changed = good[:at] + data.draw(st.binary(max_size=8)) + good[at + data.draw(st.integers(0, 8)) :][:3000]
    try:
        found = read_header(changed)
    except NoPicture:
        return
    assert min(found.width, found.height) >= 48
    assert found.width * found.height <= 25_000_000


def test_first_frame_of_what_does_not_move_is_itself() -> None:
    assert first_frame(WEBP) is WEBP
