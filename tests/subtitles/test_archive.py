"""Archives, honest ones and others."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.errors import BadSubtitles, MatineeError, TooLarge
from matinee.subtitles.archive import MAX_ENTRIES, is_archive, unpack
from matinee.subtitles.limits import MAX_FILE_BYTES

LINE = b"1\n00:00:01,000 --> 00:00:02,000\nHello\n"


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return packed.getvalue()


def lying(data: bytes) -> bytes:
    """Have a zip's directory say that everything is small."""
    at = data.rindex(b"PK\x01\x02")
    return data[: at + 24] + struct.pack("<I", 10) + data[at + 28 :]


def test_unpack_when_there_are_subtitles_then_those_by_their_last_names() -> None:
    data = zipped(
        {"../../etc/x.SRT": LINE, "a/": b"", "readme.nfo": b"x", "C:\\y\\b.ass": b"y", "inner.zip": b"PK"}
    )
    assert is_archive(data)
    assert unpack(data) == (("x.SRT", LINE), ("b.ass", b"y"))


BOMBS: dict[str, Callable[[], bytes]] = {
    "one that grows": lambda: zipped({"a.srt": b"0" * (MAX_FILE_BYTES + 1)}),
    "one that says it is small": lambda: lying(zipped({"a.srt": b"0" * (2 * MAX_FILE_BYTES)})),
    "many that grow": lambda: zipped({f"{at}.srt": b"0" * (MAX_FILE_BYTES // 4) for at in range(6)}),
    "many": lambda: zipped({f"{at}.srt": b"" for at in range(MAX_ENTRIES + 1)}),
    "a large one": lambda: b"PK\x03\x04" + bytes(MAX_FILE_BYTES),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_unpack_when_it_is_made_to_fill_memory_then_a_clear_error(bomb: str) -> None:
    with pytest.raises((TooLarge, BadSubtitles)):
        unpack(BOMBS[bomb]())


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04",
        zipped({}),
        zipped({"a.exe": LINE}),
        zipped({"a.srt": LINE})[:-10],
        zipped({"a.srt": LINE}, zipfile.ZIP_STORED).replace(b"Hello", b"Hullo"),
        zipped({"a.srt": LINE}, zipfile.ZIP_LZMA),
    ],
)
def test_unpack_when_it_is_broken_or_empty_then_a_clear_error(data: bytes) -> None:
    with pytest.raises(BadSubtitles):
        unpack(data)


@settings(deadline=None, max_examples=300)
@given(
    st.integers(0, 200), st.binary(max_size=6), st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
)
def test_unpack_when_bytes_are_changed_then_an_answer_or_a_clear_error(
    at: int, with_: bytes, method: int
) -> None:
    data = zipped({"a.srt": LINE, "b.srt": LINE * 3}, method)
    try:
        found = unpack(data[:at] + with_ + data[at + len(with_) :])
    except MatineeError:
        found = ()
    assert all(len(content) <= MAX_FILE_BYTES for _, content in found)
