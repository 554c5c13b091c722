"""What a player says of itself, as it comes over the wire. Whoever asks may say anything: all is bounded."""

from typing import Annotated

from pydantic import Field

from matinee.web.shape import Shape

MOST_ANSWERS = 128
_MOST_PIXELS = 100_000
"""Of a side of a picture, or of a screen."""

Codec = Annotated[str, Field(max_length=32)]
Names = Annotated[list[Codec], Field(max_length=64)]
Lines = Annotated[int, Field(strict=True, ge=0, le=_MOST_PIXELS)]
Side = Annotated[int, Field(strict=True, ge=1, le=_MOST_PIXELS)]
Yes = Annotated[bool, Field(strict=True)]


class Decoding(Shape):
    """What a player answered about one kind of picture, as browsers' ``MediaCapabilities`` do."""

    codec: Codec
    width: Side
    height: Side
    frame_rate: Annotated[float, Field(strict=True, ge=0, le=1_000, allow_inf_nan=False)]
    supported: Yes
    smooth: Yes


class Client(Shape):
    """What a player can decode, in FFmpeg's names; ``hevc/10`` is hevc with 10 bits."""

    containers: Names
    video: Names
    audio: Names
    hdr: Yes = False
    max_height: Lines = 0
    screen_height: Lines = 0
    decoding: Annotated[list[Decoding], Field(max_length=MOST_ANSWERS)] = []  # noqa: RUF012 - pydantic gives each its own
