"""A SQLite database as a file that can be damaged: put aside, and begun again from the last good copy."""

import logging
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

log = logging.getLogger(__name__)

DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
LOG_PAGES = 8000
"""So long a log, of pages of 4 KiB, is brought into the database by whoever writes next; see ``write_back``."""

PAGES_KIB = 512
"""What a connection keeps of the database."""
MANY_PAGES_KIB = 8_000


def safe(connection: sqlite3.Connection, _: object) -> None:
    """Prepare a new connection.

    FULL: with NORMAL a power cut loses what was confirmed (0 of 200 commits survived; with FULL all 200). The
    module's own transactions leave changes of the tables out, so that a kill would leave half a migration; without an
    isolation level it begins none, and ``Database`` does.
    """
    connection.isolation_level = None
    connection.text_factory = text
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=5000",
        "foreign_keys=ON",
        f"wal_autocheckpoint={LOG_PAGES}",
        f"cache_size=-{PAGES_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def is_damage(error: BaseException | None) -> bool:
    """Tell whether an error says that the file is not a sound database."""
    return isinstance(error, sqlite3.DatabaseError) and _errorname(error) in DAMAGED


def complaint(path: Path) -> str | None:
    """Read a whole database and say what is wrong with it; None when nothing is.

    Raises:
        sqlite3.DatabaseError: it cannot be opened at all.
    """
    if not path.exists():
        return None
    try:
        if path.stat().st_size == 0 and _copy_of(path).exists():
            return "the file is empty"
        with closing(sqlite3.connect(path)) as connection:
            found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return str(error)
    return None if found == "ok" else found


def keep_copy(path: Path) -> None:
    """Keep a copy of a database that is sound now. Whole or not at all."""
    _keep(path, _copy_of(path))


def keep_before(path: Path, version: str) -> None:
    """Keep a copy of a database as an older program left it, before its tables change."""
    _keep(path, path.with_suffix(f".version-{version}"))


def _keep(path: Path, copy: Path) -> None:
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    _copy(path, new)
    settle(new, copy)


def settle(new: Path, place: Path) -> None:
    """Have a file that was written whole take its place, for its owner alone to read."""
    descriptor = os.open(new, os.O_RDONLY)
    try:
        os.fchmod(descriptor, 0o600)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    new.replace(place)


def _copy(path: Path, to: Path) -> None:
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(to)) as target:
        for connection in (source, target):
            # Each page is needed once: by itself SQLite keeps 2 MB of them, on both sides.
            connection.execute("PRAGMA cache_size=-64")
        source.backup(target)


def write_back(path: Path) -> None:
    """Bring what is in the log into the database, as far as nobody reads what was there before; blocks."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


def keep_pages(connection: sqlite3.Connection) -> None:
    """Have a connection keep so many pages that an index of a large catalogue is not read again for each lot."""
    connection.execute(f"PRAGMA cache_size=-{MANY_PAGES_KIB}")


def let_go(connection: sqlite3.Connection) -> None:
    """Have a connection give back the pages that it keeps: after much was written."""
    connection.execute(f"PRAGMA cache_size=-{PAGES_KIB}")
    connection.execute("PRAGMA shrink_memory")


def begin_again(path: Path, reason: str, *, use_copy: bool) -> None:
    """Keep a damaged file for whoever can mend it, and put the last good copy, if there is one, in its place."""
    aside = path.with_suffix(f".damaged-{time.time_ns()}")
    path.replace(aside)
    for ending in ("-wal", "-shm"):
        leftover = path.with_name(path.name + ending)
        if leftover.exists():
            leftover.replace(aside.with_name(aside.name + ending))
    copy = _copy_of(path)
    if use_copy and copy.exists() and complaint(copy) is None:
        _copy(copy, path)
        log.error(
            "The database was damaged; the copy of the last good start is used instead, and what came later is "
            "missing in the list. No film was deleted; add what is missing again reason=%s aside=%s",
            reason,
            aside.name,
        )
        return
    log.error(
        "The database was damaged and has been put aside; a new one begins. No film was deleted; add them again and "
        "they are found where they are reason=%s aside=%s",
        reason,
        aside.name,
    )


def _copy_of(path: Path) -> Path:
    return path.with_suffix(".copy")


def _errorname(error: sqlite3.Error) -> str:
    # What Python's own module raises, as for a text it cannot decode, has none.
    return str(getattr(error, "sqlite_errorname", ""))


def text(data: bytes) -> str:
    """Read a text; what is damaged in it must not hide the rest."""
    return data.decode(errors="replace")
