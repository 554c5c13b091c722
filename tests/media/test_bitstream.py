"""Frames as files carry them."""

from hypothesis import given
from hypothesis import strategies as st

from matinee.media.bitstream import is_annex_b, with_lengths, without_adts

units = st.binary(min_size=1, max_size=40).map(
    lambda data: b"\x67" + data.replace(b"\x00", b"\x01") + b"\x80"
)


@given(st.lists(units, min_size=1, max_size=5), st.sampled_from([b"\x00\x00\x01", b"\x00\x00\x00\x01"]))
def test_with_lengths_when_units_have_start_codes_then_none_is_changed(
    parts: list[bytes], code: bytes
) -> None:
    frame = with_lengths(b"".join(code + part for part in parts))

    assert frame == b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def test_without_adts_when_there_is_a_header_then_it_goes() -> None:
    assert without_adts(b"\xff\xf1\x50\x80\x01\x7f\xfc" + b"frame") == b"frame"
    assert without_adts(b"\xff\xf0\x50\x80\x01\x7f\xfcCC" + b"frame") == b"frame"
    assert without_adts(b"\x21\x10 raw frame") == b"\x21\x10 raw frame"


def test_is_annex_b_when_there_is_a_record_then_not() -> None:
    assert not is_annex_b(b"\x01\x64\x00\x1f")
    assert is_annex_b(b"\x00\x00\x00\x01\x67")
    assert is_annex_b(b"")
