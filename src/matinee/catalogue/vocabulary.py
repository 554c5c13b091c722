"""Words that are nearly what was typed. Pure."""

from collections import defaultdict
from collections.abc import Iterable

SHORTEST = 4
"""Of shorter words everything is nearly the same."""
LONG = 8
"""From so many letters on two slips are forgiven."""
MOST = 6
"""So many words are taken for each that was typed."""


class Vocabulary:
    """All words that there are, by length and by first letter."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_length: dict[int, list[str]] = defaultdict(list)
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        for word in words:
            self._by_length[len(word)].append(word)
            self._by_letter[word[0]].append(word)

    def near(self, word: str) -> list[str]:
        """Give words that a slip or two turn into this one: a letter wrong, missing, too many, or two swapped."""
        slips = _slips(word)
        near = [
            one
            for length in range(len(word) - slips, len(word) + slips + 1)
            for one in self._closest(word, self._by_length.get(length, []), slips)
        ]
        return _best(near)

    def near_beginnings(self, word: str) -> list[str]:
        """Give beginnings of words, as long as this one, that a slip or two after the first letter turn into it."""
        slips = _slips(word)
        if slips == 0:
            return []
        beginnings = {one[: len(word)] for one in self._by_letter.get(word[0], []) if len(one) >= len(word)}
        return _best(self._closest(word, list(beginnings), slips))

    @staticmethod
    def _closest(word: str, among: list[str], slips: int) -> list[tuple[int, str]]:
        if slips == 0:
            return []
        # Imported when first something is misspelt: it takes 4 MB.
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        found = process.extract(word, among, scorer=OSA.distance, score_cutoff=slips, limit=MOST)
        return [(round(distance), one) for one, distance, _ in found]


def _slips(word: str) -> int:
    return 0 if len(word) < SHORTEST else 1 if len(word) < LONG else 2


def _best(found: list[tuple[int, str]]) -> list[str]:
    return [one for distance, one in sorted(found)[:MOST] if distance > 0]
