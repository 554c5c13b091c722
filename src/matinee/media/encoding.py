"""How a picture is converted so that it stays ahead of the player. Pure."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

AHEAD = 1.5
"""A film is converted at least so much faster than it plays: other work comes between, and scenes differ."""
AHEAD_WELL = 3.0
"""A better preset has to leave this much: after a jump a person waits for a whole segment."""
COSTS = {"faster": 2.4, "veryfast": 1.25, "superfast": 1.0, "ultrafast": 0.7}
"""x264's presets, the best first: time for a picture, in that of ``superfast``. Measured on 720p, 2026."""
MEASURED_PRESET = "superfast"
FALLBACK_PRESET = "ultrafast"
"""With which x264 goes on in a size that was chosen by another encoder's speed."""
BITS_PER_PIXEL = 0.14
"""The most a second of pictures may take, for a player's buffer; most take a quarter of it."""
HEIGHTS = (2160, 1440, 1080, 720, 540, 480, 360, 240)
MEGAPIXEL = 1_000_000


@dataclass(frozen=True, slots=True)
class Size:
    """Of a picture with square pixels; even numbers."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured on this computer with this film."""

    decode_s: float
    """To decode a picture and to make it ready, whatever its size becomes."""
    encode_s: float
    """To encode a million pixels with ``MEASURED_PRESET``."""

    def frames_per_s(self, size: Size, preset: str = MEASURED_PRESET) -> float:
        """Say how fast pictures would be converted."""
        pixels = size.width * size.height / MEGAPIXEL
        return 1 / max(1e-6, self.decode_s + self.encode_s * pixels * COSTS[preset])


@dataclass(frozen=True, slots=True)
class Encoding:
    """How all segments of one playback are encoded."""

    width: int
    height: int
    preset: str
    keeps_up: bool = True
    """Whether it is expected to stay ahead of the player."""
    turned: int = 0
    """Degrees clockwise by which the picture is turned."""
    encoder: str = ""
    """The hardware encoder, by FFmpeg's name; the preset is then for going on without it. Empty for none."""
    sets: tuple[str, ...] = ()
    """That encoder's parameter sets, in hexadecimal: what it makes must fit them."""

    @classmethod
    def of(cls, wire: Any) -> "Encoding":
        """Read what ``init`` gave."""
        if not isinstance(wire, dict) or wire.get("preset") not in COSTS:
            raise ValueError("no encoding")
        width, height = int(wire["width"]), int(wire["height"])
        if not (0 < width <= 8192 and 0 < height <= 8192 and wire["turned"] in (0, 90, 180, 270)):
            raise ValueError("no size")
        encoder, sets = wire.get("encoder", ""), tuple(wire.get("sets", ()))
        if not (isinstance(encoder, str) and all(isinstance(one, str) for one in sets)):
            raise ValueError("no encoder")
        return cls(width, height, wire["preset"], bool(wire["keeps_up"]), int(wire["turned"]), encoder, sets)


def sizes(width: int, height: int, pixel_aspect: float, max_height: int) -> tuple[Size, ...]:
    """Give the sizes that a picture can be made, the largest first: its own if it may be, then smaller ones.

    Args:
        width: of the picture as coded.
        height: the same.
        pixel_aspect: width of a pixel over its height.
        max_height: lines at most; 0 for its own.
    """
    shape = width * pixel_aspect / height
    most = min(height, max_height or height)
    heights = [most, *(lines for lines in HEIGHTS if lines < most)]
    return tuple(Size(max(2, round(lines * shape / 2) * 2), max(2, lines // 2 * 2)) for lines in heights)


def choose(offered: tuple[Size, ...], frame_rate: float, speed: Speed) -> Encoding:
    """Choose the largest size that stays ahead with the fastest preset, and the best preset that stays well ahead."""
    fastest = list(COSTS)[-1]
    for size in offered:
        if speed.frames_per_s(size, fastest) >= frame_rate * AHEAD:
            well = (preset for preset in COSTS if speed.frames_per_s(size, preset) >= frame_rate * AHEAD_WELL)
            return Encoding(size.width, size.height, next(well, fastest))
    smallest = offered[-1]
    keeps_up = speed.frames_per_s(smallest, fastest) >= frame_rate
    return Encoding(smallest.width, smallest.height, fastest, keeps_up)


def choose_hardware(
    offered: tuple[Size, ...], frame_rate: float, speed: Speed, encoder: str
) -> Encoding | None:
    """Choose the largest size with which a hardware encoder stays ahead; None where it does with none."""
    for size in offered:
        if speed.frames_per_s(size) >= frame_rate * AHEAD:
            return Encoding(size.width, size.height, FALLBACK_PRESET, encoder=encoder)
    return None


def most_bits(width: int, height: int, rate: Fraction) -> int:
    """Give the most bits that a second of converted pictures may take."""
    return int(width * height * rate * Fraction(BITS_PER_PIXEL)) // 1000 * 1000 + 500_000
