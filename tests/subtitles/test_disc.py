"""Files of picture subtitles, as discs are copied."""

import struct
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.errors import BadSubtitles, TooLarge
from matinee.models.subtitles import DrawnExcerpt
from matinee.subtitles import disc
from matinee.subtitles.inside import pictures_of
from tests.subtitles import made_pgs
from tests.subtitles.test_pictures import ROWS, SHOW, spu

SUP = made_pgs.sup(
    [(1.5, made_pgs.shown(1, ROWS, 5, 6)), (3.0, made_pgs.hidden(2)), (60.0, made_pgs.shown(3, ROWS, 5, 6))]
)
PACK = b"\x00\x00\x01\xba" + bytes(9) + b"\xf8"
PADDING = b"\x00\x00\x01\xbe\x00\x04" + bytes(4)


def pes(payload: bytes, stream: int = 0x20) -> bytes:
    """Write a packet of private data, with a time stamp in its head."""
    body = b"\x81\x80\x05" + bytes(5) + bytes((stream,)) + payload
    return b"\x00\x00\x01\xbd" + struct.pack(">H", len(body)) + body


def vobsub(*places: tuple[float, int]) -> bytes:
    """Write an index of pictures and where they lie."""
    lines = ["# VobSub index file, v7", "size: 720x480", "palette: 000000, ffffff", "id: en, index: 0"]
    for at_s, place in places:
        whole, part_ms = divmod(round(at_s * 1000), 1000)
        lines.append(f"timestamp: 00:{whole // 60:02}:{whole % 60:02}:{part_ms:03}, filepos: {place:09x}")
    return "\r\n".join(
        [*lines, "id: fr, index: 1", "timestamp: 00:00:09:000, filepos: 000000000", ""]
    ).encode()


def test_read_sup_when_sets_follow_each_other_then_their_times() -> None:
    excerpt = disc.read_sup(SUP)
    assert [event.start_s for event in excerpt.events] == [1.5, 3.0, 60.0]
    assert [(one.start_s, one.stop_s) for one in pictures_of(excerpt, 70)] == [(1.5, 3.0), (60.0, 70)]


def test_cut_when_a_time_is_wanted_then_what_began_before_it_too() -> None:
    assert [event.start_s for event in disc.cut(disc.read_sup(SUP), 10, 60).events] == [1.5, 3.0]
    assert [event.start_s for event in disc.cut(disc.read_sup(SUP), 14, 61).events] == [60.0]


def test_read_vobsub_when_a_picture_lies_in_several_packs_then_it_is_put_together() -> None:
    packet = spu(SHOW, b"\x40\x00" * 1500)
    first = PACK + pes(packet[:2000]) + PADDING + pes(b"other", 0x21) + PACK + pes(packet[2000:])
    excerpt = disc.read_vobsub(vobsub((1.5, 0), (4.25, len(first))), first + PACK + pes(spu(SHOW)))
    assert [(event.start_s, event.data) for event in excerpt.events] == [(1.5, packet), (4.25, spu(SHOW))]
    one, two = pictures_of(excerpt, 9.0)
    assert (one.start_s, one.stop_s, two.stop_s) == (1.5, 4.25, 9.0)
    assert (one.canvas_width, one.canvas_height) == (720, 480)


def test_languages_when_an_index_has_several_then_each_with_its_pictures() -> None:
    index = (
        b"id: en, index: 0\nalt: English (SDH)\ntimestamp: 00:00:01:500, filepos: 000000000\n"
        b"id: de, index: 1\n# no pictures\nid: --, index: 2\ntimestamp: 00:00:02:000, filepos: 0000000ff\n"
    )
    assert disc.languages(index) == (
        disc.Language("en", "English (SDH)", ((1.5, 0),)),
        disc.Language("und", "", ((2.0, 0xFF),)),
    )
    assert disc.languages(b"timestamp: 00:00:01:500, filepos: 000000000\n")[0].tag == "und"
    many = b"".join(b"id: en\ntimestamp: 00:00:01:500, filepos: 000000000\n" for _ in range(1000))
    assert len(disc.languages(many)) == disc.MOST_LANGUAGES


def test_read_vobsub_when_another_language_is_wanted_then_its_pictures() -> None:
    stream = PACK + pes(spu(SHOW)) + PADDING
    other = PACK + pes(spu(SHOW, b"\x40\x00" * 20), 0x21)
    index = vobsub((1.5, 0)).replace(b"filepos: 000000000\r\n", b"filepos: %09x\r\n" % len(stream), 2)
    index = index.replace(b"filepos: %09x" % len(stream), b"filepos: 000000000", 1)

    (event,) = disc.read_vobsub(index, stream + other, 1).events

    assert (event.start_s, event.data) == (9.0, spu(SHOW, b"\x40\x00" * 20))
    with pytest.raises(BadSubtitles):
        disc.read_vobsub(index, stream + other, 2)


@pytest.mark.parametrize("data", [b"", b"PG", SUP[:40], b"nothing at all", SUP[1:]])
def test_read_sup_when_it_is_none_then_a_clear_error(data: bytes) -> None:
    with pytest.raises(BadSubtitles):
        disc.read_sup(data)


@pytest.mark.parametrize("data", [b"", PACK, PACK + pes(b""), pes(spu(SHOW)[:-1]), PADDING * 100, bytes(500)])
def test_read_vobsub_when_there_is_no_picture_then_a_clear_error(data: bytes) -> None:
    with pytest.raises(BadSubtitles):
        disc.read_vobsub(vobsub((1.0, 0), (2.0, 99_999)), data)


def test_check_size_when_it_is_larger_than_any_then_a_clear_error() -> None:
    disc.check_size(disc.MAX_BYTES)
    with pytest.raises(TooLarge):
        disc.check_size(disc.MAX_BYTES + 1)


def test_read_vobsub_when_all_lie_at_one_place_then_in_bounded_time() -> None:
    begun = time.process_time()
    index = vobsub(*((float(at % 3000), 0) for at in range(60_000)))
    with pytest.raises(BadSubtitles):
        disc.read_vobsub(index, PADDING * 1000)
    assert time.process_time() - begun < 30


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_read_when_bytes_are_changed_then_pictures_or_a_clear_error(data: st.DataObject) -> None:
    wrong, index = bytearray(SUP), bytearray(vobsub((1.5, 0)))
    stream = bytearray(PACK + pes(spu(SHOW)))
    for one in (wrong, index, stream):
        for _ in range(data.draw(st.integers(0, 3))):
            one[data.draw(st.integers(0, len(one) - 1))] = data.draw(st.integers(0, 255))
    reads: list[Callable[[], DrawnExcerpt]] = [
        lambda: disc.read_sup(bytes(wrong)),
        lambda: disc.read_vobsub(bytes(index), bytes(stream)),
    ]
    for read in reads:
        try:
            excerpt = read()
        except BadSubtitles:
            continue
        assert all(one.start_s < one.stop_s for one in pictures_of(excerpt, 1e6))
