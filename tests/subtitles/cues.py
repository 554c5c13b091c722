"""Cues for the tests, and strategies that make them."""

import math

from hypothesis import strategies as st

from matinee.models.subtitles import Anchor, Cue, Span

FILM_S = 36_000.0


def cue(start_s: float, stop_s: float, text: str = "Hello", anchor: Anchor = Anchor.BOTTOM) -> Cue:
    """Make a plain cue."""
    return Cue(start_s, stop_s, (Span(text),), anchor)


def plain(cues: tuple[Cue, ...]) -> list[tuple[float, float, str]]:
    """Give times and letters alone."""
    return [(cue.start_s, cue.stop_s, cue.text) for cue in cues]


_LETTERS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
_NASTY = st.sampled_from(
    [
        "-->",
        "\n\n",
        "\r",
        "<b>",
        "</c.x>",
        "&amp;",
        "&",
        "<script>alert(1)</script>",
        "\0",
        "00:01.000 --> 00:02.000",
        " ",
    ]
)
spans = st.builds(Span, st.one_of(_LETTERS, _NASTY), st.booleans(), st.booleans(), st.booleans())


@st.composite
def cues(draw: st.DrawFn) -> Cue:
    """A cue with any text, that is shown for at least a millisecond."""
    start_ms = draw(st.integers(0, math.floor(FILM_S * 1000)))
    length_ms = draw(st.integers(1, 20_000))
    some = draw(st.lists(spans, min_size=1, max_size=4))
    return Cue(start_ms / 1000, (start_ms + length_ms) / 1000, tuple(some), draw(st.sampled_from(Anchor)))
