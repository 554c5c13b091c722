"""Which episode of a series a file of an archive's item is. Strict: what can be taken in two ways is none. Pure.

An item holds a whole serial, a file a chapter, or one chapter alone; what tells which is how people name them:
``Flash Gordon ch 2.mp4``, ``Chapter Two - Freezing Torture``, ``S01E02``, ``02``. What is not understood of a name is
held against it where it may be another work's: ``Dick Tracy Returns`` is not ``Dick Tracy``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from matinee.catalogue.folding import ARTICLES, words
from matinee.models.title import Episode, Title

YEARS_APART = 1
LENGTHS_APART = 0.15
"""Of the episode's: archives have restored and shortened copies, and films run at another speed on television."""
SECONDS_APART = 120.0
SHORTEST_S, LONGEST_S = 300.0, 65 * 60.0
"""Of an episode whose length nobody knows: shorter are trailers, longer are several in one."""
UPLOADS_BEGAN = 1990
"""A later year beside a serial is that of its upload, or of its disc."""
TELLING_LETTERS = 8
"""A single word of a title tells an episode by itself only when it has so many."""

_SAID_BEFORE = "chapter chapters chap chp ch episode episodes ep e part pt no nr"
_MARKERS = frozenset(_SAID_BEFORE.split())
"""Stand before an episode's number."""
_PLURAL = frozenset(("chapters", "episodes", "parts", "complete", "compilation"))
"""Say that there is more than one in it."""
_NOT_IT = "trailer trailers preview promo sample commentary excerpt clip intro"
_BESIDE = frozenset(_NOT_IT.split())
"""Say that it is not the episode itself."""
_NUMERALS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_WORDS: Mapping[str, int] = {word: number for number, word in enumerate(_NUMERALS.split())}
_COUNTED = "first second third fourth fifth sixth seventh eighth ninth tenth"
_ORDINALS: Mapping[str, int] = {word: number for number, word in enumerate(_COUNTED.split(), 1)}
_ROMAN = re.compile(r"(?=.)x{0,3}(ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}
_SEASONED = re.compile(r"s0*(\d{1,2})e0*(\d{1,3})")
_CROSSED = re.compile(r"0*(\d{1,2})x0*(\d{1,3})")
_GLUED = re.compile(r"(chapter|chap|chp|ch|episode|ep|e|part|pt|no|nr)0*(\d{1,3})")
_ORDINAL = re.compile(r"(\d{1,3})(?:st|nd|rd|th)")
_TRAILING = re.compile(r"([a-z]{2,})0*(\d{1,3})")
_YEAR = re.compile(r"1[89]\d\d|20\d\d")
_TECHNICAL = re.compile(
    r"\d{3,4}[pi]|\d+kb(ps)?|[hx]26[45]|hd|sd|dvd(rip)?|vhs(rip)?|tv(rip)?|mp4|mpeg\d?|avi|divx|xvid|bw"
)
_BESIDE_ANY = """serial serials cliffhanger cliffhangers movie movies film films classic classics old time vintage
    public domain universal republic columbia mascot victory pictures presents in of and from with by full hd restored
    remastered colorized black white sound silent sci fi science fiction western adventure matinee saturday theater
    theatre video original uncut version us usa american english archive collection set chapterplay starring stars
    directed hq disc season series tv show"""
_KNOWN = frozenset(_BESIDE_ANY.split())
"""Said beside any serial; they name no other one."""
FEWEST_ALIKE = 3
"""So many films of an item that share a word tell that it is their uploader's way to name them: ``fgctu_ch02``."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A film that may be an episode: all its encodings are one."""

    item: str
    """What its item is called, for people; empty where that counts for nothing."""
    name: str
    """Of the film within the item: a path without its ending."""
    duration_s: float | None = None
    year: int | None = None
    """Stated by its item."""
    alone: bool = False
    """Whether it is the only film of its item: what that is called is said of it too."""
    of_series: bool = False
    """Whether it is known from elsewhere that the item holds this series."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What a name says."""

    numbers: frozenset[tuple[int | None, int]]
    """Behind a word for it, with the season where that is told."""
    bare: frozenset[int]
    """By themselves."""
    names: frozenset[tuple[int, int]]
    """Of which episodes it has the title."""
    telling: bool
    """Whether the title is long enough to tell by itself."""
    strange: bool
    """Whether it may name another work."""
    many: bool
    """Whether it speaks of several, or of something beside one."""


class Chapters:
    """Matches what is found to the episodes of one series.

    Args:
        series: with seasons.
    """

    def __init__(self, series: Title) -> None:
        self._series = series
        self._every = {
            (season.number, one.number): one for season in series.seasons for one in season.episodes
        }
        self._seasons = {season.number for season in series.seasons}
        named = (series.title, *series.titles.values())
        self._names = sorted(
            {tuple(_without_article(words(one))) for one in named} - {()}, key=len, reverse=True
        )
        people = (*series.directors, *series.writers, *series.cast)
        own = {word for name in self._names for word in (*name, "".join(name))}
        self._known = _KNOWN | ARTICLES | own | {word for one in people for word in words(one)}
        self._titles = self._episode_titles()

    def names_series(self, text: str) -> bool:
        """Tell whether a text has one of the series' names in it, and no year of another."""
        said = words(text)
        return any(_place(said, name) is not None for name in self._names) and self._year_fits(said, None)

    def matched(self, sightings: Sequence[Sighting]) -> dict[int, tuple[int, int]]:
        """Match the films of one item.

        Returns:
            Of those that are certainly an episode: the place in ``sightings``, and season and number. No episode
            is there twice: two films that may both be it are neither.
        """
        shared = _shared(sightings)
        said = [self._read(one, shared) for one in sightings]
        numbered = self._all_numbered(sightings, said)
        found: dict[int, tuple[int, int]] = {}
        for place, (sighting, one) in enumerate(zip(sightings, said, strict=True)):
            episode = None if one is None else self._episode(one, numbered)
            if episode is not None and self._lasts(sighting.duration_s, self._every[episode]):
                found[place] = episode
        times = Counter(found.values())
        return {place: episode for place, episode in found.items() if times[episode] == 1}

    def _read(self, one: Sighting, shared: Set[str]) -> _Said | None:
        """Read what is said of a film; None where it is of another work, or nobody knows of which."""
        if not self._year_fits(words(_spaced(f"{one.item} {one.name}")), one.year):
            return None
        of_item = None if one.of_series else self._said(one.item, named=False, shared=frozenset())
        if of_item is None and not one.of_series:
            return None
        of_file = self._said(one.name, named=True, shared=shared)
        assert of_file is not None  # noqa: S101 - for the type checker: what is named is read
        if one.of_series:
            return of_file
        assert of_item is not None  # noqa: S101 - as above
        return (
            _both(of_file, of_item)
            if one.alone
            else replace(of_file, strange=of_file.strange or of_item.strange)
        )

    def _said(self, text: str, *, named: bool, shared: Set[str]) -> _Said | None:
        """Understand a name; None where it does not name the series, and must."""
        said = words(_spaced(text))
        place = next((at for name in self._names if (at := _place(said, name)) is not None), None)
        if place is None and not named:
            return None
        before, rest = ((), said) if place is None else (said[: place[0]], said[place[1] :])
        titles, telling, rest = self._take_titles(rest)
        numbers, bare, other, many = _numbers(rest, len(self._every))
        strange = self._is_strange([*before, *other], shared)
        return _Said(frozenset(numbers), frozenset(bare), frozenset(titles), telling, strange, many)

    def _episode(self, said: _Said, numbered: bool) -> tuple[int, int] | None:
        """Give the one episode of which a film speaks."""
        if said.many or len(said.names) > 1 or len(said.numbers) > 1:
            return None
        by_number = {one for number in said.numbers for one in self._of_number(*number)}
        if said.numbers and len(by_number) != 1:
            return None
        if numbered and not by_number and len(said.bare) == 1:
            by_number = set(self._of_number(None, *said.bare))
        if said.names and by_number:
            return next(iter(by_number)) if by_number == said.names else None
        # Another number beside a title is held against it; another title beside a number is not known from a slip.
        if said.names:
            (only,) = said.names
            return only if said.telling and said.bare <= {only[1]} else None
        return next(iter(by_number)) if by_number and not said.strange else None

    def _of_number(self, season: int | None, number: int) -> list[tuple[int, int]]:
        if season is None and len(self._seasons) != 1:
            return []
        seasons = self._seasons if season is None else {season}
        return [(one, number) for one in seasons if (one, number) in self._every]

    def _all_numbered(self, sightings: Sequence[Sighting], said: Sequence[_Said | None]) -> bool:
        """Tell whether the films of an item are numbered through from the first episode to the last, each once."""
        bare = [next(iter(one.bare)) for one in said if one is not None and len(one.bare) == 1]
        wanted = sorted(number for _, number in self._every)
        return len(self._seasons) == 1 and len(bare) == len(sightings) and sorted(bare) == wanted

    def _lasts(self, duration_s: float | None, episode: Episode) -> bool:
        minutes = episode.minutes or self._series.minutes
        if duration_s is None:
            return True
        if not minutes:
            return SHORTEST_S <= duration_s <= LONGEST_S
        return abs(duration_s - minutes * 60) <= max(SECONDS_APART, LENGTHS_APART * minutes * 60)

    def _year_fits(self, said: Iterable[str], stated: int | None) -> bool:
        years = {int(word) for word in said if _YEAR.fullmatch(word)} | ({stated} if stated else set())
        old = {year for year in years if year < UPLOADS_BEGAN}
        if self._series.year >= UPLOADS_BEGAN:
            old = years
        return not old or any(abs(year - self._series.year) <= YEARS_APART for year in old)

    def _episode_titles(self) -> list[tuple[tuple[str, ...], tuple[int, int]]]:
        """Give what episodes are called, the longest first: one may stand in another."""
        found = {
            (tuple(_without_article(words(name))), key)
            for key, one in self._every.items()
            for name in (one.title, *one.titles.values())
        }
        return sorted((one for one in found if one[0]), key=lambda one: (-len(one[0]), one))

    def _take_titles(self, said: list[str]) -> tuple[set[tuple[int, int]], bool, list[str]]:
        """Find episodes' titles in a name; and what is left of it without them."""
        found: set[tuple[int, int]] = set()
        telling = False
        for title, _ in self._titles:
            if _generic(title):
                continue
            place = _place(said, title)
            if place is None:
                # Two episodes of one title, or one whose title was taken out with a longer one.
                continue
            same = {other for name, other in self._titles if name == title}
            found |= same
            telling = telling or len(title) > 1 or len(title[0]) >= TELLING_LETTERS
            said = [*said[: place[0]], *said[place[1] :]]
        return found, telling, said

    def _is_strange(self, said: Iterable[str], shared: Set[str]) -> bool:
        return any(
            word not in self._known
            and word not in shared
            and not _YEAR.fullmatch(word)
            and not _TECHNICAL.fullmatch(word)
            for word in said
        )


def _shared(sightings: Sequence[Sighting]) -> Set[str]:
    """Give the words that all films of an item have in their names."""
    if len(sightings) < FEWEST_ALIKE:
        return frozenset()
    first, *others = (set(words(_spaced(one.name))) for one in sightings)
    return first.intersection(*others)


def _both(file: _Said, item: _Said) -> _Said:
    """Put together what a film and its item are called: each may say what the other does not."""
    return _Said(
        file.numbers | item.numbers,
        file.bare | item.bare,
        file.names | item.names,
        file.telling or item.telling,
        # What an upload calls its only file is nothing to go by where its title tells all.
        item.strange or (file.strange and bool(file.numbers) and not item.numbers),
        file.many or item.many,
    )


def _numbers(
    said: Sequence[str], count: int
) -> tuple[set[tuple[int | None, int]], set[int], list[str], bool]:
    """Find the numbers in a name.

    Returns:
        Those that are said to be an episode's, with the season where it is told; those that stand by themselves;
        the words before the first of them that are none; and whether several episodes, or a trailer, are spoken of.
    """
    marked: set[tuple[int | None, int]] = set()
    bare: set[int] = set()
    before: list[str] = []
    many = any(word in _PLURAL or word in _BESIDE for word in said)
    at = 0
    while at < len(said):
        number, used = _marked(said, at, count)
        if number is not None:
            marked.add(number)
            at += used
            many = many or _goes_on(said[at:])
            continue
        word = said[at]
        if _YEAR.fullmatch(word) is None and _TECHNICAL.fullmatch(word) is None and word not in _PLURAL:
            alone = _bare(word)
            if alone is not None:
                bare.add(alone)
                many = many or _goes_on(said[at + 1 :])
            elif not marked:
                before.append(word)
        at += 1
    return marked, bare - {number for _, number in marked}, before, many


def _marked(said: Sequence[str], at: int, count: int) -> tuple[tuple[int | None, int] | None, int]:
    """Read a number that is said to be an episode's; and how many words say it."""
    word = said[at]
    for pattern in (_SEASONED, _CROSSED):
        if (found := pattern.fullmatch(word)) is not None:
            return (int(found[1]), int(found[2])), 1
    if (found := _GLUED.fullmatch(word)) is not None:
        return (None, int(found[2])), 1
    following = said[at + 1 : at + 4]
    if word in _MARKERS and following:
        number = _spelled(following[0])
        if number is not None:
            of = len(following) > 2 and following[1] == "of" and _spelled(following[2]) == count
            return (None, number), 4 if of else 2
    if (number := _ordinal(word)) is not None and following and following[0] in _MARKERS:
        return (None, number), 2
    if (number := _spelled(word)) is not None and len(following) > 1 and following[0] == "of":
        return ((None, number), 3) if _spelled(following[1]) == count else (None, 1)
    return None, 1


def _goes_on(following: Sequence[str]) -> bool:
    """Tell whether a number is followed by another one that it reaches to, or is counted with."""
    if not following:
        return False
    if following[0] in ("to", "and", "thru", "through") and len(following) > 1:
        return _spelled(following[1]) is not None
    return following[0].isdecimal() and len(following[0]) < 4


def _spelled(word: str) -> int | None:
    if word.isdecimal() and len(word) < 4:
        return int(word)
    if word in _WORDS:
        return _WORDS[word]
    return _roman(word) if _ROMAN.fullmatch(word) else None


def _ordinal(word: str) -> int | None:
    found = _ORDINAL.fullmatch(word)
    return int(found[1]) if found is not None else _ORDINALS.get(word)


def _bare(word: str) -> int | None:
    """Read a number that stands by itself, or behind the name to which it is glued."""
    if word.isdecimal() and len(word) < 4:
        return int(word)
    found = _TRAILING.fullmatch(word)
    return int(found[2]) if found is not None else None


def _roman(word: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in word]
    return sum(-one if one < after else one for one, after in pairwise([*values, 0]))


def _generic(title: Sequence[str]) -> bool:
    """Tell whether a title only counts: ``Chapter 2``, ``Part Two``."""
    return all(word in _MARKERS or _spelled(word) is not None for word in title)


def _place(said: Sequence[str], wanted: Sequence[str]) -> tuple[int, int] | None:
    """Find where some words stand in others, one behind the other."""
    size = len(wanted)
    return next(
        (
            (at, at + size)
            for at in range(len(said) - size + 1)
            if tuple(said[at : at + size]) == tuple(wanted)
        ),
        None,
    )


def _spaced(name: str) -> str:
    """Part words that stand together: ``RadarMenFromTheMoonE01MoonRocket``, ``zorro_chapter1``."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=\d)(?=[A-Z][a-z])", " ", name)
    return re.sub(r"[._/-]+", " ", parted)


def _without_article(said: list[str]) -> list[str]:
    return said[1:] if len(said) > 1 and said[0] in ARTICLES else said
