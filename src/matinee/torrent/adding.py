"""What libtorrent is told when a torrent is added, and where its files go."""

import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import libtorrent as lt

from matinee.errors import DiskFailed, DiskFull
from matinee.models.rights import Rights
from matinee.models.torrent import Sharing, Takes
from matinee.outside.addresses import AddressPolicy
from matinee.torrent.contents import Contents, read_contents
from matinee.torrent.magnet import Magnet, parse_magnet
from matinee.torrent.metainfo import Metainfo
from matinee.torrent.settings import EngineSettings
from matinee.torrent.store import Record
from matinee.types import InfoHash

log = logging.getLogger(__name__)

RESERVE_PART = 50
"""Of a small disk at most a fiftieth is kept free."""

ARCHIVE_ONLY_UP_BYTES_PER_S = 16 * 1024
"""Requests to web hosts count as uploads: at 1 byte a second, as it was, the first took minutes."""

_NO_PEERS = lt.torrent_flags.disable_dht | lt.torrent_flags.disable_lsd | lt.torrent_flags.disable_pex


Prepared = tuple[lt.add_torrent_params, Contents | None]
"""What libtorrent is told, and the contents where they are known."""


def prepare(source: Metainfo | Magnet, folder: Path, resume: bytes | None) -> Prepared:
    """Make libtorrent's parameters, and the contents where they are known. For a thread: see ``read_contents``."""
    if isinstance(source, Magnet):
        return parameters(source, folder, resume), None
    source = with_layers(source, resume)
    found = parameters(source, folder, resume)
    assert found.ti is not None  # noqa: S101 - read from a metainfo; for mypy
    return found, read_contents(found.ti, source)


def parameters(source: Metainfo | Magnet, folder: Path, resume: bytes | None) -> lt.add_torrent_params:
    """Make libtorrent's parameters of what our own reader has rebuilt, and of kept resume data.

    Resume data that does not belong or cannot be read is left out: the files are checked then.
    """
    found = _from_resume(source, resume) or _fresh(source)
    found.save_path = str(folder)
    found.storage_mode = lt.storage_mode_t.storage_mode_sparse
    found.flags |= lt.torrent_flags.sequential_download | lt.torrent_flags.update_subscribe
    # The auto-manager would start a torrent half a second late.
    found.flags &= ~(
        lt.torrent_flags.auto_managed | lt.torrent_flags.paused | lt.torrent_flags.duplicate_is_error
    )
    if found.ti is not None:
        found.piece_priorities = [0] * found.ti.num_pieces()
        found.file_priorities = []
    return found


def _fresh(source: Metainfo | Magnet) -> lt.add_torrent_params:
    if isinstance(source, Metainfo):
        return lt.load_torrent_buffer(source.rebuilt)
    found = lt.add_torrent_params()
    v1 = lt.sha1_hash(bytes.fromhex(source.info_hash)) if source.info_hash else None
    v2 = lt.sha256_hash(bytes.fromhex(source.info_hash_v2)) if source.info_hash_v2 else None
    if v1 is not None and v2 is not None:
        found.info_hashes = lt.info_hash_t(v1, v2)
    elif v1 is not None:
        found.info_hashes = lt.info_hash_t(v1)
    elif v2 is not None:
        found.info_hashes = lt.info_hash_t(v2)
    found.name = source.name
    found.trackers = list(source.trackers)
    found.url_seeds = list(source.web_seeds)
    found.peers = list(source.peers)
    return found


def _from_resume(source: Metainfo | Magnet, resume: bytes | None) -> lt.add_torrent_params | None:
    if resume is None or not isinstance(source, Metainfo):
        return None
    try:
        kept = lt.read_resume_data(resume)
    except RuntimeError as error:
        log.warning("Kept resume data cannot be read; the files are checked error=%s", error)
        return None
    fresh = lt.load_torrent_buffer(source.rebuilt)
    if kept.info_hashes != fresh.info_hashes:
        log.warning("Kept resume data belongs to another torrent; the files are checked")
        return None
    if _lacks_layers(source):
        log.warning("Nobody has sent the hashes of this torrent's pieces yet; the files are checked")
        return None
    kept.ti = fresh.ti
    kept.trackers, kept.tracker_tiers, kept.url_seeds = fresh.trackers, fresh.tracker_tiers, fresh.url_seeds
    kept.renamed_files = {}
    kept.unfinished_pieces = {}
    kept.dht_nodes = []
    return kept


def apply_record(found: lt.add_torrent_params, record: Record, *, has_metadata: bool) -> None:
    """Put the user's wishes into the parameters: pause, limits, what is shared."""
    may_run = record.rights is not None or not has_metadata
    if record.paused or not may_run:
        found.flags |= lt.torrent_flags.paused
    if record.rights is None:
        # Only the list of files is fetched until somebody has said why this may be shared.
        found.flags |= lt.torrent_flags.upload_mode
    else:
        found.flags &= ~lt.torrent_flags.upload_mode
    found.download_limit, found.upload_limit = _limits(record)
    if record.sharing is Sharing.ARCHIVE_ONLY:
        found.flags |= _NO_PEERS
        found.trackers = []


def apply_limits(handle: lt.torrent_handle, record: Record) -> None:
    """Have a running torrent go by its own limits."""
    down, up = _limits(record)
    handle.set_download_limit(down)
    handle.set_upload_limit(up)


def _limits(record: Record) -> tuple[int, int]:
    """Give the most that is taken and given, in bytes a second; -1 is no limit."""
    up = record.up_limit_bytes_per_s or -1
    if record.sharing is Sharing.ARCHIVE_ONLY:
        up = ARCHIVE_ONLY_UP_BYTES_PER_S
    return record.down_limit_bytes_per_s or -1, up


def apply_sharing(handle: lt.torrent_handle, sharing: Sharing, magnet: str) -> None:
    """Change what a running torrent shares; its trackers and web seeds are those of our own link."""
    if sharing is Sharing.ARCHIVE_ONLY:
        handle.set_flags(_NO_PEERS)
        handle.replace_trackers([])
        # Pausing breaks off every peer; the web seeds come back with the resume that follows.
        handle.pause()
        return
    handle.unset_flags(_NO_PEERS)
    handle.replace_trackers([lt.announce_entry(url) for url in trackers_of(magnet)])


def joined(one: str, other: str) -> Magnet:
    """Give one link for two of our own that are of one torrent, each by a hash that the other lacks."""
    first, second = (parse_magnet(link, AddressPolicy(allow_private=True)) for link in (one, other))
    return replace(
        first,
        info_hash=first.info_hash or second.info_hash,
        info_hash_v2=first.info_hash_v2 or second.info_hash_v2,
        trackers=tuple(dict.fromkeys((*first.trackers, *second.trackers))),
        web_seeds=tuple(dict.fromkeys((*first.web_seeds, *second.web_seeds))),
    )


def magnet_of(source: Metainfo | Magnet) -> Magnet:
    """Give the magnet link of either kind of source."""
    if isinstance(source, Magnet):
        return replace(source, peers=())
    return Magnet(source.info_hash, source.info_hash_v2, source.name, source.trackers, source.web_seeds, ())


def new_record(
    source: Metainfo | Magnet, rights: Rights | None, settings: EngineSettings, place: int
) -> Record:
    """Make the record of a torrent that is added now, behind the others."""
    metainfo = source if isinstance(source, Metainfo) else None
    return Record(
        info_hash=source.identity,
        name=source.name if metainfo is None else metainfo.title or metainfo.name,
        magnet=magnet_of(source).render(),
        metainfo=metainfo.rebuilt if metainfo else None,
        resume=None,
        added_at=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        paused=False,
        sharing=settings.sharing,
        rights=rights,
        down_limit_bytes_per_s=0,
        up_limit_bytes_per_s=0,
        takes=Takes(settings.take),
        place=place,
    )


def trackers_of(magnet: str) -> tuple[str, ...]:
    """Give the trackers of a link that we made ourselves."""
    return parse_magnet(magnet, AddressPolicy(allow_private=True)).trackers


def web_seeds_of(magnet: str) -> tuple[str, ...]:
    """Give the web seeds of a link that we made ourselves."""
    return parse_magnet(magnet, AddressPolicy(allow_private=True)).web_seeds


def with_addresses(metainfo: Metainfo, magnet: str) -> bytes:
    """Make a whole .torrent of metadata that came alone and the addresses of the link that asked for it."""
    link = parse_magnet(magnet, AddressPolicy(allow_private=True))
    document: Any = lt.bdecode(metainfo.rebuilt)
    document[b"announce-list"] = [[url.encode()] for url in link.trackers]
    document[b"url-list"] = [url.encode() for url in link.web_seeds]
    return bytes(lt.bencode({key: value for key, value in document.items() if value}))


def with_layers(metainfo: Metainfo, resume: bytes | None) -> Metainfo:
    """Complete a v2 torrent that came by magnet with its pieces' hashes, which its resume data has gathered.

    Without them nobody could tell whether what an earlier run left on the disk is right (BEP 52).
    """
    if resume is None or not _lacks_layers(metainfo):
        return metainfo
    try:
        kept = lt.read_resume_data(resume)
        kept.ti = lt.load_torrent_buffer(metainfo.rebuilt).ti
        # write_torrent_file_buf takes its bytes for UTF-8 in this binding.
        whole: Any = lt.write_torrent_file(kept)
    except RuntimeError as error:
        log.warning("The hashes of a torrent's pieces are not known yet error=%s", error)
        return metainfo
    document: Any = lt.bdecode(metainfo.rebuilt)
    layers = whole.get(b"piece layers", {})
    return replace(metainfo, rebuilt=bytes(lt.bencode({**document, b"piece layers": layers})))


def _lacks_layers(metainfo: Metainfo) -> bool:
    # The hash of a file of one piece is in the info dictionary itself.
    if metainfo.info_hash is not None or all(file.length <= metainfo.piece_length for file in metainfo.files):
        return False
    document: Any = lt.bdecode(metainfo.rebuilt)
    return not document.get(b"piece layers")


def make_folder(films: Path, folder: Path, reserve_bytes: int) -> None:
    """Make a torrent's own folder, and refuse one in which something else waits.

    Raises:
        DiskFull: there is no room.
        DiskFailed: the folder cannot be made, or a symbolic link stands in its place.
    """
    try:
        films.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_room(films, reserve_bytes)
        folder.mkdir(mode=0o700, exist_ok=True)
        refuse_links(folder)
    except OSError as error:
        raise DiskFailed(
            f"The folder where films are kept cannot be written: {error.strerror}. Check it."
        ) from error


def delete_folder(folder: Path) -> None:
    """Delete a torrent's own folder, if there is one; what a link leads to stays. Raises OSError."""
    if folder.exists() and not folder.is_symlink():
        shutil.rmtree(folder)


def refuse_links(folder: Path) -> None:
    """Make sure that nothing in a torrent's folder leads out of it.

    Raises:
        DiskFailed: a symbolic link stands where a film is, or would be, kept.
    """
    if folder.is_symlink() or any(_links(folder)):
        raise DiskFailed(
            "A symbolic link waits where this film would be kept. Remove it, then add the film again or resume it.",
            info_hash=InfoHash(folder.name),
        )


def check_room(films: Path, reserve_bytes: int) -> None:
    """Make sure that something is left on the disk.

    Raises:
        DiskFull: less than the reserve is free.
        DiskFailed: the folder cannot be asked or written.
    """
    try:
        usage = shutil.disk_usage(films)
    except OSError as error:
        raise DiskFailed(f"The folder where films are kept cannot be read: {error.strerror}.") from error
    if not os.access(films, os.W_OK):
        raise DiskFailed("The folder where films are kept cannot be written. Check who may write there.")
    if usage.free < min(reserve_bytes, usage.total // RESERVE_PART):
        raise DiskFull("The disk is full. Make room; the film goes on by itself then.")


def _links(folder: Path) -> Iterator[bool]:
    """Look at everything below a folder."""
    try:
        entries = os.scandir(folder)
    except OSError:
        return  # not there yet, or closed to us: libtorrent will say so
    with entries:
        for entry in entries:
            # A folder tells what its entries are: nothing more has to be asked of each of 100 000 files.
            yield entry.is_symlink()
            if entry.is_dir(follow_symlinks=False):
                yield from _links(Path(entry.path))
