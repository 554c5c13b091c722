"""A video file as Wikimedia Commons describes it: its licence, its maker, the sizes it is kept in. Pure.

Shapes: MediaWiki's ``prop=videoinfo`` (TimedMediaHandler) and its ``extmetadata`` (CommonsMetadata), format version 2.
All of extmetadata may be HTML. A licence counts by its address or its identifier; "public domain" by itself, which some
template on the file's page says for some country, is none.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from matinee.catalogue.providers import claim, reading
from matinee.models.rights import Evidence
from matinee.models.title import HostedSubtitles, Kind, Release, Title, WebFilm
from matinee.names import clean_name

ID = "wikimedia-commons"
NAME = "Wikimedia Commons"
MOST_SIZES = 40
FILES = "upload.wikimedia.org"
"""The host of all of its files."""
PAGES = "commons.wikimedia.org"
"""The host of its pages, and of timed texts, which are pages."""
MOST_TEXTS = 400
_TEXTS = ("text/vtt", "text/x-srt", "application/x-subrip")
_SUFFIX = re.compile(r"\.(webm|ogv|ogg|mpe?g|mp4|mov)$", re.IGNORECASE)
_HEIGHT = re.compile(r"([0-9]{3,4})p")
_YEAR = re.compile(r"(?<![0-9])((?:18|19|20)[0-9]{2})(?![0-9])")
_SHA1 = re.compile(r"[0-9a-f]{40}")


def read_file(page: Mapping[str, Any], checked: date) -> Title | None:
    """Read a page of a search; None for what is no film, or cannot be shown."""
    number, info = reading.whole(page.get("pageid"), 10**12), _info(page)
    said = _said(info)
    if not number or not reading.text(info.get("mime")).startswith(("video/", "application/ogg")):
        return None
    page_name = reading.text(page.get("title")).partition(":")[2]
    name = clean_name(said("ObjectName") or _SUFFIX.sub("", page_name), _SUFFIX.sub("", page_name), 200)
    made, put = _year(said("DateTimeOriginal")), _year(reading.text(info.get("timestamp")))
    found = releases(info)
    if not name or (made or put) is None or not found:
        return None
    synopsis = said("ImageDescription")
    duration_s = reading.seconds(info.get("duration"))
    return Title(
        id=reading.title_id(ID, str(number)),
        kind=Kind.FILM,
        title=name,
        year=made or put or 0,
        countries=(),
        languages=(),
        minutes=round(duration_s / 60) or 1 if duration_s else None,
        genres=reading.genres([*reading.text(_value(info, "Categories")).split("|")]),
        synopsis={"en": synopsis} if synopsis else {},
        poster=_on_commons(info.get("thumburl")),
        releases=found,
        evidence=_evidence(info, made, checked),
    )


def releases(info: Mapping[str, Any]) -> tuple[Release, ...]:
    """Give a file in the sizes that Commons keeps it in, the largest first.

    Only of the file as it was put there is a hash known; the others Commons made itself.
    """
    duration_s = reading.seconds(info.get("duration"))
    address = _on_commons(info.get("url"))
    sha1 = reading.text(info.get("sha1")).lower()
    found: dict[str, Release] = {}
    if address is not None and _SHA1.fullmatch(sha1):
        found[address] = Release(
            WebFilm(address, sha1),
            note="original",
            length_bytes=reading.whole(info.get("size"), reading.MAX_BYTES) or None,
            duration_s=duration_s,
            width=reading.whole(info.get("width"), 65_535) or None,
            height=reading.whole(info.get("height"), 65_535) or None,
        )
    for one in reading.objects(info.get("derivatives"), MOST_SIZES):
        smaller = _derivative(one, duration_s)
        if smaller is not None:
            found.setdefault(smaller[0], smaller[1])
    return tuple(sorted(found.values(), key=lambda one: -(one.height or 0)))


def subtitles(page: Mapping[str, Any]) -> tuple[HostedSubtitles, ...]:
    """Give the timed texts of a file, as ``viprop=timedtext`` lists them: WebVTT where it is offered, else SubRip."""
    found: dict[str, tuple[bool, HostedSubtitles]] = {}
    for one in reading.objects(_info(page).get("timedtext"), MOST_TEXTS):
        address, kind = reading.web_address(one.get("src")), reading.text(one.get("type")).partition(";")[0]
        if address is None or kind not in _TEXTS or urlsplit(address).netloc != PAGES:
            continue
        said = reading.languages(one.get("srclang"))
        language = said[0] if said else "und"
        is_best = kind == _TEXTS[0]
        if language not in found or (is_best and not found[language][0]):
            found[language] = (is_best, HostedSubtitles(address, language))
    return tuple(one for _, one in found.values())


def _derivative(said: Mapping[str, Any], duration_s: float | None) -> tuple[str, Release] | None:
    address, key = _on_commons(said.get("src")), reading.text(said.get("transcodekey"))
    height = reading.whole(said.get("height"), 65_535) or None
    named = _HEIGHT.match(key)
    # Without a key it is the file itself; a playlist or a sound is no film to be fetched whole.
    if (
        address is None
        or not key
        or not (height or named)
        or not reading.text(said.get("type")).startswith("video/")
    ):
        return None
    bits_per_s = reading.whole(said.get("bandwidth"), 10**9)
    return address, Release(
        WebFilm(address, None),
        note=clean_name(key, "", 40) or None,
        length_bytes=round(bits_per_s * duration_s / 8) if bits_per_s and duration_s else None,
        duration_s=duration_s,
        width=reading.whole(said.get("width"), 65_535) or None,
        height=height or (int(named[1]) if named else None),
        codecs=_codecs(reading.text(said.get("type"))),
    )


def _codecs(kind: str) -> tuple[str, ...]:
    """Read the codecs that a type names: ``video/webm; codecs="vp9, opus"``."""
    _, _, said = kind.partition("codecs=")
    known = {"vp8": "vp8", "vp9": "vp9", "vp09": "vp9", "av01": "av1", "opus": "opus", "vorbis": "vorbis"}
    words = (one.strip().partition(".")[0].lower() for one in said.strip().strip('"').split(","))
    return tuple(known[one] for one in words if one in known)


def _evidence(info: Mapping[str, Any], year: int | None, checked: date) -> tuple[Evidence, ...]:
    said = _said(info)
    source = reading.web_address(info.get("descriptionurl"))
    if source is None or said("NonFree").lower() in ("true", "1", "yes"):
        return ()
    licences = [one for key in ("LicenseUrl", "License", "LicenseShortName") for one in _named(said(key))]
    people = [one for key in ("Artist", "Attribution") if (one := said(key))] or reading.names(
        info.get("user")
    )
    return claim.stated(
        licences, [one[:120] for one in people], into=NAME, source=source, year=year, checked=checked
    )  # fmt: skip


def _named(said: str) -> Iterator[str]:
    # A port to a country's law is written ``CC BY-SA 3.0 de``: what it allows is what the licence allows.
    yield from claim.licences_in(said)
    yield from claim.licences_in(re.sub(r"(?<=[0-9])[ -][a-z]{2}$", "", said))


def _info(page: Mapping[str, Any]) -> Mapping[str, Any]:
    return next(reading.objects(page.get("videoinfo"), 1), {})


def _value(info: Mapping[str, Any], key: str) -> Any:
    held = info.get("extmetadata")
    one = held.get(key) if isinstance(held, dict) else None
    return one.get("value") if isinstance(one, dict) else None


def _said(info: Mapping[str, Any]) -> Any:
    return lambda key: reading.plain_text(reading.text(_value(info, key)))


def _year(said: str) -> int | None:
    return reading.year(*_YEAR.findall(said[:200])[:1])


def _on_commons(value: Any) -> str | None:
    """Give an address of a file of Commons; None for any other: nothing else is ever fetched for it."""
    address = reading.web_address(value)
    return address if address and urlsplit(address).netloc == FILES else None
