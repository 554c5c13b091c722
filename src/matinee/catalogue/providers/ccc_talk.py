"""A talk as media.ccc.de describes it, and what a conference's schedule says of its licence. Pure.

Field names as in voctoweb, the program behind the service, and in the schedule's schema of c3voc. A recording's torrent
is at the recording's own address with ``.torrent`` after it, as the service's page about itself says. Its interface
knows no licence (voctoweb#190, open since 2017): what counts is an address in a talk's own description, or what the
conference's schedule says of that talk.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from matinee.catalogue.providers import claim, reading
from matinee.catalogue.providers.markup import read
from matinee.models.rights import Evidence
from matinee.models.title import Kind, Release, Title, WebAddress
from matinee.names import clean_name

ID = "media-ccc-de"
NAME = "media.ccc.de"
MOST_RECORDINGS = 200
MOST_TALKS = 4000
"""Of one conference."""
_FILMS = ("video/mp4", "video/webm")
_UNFINISHED = ("new", "downloading")
_CDN = "http://cdn.media.ccc.de/"


def read_talk(event: Mapping[str, Any], checked: date) -> Title | None:
    """Read a talk with its recordings; None for what cannot be shown, or has no torrent."""
    guid = reading.text(event.get("guid"))
    name = clean_name(reading.plain_text(reading.text(event.get("title")), 200), "", 200)
    year = reading.year(event.get("date"), event.get("release_date"))
    found = releases(event)
    if not guid or not name or year is None or not found:
        return None
    languages = _languages(event.get("original_language"))
    synopsis = reading.plain_text(
        reading.text(event.get("description")) or reading.text(event.get("subtitle"))
    )
    duration_s = reading.seconds(event.get("duration")) or reading.seconds(event.get("length"))
    keywords = [*reading.texts(event.get("tags")), "talk"]
    return Title(
        id=reading.title_id(ID, guid),
        kind=Kind.FILM,
        title=name,
        year=year,
        countries=(),
        languages=languages,
        minutes=round(duration_s / 60) or 1 if duration_s else None,
        cast=reading.names(event.get("persons"))[:8],
        genres=tuple(dict.fromkeys(("talk", *reading.genres(keywords)))),
        synopsis={languages[0] if languages else "en": synopsis} if synopsis else {},
        poster=reading.web_address(event.get("poster_url")) or reading.web_address(event.get("thumb_url")),
        releases=found,
        evidence=evidence(event, claim.licences_in(_description(event)), checked),
    )


def releases(event: Mapping[str, Any]) -> tuple[Release, ...]:
    """Give a talk's films, the largest picture first, MP4 before WebM.

    Its subtitles are files of their own on the service and in no torrent, so none is said to be beside it.
    """
    recordings = reading.objects(event.get("recordings"), MOST_RECORDINGS)
    films = [release for one in recordings if (release := _release(one)) is not None]
    return tuple(sorted(films, key=lambda one: (-(one.height or 0), "webm" in (one.note or ""))))


def _release(recording: Mapping[str, Any]) -> Release | None:
    kind, state = reading.text(recording.get("mime_type")), reading.text(recording.get("state"))
    said = reading.text(recording.get("recording_url")).strip()
    # Older entries name the service's own files without encryption; they are there with it too.
    address = reading.web_address(
        f"https://{said.removeprefix('http://')}" if said.startswith(_CDN) else said
    )
    if kind not in _FILMS or state in _UNFINISHED or address is None or "?" in address:
        return None
    height = reading.whole(recording.get("height"), 65_535) or None
    megabytes = reading.whole(recording.get("size"), 10**6)
    h264 = reading.text(recording.get("folder")).lower().startswith("h264")
    spoken = " + ".join(_languages(recording.get("language")))
    parts = (f"{height}p" if height else "", kind.removeprefix("video/"), spoken)
    return Release(
        WebAddress(f"{address}.torrent"),
        note=" ".join(part for part in parts if part),
        # In whole megabytes: nearly right, which is what choosing needs.
        length_bytes=megabytes * 10**6 if megabytes else None,
        duration_s=reading.seconds(recording.get("length")),
        width=reading.whole(recording.get("width"), 65_535) or None,
        height=height,
        codecs=("h264", "aac") if h264 else (),
    )


def conference_of(event: Mapping[str, Any]) -> str | None:
    """Give the https address of what the service knows of a talk's conference."""
    return reading.web_address(event.get("conference_url"))


def evidence(event: Mapping[str, Any], licences: Iterable[str], checked: date) -> tuple[Evidence, ...]:
    """Give a talk's licence as evidence: its speakers stand for it, or else its conference."""
    slug = reading.text(event.get("slug"))
    source = reading.web_address(event.get("frontend_link")) or f"https://{NAME}/"
    people = reading.names(event.get("persons")) or reading.names(event.get("conference_title"))
    if claim.says_all_reserved(_description(event)) or not slug:
        return ()
    year = reading.year(event.get("date"), event.get("release_date"))
    return claim.stated(licences, people, into=NAME, source=source, year=year, checked=checked)


def schedule_of(conference: Any) -> str | None:
    """Give the https address of a conference's schedule."""
    return reading.web_address(conference.get("schedule_url")) if isinstance(conference, dict) else None


def read_schedule(data: bytes) -> dict[str, str]:
    """Give what a schedule says of licences, by the talk's guid; who does not want to be recorded is left out.

    Raises:
        NotWellFormed: it is none.
    """
    found = {}
    for talk in read(data, ("event",), MOST_TALKS):
        guid, recording = talk.attributes.get("guid", ""), next(talk.all("recording"), None)
        if guid and recording is not None and recording.first("optout").lower() != "true":
            licence = recording.first("license")
            if licence:
                found[guid] = licence[:200]
    return found


def _description(event: Mapping[str, Any]) -> str:
    return " ".join([*reading.texts(event.get("description")), *reading.texts(event.get("subtitle"))])


def _languages(value: Any) -> tuple[str, ...]:
    """Read languages that stand together: ``deu-eng``."""
    parts: Iterator[str] = (part for one in reading.texts(value) for part in one[:100].split("-"))
    return reading.languages(list(parts))
