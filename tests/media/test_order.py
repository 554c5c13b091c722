"""What an encoder process is asked to make: the asker may have been taken over by a film."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from matinee.media.order import Order

ORDER = Order("h264_nvenc", 1919, 1081, Fraction(24000, 1001), 4_000_000, (1, 13, 6))


def test_of_when_it_was_written_then_it_is_the_same() -> None:
    assert Order.of(ORDER.head()) == ORDER
    assert ORDER.picture_bytes == 1919 * 1081 + 2 * 960 * 541


@pytest.mark.parametrize(
    "change",
    [
        {"width": 0}, {"height": 9000}, {"width": "1920"}, {"rate": [0, 1]}, {"rate": [1]}, {"rate": [24, 0]},
        {"most_bits": 0}, {"most_bits": 1 << 60}, {"colours": [1, 1]}, {"colours": [1, 1, 700]}, {"encoder": None},
    ],
)  # fmt: skip
def test_of_when_beyond_all_measure_then_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"order|colours"):
        Order.of({**ORDER.head(), **change})


def test_of_when_it_is_no_order_then_refused() -> None:
    wires: tuple[Any, ...] = (None, [], "order", {})
    for wire in wires:
        with pytest.raises(ValueError, match="order"):
            Order.of(wire)
    assert Order.of(replace(ORDER, width=1).head()).width == 1
