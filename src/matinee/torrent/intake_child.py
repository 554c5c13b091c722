"""The process that reads what strangers wrote: magnet links and .torrent files. Started by ``intake.py``.

It may open no file and no socket, write no file, and has little memory and time; what goes wrong here ends
here. After our own readers have accepted something, libtorrent must accept it too and see the same files, so
that the engine in the parent process never opens anything that was not opened here before.
"""

import gc
import signal
import sys
import time
from typing import BinaryIO

import libtorrent as lt

from matinee.confined.child import confine, read_frame
from matinee.confined.frames import Head, pack
from matinee.errors import BadMagnet, BadTorrent, MatineeError
from matinee.names import clean_name
from matinee.outside.addresses import AddressPolicy
from matinee.torrent.intake_wire import error_to_wire, magnet_to_wire, metainfo_to_wire
from matinee.torrent.magnet import Magnet, parse_magnet
from matinee.torrent.metainfo import Metainfo, read_info, read_metainfo

MEMORY_BYTES = 512 * 1024 * 1024
"""Address space. The largest torrents we take need 190 MB here (2026-11-23)."""
READ_CPU_S = 5.0
"""Processor time for one request. A film's torrent needs 0.003 s, 100 000 files 1.0 s (2026-11-26)."""
CPU_S = 20
"""Processor time of one process over all it reads; the parent replaces it long before."""


def main() -> None:
    """Read requests from standard input until it ends, and answer each on standard output."""
    confine(int(sys.argv[1]), memory_bytes=MEMORY_BYTES, cpu_s=CPU_S)
    # Everything made for one request goes by reference counting, and the process is short-lived: without
    # the collector 100 000 files are read a third faster.
    gc.disable()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    answers.write(pack({"ready": True}))
    answers.flush()
    while (request := read_frame(requests)) is not None:
        # Its signal ends the process.
        signal.setitimer(signal.ITIMER_PROF, READ_CPU_S)
        answer(*request, answers)
        signal.setitimer(signal.ITIMER_PROF, 0)
        answers.write(pack({"cpu_s": time.process_time()}))
        answers.flush()


def answer(head: Head, body: bytes, answers: BinaryIO) -> None:
    """Do what a request asks and write the answer."""
    policy = AddressPolicy(head["allow_private"])
    try:
        if head["ask"] == "magnet":
            answers.write(pack(magnet_to_wire(checked_magnet(body.decode(), policy))))
            return
        metainfo = read_info(body) if head["ask"] == "info" else read_metainfo(body, policy)
        check_metainfo(metainfo)
        answers.writelines(metainfo_to_wire(metainfo))
    except MatineeError as exc:
        answers.write(pack(error_to_wire(exc)))


def checked_magnet(text: str, policy: AddressPolicy) -> Magnet:
    """Read a magnet link, and have libtorrent read what we made of it."""
    magnet = parse_magnet(text, policy)
    try:
        hashes = lt.parse_magnet_uri(magnet.render()).info_hashes
    except RuntimeError as exc:
        raise BadMagnet(f"This magnet link cannot be opened ({clean_name(str(exc), 'no reason')}).") from exc
    seen = (str(hashes.v1) if hashes.has_v1() else None, str(hashes.v2) if hashes.has_v2() else None)
    if seen != (magnet.info_hash, magnet.info_hash_v2):
        raise BadMagnet("This magnet link can be read in two ways. Copy it again from its page.")
    return magnet


def check_metainfo(metainfo: Metainfo) -> None:
    """Have libtorrent open the torrent, and compare what it sees.

    Raises:
        BadTorrent: it refuses, or sees other files.
    """
    try:
        info = lt.load_torrent_buffer(metainfo.rebuilt).ti
    except RuntimeError as exc:
        reason = clean_name(str(exc), "no reason")
        raise BadTorrent(f"This torrent cannot be opened ({reason}). Look for another release.") from exc
    if info is None or _as_seen(info) != _as_read(metainfo) or not _hides_enough(info, metainfo):
        raise BadTorrent(
            "This torrent can be read in two ways, so it is not opened. Look for another release."
        )


def _as_seen(info: lt.torrent_info) -> list[object]:
    hashes, files = info.info_hashes(), info.layout()
    seen: list[object] = [
        str(hashes.v1) if hashes.has_v1() else None,
        str(hashes.v2) if hashes.has_v2() else None,
        info.piece_length(),
        info.num_pieces(),
        info.priv(),
    ]
    seen += [(files.file_size(index), files.file_offset(index)) for index in range(files.num_files())]
    return seen


def _as_read(metainfo: Metainfo) -> list[object]:
    read: list[object] = [
        metainfo.info_hash,
        metainfo.info_hash_v2,
        metainfo.piece_length,
        metainfo.piece_count,
        metainfo.private,
    ]
    read += [(file.length, file.offset) for file in metainfo.files]
    return read


def _hides_enough(info: lt.torrent_info, metainfo: Metainfo) -> bool:
    """Say whether no file is offered that libtorrent takes for padding or a link; we may hide more."""
    files = info.layout()
    special = int(lt.file_flags_t.flag_pad_file) | int(lt.file_flags_t.flag_symlink)
    flags = [int(files.file_flags(index)) for index in range(files.num_files())]
    return all(
        file.hidden is not None for file, flag in zip(metainfo.files, flags, strict=True) if flag & special
    )
