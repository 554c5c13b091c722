"""Tells what is wrong with the built-in shelf: ``python -m matinee.catalogue.shelf [FILE or FOLDER ...]``.

Without a name all of the shelf is looked at. With ``../shared/facts/free-films.json`` beside the sources, or another
file named by ``--facts``, titles are held to it too. Ends with 1 when something is wrong.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeAlias

from matinee.catalogue.rights import US, judge_title
from matinee.catalogue.shelf import SUFFIX, read_file
from matinee.catalogue.terms import TERMS
from matinee.errors import BadTitle
from matinee.models.rights import Licensed, Listed, Standing
from matinee.models.title import ArchiveItem, Title
from matinee.types import TitleId

SOURCES = Path(__file__).parents[3]
FACTS = SOURCES.parent / "shared" / "facts" / "free-films.json"

YEARS_APART = 2
"""By how much the year of first publication may differ from the facts', which have IMDb's of 2020."""

Film: TypeAlias = Mapping[str, str | list[str]]


def read_all(paths: Iterable[Path], faults: list[str]) -> list[Title]:
    """Read every title; what cannot be read is told in ``faults``."""
    titles = []
    for path in paths:
        try:
            titles.append(read_file(path.name.removesuffix(SUFFIX), path.read_bytes()))
        except BadTitle as error:
            faults.extend(error.message.splitlines())
    return titles


def twice(titles: Sequence[Title]) -> Iterator[str]:
    """Tell of identifiers that two titles have."""
    kinds: tuple[tuple[str, Callable[[Title], str | None]], ...] = (
        ("imdb", lambda title: title.imdb),
        ("wikidata", lambda title: title.wikidata),
    )
    for key, of in kinds:
        owners = defaultdict(list)
        for title in titles:
            owners[of(title)].append(title.id)
        for found, ids in owners.items():
            if found is not None and len(ids) > 1:
                yield f"{ids[-1]}.toml: {key}: {found} is also in {', '.join(ids[:-1])}"


def against_facts(title: Title, films: Mapping[str, Film]) -> Iterator[str]:
    """Tell where a title says other than the facts; a licensed film need not be among them."""
    film = films.get(title.imdb or "")
    if film is None:
        if not any(isinstance(one, Licensed) for one in title.evidence):
            yield f"{title.id}.toml: imdb: {title.imdb} is not among the facts, and no licence is in the evidence"
        return
    for number, one in enumerate(title.evidence, 1):
        if isinstance(one, Listed) and one.name not in film["lists"]:
            there = ", ".join(film["lists"])
            yield f"{title.id}.toml: evidence[{number}].list: {one.name} has not got it; these have: {there}"
    if "wikidata" in film and title.wikidata not in (None, film["wikidata"]):
        yield f"{title.id}.toml: wikidata: is {title.wikidata}, the facts have {film['wikidata']}"
    year = film.get("year")
    if isinstance(year, str) and abs(int(year) - title.year) > YEARS_APART:
        yield f"{title.id}.toml: year: is {title.year}, the facts have {year}"
    yield from _items_against_facts(title, films)


def _items_against_facts(title: Title, films: Mapping[str, Film]) -> Iterator[str]:
    known = {str(film["archive_id"]).strip() for film in films.values()}
    episodes = [episode for season in title.seasons for episode in season.episodes]
    releases = [*title.releases, *(one for episode in episodes for one in episode.releases)]
    items = [one.place.identifier for one in releases if isinstance(one.place, ArchiveItem)]
    for item in items:
        if item not in known:
            yield f"{title.id}.toml: releases: the item {item} is not among the facts"
    own = str(films[title.imdb or ""]["archive_id"]).strip()
    if items and own not in items:
        yield f"{title.id}.toml: releases: the facts have the item {own}"


def allowed_somewhere(title: Title, today: date) -> Iterator[str]:
    """Tell of a title that the rules allow nowhere, with what they say of the US."""
    if all(judge_title(title, country, today).standing is not Standing.ALLOWED for country in (US, *TERMS)):
        why = ", ".join(
            f"{reason.why} {dict(reason.facts) or ''}".strip()
            for reason in judge_title(title, US, today).reasons
        )
        yield f"{title.id}.toml: evidence: allowed in no country; in the US: {why}"


def in_time(title: Title, today: date) -> Iterator[str]:
    """Tell of what was looked at in the future."""
    for number, one in enumerate(title.evidence, 1):
        if one.checked > today:
            yield f"{title.id}.toml: evidence[{number}].checked: {one.checked} is yet to come"


def _trailer_alone(title: Title) -> Iterator[Title]:
    """Give a title's trailer as one: it is held to what speaks for it alone."""
    if title.trailer is not None:
        named = TitleId(f"{title.id}: trailer")
        yield replace(title, id=named, evidence=title.trailer.evidence, authors_complete=False)


def read_facts(path: Path) -> dict[str, Film]:
    """Read the facts, by IMDb's identifier."""
    return {film["imdb"]: film for film in json.loads(path.read_bytes())["films"]}


def check(
    paths: Sequence[Path], films: Mapping[str, Film] | None, today: date
) -> tuple[list[Title], list[str]]:
    """Read titles and give them with everything that is wrong; without facts nothing is held to them."""
    faults: list[str] = []
    titles = read_all(paths, faults)
    faults.extend(twice(titles))
    for title in titles:
        for one in (title, *_trailer_alone(title)):
            faults.extend(in_time(one, today))
            faults.extend(allowed_somewhere(one, today))
        if films is not None:
            faults.extend(against_facts(title, films))
    return titles, faults


def main() -> None:
    """Check what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m matinee.catalogue.shelf", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, default=[Path(__file__).parent / "shelf"])
    parser.add_argument("--facts", type=Path, help="the facts; those of ../shared when they are there")
    chosen = parser.parse_args()
    for named in chosen.paths:
        if not named.exists():
            parser.error(f"{named} is not there")
    paths = [
        path
        for named in chosen.paths
        for path in (sorted(named.glob(f"*{SUFFIX}")) if named.is_dir() else [named])
    ]
    facts = chosen.facts or (FACTS if FACTS.is_file() else None)
    titles, faults = check(paths, read_facts(facts) if facts else None, datetime.now(UTC).date())
    if not facts:
        sys.stdout.write("The facts are not here: titles were not held to them.\n")
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    sys.stdout.write(f"{len(titles)} of {len(paths)} titles can be read; {len(faults)} faults.\n")
    sys.exit(1 if faults else 0)
