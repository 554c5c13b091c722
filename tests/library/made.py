"""Records made for tests, and a way to draw any."""

from typing import Any

from hypothesis import strategies as st

from matinee.models.library import Progress, Rating, Record, Taste, Thumb, Viewing, Wish, Work
from matinee.types import FileIndex, InfoHash

HASH = InfoHash("a" * 40)
FILM = Work("a-film-1922")


def left(work: Work = FILM, **fields: Any) -> Progress:
    """Make a place where a work of 6000 s was left: its middle."""
    given: dict[str, Any] = {
        "position_s": 3000.0, "duration_s": 6000.0, "watched": False, "info_hash": HASH,
        "file_index": FileIndex(0), "name": "A film", "changed_ms": 1000, **fields,
    }  # fmt: skip
    return Progress(work=work, **given)


def episode(season: int, number: int, **fields: Any) -> Progress:
    """Make a place where an episode of 1000 s was left: by default it was seen."""
    given: dict[str, Any] = {"position_s": 1000.0, "duration_s": 1000.0, "watched": True, **fields}
    return left(Work("a-series-1960", season, number), **given)


_names = st.sampled_from(["", "A film", "Häxan", "<b>x</b>"])
_titles = st.sampled_from(["a-film-1922", "b-1950", "internet-archive.Some_item"])
_seconds = st.floats(0, 1e5)
_moments = st.integers(0, 5)
_works = st.one_of(
    st.builds(Work, _titles),
    st.builds(Work, _titles, st.integers(0, 3), st.integers(0, 3)),
    st.builds(lambda index: Work(HASH, file=FileIndex(index)), st.integers(0, 3)),
)
_languages = st.sampled_from([None, "off", "fr", "pt-BR"])

progresses = st.builds(
        Progress, work=_works, position_s=_seconds, duration_s=_seconds, watched=st.booleans(),
        info_hash=st.sampled_from([None, HASH]), file_index=st.sampled_from([None, FileIndex(1)]), name=_names,
        changed_ms=_moments,
    )  # fmt: skip

records: st.SearchStrategy[Record] = st.one_of(
    progresses,
    st.builds(
        Viewing, day=st.sampled_from(["2026-11-26", "2026-01-01"]), work=_works, position_s=_seconds,
        duration_s=_seconds, watched=st.booleans(), name=_names, changed_ms=_moments,
    ),
    st.builds(Wish, title=_titles, name=_names, changed_ms=_moments),
    st.builds(Rating, title=_titles, thumb=st.sampled_from(Thumb), name=_names, changed_ms=_moments),
    st.builds(
        Taste, series=st.sampled_from(["the lone ranger", "a b"]), subtitles=_languages, second=_languages,
        audio=_languages, look=st.sampled_from([None, '{"size":1.3}']),
        delay_s=st.sampled_from([None, -1.5, 0.0]), stretch=st.sampled_from([None, 1.04]), changed_ms=_moments,
    ),
)  # fmt: skip
"""Any record; few keys and few moments, so that they meet."""
