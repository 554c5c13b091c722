"""Puts a backup in the place of what is there, which is put aside; nothing is lost, wherever it is interrupted."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from matinee.config import CONFIG_FILE, in_file, line
from matinee.errors import DiskFailed, StorageFailed
from matinee.storage import backup, snapshot
from matinee.storage.backup import DATABASE, Manifest
from matinee.storage.database import SQLITE

ASIDE = "before-restore-"
_WRITTEN_AHEAD = ("matinee.sqlite-wal", "matinee.sqlite-shm")
_LAST_GOOD = "matinee.copy"


def restore(file: Path, folder: Path, url: str) -> tuple[Manifest, Path | None]:
    """Restore a backup into a data folder that no program uses, and into its database.

    Gives what the backup says, and the folder in which lies what was there; None when nothing was.

    Raises:
        BadBackup, DiskFull, DiskFailed: it cannot be used; nothing was touched.
        BadSetting: the settings in it mean nothing to this program; nothing was touched.
        StorageFailed: PostgreSQL refused; what was in it is in it still.
    """
    with backup.opened(file, folder) as (manifest, staging):
        _keep_settings(folder, staging)
        aside = _new_aside(folder)
        try:
            if url.startswith(SQLITE):
                _put_files(staging, folder, aside)
            else:
                _put_on_server(staging, folder, url, aside)
        except StorageFailed:
            shutil.rmtree(aside)  # a copy of what is in its place
            raise
        except OSError as error:
            raise DiskFailed(
                f"The backup could not be put in place: {error.strerror or error}. What was there is in {aside.name}."
            ) from error
        if not any(aside.iterdir()):
            aside.rmdir()
            return manifest, None
        return manifest, aside


def _new_aside(folder: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S")
    for number in range(1, 1000):
        aside = folder / f"{ASIDE}{stamp}{'' if number == 1 else f'-{number}'}"
        try:
            aside.mkdir(mode=0o700)
        except FileExistsError:
            continue  # two within a second
        return aside
    raise DiskFailed("What is there cannot be put aside: too many folders have its name.")


def _keep_settings(folder: Path, staging: Path) -> None:
    """Have the settings that come still name the database of this place; refuse them where they mean nothing here."""
    in_file(staging)
    named = in_file(folder).get("database_url")
    if named:
        with (staging / CONFIG_FILE).open("a", encoding="utf-8") as settings:
            settings.write(f"\n{line('database_url', named)}")


def _put_files(staging: Path, folder: Path, aside: Path) -> None:
    """Keep a second name of what is there, then replace it file by file: each is the old one or the new one."""
    coming = sorted(path.name for path in staging.iterdir())
    for name in (*coming, *_WRITTEN_AHEAD, _LAST_GOOD):
        _keep(folder / name, aside)
    _sync(aside)
    # They belong to the old file: with the new one they would be nonsense.
    for name in (*_WRITTEN_AHEAD, _LAST_GOOD):
        (folder / name).unlink(missing_ok=True)
    for name in coming:
        (staging / name).replace(folder / name)
    _sync(folder)


def _put_on_server(staging: Path, folder: Path, url: str, aside: Path) -> None:
    if not snapshot.is_empty(url):
        backup.write(folder, url, aside / "postgresql.zip", secrets=True)
    snapshot.put(staging / DATABASE, url)
    (staging / DATABASE).unlink()
    _put_files(staging, folder, aside)


def _keep(path: Path, aside: Path) -> None:
    if not path.exists():
        return
    try:
        os.link(path, aside / path.name)
    except OSError:  # not every file system can
        shutil.copy2(path, aside / path.name)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
