"""Makes a torrent of the user's own files, with the licence they stated.

The torrent is a v1 one, without padding: aria2 1.36 and Transmission 3.00, which many people still have, join no
hybrid of v1 and v2, and keep padding as files of its own (docs/decisions/0007-own-copy.md).
"""

import asyncio
import contextlib
import os
import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import libtorrent as lt

from matinee.errors import BadRights, BadSource, DiskFailed, MatineeError, TooLarge
from matinee.models.licences import LICENCES, Licence, find_licence
from matinee.names import clean_name
from matinee.outside.addresses import AddressPolicy, Refusal, UrlKind
from matinee.torrent.bencode import Raw, decode, encode
from matinee.torrent.magnet import Magnet, parse_magnet
from matinee.torrent.metainfo import MAX_METAINFO_BYTES, Metainfo, read_metainfo

MIN_PIECE_BYTES = 256 * 1024
MAX_PIECE_BYTES = 8 * 1024 * 1024
AIM_PIECES = 1500
"""At most so many pieces, while they are below 8 MiB: 700 MB in 512 KiB, 4 GB in 4 MiB. A player waits for
whole pieces, and fetches the list of their hashes before the film: 30 KB."""
MAX_PUBLISHED_FILES = 10_000

T = TypeVar("T")

Report = Callable[[int, int], None]
"""Told how many pieces are done, of how many; called from the hashing thread."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What is to be published, and under which statement."""

    path: Path
    """A file, or a folder whose files are all published."""
    licence: str | None
    """One of ``models.licences``, by identifier or address; None for a film that is free by age."""
    title: str | None = None
    web_seeds: tuple[str, ...] = ()
    trackers: tuple[str, ...] = ()
    ours: bool = False
    """Whether the files were sent here to be published, and may be moved instead of copied."""


@dataclass(frozen=True, slots=True)
class Published:
    """A torrent that was made."""

    metainfo: bytes
    """The bytes of the .torrent."""
    description: Metainfo
    """The same, as any reader of ours sees it."""
    magnet: Magnet
    licence: str | None
    """The licence's SPDX identifier."""
    folder: Path
    """What libtorrent needs as its save path to share the files where they lie."""


async def stoppable(pool: Executor, work: Callable[[threading.Event], T]) -> T:
    """Run ``work`` on a thread; cancelling sets its event, and waits until it has ended.

    The thread holds the user's files open: it must have let go of them before anybody is told that it is over.
    """
    stop = threading.Event()
    job = asyncio.get_running_loop().run_in_executor(pool, work, stop)
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        stop.set()
        with contextlib.suppress(Stopped, MatineeError):
            await job
        raise


class Stopped(Exception):
    """The work was told to stop."""


def publish_blocking(
    publication: Publication, policy: AddressPolicy, report: Report | None, stop: threading.Event
) -> Published:
    """Hash the files and make the torrent. Blocks: for a thread; libtorrent lets the loop go on meanwhile.

    Args:
        publication: what to publish.
        policy: which trackers and web seeds may be named.
        report: told of progress.
        stop: once it is set, the hashing stops within a piece.

    Raises:
        BadRights: the licence is not one that allows sharing.
        BadSource: there is nothing to publish at the path, or an address may not be named.
        DiskFailed: a file cannot be read.
        TooLarge: more files than a torrent should list.
        Stopped: it was told to stop.
    """
    licence = None if publication.licence is None else find_licence(publication.licence)
    if licence is None and publication.licence is not None:
        known = ", ".join(list(LICENCES)[:4])
        raise BadRights(f"{publication.licence!r} is not a licence Matinee knows. Use one of {known}, ...")
    trackers = _addresses(publication.trackers, UrlKind.TRACKER, policy)
    web_seeds = _addresses(publication.web_seeds, UrlKind.WEB_SEED, policy)
    # A link that the user names is followed; those found in a folder are not.
    path = publication.path.resolve()
    info = _hash(path, entries(path), report, stop)
    title = clean_name(publication.title or path.stem, path.name)
    metainfo = _assemble(info, title, licence, trackers, web_seeds)
    if len(metainfo) > MAX_METAINFO_BYTES:
        raise TooLarge("The list of these files is too long for a torrent. Publish them in several parts.")
    description = read_metainfo(metainfo, policy)
    magnet = Magnet(
        description.info_hash,
        description.info_hash_v2,
        title,
        description.trackers,
        description.web_seeds,
        (),
    )
    return Published(metainfo, description, magnet, licence.id if licence else None, path.parent)


def _addresses(texts: tuple[str, ...], kind: UrlKind, policy: AddressPolicy) -> list[str]:
    urls = []
    for text in texts:
        url = policy.clean_url(text, kind)
        if isinstance(url, Refusal):
            raise BadSource(f"The {kind} {clean_name(text, 'given')!r} cannot be used: {url.reason}.")
        urls.append(url)
    return urls


def size_of(path: Path) -> int:
    """Say how many bytes are published of a file or a folder. Raises as ``entries`` does."""
    return sum(size for _, size in entries(path.resolve()))


def entries(path: Path) -> list[tuple[str, int]]:
    """List what is published: paths below the parent folder with ``/``, and lengths.

    Links and hidden files are left out.
    """
    try:
        found = [path] if stat.S_ISREG(os.lstat(path).st_mode) else sorted(_walk(path))
        known = [(file, os.lstat(file)) for file in found]
    except OSError as exc:
        raise BadSource(f"There is nothing to publish at {path.name!r}. Check the path.") from exc
    regular = [(file, info.st_size) for file, info in known if stat.S_ISREG(info.st_mode)]
    if not any(size for _, size in regular):
        raise BadSource(f"{path.name!r} holds no file with content. Choose a film or a folder with films.")
    if len(regular) > MAX_PUBLISHED_FILES:
        raise TooLarge(f"{path.name!r} holds more than {MAX_PUBLISHED_FILES} files. Publish fewer at once.")
    return [(file.relative_to(path.parent).as_posix(), size) for file, size in regular]


def _walk(path: Path) -> Iterator[Path]:
    # Path.rglob would follow links; os.walk does not.
    for folder, below, names in os.walk(path):
        below[:] = [name for name in below if not name.startswith(".")]
        yield from (Path(folder) / name for name in names if not name.startswith("."))


def piece_length_for(length: int) -> int:
    """Choose the length of a piece, in bytes, for a torrent of ``length`` bytes: a power of two."""
    piece = MIN_PIECE_BYTES
    while piece < MAX_PIECE_BYTES and length > piece * AIM_PIECES:
        piece *= 2
    return piece


def _hash(path: Path, listed: list[tuple[str, int]], report: Report | None, stop: threading.Event) -> bytes:
    """Hash the files with libtorrent, which lets go of the GIL: 700 MB/s, the loop waits 12 ms at most."""
    length = sum(size for _, size in listed)
    try:
        files = [lt.create_file_entry(name, size) for name, size in listed]
        torrent = lt.create_torrent(files, piece_length_for(length), lt.create_torrent.v1_only)
        count = torrent.num_pieces()

        def hashed(piece: int) -> None:
            if stop.is_set():
                raise Stopped
            if report is not None:
                report(piece + 1, count)

        lt.set_piece_hashes(torrent, str(path.parent), hashed)
        return lt.bencode(torrent.generate())
    except (RuntimeError, UnicodeError) as exc:
        raise DiskFailed(
            f"The files of {path.name!r} could not be read. Check that they may be read."
        ) from exc


def labelled(rebuilt: bytes, title: str, licence: str | None, magnet: str) -> bytes:
    """Put title and licence into the .torrent of a film that was published here: what is kept of it has neither."""
    link = parse_magnet(magnet, AddressPolicy(allow_private=True))
    known = None if licence is None else find_licence(licence)
    return _assemble(rebuilt, title, known, list(link.trackers), list(link.web_seeds))


def _assemble(
    made: bytes, title: str, licence: Licence | None, trackers: list[str], web_seeds: list[str]
) -> bytes:
    """Put libtorrent's info dictionary into a .torrent of ours."""
    document = decode(made)
    start, stop = document.spans[b"info"]
    fields: dict[bytes, object] = {
        b"comment": title if licence is None else f"{title}. {licence.name}: {licence.url}",
        b"created by": "Matinee",
        b"info": Raw(made[start:stop]),
        b"matinee": {b"title": title} if licence is None else {b"licence": licence.id, b"title": title},
    }
    if trackers:
        fields[b"announce"] = trackers[0]
        fields[b"announce-list"] = [[url] for url in trackers]
    if web_seeds:
        fields[b"url-list"] = web_seeds
    return encode(fields)
