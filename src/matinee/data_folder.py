"""The data folder: whose it is, what is secret in it, and that one process alone uses it."""

import fcntl
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Self

from matinee.errors import DataFolderInUse, DiskFailed

FILMS_MARK = ".matinee"
"""A file in the folder of films: where it is missing, the folder is not the one that films were kept in."""
TOKEN_BYTES = 32
KEY_BYTES = 32


class DataFolder:
    """A locked data folder. The lock is the kernel's, so that no crash can leave it behind."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None

    def __enter__(self) -> Self:
        """Make the folder and lock it.

        Raises:
            DataFolderInUse: another process has it; the message says where its page is.
            DiskFailed: it cannot be made or written.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(
                self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
            )
        except OSError as error:
            raise DiskFailed(f"The data folder {self.path} cannot be used: {error.strerror}.") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            where = running_address(self.path)
            raise DataFolderInUse(
                f"Matinee is running already with this data folder{f', at {where}' if where else ''}. "
                "Use that one, or name another folder with --data-dir."
            ) from None
        self._lock = descriptor
        return self

    def __exit__(self, *exc: object) -> None:
        if self._lock is not None:
            (self.path / "address").unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None

    def token(self) -> str:
        """Give the owner's token, made at first use."""
        return self._secret("token", lambda: secrets.token_urlsafe(TOKEN_BYTES).encode()).decode().strip()

    def signing_key(self) -> bytes:
        """Give the key that signs stream addresses, made at first use."""
        return self._secret("signing-key", lambda: secrets.token_bytes(KEY_BYTES))

    def expect_films(self, films: Path) -> None:
        """Make sure that a folder of films on another disk is the one of the last start, and no empty mount point.

        Raises:
            DiskFailed: it is not; nothing was written into it.
        """
        if films.is_relative_to(self.path):
            return
        note = self.path / "films-folder"
        try:
            if note.exists() and note.read_text() == str(films) and not (films / FILMS_MARK).exists():
                raise DiskFailed(
                    f"The disk on which films are kept is not there ({films}). Connect it and start again; if those "
                    f"films are gone for good, delete {note}."
                )
            mark_films(films)
            write_private(note, str(films).encode())
        except OSError:
            return  # a folder that cannot be written has nothing to lose; whoever adds a film is told

    def announce(self, address: str) -> None:
        """Note where the page is, for the command line.

        Raises:
            DiskFailed: it cannot be written.
        """
        try:
            write_private(
                self.path / "address", json.dumps({"address": address, "pid": os.getpid()}).encode()
            )
        except OSError as error:
            raise DiskFailed(f"The data folder {self.path} cannot be written: {error.strerror}.") from error

    def _secret(self, name: str, make: Callable[[], bytes]) -> bytes:
        path = self.path / name
        try:
            found = path.read_bytes() if path.exists() else b""
            if found:
                return found
            made = make()
            write_private(path, made)
        except OSError as error:
            raise DiskFailed(f"{path} cannot be read or written: {error.strerror}.") from error
        return made


def mark_films(films: Path) -> None:
    """Make the folder of films, and mark it as ours. Raises OSError."""
    films.mkdir(mode=0o700, parents=True, exist_ok=True)
    (films / FILMS_MARK).touch(mode=0o600)


def running_address(folder: Path) -> str | None:
    """Give the address of the process that uses a data folder, or None when none does."""
    try:
        with (folder / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return None
    except FileNotFoundError:
        return None
    except OSError:
        pass
    try:
        return str(json.loads((folder / "address").read_bytes())["address"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def kept_token(folder: Path) -> str | None:
    """Give the owner's token of a data folder, or None when there is none yet."""
    try:
        return (folder / "token").read_text().strip() or None
    except OSError:
        return None


def write_private(path: Path, data: bytes) -> None:
    """Write a file only its owner can read, whole or not at all."""
    new = path.with_name(path.name + ".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        os.write(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    new.replace(path)
