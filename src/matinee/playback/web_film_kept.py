"""What is kept of a film on its way from the web, so that it can be gone on with after the program has ended.

Beside the film's folder lies one small file: where it comes from, on what basis, and which of its bytes are certainly
on the disk. Those are synced before they are written down. All of it blocks: for a thread.
"""

import json
import logging
import os
import re
import shutil
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matinee.data_folder import write_private
from matinee.models.rights import Basis, Rights
from matinee.models.title import WebFilm
from matinee.models.torrent import Sharing, TorrentChange
from matinee.playback.came import Came
from matinee.types import InfoHash

log = logging.getLogger(__name__)

VERSION = 1
MOST_BYTES = 4 * 1024 * 1024
"""Of one such file: a film that came in a hundred thousand places is not worth going on with."""
FOLDER_LETTERS = 32
"""Of a film's name here, after which its folder is called."""
_HASH = re.compile(r"[0-9a-f]{64}")
_STRONG = re.compile(r'"[\x20-\x7e]{0,198}"')


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFilm:
    """A film of which something is here."""

    info_hash: InfoHash
    """What it is called here: 64 hex digits."""
    file: str
    """The name of its file."""
    film: WebFilm
    title: str
    rights: Rights
    added_at: str
    length: int
    tag: str | None
    """The strong entity tag that its host gave it."""
    spans: tuple[tuple[int, int], ...]
    """What of it is on the disk: half-open, ascending."""
    taken: int
    """Bytes that its host has sent, also those that came twice."""
    paused: bool
    change: TorrentChange
    """What its torrent is to be told."""

    @property
    def can_go_on(self) -> bool:
        """Whether it can be told that what comes later is of the same film: by its tag, or by its hash in the end."""
        return self.tag is not None or self.film.sha1 is not None

    @property
    def came(self) -> Came:
        """What of it is here."""
        came = Came(self.length)
        for start, stop in self.spans:
            came.add(start, stop)
        return came


def keep(folder: Path, kept: KeptFilm) -> None:
    """Write down what is here of a film; its bytes reach the disk first.

    Args:
        folder: of all films on the web.
        kept: whose file lies in its own folder there.

    Raises:
        OSError: it cannot be written.
    """
    descriptor = os.open(
        _place(folder, kept.info_hash) / kept.file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW
    )
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    write_private(_note(folder, kept.info_hash), json.dumps(_data(kept)).encode())


def drop(folder: Path, info_hash: InfoHash) -> None:
    """Remove a film, and what is written down of it."""
    # The note first: it must not speak of bytes that are gone.
    _note(folder, info_hash).unlink(missing_ok=True)
    shutil.rmtree(_place(folder, info_hash), ignore_errors=True)


def read_all(folder: Path, here: Set[InfoHash]) -> list[KeptFilm]:
    """Give the films that can be gone on with, and remove all else that an earlier run has left.

    Args:
        folder: of all films on the web; it need not be there.
        here: those that this run has begun already: they stay as they are.
    """
    found: dict[str, KeptFilm] = {}
    for note in sorted(folder.glob("*.json")):
        kept = _read(folder, note)
        if kept is not None and kept.info_hash not in here:
            found[kept.info_hash[:FOLDER_LETTERS]] = kept
    stays = {one[:FOLDER_LETTERS] for one in here} | found.keys()
    for one in sorted(folder.iterdir()) if folder.is_dir() else ():
        if one.name.partition(".")[0] in stays:
            continue
        log.info("What an earlier run left of a film is removed name=%s", one.name)
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)
    return list(found.values())


def _place(folder: Path, info_hash: InfoHash) -> Path:
    return folder / info_hash[:FOLDER_LETTERS]


def _note(folder: Path, info_hash: InfoHash) -> Path:
    return folder / f"{info_hash[:FOLDER_LETTERS]}.json"


def _read(folder: Path, note: Path) -> KeptFilm | None:
    """Read one; None for what makes no sense, or where the film is not as long as it says."""
    try:
        if note.stat().st_size > MOST_BYTES:
            raise ValueError("too long")
        kept = _kept(json.loads(note.read_bytes()))
        path = _place(folder, kept.info_hash) / kept.file
        reaches = kept.spans[-1][1] if kept.spans else 0
        if note != _note(folder, kept.info_hash) or path.is_symlink() or path.stat().st_size < reaches:
            raise ValueError("its film is not there")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        log.warning("A film that was on its way cannot be gone on with name=%s error=%r", note.name, error)
        return None
    return kept


def _data(kept: KeptFilm) -> dict[str, Any]:
    rights, change = kept.rights, kept.change
    return {
        "version": VERSION,
        "info_hash": kept.info_hash,
        "file": kept.file,
        "url": kept.film.url,
        "sha1": kept.film.sha1,
        "title": kept.title,
        "rights": {"basis": rights.basis.value, "licence": rights.licence, "stated_at": rights.stated_at},
        "added_at": kept.added_at,
        "length": kept.length,
        "tag": kept.tag,
        "spans": kept.spans,
        "taken": kept.taken,
        "paused": kept.paused,
        "sharing": None if change.sharing is None else change.sharing.value,
        "down_limit_bytes_per_s": change.down_limit_bytes_per_s,
        "up_limit_bytes_per_s": change.up_limit_bytes_per_s,
        "kept": change.kept,
    }


def _kept(said: Any) -> KeptFilm:
    """Read what ``_data`` wrote. Raises KeyError, TypeError, ValueError."""
    if said["version"] != VERSION or not _HASH.fullmatch(said["info_hash"]):
        raise ValueError("of another program")
    file, tag = str(said["file"]), said["tag"]
    if file in ("", ".", "..") or "/" in file or (tag is not None and not _STRONG.fullmatch(tag)):
        raise ValueError("no name, or no tag")
    rights = said["rights"]
    kept = KeptFilm(
        info_hash=InfoHash(said["info_hash"]),
        file=file,
        film=WebFilm(str(said["url"]), said["sha1"]),
        title=str(said["title"]),
        rights=Rights(Basis(rights["basis"]), rights["licence"], str(rights["stated_at"])),
        added_at=str(said["added_at"]),
        length=int(said["length"]),
        tag=tag,
        spans=tuple((int(start), int(stop)) for start, stop in said["spans"]),
        taken=int(said["taken"]),
        paused=bool(said["paused"]),
        change=TorrentChange(
            sharing=None if said["sharing"] is None else Sharing(said["sharing"]),
            down_limit_bytes_per_s=said["down_limit_bytes_per_s"],
            up_limit_bytes_per_s=said["up_limit_bytes_per_s"],
            kept=said["kept"],
        ),
    )
    if kept.length < 1 or kept.came.spans != kept.spans or not kept.can_go_on:
        raise ValueError("not what can be gone on with")
    return kept
