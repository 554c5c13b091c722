"""A PostgreSQL cluster of the tests' own: in a folder of its own, on a socket of its own, gone at the end."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

START_S = 60
ACCOUNT = "postgres"
"""Whom Debian's package makes; PostgreSQL refuses to run as root."""


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """Run a cluster; gives its address as SQLAlchemy names it."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    folder = Path(tempfile.mkdtemp(prefix="matinee-postgresql-"))
    try:
        account = _unprivileged(folder)
        _run(
            programs / "initdb",
            "-D",
            folder / "data",
            "-U",
            "tests",
            "-A",
            "trust",
            "--no-sync",
            user=account,
        )
        # No TCP at all, and no fsync: nothing here outlives the tests.
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        _run(
            programs / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-o", options, "-w", "start",
            user=account,
        )  # fmt: skip
        try:
            yield f"postgresql+psycopg://tests@/postgres?host={folder}"
        finally:
            _run(programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop", user=account)
    finally:
        shutil.rmtree(folder)


def _unprivileged(folder: Path) -> str | None:
    """Give the folder to somebody who is not root; None when nobody else is needed."""
    if os.geteuid() != 0:
        return None
    found = pwd.getpwnam(ACCOUNT)
    os.chown(folder, found.pw_uid, found.pw_gid)
    return ACCOUNT


def _run(*command: str | Path, user: str | None) -> None:
    subprocess.run(
        command, user=user, group=user, extra_groups=[] if user else None, cwd="/", check=True, timeout=START_S,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
