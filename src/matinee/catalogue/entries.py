"""A title as the rows that are kept of it. Pure."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from matinee.catalogue.folding import fold, without_article, words
from matinee.catalogue.joining import Part
from matinee.catalogue.title_data import title_data
from matinee.models.rights import Licensed
from matinee.models.title import Release, Title

WORDS_VERSION = 3
"""Another number when words are folded or parted in another way, or there are other tags: every title is entered anew
then, when it is given next."""
SHORTEST_WORD = 3
"""Shorter ones are in no vocabulary: nothing is nearly one of them."""
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
OFFERED = "offered"
"""The tag of what somebody offers."""
SUBTITLED = "subtitled"
"""The tag of what subtitles are known to lie beside."""


@dataclass(frozen=True)
class Entry:
    """What is kept of a title. Words are folded, in order, each once. Without slots: what takes long is found once."""

    title: Title
    whole: str
    """JSON."""
    digest: str
    """Another one when anything that is kept has changed."""
    parts: tuple[Part, ...]
    """Of what it is joined."""

    @property
    def sort_name(self) -> str:
        """By what it is sorted: its original title, without an article."""
        return without_article(fold(self.title.title)) or self.title.id

    @cached_property
    def names(self) -> list[str]:
        """What somebody may begin to type for it."""
        found: dict[str, None] = {}
        for name in (name for one in self.parts for name in (one.title.title, *one.title.titles.values())):
            folded = fold(name)
            found.update({folded: None, without_article(folded): None})
        return [name for name in found if name]

    @cached_property
    def words(self) -> "EntryWords":
        """Give its words, by where they stand."""
        title = self.title
        episodes = [episode for season in title.seasons for episode in season.episodes]
        named = [name for episode in episodes for name in (episode.title, *episode.titles.values())]
        people = (*title.directors, *title.writers, *title.cast)
        return EntryWords(
            {word for name in self.names for word in name.split()},
            _each((*people, str(title.year), *title.genres, *named)),
            _each(title.synopsis.values()),
        )

    @cached_property
    def tags(self) -> list[str]:
        """What it is filtered by."""
        title = self.title
        return [
            *(f"genre:{one}" for one in title.genres),
            *(f"shelf:{one}" for one in title.shelves),
            *{f"language:{one.partition('-')[0]}": None for one in title.languages},
            *(f"country:{one}" for one in dict.fromkeys(title.countries)),
            *{f"licence:{one.licence}": None for one in title.evidence if isinstance(one, Licensed)},
            f"decade:{title.year // 10 * 10}",
            *((OFFERED,) if any(_releases(title)) else ()),
            *((SUBTITLED,) if any(one.subtitles for one in _releases(title)) else ()),
            # What follows from its names is found by those: an index more would be the largest of all.
            *{key: None for one in self.parts for key in sorted(one.keys_beside(title.kind, title.year))},
        ]


@dataclass(frozen=True, slots=True)
class EntryWords:
    """The words of a title."""

    names: set[str]
    facts: set[str]
    """Of its people, its year, its genres and its episodes."""
    texts: set[str]
    """Of its synopsis."""

    @property
    def vocabulary(self) -> set[str]:
        """Those that somebody may mistype."""
        return {word for word in self.names | self.facts if len(word) >= SHORTEST_WORD and not word.isdigit()}


def entry(title: Title, parts: Sequence[Part]) -> Entry:
    """Make the entry of a title that is joined of these parts, or is this one."""
    whole = _encode(title_data(title))
    return Entry(title, whole, digest_of(whole), tuple(parts))


def digest_of(whole: str) -> str:
    """Give the digest of a title that is kept so, with the words that it has now."""
    return hashlib.blake2b(f"{WORDS_VERSION} {whole}".encode(), digest_size=16).hexdigest()


def _releases(title: Title) -> Iterator[Release]:
    yield from title.releases
    for season in title.seasons:
        for episode in season.episodes:
            yield from episode.releases


def _each(texts: Iterable[str]) -> set[str]:
    # At once: the most are short. No word goes on over the end of a line.
    return set(words("\n".join(texts)))
