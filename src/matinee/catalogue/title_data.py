"""A title as plain data and back, with every field it has: what is kept of it, and what goes over the wire. Pure."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from functools import cache
from typing import Any

from matinee.catalogue.pictures import paths_of
from matinee.models.catalogue import Answered, JudgedTitle
from matinee.models.rights import (
    AuthorDied,
    Evidence,
    GovernmentWork,
    LicenceRevoked,
    Licensed,
    Listed,
    NoNotice,
    NotRenewed,
    OwnWork,
    Protected,
    Published,
    Renewed,
)
from matinee.models.title import (
    ArchiveItem,
    Episode,
    Kind,
    MagnetLink,
    Place,
    Rating,
    Release,
    Season,
    Title,
    Trailer,
    WebAddress,
    WebFilm,
)

_CLAIMS: Mapping[str, type[Any]] = {
    "published": Published,
    "author-died": AuthorDied,
    "licence": Licensed,
    "own-work": OwnWork,
    "government": GovernmentWork,
    "listed": Listed,
    "no-notice": NoNotice,
    "not-renewed": NotRenewed,
    "renewed": Renewed,
    "licence-revoked": LicenceRevoked,
    "protected": Protected,
}
CLAIM_OF = {kind: claim for claim, kind in _CLAIMS.items()}
"""What a piece of evidence is called, by its class."""

_PLACES: Mapping[str, Callable[[Any], Place]] = {
    "archive": ArchiveItem,
    "magnet": MagnetLink,
    "web": WebAddress,
    "film": lambda said: WebFilm(*said),
}

_LISTS = ("countries", "languages", "directors", "writers", "cast", "genres", "shelves")
_SAID = ("by", "source", "checked")


def title_data(title: Title) -> dict[str, Any]:
    """Give a title as what JSON can hold; nothing is left out but what is empty."""
    # What is empty is left out first: of most titles most is.
    said = ((name, getattr(title, name)) for name in _names(Title))
    data = {name: _plain(value) for name, value in said if value or value == 0}
    for name, made in _NESTED:
        if name in data:
            data[name] = [made(one) for one in getattr(title, name)]
    if title.rating:
        data["rating"] = _data(title.rating)
    if title.trailer:
        data["trailer"] = _trailer_data(title.trailer)
    return data


def title_from(data: Mapping[str, Any]) -> Title:
    """Give the title of what ``title_data`` made.

    Raises:
        KeyError, TypeError, ValueError: it was not made there.
    """
    rest = dict(data)
    rest.update({key: tuple(rest.get(key, ())) for key in _LISTS})
    rest["kind"] = Kind(rest["kind"])
    rest["releases"] = tuple(_release(one) for one in rest.get("releases", ()))
    rest["seasons"] = tuple(_season(one) for one in rest.get("seasons", ()))
    rest["evidence"] = tuple(_evidence(one) for one in rest.get("evidence", ()))
    if "trailer" in rest:
        said = rest["trailer"]
        rest["trailer"] = Trailer(
            _release(said["release"]), tuple(_evidence(one) for one in said["evidence"])
        )
    if "rating" in rest:
        rest["rating"] = Rating(**rest["rating"])
    return Title(**rest)


def card_data(title: Title) -> dict[str, Any]:
    """Give what rows and searches show of a title, as docs/api.md has it."""
    return {
        "id": title.id,
        "kind": title.kind.value,
        "title": title.title,
        "titles": dict(title.titles),
        "year": title.year,
        "minutes": title.minutes,
        "genres": title.genres,
        "directors": title.directors,
        "countries": title.countries,
        "children": title.children,
        "poster": title.poster,
        "pictures": paths_of(title),
        "homes": homes_of(title),
    }


def homes_of(title: Title) -> int:
    """Count the places from which all of a title can be had, as far as is known; of episodes with places of their own
    the one with the fewest counts, and one of which none is known does not.
    """
    if title.releases:
        return len({one.place for one in title.releases})
    of_episodes = [
        {one.place for one in part.releases} for season in title.seasons for part in season.episodes
    ]
    return min((len(places) for places in of_episodes if places), default=0)


def answered_data(answer: Answered) -> dict[str, Any]:
    """Give a part of what a provider has, as docs/api.md has it."""
    trouble = answer.trouble
    return {
        "provider": answer.provider,
        "titles": [card_data(title) for title in answer.titles],
        "found": answer.found,
        "kept_at": None if answer.kept_at is None else answer.kept_at.isoformat().replace("+00:00", "Z"),
        "trouble": None if trouble is None else asdict(trouble),
        "last": answer.last,
    }


def evidence_data(one: Evidence) -> dict[str, Any]:
    """Give a piece of evidence: ``claim``, ``by``, ``source``, ``checked``, and the facts that it states."""
    facts = {key: value for key, value in _data(one).items() if key not in _SAID}
    return {
        "claim": CLAIM_OF[type(one)],
        "by": one.by,
        "source": one.source,
        "checked": one.checked.isoformat(),
        "facts": facts,
    }


def record_of(judged: JudgedTitle) -> str:
    """Write down what speaks for a title now, as JSON."""
    verdict = judged.verdict
    return json.dumps(
        {
            "title": judged.title.title,
            "year": judged.title.year,
            "country": verdict.country,
            "reasons": [{"why": one.why.value, "facts": dict(one.facts)} for one in verdict.reasons],
            "evidence": [evidence_data(one) for one in judged.title.evidence],
        },
        ensure_ascii=False,
    )


def _evidence(data: Mapping[str, Any]) -> Evidence:
    kind = _CLAIMS[data["claim"]]
    said = {"by": data["by"], "source": data["source"], "checked": date.fromisoformat(data["checked"])}
    found: Evidence = kind(**said, **data["facts"])
    return found


def _release_data(one: Release) -> dict[str, Any]:
    data = {key: value for key, value in _data(one).items() if value}
    match one.place:
        case ArchiveItem(identifier):
            data["place"] = {"archive": identifier}
        case MagnetLink(link):
            data["place"] = {"magnet": link}
        case WebAddress(url):
            data["place"] = {"web": url}
        case WebFilm(url, sha1):
            data["place"] = {"film": [url, sha1]}
    return data


def _release(data: Mapping[str, Any]) -> Release:
    rest = dict(data)
    ((kind, address),) = rest.pop("place").items()
    place = _PLACES[kind](address)
    for key in ("codecs", "subtitles"):
        rest[key] = tuple(rest.get(key, ()))
    return Release(place, **rest)


def _trailer_data(one: Trailer) -> dict[str, Any]:
    return {"release": _release_data(one.release), "evidence": [evidence_data(each) for each in one.evidence]}


def _season_data(one: Season) -> dict[str, Any]:
    return {"number": one.number, "episodes": [_episode_data(episode) for episode in one.episodes]}


def _episode_data(one: Episode) -> dict[str, Any]:
    data = {key: value for key, value in _data(one).items() if value or value == 0}
    data["releases"] = [_release_data(release) for release in one.releases]
    return data


def _season(data: Mapping[str, Any]) -> Season:
    return Season(data["number"], tuple(_episode(one) for one in data["episodes"]))


def _episode(data: Mapping[str, Any]) -> Episode:
    return Episode(**{**data, "releases": tuple(_release(one) for one in data["releases"])})


def _data(record: Any) -> dict[str, Any]:
    return {name: _plain(getattr(record, name)) for name in _names(record.__class__)}


@cache
def _names(record: type[Any]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(record))


def _plain(value: Any) -> Any:
    made = _PLAIN.get(value.__class__)
    if made is not None:
        return made(value)
    match value:
        case str():
            return str(value)
        case Mapping():
            return dict(value)
        case Sequence():
            return list(value)
        case _:
            return value


def _same(value: Any) -> Any:
    return value


_NESTED: Sequence[tuple[str, Callable[[Any], Any]]] = (
    ("releases", _release_data),
    ("seasons", _season_data),
    ("evidence", evidence_data),
)

_PLAIN: Mapping[type, Callable[[Any], Any]] = {
    **dict.fromkeys((str, int, float, bool, type(None)), _same),
    tuple: list,
    list: list,
    dict: dict,
}
"""For what nearly everything is: to ask what a value is takes ten times as long."""
