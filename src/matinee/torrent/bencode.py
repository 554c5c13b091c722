"""Reads and writes bencode, strictly and in time linear in the bytes. Pure. BEP 3.

Stricter than libtorrent, on purpose: what two readers could understand differently (a key twice, a leading
zero, bytes after the end) is refused here, so that what we showed is what libtorrent opens. Unsorted keys are
taken: old programs wrote them, and the bytes of the info dictionary are kept as they came.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from matinee.errors import BadTorrent, TooLarge

Value: TypeAlias = "int | bytes | list[Value] | dict[bytes, Value]"

MAX_DEPTH = 64
"""Lists and dictionaries within each other; a file tree takes one a folder. libtorrent takes 100."""
MAX_TOKENS = 1_500_000
"""Values in one torrent: 100 000 files of two path parts are 0.8 million. libtorrent takes 3 million."""

_INTEGER = re.compile(rb"i(0|-?[1-9][0-9]{0,17})e")
_LENGTH_DIGITS = 9
_ZERO, _DICTIONARY, _END, _INT, _LIST = b"0deil"


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes that are bencode already and go out as they are."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """A decoded dictionary, and where its values lie."""

    fields: dict[bytes, Value]
    spans: Mapping[bytes, tuple[int, int]]
    """For each key of ``fields``: the value's bytes as ``[start, stop)``."""


def decode(data: bytes) -> Document:
    """Decode one dictionary that fills all of ``data``.

    Raises:
        BadTorrent: it is not strict bencode, or not a dictionary.
        TooLarge: it holds more values than we take.
    """
    if data[:1] != b"d":
        raise BadTorrent("This is not a torrent file. Choose a file that ends in .torrent.")
    # The end mark stands in for the bytes of a file that is cut off: nothing reads beyond it.
    return _Scanner(data + b"\0").document()


class _Scanner:
    """One pass over the bytes. Recursion goes no deeper than ``MAX_DEPTH``.

    Every ``_read`` method takes where its value begins and gives the value and where it stops. Measured
    2026-11-23: 100 000 files, 3.5 MB, 0.8 s; a scanner with a stack of its own took twice that.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = MAX_TOKENS
        self._depth = 0

    def document(self) -> Document:
        fields: dict[bytes, Value] = {}
        spans: dict[bytes, tuple[int, int]] = {}
        at = self._read_dictionary(0, fields, spans)
        if at != len(self._data) - 1:
            raise _broken("something follows its end", at)
        return Document(fields, spans)

    def _read(self, at: int) -> tuple[Value, int]:
        kind = self._data[at]
        if kind == _DICTIONARY:
            fields: dict[bytes, Value] = {}
            return fields, self._read_dictionary(at, fields, None)
        if kind == _LIST:
            return self._read_list(at)
        if kind != _INT:
            return self._read_string(at)
        match = _INTEGER.match(self._data, at)
        if match is None:
            raise _broken("a number is malformed", at)
        return int(match[1]), match.end()

    def _read_string(self, at: int) -> tuple[bytes, int]:
        data = self._data
        colon = data.find(b":", at, at + _LENGTH_DIGITS + 1)
        digits = data[at:colon]
        # bytes.isdigit() knows the ten ASCII digits alone, and is False for no bytes.
        if colon < 0 or not digits.isdigit() or (digits[0] == _ZERO and colon > at + 1):
            raise _broken("it is cut off or not bencoded", at)
        stop = colon + 1 + int(digits)
        if stop >= len(data):
            raise _broken("a text is longer than the file", at)
        return data[colon + 1 : stop], stop

    def _read_list(self, at: int) -> tuple[list[Value], int]:
        self._enter(at)
        data, items = self._data, list[Value]()
        at += 1
        while data[at] != _END:
            item, at = self._read(at)
            items.append(item)
        self._leave(len(items))
        return items, at + 1

    def _read_dictionary(
        self, at: int, fields: dict[bytes, Value], spans: dict[bytes, tuple[int, int]] | None
    ) -> int:
        self._enter(at)
        data = self._data
        at += 1
        while data[at] != _END:
            key, start = self._read_string(at)
            if key in fields:
                raise _broken("a key stands there twice", at)
            fields[key], at = self._read(start)
            if spans is not None:
                spans[key] = (start, at)
        self._leave(2 * len(fields))
        return at + 1

    def _enter(self, at: int) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _broken("its parts are nested too deeply", at)
        self._spend(1)

    def _leave(self, values: int) -> None:
        self._depth -= 1
        self._spend(values)

    def _spend(self, values: int) -> None:
        self._left -= values
        if self._left < 0:
            raise TooLarge(f"This torrent lists more than {MAX_TOKENS} things. Ask for one with fewer files.")


def _broken(what: str, at: int) -> BadTorrent:
    return BadTorrent(f"This torrent file is damaged: {what}. Download it again.", offset=at)


def encode(value: "int | bytes | str | Raw | Sequence[object] | Mapping[bytes, object]") -> bytes:
    """Write a value; keys come out sorted, texts as UTF-8, ``Raw`` as it is."""
    out: list[bytes] = []
    _write(value, out)
    return b"".join(out)


def _write(value: object, out: list[bytes]) -> None:
    match value:
        case Raw(data):
            out.append(data)
        case int():
            out.append(b"i%de" % value)
        case bytes():
            out += (b"%d:" % len(value), value)
        case str():
            _write(value.encode(), out)
        case list() | tuple():
            out.append(b"l")
            for item in value:
                _write(item, out)
            out.append(b"e")
        case dict():
            out.append(b"d")
            for key in sorted(value):
                _write(key, out)
                _write(value[key], out)
            out.append(b"e")
        case _:
            raise TypeError(f"cannot be bencoded: {type(value).__name__}")
