"""A whole library as one file: what was written can be read, and whatever else comes is refused in one sentence."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import BadLibrary, MatineeError, TooLarge
from matinee.library import document
from matinee.library.document import MOST_BYTES, read, written
from matinee.library.records import data_of, kind_of, read_record
from matinee.models.library import FIRST, Kept, Profile, Record
from matinee.types import ProfileId
from tests.library.made import left, records

NOW_MS = 10**12
HOME = Profile(FIRST, "", "amber", child=False, keeps_history=True, created_ms=1)
CHILD = Profile(ProfileId("child"), "Zoé", "leaf", child=True, keeps_history=False, created_ms=2)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def _text(**changes: Any) -> bytes:
    whole = written([Kept(HOME, (left(),)), Kept(CHILD, ())], "2026-11-26T12:00:00Z")
    return json.dumps({**whole, **changes}).encode()


def _with(**fields: Any) -> bytes:
    profile = json.loads(_text())["profiles"][0]
    profile["progress"][0].update(fields)
    return _text(profiles=[profile])


@given(st.lists(records, max_size=8))
def test_what_is_written_is_read_back(those: list[Record]) -> None:
    whole = written([Kept(HOME, tuple(those)), Kept(CHILD, ())], "now")
    found = read(json.dumps(whole).encode(), NOW_MS)
    assert [one.profile for one in found] == [HOME, CHILD]
    assert sorted(map(repr, found[0].records)) == sorted(map(repr, those))


@given(records)
def test_record_is_read_back_as_it_was(record: Record) -> None:
    assert read_record(kind_of(record), data_of(record)) == record


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a library"),
        (b'{"format": "other"}', "not a library"),
        (_text(version=2), "newer Matinee"),
        (_text(more=1), "not known: 'more'"),
        (_text(profiles={}), "must be a list"),
        (_text(profiles=[1]), "profiles[0] must be an object"),
        (_text(profiles=[json.loads(_text())["profiles"][0]] * 2), "twice"),
        (_text(profiles=[{**json.loads(_text())["profiles"][0], "child": True}]), "cannot be a child's"),
        (_text(profiles=[{**json.loads(_text())["profiles"][0], "progress": {}}]), "progress must be a list"),
        (_text(profiles=[{**json.loads(_text())["profiles"][0], "colour": "red"}]), "colour"),
        (_with(title="../../etc/passwd"), "title must be"),
        (_with(title="a\u0000b"), "title must be"),
        (_with(position_s=-1), "position_s"),
        (_with(position_s=float("nan")), "position_s"),
        (_with(position_s=True), "position_s"),
        (_with(duration_s=1e300), "duration_s"),
        (_with(watched="yes"), "watched"),
        (_with(season=1), "belong together"),
        (_with(season=1, number=2, file=3), "belong together"),
        (_with(changed_ms=-5), "changed_ms"),
        (_with(changed_ms="now"), "changed_ms"),
        (_with(extra=1), "'extra' is not known"),
        (_with(name=7), "name"),
    ],
)
def test_file_that_is_none_is_refused_in_one_sentence(text: bytes, said: str) -> None:
    with pytest.raises(BadLibrary, match=r"^[^\n]+\.$") as caught:
        read(text, NOW_MS)
    assert said in caught.value.message


def test_file_with_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLarge):
        read(b" " * (MOST_BYTES + 1), NOW_MS)
    with pytest.raises(TooLarge):
        read(_text(profiles=[{}] * 21), NOW_MS)
    monkeypatch.setattr(document, "MOST_RECORDS", 0)
    with pytest.raises(TooLarge):
        read(_text(), NOW_MS)


def test_record_of_the_future_is_of_now() -> None:
    (record,) = read(_with(changed_ms=NOW_MS * 5), NOW_MS)[0].records
    assert record.changed_ms == NOW_MS


def test_name_that_lies_is_made_fit_to_be_shown() -> None:
    (record,) = read(_with(name="\u202eevil\u0000" + "x" * 500), NOW_MS)[0].records
    name = data_of(record)["name"]
    assert name.startswith("evil")
    assert len(name) <= 120


@given(anything, st.sampled_from(["profiles", "version", "at", "more"]))
def test_anything_at_all_is_a_library_or_one_sentence(value: Any, where: str) -> None:
    _read_or_refuse(_text(**{where: value}))


@given(anything, st.sampled_from([*data_of(left()), "more"]))
def test_anything_in_a_record_is_a_library_or_one_sentence(value: Any, where: str) -> None:
    _read_or_refuse(_with(**{where: value}))


def _read_or_refuse(text: bytes) -> None:
    said = ""
    try:
        read(text, NOW_MS)
    except MatineeError as error:
        said = error.message
    assert "\n" not in said
