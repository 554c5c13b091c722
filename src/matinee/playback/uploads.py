"""Takes films that a browser sends, in parts, each going on where the last one ended.

Each lies in a folder of its own that no stranger names, beneath the folder of films, so that it need not be copied when
it is published. What is given up, comes to nothing, or is left alone for an hour, is deleted; so is what an earlier
run left when it was killed (``publishing_later``).
"""

import asyncio
import errno
import os
import re
import secrets
import shutil
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TypeVar

from matinee.errors import BadRequest, Conflict, DiskFailed, DiskFull, NotFound, TooLarge
from matinee.models.publication import UploadView
from matinee.names import clean_path
from matinee.playback.publishing_later import UPLOADS
from matinee.torrent.adding import RESERVE_PART

MOST_AT_ONCE = 4
MOST_BYTES = 2**40
"""Of one film."""
IDLE_S = 3600.0
NAME_MOST_BYTES = 180
"""File systems take 255; some of it is left to what others put around it."""
WRITE_BYTES = 1024 * 1024

T = TypeVar("T")

_ENDING = re.compile(r"[A-Za-z0-9]{1,8}")


@dataclass(slots=True)
class _Upload:
    id: str
    path: Path
    length: int
    received: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    timer: asyncio.TimerHandle | None = None
    dropped: bool = False
    taken: bool = False

    @property
    def view(self) -> UploadView:
        return UploadView(self.id, self.path.name, self.length, self.received)


class Uploads:
    """All of them. Everything runs on the loop's thread, but for what touches the disk.

    Args:
        films: where films are kept.
        reserve_bytes: room that is always left on the disk.
        pool: where files are written.
    """

    def __init__(self, films: Path, reserve_bytes: int, pool: Executor) -> None:
        self._folder = films / UPLOADS
        self._reserve_bytes = reserve_bytes
        self._pool = pool
        self._uploads: dict[str, _Upload] = {}

    async def begin(self, name: str, length: int) -> UploadView:
        """Make room for a film.

        Raises:
            BadRequest: it is of no length, or of one that no film has.
            Conflict: too many come already.
            DiskFull: there is no room for it.
            DiskFailed: the folder cannot be used.
        """
        if not 0 < length <= MOST_BYTES:
            raise BadRequest("A film has at least one byte, and at most a tebibyte.")
        if len(self._uploads) >= MOST_AT_ONCE:
            raise Conflict(f"{MOST_AT_ONCE} films are being sent already. Publish or drop one of them first.")
        upload = _Upload(secrets.token_urlsafe(16), Path(), length)
        upload.path = self._folder / upload.id / file_name(name)
        self._uploads[upload.id] = upload
        try:
            coming = sum(one.length - one.received for one in self._uploads.values())
            await self._on_disk(lambda: self._make(upload, coming))
        except BaseException:
            self._uploads.pop(upload.id, None)
            raise
        self._touch(upload)
        return upload.view

    def get(self, upload_id: str) -> UploadView:
        """Say how much is here. Raises NotFound."""
        return self._find(upload_id).view

    async def receive(self, upload_id: str, start: int, chunks: AsyncIterator[bytes]) -> UploadView:
        """Take what comes. Raises as ``ports/publishing`` says."""
        upload = self._find(upload_id)
        if upload.turn.locked() or upload.taken:
            raise Conflict("This film is being sent or published already.")
        async with upload.turn:
            if start != upload.received:
                raise Conflict(
                    f"{upload.received} bytes of this film are here. Send what follows them.",
                    received=upload.received,
                )
            try:
                await self._write(upload, chunks)
            finally:
                self._touch(upload)
            return upload.view

    async def take(self, upload_id: str) -> Path:
        """Give the file of a film that is here whole; from then on it is dropped by whoever took it.

        Raises:
            NotFound: there is none.
            Conflict: it is not here whole, or taken already.
        """
        upload = self._find(upload_id)
        if upload.received != upload.length or upload.taken:
            raise Conflict("This film is not here whole yet, or is being published already.")
        upload.taken = True
        if upload.timer is not None:
            upload.timer.cancel()
        return upload.path

    async def drop(self, upload_id: str) -> None:
        """Delete a film, or what has come of it. Raises NotFound."""
        upload = self._find(upload_id)
        upload.dropped = True
        del self._uploads[upload_id]
        if upload.timer is not None:
            upload.timer.cancel()
        async with upload.turn:  # who writes has let go of the file
            await self._on_disk(lambda: shutil.rmtree(upload.path.parent, ignore_errors=True))

    async def close(self) -> None:
        """Delete all that is left."""
        for upload_id in list(self._uploads):
            await self.drop(upload_id)

    async def _write(self, upload: _Upload, chunks: AsyncIterator[bytes]) -> None:
        with await self._on_disk(lambda: upload.path.open("r+b")) as file:
            await self._on_disk(lambda: file.seek(upload.received))
            waiting = bytearray()
            try:
                async for chunk in chunks:
                    if upload.dropped:
                        raise NotFound("This film is not taken any more: somebody has dropped it.")
                    waiting += chunk
                    if upload.received + len(waiting) > upload.length:
                        waiting.clear()
                        raise TooLarge("More bytes came than this film was said to have. Send it anew.")
                    if len(waiting) >= WRITE_BYTES:
                        await self._put(upload, file, waiting)
            finally:
                # What came before a connection broke off need not be sent again.
                if not upload.dropped and waiting:
                    await self._put(upload, file, waiting)

    async def _put(self, upload: _Upload, file: BinaryIO, waiting: bytearray) -> None:
        data = bytes(waiting)
        waiting.clear()

        def write() -> None:
            self._check_room(len(data), upload.length)
            file.write(data)
            file.flush()

        await self._on_disk(write)
        upload.received += len(data)

    def _make(self, upload: _Upload, coming: int) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._check_room(coming, upload.length)
        upload.path.parent.mkdir(mode=0o700)
        os.close(os.open(upload.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))

    def _check_room(self, coming: int, length: int) -> None:
        usage = shutil.disk_usage(self._folder)
        if usage.free < coming + min(self._reserve_bytes, usage.total // RESERVE_PART):
            raise DiskFull(
                f"There is no room for this film: {length / 1e9:.1f} GB are needed where films are kept. "
                "Make room, or set films_dir to a larger disk."
            )

    def _find(self, upload_id: str) -> _Upload:
        found = self._uploads.get(upload_id)
        if found is None:
            raise NotFound("Nothing is sent under this name, or no longer. Send the film anew.")
        return found

    def _touch(self, upload: _Upload) -> None:
        if upload.timer is not None:
            upload.timer.cancel()
        if not upload.dropped:
            loop = asyncio.get_running_loop()
            upload.timer = loop.call_later(IDLE_S, self._give_up, upload)

    def _give_up(self, upload: _Upload) -> None:
        if not upload.taken and self._uploads.pop(upload.id, None) is not None:
            upload.dropped = True
            self._pool.submit(shutil.rmtree, upload.path.parent, ignore_errors=True)

    async def _on_disk(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull(
                    "There is no room for this film where films are kept. Make room, or set films_dir to a larger disk."
                ) from error
            raise DiskFailed(f"The film cannot be written where films are kept: {error.strerror}.") from error


def file_name(text: str) -> str:
    """Make of what a stranger calls a file a name that a file can have: no path, not hidden, not too long."""
    base = text.replace("\\", "/").rpartition("/")[2]
    stem, dot, ending = base.rpartition(".")
    if not stem or not _ENDING.fullmatch(ending):
        stem, dot, ending = base, "", ""
    (name,) = clean_path([stem])
    room = NAME_MOST_BYTES - len(dot + ending)
    short = name.lstrip(". ").encode()[:room].decode(errors="ignore").rstrip(". ")
    return f"{short or 'film'}{dot}{ending}"
