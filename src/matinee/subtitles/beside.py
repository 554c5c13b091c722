"""Which files of a torrent are subtitles of a film, and what their names say of them. Pure.

Names follow no rule, but habits: ``Film.en.forced.srt`` beside the film, ``Subs/2_English.srt`` below it,
``Subs/<episode>/2_English.srt`` for each of many, ``Film.idx`` with ``Film.sub``.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from matinee.languages import UNKNOWN, tag_of
from matinee.models.media import SubtitleForm
from matinee.models.playback import SubtitleChoice
from matinee.models.torrent import FileEntry
from matinee.subtitles.limits import MAX_FILE_BYTES

MOST_SIDECARS = 200
LABEL_MAX_CHARS = 60

_FORMS = {
    "srt": SubtitleForm.TEXT, "vtt": SubtitleForm.TEXT, "sub": SubtitleForm.TEXT, "mpl": SubtitleForm.TEXT,
    "smi": SubtitleForm.TEXT, "sami": SubtitleForm.TEXT, "ttml": SubtitleForm.TEXT, "dfxp": SubtitleForm.TEXT,
    "ass": SubtitleForm.STYLED, "ssa": SubtitleForm.STYLED, "idx": SubtitleForm.PICTURE, "sup": SubtitleForm.PICTURE,
}  # fmt: skip
_FOLDERS = frozenset({"sub", "subs", "subtitle", "subtitles", "vobsub", "vobsubs", "srt", "captions", "cc"})
_FORCED = frozenset({"forced", "foreign", "forzado", "forzados", "forcé", "forces"})
_IMPAIRED = frozenset({"sdh", "cc", "hoh", "hearing", "impaired", "deaf"})
_EXTRAS = frozenset({"sample", "trailer", "extras", "featurette", "featurettes", "bonus"})
_BOTH = frozenset({"ar", "ca", "la", "sv"})
"""Codes of languages that stand for countries more often behind another language."""
_PART = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_EPISODE = re.compile(r"(?<![a-z0-9])(?:s(\d{1,2})[ ._-]?e(\d{1,3})|(\d{1,2})x(\d{2,3}))(?!\d)")
_NAME_CHARS = 3
"""Words longer than so many letters name a language wherever they stand; codes only at the end, for ``no``, ``it``
and ``man`` are words of titles too."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A file of subtitles beside a film."""

    file: FileEntry
    partner: FileEntry | None
    """Of an ``.idx`` the ``.sub`` that holds its pictures."""
    choice: SubtitleChoice
    number: int = 0
    """Which of an ``.idx``'s languages, in its order."""


@dataclass(frozen=True, slots=True)
class _Path:
    """A file's path in words."""

    folders: tuple[str, ...]
    words: tuple[str, ...]
    """Of the name without its ending."""
    ending: str
    episode: tuple[int, int] | None


@dataclass(slots=True)
class _Films:
    """The torrent's films, by what tells them apart."""

    by_words: dict[tuple[str, ...], list[_Path]] = field(default_factory=dict)
    below: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """How many films lie in a folder or deeper."""

    def add(self, path: _Path) -> None:
        self.by_words.setdefault(path.words, []).append(path)
        for depth in range(len(path.folders) + 1):
            self.below[path.folders[:depth]] += 1


def beside(files: Sequence[FileEntry], film: FileEntry) -> tuple[Sidecar, ...]:
    """Give a film's sidecars, in the torrent's order.

    Args:
        files: all of the torrent.
        film: one of them.
    """
    own = _parse(film.path)
    films = _Films()
    for file in files:
        if file is film or (file.media_type.startswith("video/") and not _is_extra(file, film)):
            films.add(_parse(file.path))
    partners = {file.path[:-4].lower(): file for file in files if file.path[-4:].lower() == ".sub"}
    indexes = {file.path[:-4].lower() for file in files if file.path[-4:].lower() == ".idx"}
    found: list[Sidecar] = []
    for file in files:
        sidecar = _sidecar(file, own, films, partners, indexes)
        if sidecar is not None and len(found) < MOST_SIDECARS:
            found.append(sidecar)
    return tuple(found)


def in_languages(sidecar: Sidecar, said: Sequence[tuple[str, str]]) -> tuple[Sidecar, ...]:
    """Give an ``.idx`` as one choice for each language that it says it has.

    Args:
        sidecar: as its name tells of it.
        said: a tag and a label for each.
    """
    choice = sidecar.choice
    if len(said) == 1:
        tag = choice.language if choice.language != UNKNOWN else said[0][0]
        return (replace(sidecar, choice=replace(choice, language=tag)),)
    return tuple(
        replace(
            sidecar,
            number=number,
            choice=replace(
                choice,
                id=f"{choice.id}-{number}" if number else choice.id,
                language=tag,
                label=label[:LABEL_MAX_CHARS] or choice.label,
                default=choice.default and number == 0,
            ),
        )
        for number, (tag, label) in enumerate(said)
    )


def language_of(name: str) -> str:
    """Give the language that a file's name says; ``und`` where it says none."""
    return _language(_parse(name.rpartition("/")[2]).words, anywhere=False)[0]


def _is_extra(file: FileEntry, film: FileEntry) -> bool:
    path = _parse(file.path)
    return bool(_EXTRAS & {*path.words, *path.folders}) and file.length * 4 < film.length


def _sidecar(
    file: FileEntry, own: _Path, films: _Films, partners: dict[str, FileEntry], indexes: set[str]
) -> Sidecar | None:
    before, _, ending = file.path.lower().rpartition(".")
    form = _FORMS.get(ending) if before else None
    if form is None or file.length == 0:
        return None
    if form is not SubtitleForm.PICTURE and ending != "sub" and file.length > MAX_FILE_BYTES:
        return None
    partner = partners.get(before) if ending == "idx" else None
    if (ending == "idx" and partner is None) or (ending == "sub" and before in indexes):
        return None
    words = _words_of(_parse(file.path), own, films)
    return None if words is None else Sidecar(file, partner, _choice(file, form, words))


def _words_of(path: _Path, own: _Path, films: _Films) -> tuple[tuple[str, ...], bool, tuple[str, ...]] | None:
    """Give those words of a sidecar's name that are not the film's, whether any are, and its folders' own words.

    None when it is another film's, or nobody's.
    """
    home, inner, named = _home(path.folders, films)
    if own.folders[: len(home)] != home:
        return None
    if named is not None:
        return (path.words, False, inner) if named == own.words else None
    for count in range(len(path.words), 0, -1):
        namesakes = films.by_words.get(path.words[:count])
        if namesakes and any(one.folders[: len(home)] == home for one in namesakes):
            return (path.words[count:], True, inner) if path.words[:count] == own.words else None
    if path.episode is not None and own.episode is not None:
        return (path.words, False, inner) if path.episode == own.episode else None
    return (path.words, False, inner) if films.below[home] == 1 else None


def _home(
    folders: tuple[str, ...], films: _Films
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...] | None]:
    """Take off the folders that hold subtitles: gives what is left, what was taken, and a film named by one."""
    stop = len(folders)
    named: tuple[str, ...] | None = None
    while stop:
        words = _words(folders[stop - 1])
        below_subs = any(folder in _FOLDERS for folder in folders[: stop - 1])
        if below_subs and words in films.by_words:
            named = words
        elif not (folders[stop - 1] in _FOLDERS or (words and tag_of(words[0]) != UNKNOWN and stop > 1)):
            break
        stop -= 1
    return folders[:stop], folders[stop:], named


def _choice(
    file: FileEntry, form: SubtitleForm, found: tuple[tuple[str, ...], bool, tuple[str, ...]]
) -> SubtitleChoice:
    words, is_rest, inner = found
    language, at = _language(words, anywhere=is_rest)
    if language == UNKNOWN:
        language = next((tag for folder in reversed(inner) if (tag := tag_of(folder)) != UNKNOWN), UNKNOWN)
    said = set(words)
    impaired = bool(said & _IMPAIRED) or ("hi" in said and language not in ("hi", UNKNOWN))
    left = [word for place, word in enumerate(words) if place not in at and _says_something(word)]
    label = " ".join(left) if is_rest or language != UNKNOWN else file.path.rpartition("/")[2]
    return SubtitleChoice(
        id=f"f{file.index}",
        language=language,
        label=label[:LABEL_MAX_CHARS],
        form=form,
        default="default" in said,
        forced=bool(said & _FORCED),
        hearing_impaired=impaired,
    )


def _says_something(word: str) -> bool:
    return not word.isdecimal() and word not in _FORCED | _IMPAIRED | {"default", "hi"}


def _language(words: tuple[str, ...], *, anywhere: bool) -> tuple[str, tuple[int, ...]]:
    """Find the language among words, and at which places; ``anywhere`` when none of them is the film's title."""
    for at in reversed(range(len(words))):
        word = words[at]
        if word in _FORCED | _IMPAIRED | {"default"}:
            continue
        if word == "hi" and any(tag_of(other) != UNKNOWN for other in words[:at]):
            continue
        pair = _pair(words[at - 1], word) if at else UNKNOWN
        if pair != UNKNOWN:
            return pair, (at - 1, at)
        if word.isdecimal():
            continue
        tag = tag_of(word)
        if tag != UNKNOWN:
            return tag, (at,)
        if not anywhere:
            break
    named = [
        (at, word) for at, word in enumerate(words) if len(word) > _NAME_CHARS and tag_of(word) != UNKNOWN
    ]
    return (tag_of(named[-1][1]), (named[-1][0],)) if named else (UNKNOWN, ())


def _pair(word: str, region: str) -> str:
    """Give the tag of a language with a region or script; two languages one after the other are none."""
    tag = tag_of(f"{word}-{region}")
    if region in ("brazil", "brasil") and tag_of(word) == "pt":
        return "pt-BR"
    if "-" not in tag or "-" in tag_of(word):
        return UNKNOWN
    return tag if region in _BOTH or tag_of(region) in (UNKNOWN, tag_of(word)) else UNKNOWN


def _parse(path: str) -> _Path:
    *folders, name = path.lower().split("/")
    stem, _, ending = name.rpartition(".")
    found = _EPISODE.search(stem)
    episode = (int(found[1] or found[3]), int(found[2] or found[4])) if found else None
    return _Path(tuple(folders), _words(stem), ending, episode)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_PART.findall(text.lower()))
