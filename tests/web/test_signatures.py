"""Signed stream addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.types import FileIndex, InfoHash
from matinee.web.signatures import LIFE_S, Signer
from tests.web.conftest import Clock

HASH = InfoHash("a" * 40)
FIRST = FileIndex(0)


def _signer(clock: Clock | None = None, key: bytes = b"k" * 32) -> Signer:
    return Signer(key, clock or Clock())


def _query(signer: Signer) -> str:
    return signer.stream_url(HASH, FIRST).partition("?")[2]


def test_stream_url_is_good_for_its_own_file_alone() -> None:
    signer = _signer()
    query = _query(signer)
    assert signer.is_fresh(HASH, FIRST, query)
    assert not signer.is_fresh(HASH, FileIndex(1), query)
    assert not signer.is_fresh(InfoHash("b" * 40), FIRST, query)


def test_stream_url_within_an_hour_stays_the_same() -> None:
    clock = Clock(1_799_999_999.0)
    signer = _signer(clock)
    clock.now = 1_800_000_001.0
    first = signer.stream_url(HASH, FIRST)
    clock.now += 3_500
    assert signer.stream_url(HASH, FIRST) == first


def test_stream_url_lasts_twelve_hours_and_ends_within_thirteen() -> None:
    clock = Clock()
    signer = _signer(clock)
    query = _query(signer)
    clock.now += LIFE_S - 1
    assert signer.is_fresh(HASH, FIRST, query)
    clock.now += 3_601
    assert not signer.is_fresh(HASH, FIRST, query)


def test_stream_url_after_the_key_changed_is_void() -> None:
    assert not _signer(key=b"n" * 32).is_fresh(HASH, FIRST, _query(_signer()))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "sig=",
        "exp=1800043200",
        "exp=1800043200&sig=",
        "exp=1800043200&sig=" + "0" * 32,
        "exp=-1&sig=00",
        "exp=1e9&sig=00",
        "exp=\u0661&sig=00",
        "exp=9999999999999999999&sig=00",
        "exp=1&exp=1800043200&sig=00",
        "exp=1800043200&sig=%ff%fe",
        "&" * 20,
        "sig=0" + "&sig=0" * 20,
        "exp=1800043200&sig=\u00e9",
    ],
)
def test_is_fresh_of_a_forged_query_is_false(query: str) -> None:
    assert not _signer().is_fresh(HASH, FIRST, query)


def test_is_fresh_with_a_later_end_is_false() -> None:
    signer = _signer()
    assert not signer.is_fresh(HASH, FIRST, _query(signer).replace("exp=18", "exp=19"))


@given(st.text())
def test_is_fresh_of_anything_answers(query: str) -> None:
    assert _signer().is_fresh(HASH, FIRST, query) is False


def test_signer_with_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Signer(b"short")
