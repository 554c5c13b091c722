"""Many rows go in at once, as they are, on either database; and SQLite's log goes into its file beside the writer."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, insert, select

from matinee.storage.bulk import insert_rows
from matinee.storage.database import Database
from matinee.storage.tables import profiles, title_vocabulary, titles

ODD = "it's \"so\": 'é' 七人 \\u0000 $[0] :rows %s ?"
COLUMNS = (
    "row", "id", "lead", "source", "seen_at", "added_at", "digest", "kind", "year", "minutes", "children", "rating",
    "sort_name", "judged", "shown", "allowed",
)  # fmt: skip
ROWS = [
    (1, ODD, None, "a", "", "", "", "film", 1922, None, True, 7.25, ODD, "FR-2026", False, True),
    (2, "2", "1", "a", "", "", "", "film", -1, 90, False, 0.0, "", "FR-2026", True, False),
]


async def test_insert_rows_when_read_again_then_are_as_they_were(database: Database) -> None:
    await database.run(lambda connection: insert_rows(connection, titles, COLUMNS, ROWS))
    asked = select(*(titles.c[name] for name in COLUMNS)).order_by(titles.c.row)
    assert [
        tuple(row) for row in await database.read(lambda connection: connection.execute(asked).all())
    ] == ROWS


async def test_insert_rows_when_some_are_there_already_then_those_stay(database: Database) -> None:
    def work(connection: Connection) -> list[str]:
        for words in (["night"], [], ["man", "night"]):
            insert_rows(connection, title_vocabulary, ("word",), [(word,) for word in words], new=True)
        return sorted(connection.scalars(select(title_vocabulary.c.word)))

    assert await database.run(work) == ["man", "night"]


async def test_write_back_when_done_then_the_file_alone_has_what_was_written(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    await database.open()
    await database.write_back()
    fields = {"name": "Léa", "colour": "amber", "child": False, "keeps_history": True, "created_ms": 1}
    await database.run(lambda connection: connection.execute(insert(profiles).values(id="home", **fields)))
    assert _names(tmp_path, "before") == []
    await database.write_back()
    assert _names(tmp_path, "after") == ["Léa"]
    await database.close()


def _names(folder: Path, copy: str) -> list[str]:
    shutil.copy(folder / "matinee.sqlite", folder / copy)
    with closing(sqlite3.connect(folder / copy)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM profiles")]
