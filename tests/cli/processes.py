"""Runs the command line as a person does."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

START_S = 60.0
END_S = 60.0
QUIET = {"MATINEE_LISTEN_PORT": "0", "MATINEE_LSD": "false", "MATINEE_PICTURES": "never"}
ALONE = ("--no-dht", "--allow-private-sources")


def environment(**more: str) -> dict[str, str]:
    """Give an environment without settings of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MATINEE_")}
    return {**kept, **QUIET, **more}


def run(*words: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; ``more`` is put into its environment."""
    return subprocess.run(
        [sys.executable, "-m", "matinee", *map(str, words)],
        env=environment(**more), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


class Started:
    """A command that runs until somebody ends it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def line(self) -> str:
        """Wait for its next line on standard output."""
        assert self.process.stdout is not None
        return (await asyncio.wait_for(self.process.stdout.readline(), START_S)).decode().strip()

    async def ended(self) -> tuple[int, str, str]:
        """Wait for its end; give exit code, and what is left on standard output and error."""
        out, err = await asyncio.wait_for(self.process.communicate(), END_S)
        assert self.process.returncode is not None
        return self.process.returncode, out.decode(), err.decode()


@contextlib.asynccontextmanager
async def started(*words: str | Path, **more: str) -> AsyncIterator[Started]:
    """Start a command; it is killed when the context ends and it has not."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "matinee", *map(str, words),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=environment(**more),
    )  # fmt: skip
    try:
        yield Started(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
