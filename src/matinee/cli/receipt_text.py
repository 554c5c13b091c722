"""A receipt in words, and as a table: from the JSON that docs/api.md describes."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from matinee.names import printable

BASES = {
    "own-work": "the user's own work",
    "licence": "licence",
    "public-domain": "public domain",
    "permission": "permission of whoever holds the rights",
}
COLUMNS = (
    "title_id", "title", "season", "episode", "torrent", "info_hash", "added_at", "removed_at", "basis", "licence",
    "licence_url", "stated_at", "day", "first_at", "last_at", "bytes_down", "bytes_up",
)  # fmt: skip
NOT_RECORDED = "not recorded"


def as_text(receipt: Mapping[str, Any]) -> str:
    """Write it for people."""
    lines = [
        "What this computer took from others and gave to others with Matinee",
        f"Written {receipt['made_at']} by Matinee {receipt['version']}. Times are UTC; bytes are those of films.",
    ]
    if not receipt["entries"]:
        lines += ["", "Nothing is on record."]
    for entry in receipt["entries"]:
        lines += ["", *_entry(entry)]
    return "\n".join(map(printable, lines)) + "\n"


def as_csv(receipt: Mapping[str, Any]) -> str:
    """Write a row for each day of each torrent; one on which nothing is recorded has one row without a day."""
    written = io.StringIO()
    table = csv.DictWriter(written, COLUMNS, restval="", lineterminator="\r\n")
    table.writeheader()
    for entry in receipt["entries"]:
        for row in _rows(entry):
            table.writerow({key: _cell(value) for key, value in row.items()})
    return written.getvalue()


def _entry(entry: Mapping[str, Any]) -> Iterator[str]:
    title = entry["title"]
    yield _heading(entry)
    yield f"  torrent   {entry['name']}, {entry['info_hash']}"
    yield f"  here      from {entry['added_at']} {_until(entry['removed_at'])}"
    yield from _listed(
        "basis", [_basis(one) for one in entry["stated"]] or ["none was stated: nothing was shared"]
    )
    if title is not None:
        place = f" in {title['country']}" if title["country"] else ""
        reasons = ", ".join(_reason(one) for one in title["reasons"]) or "none"
        yield f"  reasons   as of {title['recorded_at']}{place}: {reasons}"
        yield from _listed("evidence", [_evidence(one) for one in title["evidence"]])
    yield f"  in all    taken {_bytes(entry['bytes_down'])}, given {_bytes(entry['bytes_up'])}"
    if entry["seeds"] is not None:
        yield f"  others    {entry['seeds']} had all of it on {entry['seeds_on']}, when any was last seen"
    yield from _listed("by day", [*_before(entry), *(_day(one) for one in entry["days"])])


def _heading(entry: Mapping[str, Any]) -> str:
    title = entry["title"]
    if title is None:
        return str(entry["name"])
    name = title["name"] or title["id"]
    year = f" ({title['year']})" if title["year"] else ""
    episode = f", {title['season']}x{title['episode']:02}" if title["episode"] is not None else ""
    return f"{name}{year}{episode}"


def _until(removed_at: str | None) -> str:
    return "and still is" if removed_at is None else f"to {removed_at}"


def _listed(name: str, lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"  {'' if number else name:9} {line}"


def _basis(one: Mapping[str, Any]) -> str:
    words = BASES.get(one["basis"], one["basis"])
    licence = f" {one['licence']}" if one["licence"] else ""
    address = f", {one['licence_url']}" if one["licence_url"] not in (None, one["licence"]) else ""
    return f"{words}{licence}{address}, stated {one['stated_at']}"


def _reason(one: Mapping[str, Any]) -> str:
    facts = ", ".join(f"{key} {value}" for key, value in one["facts"].items() if value is not None)
    return f"{one['why']} ({facts})" if facts else str(one["why"])


def _evidence(one: Mapping[str, Any]) -> str:
    facts = ", ".join(f"{key} {value}" for key, value in one["facts"].items() if value is not None)
    said = f"{one['claim']}: {facts}" if facts else str(one["claim"])
    return f"{said}; says {one['by']}, {one['source']}, looked at {one['checked']}"


def _before(entry: Mapping[str, Any]) -> Iterator[str]:
    if entry["recorded_from"] == entry["added_at"]:
        return
    if entry["before_down"] is None or entry["before_up"] is None:
        yield f"before {entry['recorded_from']}: {NOT_RECORDED}"
        return
    moved = f"taken {_bytes(entry['before_down'])}, given {_bytes(entry['before_up'])}"
    yield f"before {entry['recorded_from']}: {moved}; on which days is {NOT_RECORDED}"


def _day(day: Mapping[str, Any]) -> str:
    moved = f"taken {_bytes(day['bytes_down'])}, given {_bytes(day['bytes_up'])}"
    return f"{day['day']}: {moved}, from {day['first_at'][11:16]} to {day['last_at'][11:16]}"


def _bytes(count: int) -> str:
    return f"{count:,} bytes".replace(",", " ")


def _rows(entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    title, last = entry["title"] or {}, (entry["stated"] or [{}])[-1]
    common = {
        "title_id": title.get("id"),
        "title": title.get("name"),
        "season": title.get("season"),
        "episode": title.get("episode"),
        "torrent": entry["name"],
        **{key: entry[key] for key in ("info_hash", "added_at", "removed_at")},
        **{key: last.get(key) for key in ("basis", "licence", "licence_url", "stated_at")},
    }
    if entry["recorded_from"] != entry["added_at"]:
        moved = {"bytes_down": entry["before_down"], "bytes_up": entry["before_up"]}
        yield {**common, "day": f"before {entry['recorded_from']}", **moved}
    elif not entry["days"]:
        yield {**common, "bytes_down": 0, "bytes_up": 0}
    for day in entry["days"]:
        yield {**common, **day}


def _cell(value: object) -> str:
    text = "" if value is None else printable(str(value))
    # A spreadsheet would reckon what begins so; names are strangers' words.
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
