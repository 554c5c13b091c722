"""The catalogue as the JSON of ``docs/api.md``. By hand: the home page must not wait for pydantic."""

import json
from typing import Any

from matinee.catalogue.basis import basis_of
from matinee.catalogue.title_data import answered_data, card_data, evidence_data
from matinee.models.catalogue import Answered, Filters, JudgedTitle, ShelfRows, TitlePage
from matinee.models.rights import Standing
from matinee.models.title import ArchiveItem, Episode, MagnetLink, Release


def shelves_json(found: ShelfRows) -> str:
    """Write the rows of the home page."""
    rows = [
        {
            "id": row.id,
            "names": dict(row.names),
            "count": row.count,
            "titles": [card_data(title) for title in row.titles],
        }
        for row in found.rows
    ]
    return json.dumps({"country": found.country, "shelves": rows})


def page_json(page: TitlePage, *, first: bool) -> str:
    """Write a part of an answer; how many there are is known only where it is all of it."""
    whole = first and page.next is None
    return json.dumps(
        {
            "titles": [card_data(title) for title in page.titles],
            "total": len(page.titles) if whole else None,
            "next_cursor": page.next,
            "close": page.close,
        }
    )


def filters_json(found: Filters) -> str:
    """Write what titles may be narrowed by."""
    shortest, longest = found.minutes
    return json.dumps(
        {
            "languages": found.languages,
            "shortest_minutes": shortest,
            "longest_minutes": longest,
            "subtitled": found.subtitled,
        }
    )


def answered_json(answer: Answered) -> str:
    """Write a part of what a provider has."""
    return json.dumps(answered_data(answer))


def title_json(judged: JudgedTitle) -> str:
    """Write a title."""
    title, verdict = judged.title, judged.verdict
    basis, licence = basis_of(verdict) if verdict.standing is Standing.ALLOWED else (None, None)
    rating = title.rating
    return json.dumps(
        {
            **card_data(title),
            "languages": title.languages,
            "silent": title.silent,
            "writers": title.writers,
            "cast": title.cast,
            "shelves": title.shelves,
            "imdb": title.imdb,
            "wikidata": title.wikidata,
            "synopsis": dict(title.synopsis),
            "backdrop": title.backdrop,
            "rating": {"value": rating.value, "votes": rating.votes, "by": rating.by} if rating else None,
            "source": judged.source,
            "sources": judged.sources,
            "looking": judged.looking,
            "releases": _releases(title.releases),
            "seasons": [
                {"number": season.number, "episodes": [_episode(one) for one in season.episodes]}
                for season in title.seasons
            ],
            "rights": {
                "country": verdict.country,
                "standing": verdict.standing.value,
                "basis": basis.value if basis is not None else None,
                "licence": licence,
                "reasons": [{"why": one.why.value, "facts": dict(one.facts)} for one in verdict.reasons],
                "evidence": [evidence_data(one) for one in title.evidence],
            },
        }
    )


def _episode(one: Episode) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "titles": dict(one.titles),
        "minutes": one.minutes,
        "synopsis": dict(one.synopsis),
        "releases": _releases(one.releases),
    }


def _releases(releases: tuple[Release, ...]) -> list[dict[str, Any]]:
    return [_release(index, one) for index, one in enumerate(releases)]


def _release(index: int, one: Release) -> dict[str, Any]:
    archive = magnet = url = None
    match one.place:
        case ArchiveItem(identifier):
            archive = identifier
        case MagnetLink(link):
            magnet = link
        case web:
            url = web.url
    return {
        "index": index,
        "archive": archive,
        "magnet": magnet,
        "url": url,
        "file": one.file,
        "note": one.note,
        "length_bytes": one.length_bytes,
        "duration_s": one.duration_s,
        "width": one.width,
        "height": one.height,
        "codecs": one.codecs,
        "subtitles": one.subtitles,
    }
