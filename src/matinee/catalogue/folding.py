"""Names and words as search compares them: without case, accents or punctuation. Pure."""

import re
import unicodedata

_ARTICLES = (
    "the a an le la les l un une der die das ein eine el los las il lo gli i o os as um uma den det en ett"
)
ARTICLES = frozenset(_ARTICLES.split())
"""First words by which nobody sorts or looks for a film."""

_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "þ": "th", "ł": "l", "đ": "d", "ħ": "h", "ı": "i"}
)
"""What Unicode does not take for a letter with a mark."""
_ELIDED = frozenset(("l", "d", "j", "m", "n", "s", "t", "c", "qu"))
"""What stands before the apostrophe of a French word that is one of its own: ``l'eau``, but ``don't``."""
WORD_LIMIT = 40
"""Longer runs are cut: nobody types them, and they would only fill the index."""


_RUN = re.compile(r"[^\W_]+(?:['’ʼ`]+[^\W_]+)*")
_MARKS = re.compile("['’ʼ`]+")
_PLAIN = bytes(ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else 32 for code in range(256))
"""For texts of plain letters, which most are: several times as fast as looking for runs."""


def words(text: str) -> list[str]:
    """Give a text's words, folded, in order; each is made of letters and digits alone."""
    if text.isascii() and "'" not in text and "`" not in text:
        plain = text.encode().translate(_PLAIN).decode().split()
        return plain if len(text) <= WORD_LIMIT else [run[:WORD_LIMIT] for run in plain]
    found: list[str] = []
    for run in _RUN.findall(text.lower() if text.isascii() else _folded(text)):
        if run.isalnum():
            found.append(run[:WORD_LIMIT])
            continue
        head, *rest = _MARKS.split(run)
        parted = [head, "".join(rest)] if head in _ELIDED else [head + "".join(rest)]
        found.extend(word[:WORD_LIMIT] for word in parted)
    return found


def _folded(text: str) -> str:
    # Twice: a letter may show its case only once it is taken apart (Unicode, definition 146).
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in text if unicodedata.category(letter)[0] != "M").translate(_LETTERS)


def fold(text: str) -> str:
    """Give a text's folded words, one space between them."""
    return " ".join(words(text))


def without_article(folded: str) -> str:
    """Leave out a first word by which nobody sorts, unless it is the whole name."""
    first, _, rest = folded.partition(" ")
    return rest if rest and first in ARTICLES else folded
