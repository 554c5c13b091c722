"""From a sidecar's bytes to text. Pure.

What is certain comes first: a byte order mark, zeros where UTF-16 has them, valid UTF-8. Then the language the
file is said to be in: of the encodings its subtitles are made in the one whose letters look most like it. Only
where no language is known, or the letters deny it, the encoding is guessed: statistics misjudge a few lines.
"""

import codecs
import unicodedata
from collections.abc import Iterable

from matinee.subtitles.alphabets import WRITINGS, Writing

SAMPLE_BYTES = 16 * 1024
"""Of the lines with letters beyond ASCII, what is looked at to tell encodings apart."""
LIKELY = 0.5
"""The score of each letter beyond ASCII from which on a language is believed."""
SURE = 0.8
"""The same where nobody names a language."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TYPOGRAPHY = frozenset("“”„‟‘’‚‹›«»–—…•·¿¡°♪♫©®€£ªº\xa0\xad")
_REPLACED = "\ufffd"
_LAST = "cp1252"
_LATIN = ("en", "pl", "cs", "hu", "ro", "tr", "lt", "lv")
"""Languages that show which Latin encoding it is, by how often one is met."""
_EAST = ("ja", "ko", "zh-Hans", "zh-Hant")
"""Languages of two-byte encodings, in which few other texts are made of common characters."""


def decode(data: bytes, language: str) -> str:
    """Give the text of a sidecar; a byte that fits nothing becomes a replacement character.

    Args:
        data: the whole file.
        language: BCP 47, ``und`` when it is not known.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    return data.decode(encoding_of(data, language), "replace").removeprefix("\ufeff")


def encoding_of(data: bytes, language: str) -> str:
    """Give the Python name of the encoding of text without a byte order mark."""
    wide = _wide(data)
    if wide:
        return wide
    if data.isascii():
        return _seven_bits(data)
    if _is_utf8(data):
        return "utf-8"
    sample = _sample(data)
    writing = WRITINGS.get(language) or WRITINGS.get(language.partition("-")[0])
    if writing is None or (writing.is_latin and _is_dense(sample)):
        return _guess(sample) or _LAST
    best, score = _best(sample, writing)
    return best if score >= LIKELY else _guess(sample) or best


def _wide(data: bytes) -> str | None:
    """Tell UTF-16 by its zeros: of Latin letters every other byte, of others those of spaces and line ends."""
    head = data[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 20 < len(head) or min(even, odd) * 4 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _seven_bits(data: bytes) -> str:
    if b"\x1b$" in data or b"\x1b(" in data:
        return "iso2022_jp"
    return "hz" if b"~{" in data and b"~}" in data else "utf-8"


def _is_utf8(data: bytes) -> bool:
    """Tell UTF-8, also with some broken places: no other encoding makes its sequences but by chance."""
    try:
        data.decode()
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        broken = text.count(_REPLACED)
        whole = sum(not char.isascii() for char in text) - broken
        return whole > 10 * broken
    return True


def _sample(data: bytes) -> bytes:
    """Take lines that are not ASCII alone; in all these encodings a line feed is what it seems."""
    lines: list[bytes] = []
    size = 0
    for line in data.split(b"\n"):
        if not line.isascii():
            lines.append(line[: SAMPLE_BYTES - size])
            size += len(lines[-1]) + 1
            if size >= SAMPLE_BYTES:
                break
    return b"\n".join(lines)


def _best(sample: bytes, writing: Writing) -> tuple[str, float]:
    """Choose among a language's encodings; the first of equals."""
    scores = {
        encoding: _score(sample.decode(encoding, "replace"), writing.letters)
        for encoding in writing.encodings
    }
    best = max(scores, key=lambda encoding: scores[encoding])
    return best, scores[best]


def _score(text: str, letters: Iterable[str]) -> float:
    """Say how much the characters beyond ASCII look like a language: 1 each when all of them are its letters."""
    total, count = 0.0, 0
    before = " "
    for char in text:
        if not char.isascii():
            count += 1
            total += _worth(char, before, letters)
        before = char
    return total / count if count else 0.0


def _worth(char: str, before: str, letters: Iterable[str]) -> float:
    if char in letters:
        # Encodings that confuse small and capital letters, such as KOI8-R and Windows-1251, show here.
        return -1.0 if char.isupper() and before.islower() else 1.0
    if char in _TYPOGRAPHY:
        return 0.5
    if char == _REPLACED or unicodedata.category(char) in ("Cc", "Co", "Cn"):
        return -5.0
    return 0.0 if char.isalpha() else -1.0


def _is_dense(sample: bytes) -> bool:
    """Tell writings whose every letter lies beyond ASCII from Latin ones, where few do."""
    beyond = sum(byte > 127 for byte in sample)
    latin = sum(chr(byte).isalpha() for byte in sample if byte < 128)
    return beyond > latin


def _guess(sample: bytes) -> str | None:
    """Tell the encoding by the letters alone."""
    known = _EAST if _is_dense(sample) else _LATIN
    for language in known:
        encoding, score = _best(sample, WRITINGS[language])
        if score >= SURE:
            return encoding
    from charset_normalizer import from_bytes

    match = from_bytes(sample).best()
    return match.encoding if match is not None else None
