"""The strict reader and writer of bencode."""

from typing import Any

import libtorrent as lt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import BadTorrent, MatineeError, TooLarge
from matinee.torrent import bencode
from matinee.torrent.bencode import MAX_DEPTH, Raw, decode, encode

values: st.SearchStrategy[Any] = st.recursive(
    st.binary(max_size=20) | st.integers(-(10**18) + 1, 10**18 - 1),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.binary(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.binary(max_size=8), values, max_size=6))
def test_decode_when_encoded_by_us_then_the_same_and_as_libtorrent_reads_it(fields: dict[bytes, Any]) -> None:
    data = encode(fields)
    document = decode(data)
    assert document.fields == fields == lt.bdecode(data)
    assert data == lt.bencode(fields)
    assert {key: data[start:stop] for key, (start, stop) in document.spans.items()} == {
        key: encode(value) for key, value in fields.items()
    }


@given(st.binary(max_size=40) | st.text("deil0123456789:-a", max_size=30).map(str.encode))
def test_decode_when_anything_then_a_dictionary_or_a_clear_error(data: bytes) -> None:
    try:
        decoded = decode(data).fields
    except MatineeError as error:
        assert error.message.endswith(".")  # noqa: PT017 - both ends are right
    else:
        assert decoded == lt.bdecode(data)


def test_decode_when_keys_are_unsorted_then_they_are_taken() -> None:
    assert decode(b"d1:bi1e1:ai2ee").fields == {b"b": 1, b"a": 2}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>",
        b"le",
        b"i1e",
        b"d",
        b"d1:a",
        b"d1:ae",
        b"d1:ai1e",
        b"d1:a1:be ",
        b"d1:a1:bee",
        b"di1ei2ee",
        b"dlei1ee",
        b"d1:ai1e1:ai2ee",
        b"d1:ai01ee",
        b"d1:ai-0ee",
        b"d1:ai-ee",
        b"d1:aiee",
        b"d1:ai+1ee",
        b"d1:ai1_0ee",
        b"d1:ai1234567890123456789ee",
        b"d1:a01:be",
        b"d1:a00:e",
        b"d1:a-1:be",
        b"d1:a 1:be",
        b"d1:a2:be",
        b"d1:a999999999:be",
        b"d1:a9999999999:be",
        b"d1:a\xb2:be",
        b"d1:a1be",
        b"d1:axe",
    ],
)
def test_decode_when_not_strict_bencode_then_bad_torrent(data: bytes) -> None:
    with pytest.raises(BadTorrent):
        decode(data)


@pytest.mark.parametrize(("opening", "closing"), [(b"l", b"e"), (b"d1:a", b"e")])
def test_decode_when_nested_deeper_than_allowed_then_bad_torrent(opening: bytes, closing: bytes) -> None:
    within = b"d1:a" + opening * (MAX_DEPTH - 2) + b"le" + closing * (MAX_DEPTH - 2) + b"e"
    beyond = b"d1:a" + opening * (MAX_DEPTH - 1) + b"le" + closing * (MAX_DEPTH - 1) + b"e"
    assert decode(within).fields
    with pytest.raises(BadTorrent, match="nested"):
        decode(beyond)


@pytest.mark.parametrize("item", [b"i0e", b"0:", b"le", b"de"])
def test_decode_when_too_many_values_then_too_large(item: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bencode, "MAX_TOKENS", 50)
    assert decode(b"d1:al" + item * 20 + b"ee").fields
    with pytest.raises(TooLarge):
        decode(b"d1:al" + item * 60 + b"ee")


def test_encode_when_text_and_raw_bytes_are_given_then_written_as_utf8_and_as_they_are() -> None:
    assert encode({b"b": "é", b"a": Raw(b"d1:z0:1:a0:e"), b"c": (1, [b""])}) == (
        b"d1:ad1:z0:1:a0:e1:b2:\xc3\xa91:cli1el0:eee"
    )


def test_encode_when_the_value_has_no_form_then_type_error() -> None:
    with pytest.raises(TypeError, match="float"):
        encode({b"a": 1.5})
