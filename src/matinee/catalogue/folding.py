"""Names and words as search compares them: without case, accents or punctuation. Pure."""

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
_JOINED = str.maketrans({"'": "", "’": "", "ʼ": "", "`": ""})
"""Within an English word: ``don't``. After a French article it parts words, see ``_ELIDED``."""
_ELIDED = ("l", "d", "j", "m", "n", "s", "t", "c", "qu")
WORD_LIMIT = 40
"""Longer runs are cut: nobody types them, and they would only fill the index."""


def words(text: str) -> list[str]:
    """Give a text's words, folded, in order; each is made of letters and digits alone."""
    # Twice: a letter may show its case only once it is taken apart (Unicode, definition 146).
    apart = text
    for _ in range(2):
        apart = unicodedata.normalize("NFKD", apart.casefold())
    folded = "".join(
        letter for letter in apart if not unicodedata.category(letter).startswith("M")
    ).translate(_LETTERS)
    found: list[str] = []
    for run in "".join(one if one.isalnum() or one in "'’ʼ`" else " " for one in folded).split():
        found.extend(_parted(run))
    return [word[:WORD_LIMIT] for word in found if word]


def _parted(run: str) -> list[str]:
    for mark in "’ʼ`":
        run = run.replace(mark, "'")
    head, mark, rest = run.strip("'").partition("'")
    if mark and head in _ELIDED and rest:
        return [head, rest.translate(_JOINED)]
    return [run.translate(_JOINED)]


def fold(text: str) -> str:
    """Give a text's folded words, one space between them."""
    return " ".join(words(text))


def without_article(folded: str) -> str:
    """Leave out a first word by which nobody sorts, unless it is the whole name."""
    first, _, rest = folded.partition(" ")
    return rest if rest and first in ARTICLES else folded
