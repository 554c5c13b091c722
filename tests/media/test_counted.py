"""An AVI without an index: what is counted, what is guessed, and what is passed over."""

import struct
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.media.counted import NEAR_S, Counted, Sort, counted
from matinee.media.source import FilmSource

FRAMES, FRAME_BYTES, SOUND_BYTES = 5000, 4000, 640
"""At 25 a second; after each picture as much sound, of 16 000 bytes a second."""


def chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def track(kind: bytes, scale: int, rate: int, sample_bytes: int, block: int) -> bytes:
    head = (
        kind
        + bytes(16)
        + struct.pack("<II", scale, rate)
        + bytes(16)
        + struct.pack("<I", sample_bytes)
        + bytes(8)
    )
    form = struct.pack("<HHIIHH", 0x55, 2, 48000, 16000, block, 0)
    return chunk(b"LIST", b"strl" + chunk(b"strh", head) + chunk(b"strf", form))


HEAD = chunk(
    b"LIST",
    b"hdrl" + chunk(b"avih", bytes(56)) + track(b"vids", 1, 25, 0, 0) + track(b"auds", 1, 16000, 1, 1),
)
PICTURE, SOUND = chunk(b"00dc", b"p" * FRAME_BYTES), chunk(b"01wb", b"s" * SOUND_BYTES)
FILM = b"RIFF" + struct.pack("<I", 0) + b"AVI " + HEAD + chunk(b"JUNK", bytes(100)) + b"LIST\0\0\0\0movi"
FIRST = len(FILM)
FILM += (PICTURE + SOUND) * FRAMES
STEP = len(PICTURE) + len(SOUND)


def opened(here: int) -> tuple[Counted, FilmSource, Callable[[int], bytes]]:
    """Give the film, of which so many bytes are here."""
    film = FilmSource(
        lambda start, stop: FILM[start:stop],
        len(FILM),
        peek=lambda start, stop: FILM[start : min(stop, here)] if start < here else b"",
    )
    found = counted(film)
    assert found is not None
    return found, film, film.here


def test_counted_when_of_an_avi_then_its_tracks_and_where_they_begin() -> None:
    found, _, _ = opened(0)
    assert found.first == FIRST
    assert found.sorts == (
        Sort(Fraction(1, 25), 0, 0, is_picture=True), Sort(Fraction(1, 16000), 1, 1, is_picture=False),
    )  # fmt: skip


@given(st.binary(max_size=60), st.integers(0, FIRST + 200))
def test_counted_when_bytes_are_anything_then_it_ends(noise: bytes, cut: int) -> None:
    data = FILM[:cut] + noise
    film = FilmSource(lambda start, stop: data[start:stop], len(data))
    found = counted(film)
    assert found is None or found.at(film, film.here, 100.0, 200.0).place >= found.first


@pytest.mark.parametrize("at_s", [0.0, 0.04, 59.0, 100.0, 199.9])
def test_at_when_all_is_here_then_counted(at_s: float) -> None:
    found, film, have = opened(len(FILM))
    mark = found.at(film, have, at_s, 200.0)
    number = mark.counts[0]
    assert mark == found.at(film, have, at_s, 200.0)
    assert mark.place == FIRST + number * STEP
    assert mark.counts == (number, number * SOUND_BYTES)
    assert 0 <= at_s - number / 25 <= 11


def test_at_when_little_is_here_then_guessed_near_and_what_follows_is_counted_from_there() -> None:
    found, film, have = opened(FIRST + 500 * STEP)
    mark = found.at(film, have, 150.0, 200.0)
    number = mark.counts[0]
    assert (mark.place - FIRST) % STEP == 0
    assert (mark.place - FIRST) // STEP == pytest.approx(number, abs=30)
    assert mark.counts[1] == pytest.approx(number * SOUND_BYTES, abs=100)
    assert number / 25 == pytest.approx(130, abs=0.1)
    assert found.at(film, have, 154.0, 200.0) == mark
    # What lies a little behind what is here is read on to.
    assert found.at(film, have, 20.0 + NEAR_S / 2, 200.0).place <= FIRST + 500 * STEP


def test_at_when_the_rest_has_come_then_counted_after_all() -> None:
    here = [FIRST + 500 * STEP]
    found, film, _ = opened(0)

    def have(at: int) -> bytes:
        return FILM[at : min(here[0], at + 100_000)]

    found.at(film, have, 150.0, 200.0)
    here[0] = len(FILM)
    mark = found.at(film, have, 150.0, 200.0)
    assert mark.place == FIRST + mark.counts[0] * STEP


@given(st.integers(8, 6_000_000_000))
def test_filler_when_made_then_it_leads_to_the_place(gap: int) -> None:
    found, _, _ = opened(0)
    shown, at = found.filler(FIRST + gap), FIRST
    while at in shown:
        kind, size = struct.unpack("<4sI", shown[at])
        assert kind == b"JUNK"
        at += 8 + size
    assert at == FIRST + gap
