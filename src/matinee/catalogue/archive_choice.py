"""What films an archive's item holds: one in several encodings, or several. Which is played ``rank`` says. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from matinee.catalogue.archive_item import Item, ItemFile, Made
from matinee.catalogue.film_file import stem
from matinee.catalogue.rank import BROWSER, Candidate, Place, container_of, rank
from matinee.languages import UNKNOWN, tag_of
from matinee.models.extras import Beside
from matinee.models.title import ArchiveItem, Release
from matinee.names import clean_name

MOST_RELEASES = 40

_CODECS: Mapping[str, tuple[str, ...]] = {
    "h.264": ("h264", "aac"), "h.264 ia": ("h264", "aac"), "h.264 hd": ("h264", "aac"), "h.264 720p": ("h264", "aac"),
    "mpeg2": ("mpeg2video", "mp2"), "mpeg1": ("mpeg1video", "mp2"), "divx": ("mpeg4", "mp3"), "xvid": ("mpeg4", "mp3"),
    "cinepack": ("cinepak",), "windows media": ("wmv2", "wmav2"),
    "ogg video": ("theora", "vorbis"), "ogg theora": ("theora", "vorbis"),
    # Anything may be in these.
    "512kb mpeg4": (), "mpeg4": (), "hires mpeg4": (), "quicktime": (), "webm": (), "matroska": (), "avi": (),
}  # fmt: skip
"""The archive's words for films. An upload's may be anything: the ending of its name tells then."""
_SUBTITLES = ("srt", "vtt", "ass", "ssa")
_MACHINE = "asr"
"""In the name of subtitles: a machine heard them."""
_NOT_THE_FILM = re.compile(r"(^|[/_ .-])(trailer|sample|thumb|preview)([/_ .-]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Film:
    """One film of an item, in all the encodings that the item has."""

    name: str
    """Without suffix."""
    files: tuple[ItemFile, ...]
    """The best first."""


def films(item: Item, line_bytes_per_s: float | None = None) -> tuple[Film, ...]:
    """Find an item's films: the longest first where one is much longer than the rest, else by name.

    Args:
        item: as the Archive describes it.
        line_bytes_per_s: what the line brings; None when it was not measured.
    """
    by_name: dict[str, list[ItemFile]] = {}
    known = {one.name: one for one in item.files}
    for one in item.files:
        if _is_film(one) and not one.name.startswith(f"{item.identifier}.thumbs/"):
            by_name.setdefault(stem(_root(one, known)), []).append(one)
    found = [Film(name, ranked(files, line_bytes_per_s)) for name, files in by_name.items()]
    found.sort(key=lambda film: film.name)
    feature = max(found, key=_weight, default=None)
    if feature is None:
        return ()
    rest = [film for film in found if film is not feature]
    alone = all(_weight(feature) > 2 * _weight(film) or _NOT_THE_FILM.search(film.name) for film in rest)
    return (feature, *rest) if alone else tuple(found)


def _root(file: ItemFile, known: dict[str, ItemFile]) -> str:
    """Follow what a file was made of to what was uploaded; a circle ends where it began."""
    seen = {file.name}
    while file.original in known and file.original not in seen:
        file = known[file.original]
        seen.add(file.name)
    return file.name


def _weight(film: Film) -> float:
    return max((one.duration_s or (one.length_bytes or 0) / 250_000 for one in film.files), default=0.0)


def _is_film(file: ItemFile) -> bool:
    if file.made is Made.METADATA:
        return False
    return file.format.strip().lower() in _CODECS or container_of(file.name) is not None


def ranked(files: Iterable[ItemFile], line_bytes_per_s: float | None) -> tuple[ItemFile, ...]:
    """Order the encodings of one film as ``rank`` does for a browser; what was uploaded goes before a copy of it."""
    uploaded_first = sorted(files, key=lambda one: (one.made is not Made.ORIGINAL, one.name))
    candidates = [Candidate(_release("", one)) for one in uploaded_first]
    return tuple(uploaded_first[one.index] for one in rank(candidates, Place(BROWSER, line_bytes_per_s)))


def releases(item: Item, line_bytes_per_s: float | None = None) -> tuple[Release, ...]:
    """Give every encoding of an item's films as a release, the best first; with several films each says which it is."""
    found = films(item, line_bytes_per_s)
    many = len(found) > 1
    every: list[Release] = []
    for film in found:
        note = (clean_name(film.name, "", 200) or None) if many else None
        every += (replace(one, note=note) for one in releases_of(item, film))
    return tuple(every[:MOST_RELEASES])


def releases_of(item: Item, film: Film) -> tuple[Release, ...]:
    """Give every encoding of one film of an item as a release, the best first."""
    tags = tuple(dict.fromkeys(one.language for one in beside(_names(item), film.name)))
    return tuple(replace(_release(item.identifier, file), subtitles=tags) for file in film.files)


def _release(identifier: str, file: ItemFile) -> Release:
    return Release(
        ArchiveItem(identifier),
        file=file.name,
        length_bytes=file.length_bytes,
        duration_s=file.duration_s,
        width=file.width,
        height=file.height,
        codecs=_CODECS.get(file.format.strip().lower(), ()),
    )


def _names(item: Item) -> Iterator[str]:
    return (one.name for one in item.files)


def beside(names: Iterable[str], film: str) -> tuple[Beside, ...]:
    """Give the subtitles beside a film: ``Film.fr.srt``, or ``Film.asr.srt``, which a machine wrote for the archive.

    Args:
        names: of files beside it, and in the same folder.
        film: its own name, without suffix.
    """
    found = []
    for one in names:
        name, _, suffix = one.rpartition(".")
        if suffix.lower() in _SUBTITLES and name.startswith(film):
            words = [word for word in re.split(r"[._ -]+", name[len(film) :]) if word]
            by_machine = any(word.lower() == _MACHINE for word in words)
            said = (
                tag
                for word in reversed(words)
                if word.lower() != _MACHINE and (tag := tag_of(word)) != UNKNOWN
            )
            found.append(Beside(next(said, UNKNOWN), by_machine))
    return tuple(dict.fromkeys(found))
