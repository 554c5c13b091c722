"""Answers that were right once: any part of them replaced by anything that JSON can hold."""

from typing import Any

from hypothesis import strategies as st

TEXTS = st.sampled_from(
    ["", " ", "true", "1", "-1", "1e999", "9" * 400, "javascript:alert(1)", "//evil.example", "file:///etc/passwd",
     "<script>alert(1)</script>", "\x00", "\u202e", "\ud800", "A" * 3000, "https://", "https://[::1]/", "2022", "null"]
)  # fmt: skip
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS | st.text(max_size=20)
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def broken(draw: st.DrawFn, whole: Any) -> Any:
    """Give ``whole`` with up to four of its parts replaced, put into a list, or made a text."""
    for _ in range(draw(st.integers(0, 4))):
        whole = _changed(draw, whole)
    return whole


def _changed(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, dict) and value and draw(st.integers(0, 9)):
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: _changed(draw, value[key])}
    if isinstance(value, list) and value and draw(st.integers(0, 9)):
        index = draw(st.integers(0, len(value) - 1))
        return [*value[:index], _changed(draw, value[index]), *value[index + 1 :]]
    return draw(st.one_of(ANYTHING, st.just([value]), st.just(str(value))))
