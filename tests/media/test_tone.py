"""Bright pictures on ordinary screens: nothing is turned round, black is black, grey is grey."""

import struct
from itertools import pairwise

import pytest

from matinee.media.tone import LEVEL, SIDE, table
from matinee.models.media import Hdr

STEPS = LEVEL**2


def colour(hdr: Hdr, red: int, green: int, blue: int) -> tuple[int, ...]:
    return struct.unpack_from("<3H", table(hdr), 6 * (red + green * STEPS + blue * STEPS * STEPS))


@pytest.mark.parametrize("hdr", [Hdr.HDR10, Hdr.HLG])
def test_table_when_looked_up_then_greys_are_grey_and_in_order(hdr: Hdr) -> None:
    greys = [colour(hdr, step, step, step) for step in range(STEPS)]

    assert len(table(hdr)) == SIDE * SIDE * 6
    assert all(max(grey) - min(grey) < 80 for grey in greys)
    assert greys[0] == (0, 0, 0)
    assert min(greys[-1]) > 65_000
    assert all(darker <= brighter for darker, brighter in pairwise(greys))


@pytest.mark.parametrize("hdr", [Hdr.HDR10, Hdr.HLG])
def test_table_when_a_colour_is_pure_then_it_stays_that_colour(hdr: Hdr) -> None:
    high, low = STEPS * 2 // 3, STEPS // 4

    for number, found in enumerate(
        colour(hdr, *at) for at in ((high, low, low), (low, high, low), (low, low, high))
    ):
        assert found.index(max(found)) == number


def test_table_when_white_is_paper_then_it_is_bright_but_not_the_brightest() -> None:
    paper = round(0.58 * (STEPS - 1))

    assert 0.75 < colour(Hdr.HDR10, paper, paper, paper)[0] / 65_535 < 0.95
