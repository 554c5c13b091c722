"""ASS override tags, as far as they say something about letters and their place. Pure."""

import re
from dataclasses import replace

from matinee.models.subtitles import Anchor, Span

_OVERRIDE = re.compile(r"\\(?:(an)([1-9])|(a)(\d{1,2})|([ibu])(\d{0,3})(?![a-zA-Z(])|(r)|(p)(\d{1,2})(?!\w))")
LEGACY = {
    1: Anchor.BOTTOM_LEFT, 2: Anchor.BOTTOM, 3: Anchor.BOTTOM_RIGHT,
    5: Anchor.TOP_LEFT, 6: Anchor.TOP, 7: Anchor.TOP_RIGHT,
    9: Anchor.LEFT, 10: Anchor.CENTRE, 11: Anchor.RIGHT,
}  # fmt: skip
"""Places as SSA numbers them, and ``\\a``."""


def apply(block: str, looks: Span, style: Span) -> tuple[Span, Anchor | None, bool | None]:
    """Read one ``{...}``.

    Args:
        block: with its braces.
        looks: how letters look before it.
        style: how they look after ``\\r``, and where a tag has no number.

    Returns:
        How letters look after it; where the cue stands, when it says so; whether what follows is a drawing, the same.
    """
    anchor: Anchor | None = None
    drawing: bool | None = None
    for found in _OVERRIDE.finditer(block):
        if found[1]:
            anchor = anchor or Anchor(int(found[2]))
        elif found[3]:
            anchor = anchor or LEGACY.get(int(found[4]))
        elif found[5]:
            looks = _switched(looks, found[5], found[6], style)
        elif found[7]:
            looks = style
        else:
            drawing = int(found[9]) > 0
    return looks, anchor, drawing


def _switched(looks: Span, tag: str, number: str, style: Span) -> Span:
    match tag:
        case "i":
            return replace(looks, italic=int(number) > 0 if number else style.italic)
        case "b":
            # 1, or a weight: 400 is an ordinary letter.
            return replace(looks, bold=int(number) == 1 or int(number) >= 600 if number else style.bold)
        case _:
            return replace(looks, underline=int(number) > 0 if number else style.underline)
