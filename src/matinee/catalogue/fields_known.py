"""Reads a table whose every field was checked before: as ``Fields`` does, in a third of the time. Pure."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from matinee.catalogue.fields import Fields
from matinee.types import Country


class KnownFields(Fields):
    """A table that the compiler of the shelf wrote; dates are ISO 8601 texts in it."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        super().__init__(table, "", [])
        self._table = table

    def fault(self, key: str, what: str) -> None:
        """Note nothing: there is none."""

    def _take(self, key: str, kind: type, name: str, default: Any) -> Any:
        return self._table.get(key)

    def _text(self, key: str, *_: Any) -> str | None:
        return self._table.get(key)

    def choice(self, key: str, of: Collection[str]) -> str:
        """Read one of a closed list."""
        return str(self._table[key])

    def _country(self, key: str, code: str) -> None:
        return

    def optional_country(self, key: str) -> Country | None:
        """Read a country's code that may be left out."""
        return self._table.get(key)

    def day(self, key: str) -> date:
        """Read a date."""
        return date.fromisoformat(self._table[key])

    def texts(
        self, key: str, *, required: bool = False, of: Collection[str] | None = None
    ) -> tuple[str, ...]:
        """Read a list of short texts."""
        return tuple(self._table.get(key, ()))

    def languages(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """Read a list of languages."""
        return tuple(self._table.get(key, ()))

    def by_language(self, key: str, *, sentences: bool = False) -> dict[str, str]:
        """Read a table of texts by language."""
        return dict(self._table.get(key, ()))

    def tables(self, key: str) -> Iterator[Fields]:
        """Read a list of tables."""
        return map(KnownFields, self._table.get(key, ()))

    def optional_table(self, key: str) -> Fields | None:
        """Read a single table."""
        found = self._table.get(key)
        return None if found is None else KnownFields(found)

    def end(self) -> None:
        """Note nothing: there is none."""
