"""A video as PeerTube describes it: whether it is open to everybody, what licence its owner chose, its files. Pure.

Field names and numbers as in PeerTube's own models (``Video``, ``VideoDetails``, ``VideoFile``,
``VideoPrivacy``, ``VideoState``) and its table from licence numbers to SPDX (``peertubeLicenceToSPDX``). An instance
can rename its licences by a plugin, so a number whose label says something else counts for nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from matinee.catalogue.providers import claim, reading
from matinee.models.rights import Evidence
from matinee.models.title import HostedSubtitles, Kind, MagnetLink, Place, Release, Title, WebAddress
from matinee.names import clean_name
from matinee.types import TitleId

ID = "peertube"
MOST_FILES = 100
MOST_CAPTIONS = 200
PUBLIC = 1
PUBLISHED = 1

_BY, _SA, _ND, _NC, _FREE = "by", "sa", "nd", "nc", "free"
_LICENCES: Mapping[int, tuple[str, frozenset[str]]] = {
    1: ("CC-BY-4.0", frozenset({_BY})),
    2: ("CC-BY-SA-4.0", frozenset({_BY, _SA})),
    3: ("CC-BY-ND-4.0", frozenset({_BY, _ND})),
    4: ("CC-BY-NC-4.0", frozenset({_BY, _NC})),
    5: ("CC-BY-NC-SA-4.0", frozenset({_BY, _NC, _SA})),
    6: ("CC-BY-NC-ND-4.0", frozenset({_BY, _NC, _ND})),
    7: ("CC0-1.0", frozenset({_FREE})),
    8: ("CC-PDM-1.0", frozenset({_FREE})),
    # 9 is "all rights reserved".
}
SHAREABLE = tuple(_LICENCES)
"""The numbers of licences under which everybody may share."""

_SAID = {
    _BY: re.compile(r"attribution|\bby\b"),
    _SA: re.compile(r"share[ -]?alike|\bsa\b"),
    _ND: re.compile(r"no[ -]?deriv|\bnd\b"),
    _NC: re.compile(r"non[ -]?commercial|\bnc\b"),
    _FREE: re.compile(r"public domain|\bcc[ -]?0|\bzero\b|no known|free of known"),
}
_VERSION = re.compile(r"\b([1-4]\.[05])\b")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,78}[a-z0-9])?")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OWN = re.compile(rf"{ID}\.({_HOST.pattern})_({_UUID.pattern})")


def place_of(title_id: TitleId) -> tuple[str, str] | None:
    """Give the host and the uuid that a title's id names; None when it is not of here."""
    found = _OWN.fullmatch(title_id)
    return (found[1], found[2]) if found else None


def is_open(video: Mapping[str, Any]) -> bool:
    """Tell whether a video is there for everybody, whole: not private, unlisted, live, blocked or unfinished."""
    privacy, state = _constant(video.get("privacy")), _constant(video.get("state"))
    return (
        privacy in (None, PUBLIC)
        and state in (None, PUBLISHED)
        and video.get("isLive") in (None, False)
        and not video.get("blacklisted")
    )


def read_video(video: Mapping[str, Any], checked: date, *, nsfw: bool = False) -> Title | None:
    """Read a video, without its files; None for what cannot be shown as a film, or is not to be.

    Args:
        video: of a search or of its own address.
        checked: today.
        nsfw: whether what its owner flags as not fit for all eyes is read too.
    """
    page = reading.web_address(video.get("url"))
    host, uuid = _host(page), reading.text(video.get("uuid")).lower()
    name = clean_name(reading.plain_text(reading.text(video.get("name")), 200), "", 200)
    year = reading.year(video.get("originallyPublishedAt"), video.get("publishedAt"))
    if page is None or host is None or not _UUID.fullmatch(uuid) or not name or year is None:
        return None
    if not is_open(video) or (video.get("nsfw") not in (None, False) and not nsfw):
        return None
    language = _object(video.get("language"))
    languages = reading.languages(language.get("id")) or reading.languages(language.get("label"))
    synopsis = reading.plain_text(
        reading.text(video.get("description")) or reading.text(video.get("truncatedDescription"))
    )
    duration_s = reading.seconds(video.get("duration"))
    picture = _address(video, "previewUrl", "previewPath", host)
    keywords = [*reading.texts(video.get("tags")), reading.text(_object(video.get("category")).get("label"))]
    return Title(
        id=reading.title_id(ID, f"{host}_{uuid}"),
        kind=Kind.FILM,
        title=name,
        year=year,
        countries=(),
        languages=languages,
        minutes=round(duration_s / 60) or 1 if duration_s else None,
        genres=reading.genres(keywords),
        synopsis={languages[0] if languages else "en": synopsis} if synopsis else {},
        poster=picture or _address(video, "thumbnailUrl", "thumbnailPath", host),
        backdrop=picture,
        evidence=_evidence(video, host, page, year, checked),
    )


def releases(video: Mapping[str, Any]) -> tuple[Release, ...]:
    """Give a video's torrents, the largest picture first; none where its owner does not let it be fetched.

    Its captions lie on its host and in no torrent, so none is said to be beside it: see ``captions``.

    Args:
        video: of its own address.
    """
    if video.get("downloadEnabled") is False:
        return ()
    duration_s = reading.seconds(video.get("duration"))
    found = {release.place: release for release in _files(video, duration_s)}
    return tuple(sorted(found.values(), key=lambda one: -(one.height or 0)))


def _files(video: Mapping[str, Any], duration_s: float | None) -> Iterator[Release]:
    playlists = reading.objects(video.get("streamingPlaylists"), 4)
    # An instance keeps whole files, or those that its players are sent in parts, or both; each has a torrent.
    listed = [
        video.get("files"),
        *(one.get("files") for one in playlists),
    ]
    for files in listed:
        there = [one for one in reading.objects(files, MOST_FILES) if _is_film(one)]
        found = [release for one in there if (release := _release(one, duration_s)) is not None]
        yield from found
        if found:
            return


def captions(listed: Mapping[str, Any], where: str) -> tuple[HostedSubtitles, ...]:
    """Give what a host lists as a video's captions.

    Args:
        listed: the answer of ``/api/v1/videos/UUID/captions``.
        where: the host's address, for those that are named by a path.
    """
    found = []
    for one in reading.objects(listed.get("data"), MOST_CAPTIONS):
        path = reading.text(one.get("captionPath")).strip()
        own = f"{where}{path}" if path.startswith("/") and not path.startswith("//") else None
        address = reading.web_address(one.get("fileUrl")) or reading.web_address(own)
        language = _object(one.get("language"))
        said = reading.languages(language.get("id")) or reading.languages(language.get("label"))
        if address is not None:
            label = "automatic" if one.get("automaticallyGenerated") is True else ""
            found.append(HostedSubtitles(address, said[0] if said else "und", label))
    return tuple(found)


def _is_film(file: Mapping[str, Any]) -> bool:
    """Tell whether a file has picture and sound: some instances keep them apart, and say so."""
    return file.get("hasVideo") is not False and file.get("hasAudio") is not False


def _release(file: Mapping[str, Any], duration_s: float | None) -> Release | None:
    torrent = reading.web_address(file.get("torrentDownloadUrl")) or reading.web_address(
        file.get("torrentUrl")
    )
    magnet = reading.text(file.get("magnetUri"))
    place: Place | None = WebAddress(torrent) if torrent else None
    if place is None and magnet.startswith("magnet:?") and len(magnet) <= 4000 and magnet.isprintable():
        place = MagnetLink(magnet)
    resolution = _object(file.get("resolution"))
    height = reading.whole(file.get("height"), 65_535) or reading.whole(resolution.get("id"), 65_535) or None
    if place is None or height is None:
        # Without a picture's height it is a sound.
        return None
    return Release(
        place,
        note=clean_name(reading.text(resolution.get("label")), f"{height}p", 40),
        length_bytes=reading.whole(file.get("size"), reading.MAX_BYTES) or None,
        duration_s=duration_s,
        width=reading.whole(file.get("width"), 65_535) or None,
        height=height,
    )


def _evidence(
    video: Mapping[str, Any], host: str, page: str, year: int, checked: date
) -> tuple[Evidence, ...]:
    licence = _licence(_object(video.get("licence")))
    owners = (_object(video.get(key)) for key in ("account", "channel"))
    people = next(
        (
            named
            for one in owners
            if (named := reading.names(one.get("displayName")) or reading.names(one.get("name")))
        ),
        (),
    )
    return claim.stated(licence, people, into=host, source=page, year=year, checked=checked)


def _licence(said: Mapping[str, Any]) -> Iterable[str]:
    """Give the licence that a number and its label agree on; a label may name another version."""
    number = _constant(said)
    known = _LICENCES.get(number) if number is not None else None
    if known is None:
        return ()
    label = reading.text(said.get("label")).lower()[:200]
    words = frozenset(kind for kind, pattern in _SAID.items() if pattern.search(label))
    if label and words != known[1]:
        return ()
    version = _VERSION.search(label)
    if version is None or _FREE in words:
        return (known[0],)
    return (f"{known[0].rpartition('-')[0]}-{version[1]}",)


def _address(video: Mapping[str, Any], whole: str, path: str, host: str) -> str | None:
    """Give the address of a picture: whole, or a path on the video's own host."""
    found = reading.text(video.get(path)).strip()
    return reading.web_address(video.get(whole)) or (
        reading.web_address(f"https://{host}{found}")
        if found.startswith("/") and not found.startswith("//")
        else None
    )


def _host(page: str | None) -> str | None:
    """Give the host of a page that is on the usual port."""
    parts = urlsplit(page or "")
    host = (parts.hostname or "").lower()
    return host if parts.netloc.lower() == host and _HOST.fullmatch(host) else None


def _constant(value: Any) -> int | None:
    """Read one of PeerTube's numbered words, which come as an object with ``id`` and ``label``, or bare."""
    return reading.whole(value.get("id") if isinstance(value, dict) else value, 10_000)


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
