"""The outside of a confined process: starts it, hears it, and ends it."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

import matinee
from matinee.confined.frames import LENGTHS, Head, unpack_head, unpack_lengths

READY_S = 30.0
"""How long a process may take to be ready: 0.2 s, and more on a computer that is just waking up."""

_SOURCE = Path(matinee.__file__).parent.parent
_START = (
    "import sys; sys.path.append(sys.argv.pop()); sys.modules['_hashlib'] = None; "
    "from {module} import main; main()"
)
"""Without OpenSSL: hashlib has its own of the few hashes that are needed, and each process is 4 MB smaller."""


async def spawn(module: str, *arguments: str, pipes: tuple[int, ...] = ()) -> Process:
    """Start ``main()`` of a module of ours in a process of its own, and wait until it says that it is ready.

    Its arguments are the parent's process id, those given and the numbers of the open ``pipes`` that it is to have. It
    has no environment and no terminal.

    Raises:
        OSError, EOFError, WireError, TimeoutError: it could not be started.
    """
    starting = asyncio.ensure_future(_exec(module, (*arguments, *map(str, pipes)), pipes))
    try:
        child = await asyncio.shield(starting)
    except asyncio.CancelledError:
        # A process that is half made cannot be given up: uvloop would leave it behind.
        await kill(await starting)
        raise
    try:
        async with asyncio.timeout(READY_S):
            await receive(child)
    except BaseException:
        await kill(child)
        raise
    return child


async def _exec(module: str, arguments: tuple[str, ...], pipes: tuple[int, ...]) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-X",
        "utf8",
        "-c",
        _START.format(module=module),
        str(os.getpid()),
        *arguments,
        str(_SOURCE),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd="/",
        env={},
        start_new_session=True,
        pass_fds=pipes,
    )


async def receive(child: Process) -> tuple[Head, bytes]:
    """Read one frame.

    Raises:
        EOFError: the process has ended.
        WireError: that is no frame.
    """
    assert child.stdout is not None  # noqa: S101 - asked for with PIPE; for mypy
    head_bytes, body_bytes = unpack_lengths(await child.stdout.readexactly(LENGTHS.size))
    head = unpack_head(await child.stdout.readexactly(head_bytes))
    return head, await child.stdout.readexactly(body_bytes)


async def send(child: Process, *parts: bytes | bytearray) -> None:
    """Write a frame, as fast as the process takes it. Cancelled, it has been written all the same."""
    assert child.stdin is not None  # noqa: S101 - asked for with PIPE; for mypy
    child.stdin.writelines(parts)
    await child.stdin.drain()


async def kill(child: Process) -> None:
    """End a process and reap it. Harmless when it has ended."""
    with contextlib.suppress(ProcessLookupError):
        child.kill()
    try:
        # Reads what is left until the pipe ends and the process is reaped: nothing stays open.
        await child.communicate()
    except OSError:
        await child.wait()
    except RuntimeError:
        # Somebody else reads from it, and will see the end.
        await child.wait()
