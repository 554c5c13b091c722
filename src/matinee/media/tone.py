"""Pictures for bright screens, made fit for ordinary ones: a table of colours. Pure.

The library that is bundled can map brightness, but not read its curve (it lacks zimg). Its scaler can do both, but
needs 4.8 s to begin (a picture after that takes 4 ms), and every segment begins anew. A table is made once for a
process and looked up by ``haldclut``.
"""

import math
import struct
from collections.abc import Iterator
from functools import cache
from typing import TypeAlias

from matinee.models.media import Hdr

LEVEL = 6
"""A Hald table of this level has LEVEL**2 steps of each colour; the curve is even to the eye, so few are enough."""
SIDE = LEVEL**3
"""Pixels of the table's picture, either way."""
WHITE_NITS = 203.0
"""Of paper in bright pictures: ITU-R BT.2408."""
PEAK_NITS = 1000.0
"""The brightest that is told apart; most films are graded on such screens."""
KNEE = 0.35
"""Up to here brightness stays as it is; above it is drawn together."""
GAMMA = 2.4
"""Of ordinary screens: ITU-R BT.1886."""

_TO_709 = (
    (1.660491, -0.587641, -0.072850),
    (-0.124550, 1.132900, -0.008349),
    (-0.018151, -0.100579, 1.118730),
)
"""From the colours of BT.2020 to those of BT.709: ITU-R BT.2407."""
_LUMINANCE_2020 = (0.2627, 0.6780, 0.0593)

Colour: TypeAlias = tuple[float, float, float]


@cache
def table(hdr: Hdr) -> bytes:
    """Give the table as a picture of ``SIDE`` by ``SIDE``, three 16-bit numbers a pixel, little-endian."""
    curve, shown = (_hlg, _hlg_shown) if hdr is Hdr.HLG else (_pq, tuple)
    steps = LEVEL**2
    light = [curve(step / (steps - 1)) for step in range(steps)]
    values = (round(65535 * part) for colour in _colours(light) for part in _ordinary(*shown(colour)))
    return struct.pack(f"<{3 * steps**3}H", *values)


def _colours(light: list[float]) -> Iterator[Colour]:
    return ((red, green, blue) for blue in light for green in light for red in light)


def _ordinary(red: float, green: float, blue: float) -> list[float]:
    """Map light, 1 for paper white, to an ordinary screen's signal; the hue stays."""
    most = max(red, green, blue)
    scale = _compress(most) / most if most > 0 else 0.0
    mapped = (red * scale, green * scale, blue * scale)
    parts = (sum(weight * part for weight, part in zip(row, mapped, strict=True)) for row in _TO_709)
    return [float(min(1.0, max(0.0, part)) ** (1 / GAMMA)) for part in parts]


def _compress(light: float) -> float:
    """A straight line up to the knee, then a hyperbola that meets it smoothly and ends at 1 for the peak (Möbius)."""
    peak, knee = PEAK_NITS / WHITE_NITS, KNEE
    if light <= knee:
        return light
    if light >= peak:
        return 1.0
    a = -knee * knee * (peak - 1) / (knee * knee - 2 * knee + peak)
    b = (knee * knee - 2 * knee * peak + peak) / (peak - 1)
    slope: float = (b * b + 2 * b * knee + knee * knee) / (b - a)
    return slope * (light + a) / (light + b)


def _pq(signal: float) -> float:
    """SMPTE ST 2084."""
    root = signal ** (32 / 2523)
    share: float = (max(0.0, root - 0.8359375) / (18.8515625 - 18.6875 * root)) ** (16384 / 2610)
    return 10_000 / WHITE_NITS * share


def _hlg(signal: float) -> float:
    """ARIB STD-B67: the light before the camera."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return signal * signal / 3 if signal <= 0.5 else (math.exp((signal - c) / a) + b) / 12


def _hlg_shown(colour: Colour) -> Colour:
    """The light of a screen of ``PEAK_NITS``, by the system's gamma: ITU-R BT.2100, table 5."""
    brightness = sum(weight * part for weight, part in zip(_LUMINANCE_2020, colour, strict=True))
    scale = PEAK_NITS / WHITE_NITS * brightness**0.2
    red, green, blue = colour
    return red * scale, green * scale, blue * scale
