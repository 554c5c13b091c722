"""What an encoder process is asked to make, and how they speak. Pure.

Frames as in ``confined.frames``, over two pipes that lead from the film's process to the encoder's and back:

-> {"job": int, "order": {...}}: another segment begins; what was begun before is dropped
-> {"job": int, "picture": int}, body: a picture as planes of yuv420p without padding, numbered from 0
-> {"job": int, "end": true}
<- {"job": int, "opened": true}, body: parameter sets in Annex B, where the encoder has them before a picture
<- {"job": int, "packet": int}, body: the picture of that number as H.264 in Annex B
<- {"job": int, "done": true}
<- {"job": int, "why": str}: it failed
"""

from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from matinee.confined.frames import Head

MOST_SIDE = 8192
_MOST_RATE = 100_000_000


@dataclass(frozen=True, slots=True)
class Order:
    """One segment's picture."""

    encoder: str
    """FFmpeg's name."""
    width: int
    height: int
    rate: Fraction
    """Pictures a second."""
    most_bits: int
    """Of a second."""
    colours: tuple[int, int, int]
    """Primaries, transfer and matrix, as ITU-T H.273 numbers them."""

    @property
    def picture_bytes(self) -> int:
        """How long a picture is."""
        return self.width * self.height + 2 * ((self.width + 1) // 2) * ((self.height + 1) // 2)

    def head(self) -> Head:
        """Write it."""
        return {**asdict(self), "rate": [self.rate.numerator, self.rate.denominator]}

    @classmethod
    def of(cls, wire: Any) -> "Order":
        """Read what the film's process wants: the film may have taken it over.

        Raises:
            ValueError: it is not an order.
        """
        match wire:
            case {
                "encoder": str(encoder),
                "width": int(width),
                "height": int(height),
                "rate": [int(over), int(under)],
                "most_bits": int(most_bits),
                "colours": [int(primaries), int(transfer), int(matrix)],
            }:
                pass
            case _:
                raise ValueError("no order")
        colours = (primaries, transfer, matrix)
        fits = 0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE and 0 < most_bits < _MOST_RATE * 10
        if not fits or not (0 < over < _MOST_RATE and 0 < under < _MOST_RATE):
            raise ValueError("an order beyond all measure")
        if not all(0 <= one < 256 for one in colours):
            raise ValueError("no colours")
        return cls(encoder, width, height, Fraction(over, under), most_bits, colours)
