"""Reads a table that a person wrote, field by field, and notes everything that is wrong with it. Pure.

A wrong field gives a value of its type, so that reading goes on and all faults are told at once; whoever reads
throws the values away when ``faults`` is not empty.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

from matinee.countries import COUNTRIES, FORMER_COUNTRIES
from matinee.types import Country

NAME_LIMIT = 200
SENTENCES_LIMIT = 900
LINK_LIMIT = 4000

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_ADDRESS = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]+)?(/[^\s\"<>\\^`{|}]*)?", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_NOTHING: Any = object()
NO_DATE = date(1970, 1, 1)


class Fields:
    """One table, and what was found wrong in it."""

    def __init__(self, table: Mapping[str, Any], where: str, faults: list[str]) -> None:
        self._rest = dict(table)
        self._known: set[str] = set()
        self._where = where
        self.faults = faults
        """Shared by a table and all tables in it."""

    def fault(self, key: str, what: str) -> None:
        """Note a fault of a field."""
        self.faults.append(f"{self._where}{key}: {what}")

    def _take(self, key: str, kind: type, name: str, default: Any) -> Any:
        self._known.add(key)
        found = self._rest.pop(key, _NOTHING)
        if found is _NOTHING:
            if default is _NOTHING:
                self.fault(key, "is missing")
            return None if default is _NOTHING else default
        if type(found) is not kind:
            self.fault(key, f"must be {name}, is {found!r:.60}")
            return None
        return found

    def flag(self, key: str) -> bool:
        """Read true; false is said by leaving it out."""
        found = self._take(key, bool, "true", None)
        if found is False:
            self.fault(key, "is left out when it is false")
        return found is True

    def text(self, key: str, *, pattern: re.Pattern[str] | None = None, like: str = "") -> str:
        """Read a short text; ``like`` says in words what ``pattern`` wants."""
        return self._text(key, _NOTHING, pattern, like) or ""

    def optional_text(
        self, key: str, *, pattern: re.Pattern[str] | None = None, like: str = ""
    ) -> str | None:
        """Read a short text that may be left out."""
        return self._text(key, None, pattern, like)

    def long_text(self, key: str, *, pattern: re.Pattern[str], like: str) -> str | None:
        """Read a text of any reasonable length that may be left out, such as a magnet link."""
        return self._text(key, None, pattern, like, LINK_LIMIT)

    def _text(
        self, key: str, default: Any, pattern: re.Pattern[str] | None, like: str, limit: int = NAME_LIMIT
    ) -> str | None:
        found = self._take(key, str, "a text", default)
        if found is None:
            return None
        self._clean(key, found, limit)
        if pattern is not None and not pattern.fullmatch(found):
            self.fault(key, f"must be {like}, is {found!r:.60}")
        return str(found)

    def _clean(self, key: str, text: str, limit: int) -> None:
        if not text or text != text.strip() or "  " in text:
            self.fault(key, "is empty, or has spaces too many")
        if _CONTROL.search(text):
            self.fault(key, "has a control character or a line break")
        if len(text) > limit:
            self.fault(key, f"has {len(text)} characters, {limit} are the most")

    def address(self, key: str) -> str:
        """Read an https address."""
        return self._address(key, _NOTHING) or ""

    def optional_address(self, key: str) -> str | None:
        """Read an https address that may be left out."""
        return self._address(key, None)

    def _address(self, key: str, default: Any) -> str | None:
        return self._text(key, default, _ADDRESS, "an https address", LINK_LIMIT)

    def choice(self, key: str, of: Collection[str]) -> str:
        """Read one of a closed list."""
        found = self.text(key)
        if found:
            self._among(key, found, of)
        return found

    def _among(self, key: str, found: str, of: Collection[str]) -> None:
        if found not in of:
            close = get_close_matches(found, of, 1)
            self.fault(
                key,
                f"{found!r:.60} is not known"
                + (f"; is it {close[0]!r}?" if close else f" (of: {', '.join(of)})"),
            )

    def country(self, key: str) -> Country:
        """Read a country's code."""
        found = self.text(key)
        if found:
            self._country(key, found)
        return Country(found)

    def optional_country(self, key: str) -> Country | None:
        """Read a country's code that may be left out."""
        self._known.add(key)
        return self.country(key) if key in self._rest else None

    def _country(self, key: str, code: str) -> None:
        if code not in COUNTRIES and code not in FORMER_COUNTRIES:
            hint = "; Great Britain is GB" if code == "UK" else ""
            self.fault(key, f"{code!r:.60} is no country's code (ISO 3166-1, two capitals){hint}")

    def whole(self, key: str, low: int, high: int) -> int:
        """Read a whole number in ``[low, high]``."""
        return self._whole(key, low, high, _NOTHING) or 0

    def optional_whole(self, key: str, low: int, high: int) -> int | None:
        """Read a whole number in ``[low, high]`` that may be left out."""
        return self._whole(key, low, high, None)

    def _whole(self, key: str, low: int, high: int, default: Any) -> int | None:
        found = self._take(key, int, "a whole number", default)
        if found is not None and not low <= found <= high:
            self.fault(key, f"must lie between {low} and {high}, is {found}")
        return None if found is None else int(found)

    def day(self, key: str) -> date:
        """Read a date, as TOML writes it: 2026-11-26, without quotation marks."""
        found = self._take(key, date, "a date without quotation marks", _NOTHING)
        return found if isinstance(found, date) else NO_DATE

    def texts(
        self, key: str, *, required: bool = False, of: Collection[str] | None = None
    ) -> tuple[str, ...]:
        """Read a list of short texts, none of them twice; ``of`` is the closed list they come from."""
        found = self._take(key, list, "a list", _NOTHING if required else None)
        if found is None:
            return ()
        for one in found:
            if not isinstance(one, str):
                self.fault(key, f"must hold texts only, has {one!r:.60}")
                return ()
            self._clean(key, one, NAME_LIMIT)
            if of is not None:
                self._among(key, one, of)
        if len(set(found)) < len(found):
            self.fault(key, "names something twice")
        return tuple(found)

    def countries(self, key: str) -> tuple[Country, ...]:
        """Read a list of countries' codes."""
        found = self.texts(key, required=True)
        for code in found:
            self._country(key, code)
        return tuple(Country(code) for code in found)

    def languages(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """Read a list of languages."""
        found = self.texts(key, required=required)
        for tag in found:
            self._language(key, tag)
        return found

    def _language(self, key: str, tag: str) -> None:
        if not _LANGUAGE.fullmatch(tag):
            self.fault(key, f"{tag!r:.60} is no language (BCP 47: en, fr, pt-BR)")

    def by_language(self, key: str, *, sentences: bool = False) -> dict[str, str]:
        """Read a table of texts by language; ``sentences`` are longer and end like one."""
        found = self._take(key, dict, "a table", None) or {}
        for tag, text in found.items():
            place = f"{key}.{tag}"
            self._language(place, tag)
            if not isinstance(text, str):
                self.fault(place, f"must be a text, is {text!r:.60}")
                return {}
            self._clean(place, text, SENTENCES_LIMIT if sentences else NAME_LIMIT)
            if sentences and not re.search(r"[.!?…][»”\"')]*\Z", text):
                self.fault(place, "must end with a full stop")
        return dict(found)

    def tables(self, key: str) -> Iterator["Fields"]:
        """Read a list of tables."""
        found: Sequence[Any] = self._take(key, list, "tables", None) or ()
        for index, table in enumerate(found, 1):
            where = f"{self._where}{key}[{index}]"
            if isinstance(table, dict):
                fields = Fields(table, f"{where}.", self.faults)
                yield fields
                fields.end()
            else:
                self.faults.append(f"{where}: must be a table")

    def optional_table(self, key: str) -> "Fields | None":
        """Read a single table that may be left out; its reader calls ``end``."""
        found = self._take(key, dict, "a table", None)
        return None if found is None else Fields(found, f"{self._where}{key}.", self.faults)

    def end(self) -> None:
        """Note what nobody asked for."""
        for key in self._rest:
            close = get_close_matches(key, self._known, 1)
            self.fault(key, "is not known here" + (f"; is it {close[0]!r}?" if close else ""))
