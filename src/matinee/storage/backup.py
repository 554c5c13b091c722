"""A backup: the whole database and the settings in one file, checked whole before anything is restored from it.

docs/decisions/0026-backup.md has what is in it and why.
"""

import errno
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from matinee import __version__
from matinee.config import CONFIG_FILE, without
from matinee.config_keys import SECRETS
from matinee.errors import BadBackup, DiskFailed, DiskFull, StorageFailed
from matinee.storage import snapshot, sqlite_file
from matinee.storage.database import HEAD

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "matinee.sqlite"
SECRET_FILES = ("token", "signing-key")
MOST_MANIFEST_BYTES = 64 * 1024
_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in a backup."""

    name: str
    length: int
    """Bytes."""
    sha256: str
    """Hex."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    program: str
    """The version of the program that made it."""
    made_at: str
    """RFC 3339, UTC."""
    database: str
    """Version of its tables."""
    secrets: bool
    """Whether tokens and passwords are in it."""
    files: tuple[Kept, ...]


def write(folder: Path, url: str, to: Path, *, secrets: bool) -> Manifest:
    """Make a backup of a data folder and its database, also while a program uses them.

    Raises:
        DiskFailed: it cannot be written, or a file of this name is there.
        StorageFailed: the database cannot be read.
        BadSetting: ``config.toml`` is not TOML.
    """
    if to.exists():
        raise DiskFailed(f"{to} is there already. Name another file.")
    try:
        with tempfile.TemporaryDirectory(dir=to.parent, prefix=f".{to.name}-") as name:
            staging = Path(name)
            version = snapshot.take(url, staging / DATABASE)
            if not secrets:
                _forget_browsers(staging / DATABASE)
            _stage_settings(folder, staging, secrets=secrets)
            files = tuple(_kept(path) for path in sorted(staging.iterdir()))
            manifest = Manifest(FORMAT, __version__, _now(), version, secrets, files)
            whole = staging / "whole.zip"
            with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
                for one in files:
                    archive.write(staging / one.name, one.name)
            sqlite_file.settle(whole, to)
    except OSError as error:
        raise DiskFailed(f"{to} cannot be written: {error.strerror or error}.") from error
    return manifest


@contextmanager
def opened(file: Path, beside: Path) -> Iterator[tuple[Manifest, Path]]:
    """Unpack a backup into a folder beside the data, and check every byte; gives what it says and where it lies.

    Raises:
        BadBackup: it is none, is damaged, or was made by a newer program.
        DiskFull: there is no room for it.
        DiskFailed: it cannot be read.
    """
    try:
        with tempfile.TemporaryDirectory(dir=beside, prefix="restoring-") as name:
            staging = Path(name)
            with _archive(file) as archive:
                manifest = _manifest(archive)
                if shutil.disk_usage(beside).free < sum(one.length for one in manifest.files):
                    raise DiskFull("There is no room to unpack this backup. Make some, then try again.")
                for one in manifest.files:
                    _unpack(archive, one, staging)
            _check_database(staging / DATABASE, manifest)
            yield manifest, staging
    except OSError as error:
        raise DiskFailed(f"{file} cannot be restored: {error.strerror or error}.") from error


def _stage_settings(folder: Path, staging: Path, *, secrets: bool) -> None:
    settings = folder / CONFIG_FILE
    if settings.exists():
        # Where the database is belongs to a place, not to what is backed up.
        left_out = ("database_url",) if secrets else SECRETS
        (staging / CONFIG_FILE).write_text(without(settings.read_text("utf-8"), left_out), "utf-8")
    for name in SECRET_FILES if secrets else ():
        if (folder / name).exists():
            shutil.copyfile(folder / name, staging / name)


def _forget_browsers(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("DELETE FROM cookies")
        connection.execute("DELETE FROM devices")


def _kept(path: Path) -> Kept:
    with path.open("rb") as file:
        return Kept(path.name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


@contextmanager
def _archive(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise BadBackup(f"{file.name} is no backup of Matinee, or is damaged: {error}.") from error
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        # It says that something lies before its beginning.
        raise BadBackup(f"{file.name} is damaged.") from error


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        with archive.open(MANIFEST) as file:
            data = json.loads(file.read(MOST_MANIFEST_BYTES))
        if data["format"] > FORMAT or str(data["database"]) > HEAD:
            raise BadBackup(
                f"This backup was made by a newer Matinee ({data['program']}). Restore it with that one, or a newer."
            )
        files = tuple(Kept(one["name"], one["length"], one["sha256"]) for one in data["files"])
        manifest = Manifest(**{**data, "files": files})
        _check_manifest(manifest, archive)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise BadBackup(f"This is no backup of Matinee, or it is damaged ({error}).") from error
    return manifest


def _check_manifest(manifest: Manifest, archive: zipfile.ZipFile) -> None:
    """Raises ValueError, TypeError."""
    names = [one.name for one in manifest.files]
    known = {DATABASE, CONFIG_FILE, *SECRET_FILES}
    if DATABASE not in names or len(set(names)) < len(names) or not set(names) <= known:
        raise ValueError("it lists other files")
    if sorted(archive.namelist()) != sorted([*names, MANIFEST]):
        raise ValueError("it holds other files than it lists")
    if any(type(one.length) is not int or one.length < 0 for one in manifest.files):
        raise TypeError("a length is no number")


def _unpack(archive: zipfile.ZipFile, one: Kept, staging: Path) -> None:
    """Unpack a file, no further than it says it is long: what is packed may be a bomb."""
    digest, length = hashlib.sha256(), 0
    with archive.open(one.name) as packed, (staging / one.name).open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        while length <= one.length and (part := _read(packed)):
            digest.update(part)
            length += len(part)
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    if (length, digest.hexdigest()) != (one.length, one.sha256):
        raise BadBackup(f"This backup is damaged: {one.name} is not what was put in. Use another one.")


def _read(packed: IO[bytes]) -> bytes:
    return packed.read(_STEP)


def _check_database(path: Path, manifest: Manifest) -> None:
    try:
        version = snapshot.version_of(path)
    except StorageFailed as error:
        raise BadBackup(f"This backup cannot be used. {error.message}") from error
    if version != manifest.database:
        raise BadBackup("This backup is damaged: its database has another version than it says.")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
