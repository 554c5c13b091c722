"""Which file of an archive's item to play: one film is there in several encodings, or several films are. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matinee.catalogue.archive_item import Item, ItemFile, Made
from matinee.languages import UNKNOWN, tag_of
from matinee.models.title import ArchiveItem, Release
from matinee.names import clean_name

HEADROOM = 1.25
"""A line must be so much faster than a film's mean: scenes differ, and so does the line."""
MOST_RELEASES = 40

_GOOD, _WELL, _CONVERTED, _LAST = range(4)
_RANKS = {
    # H.264 in MP4 plays as it is, everywhere.
    "h.264": _GOOD, "h.264 ia": _GOOD, "h.264 hd": _GOOD, "h.264 720p": _GOOD, "512kb mpeg4": _GOOD,
    "webm": _WELL, "matroska": _WELL,
    # Must be looked into, and mostly converted.
    "mpeg4": _CONVERTED, "hires mpeg4": _CONVERTED, "quicktime": _CONVERTED, "mpeg2": _CONVERTED, "mpeg1": _CONVERTED,
    "divx": _CONVERTED, "xvid": _CONVERTED, "avi": _CONVERTED, "cinepack": _CONVERTED, "windows media": _CONVERTED,
    # Small pictures of an old encoder, and pages do not play them any more.
    "ogg video": _LAST, "ogg theora": _LAST,
}  # fmt: skip
_SUFFIXES = {
    "mp4": _WELL, "m4v": _WELL, "webm": _WELL, "mkv": _WELL, "mov": _CONVERTED, "mpg": _CONVERTED,
    "mpeg": _CONVERTED, "avi": _CONVERTED, "divx": _CONVERTED, "wmv": _CONVERTED, "vob": _CONVERTED, "ts": _CONVERTED,
    "ogv": _LAST,
}  # fmt: skip
"""For formats with words of their own: an upload's may be anything."""
_H264 = frozenset({"h.264", "h.264 ia", "h.264 hd", "h.264 720p"})
_SUBTITLES = ("srt", "vtt", "ass", "ssa")
_NOT_THE_FILM = re.compile(r"(^|[/_ .-])(trailer|sample|thumb|preview)([/_ .-]|$)", re.IGNORECASE)
_DERIVED = re.compile(r"(\.ia|_512kb|_hd|_archive|_edit)?\.[a-z0-9]{2,4}$", re.IGNORECASE)


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
        if rank(one) is not None and not one.name.startswith(f"{item.identifier}.thumbs/"):
            by_name.setdefault(_DERIVED.sub("", _root(one, known)), []).append(one)
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


def rank(file: ItemFile) -> int | None:
    """Say how well a file plays, 0 the best; None for what is no film."""
    if file.made is Made.METADATA:
        return None
    word = file.format.strip().lower()
    return _RANKS.get(word, _SUFFIXES.get(file.name.rpartition(".")[2].lower()))


def ranked(files: Iterable[ItemFile], line_bytes_per_s: float | None) -> tuple[ItemFile, ...]:
    """Order the encodings of one film: how well they play, and of those the largest that the line carries.

    What the line does not carry comes after all that it does, the smallest first. Of what was not measured the line
    carries anything; a file whose length in bytes or seconds is not known is taken to be carried, after the rest of
    its kind. What was uploaded goes before the Archive's copy of the same size.
    """
    return tuple(sorted(files, key=lambda one: _order(one, line_bytes_per_s)))


def _order(file: ItemFile, line_bytes_per_s: float | None) -> tuple[bool, int, bool, float, bool, str]:
    needed = _bytes_per_s(file)
    carried = line_bytes_per_s is None or needed is None or needed * HEADROOM <= line_bytes_per_s
    size = float(file.length_bytes or 0)
    place = rank(file)
    return (
        not carried,
        (_LAST if place is None else place) if carried else 0,
        file.length_bytes is None,
        -size if carried else needed or 0.0,
        file.made is not Made.ORIGINAL,
        file.name,
    )


def _bytes_per_s(file: ItemFile) -> float | None:
    if not file.length_bytes or not file.duration_s:
        return None
    return file.length_bytes / file.duration_s


def releases(item: Item, line_bytes_per_s: float | None = None) -> tuple[Release, ...]:
    """Give every encoding of an item's films as a release, the best first; with several films each says which it is."""
    found = films(item, line_bytes_per_s)
    many = len(found) > 1
    all_releases = (
        _release(item, film, file, film.name if many else None) for film in found for file in film.files
    )
    return tuple(one for one, _ in zip(all_releases, range(MOST_RELEASES), strict=False))


def _release(item: Item, film: Film, file: ItemFile, note: str | None) -> Release:
    return Release(
        ArchiveItem(item.identifier),
        file=file.name,
        note=clean_name(note, "", 200) or None if note else None,
        length_bytes=file.length_bytes,
        duration_s=file.duration_s,
        width=file.width,
        height=file.height,
        codecs=("h264", "aac") if file.format.strip().lower() in _H264 else (),
        subtitles=_subtitles(item.files, film.name),
    )


def _subtitles(files: Sequence[ItemFile], film: str) -> tuple[str, ...]:
    """Give the languages of the subtitles beside a film: ``Film.fr.srt``; ``und`` where the name does not say."""
    tags = []
    for one in files:
        stem, _, suffix = one.name.rpartition(".")
        if suffix.lower() in _SUBTITLES and stem.startswith(film):
            words = re.split(r"[._ -]+", stem[len(film) :])
            said = (tag for word in reversed(words) if word and (tag := tag_of(word)) != UNKNOWN)
            tags.append(next(said, UNKNOWN))
    return tuple(dict.fromkeys(tags))
