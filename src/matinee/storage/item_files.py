"""Keeps by what a film of an archive's item is remembered: its item and its own hash, whichever torrent has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from matinee.storage.database import Database
from matinee.types import FileIndex, InfoHash

if TYPE_CHECKING:
    from sqlalchemy import Connection


class ItemFiles:
    """The table of items' files. Every call has reached the disk when it returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, info_hash: InfoHash, keys: Mapping[FileIndex, str]) -> None:
        """Note the keys of a torrent's files; where another file had the same first, it is what is remembered.

        Raises:
            StorageFailed: the database refused.
        """

        def work(connection: Connection) -> None:
            from sqlalchemy import select

            from matinee.storage.tables import item_files as table

            columns = (table.c.key, table.c.first_hash, table.c.first_index)
            known = connection.execute(select(*columns).where(table.c.key.in_(set(keys.values()))))
            first = {row.key: (row.first_hash, row.first_index) for row in known}
            for index, key in keys.items():
                _put(connection, info_hash, index, key, first.setdefault(key, (info_hash, index)))

        if keys:
            await self._database.run(work)

    async def follow(
        self, info_hash: InfoHash, places: Mapping[FileIndex, tuple[InfoHash, FileIndex]]
    ) -> None:
        """Note that files are what others were, though their contents differ.

        Raises:
            StorageFailed: the database refused.
        """

        def work(connection: Connection) -> None:
            for index, (old_hash, old_index) in places.items():
                _put(connection, info_hash, index, None, _first(connection, old_hash, old_index))

        if places:
            await self._database.run(work)

    async def first(self, info_hash: InfoHash, index: FileIndex) -> tuple[InfoHash, FileIndex]:
        """Give under which torrent and file it is remembered; its own, where nobody had it before.

        Raises:
            StorageFailed: the database refused.
        """
        return await self._database.read(lambda connection: _first(connection, info_hash, index))


def _first(connection: Connection, info_hash: InfoHash, index: FileIndex) -> tuple[InfoHash, FileIndex]:
    from sqlalchemy import select

    from matinee.storage.tables import item_files as table

    asked = select(table.c.first_hash, table.c.first_index).where(
        table.c.info_hash == info_hash, table.c.file_index == index
    )
    row = connection.execute(asked).first()
    return (info_hash, index) if row is None else (InfoHash(row.first_hash), FileIndex(row.first_index))


def _put(
    connection: Connection, info_hash: InfoHash, index: FileIndex, key: str | None, first: tuple[str, int]
) -> None:
    from sqlalchemy import insert, update

    from matinee.storage.tables import item_files as table

    values: dict[str, Any] = {"first_hash": first[0], "first_index": first[1]}
    if key is not None:
        values["key"] = key
    here = (table.c.info_hash == info_hash, table.c.file_index == index)
    if connection.execute(update(table).where(*here).values(**values)).rowcount == 0:
        connection.execute(insert(table).values(info_hash=info_hash, file_index=index, **values))
