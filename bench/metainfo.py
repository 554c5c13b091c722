"""The torrent of the film: v1, hybrid or v2, any piece size, with our tracker."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import libtorrent as lt

from bench.film import Film
from bench.swarms import Version

TRACKER_ADDRESS = ("198.18.0.1", 6969)
TRACKER_URL = f"http://{TRACKER_ADDRESS[0]}:{TRACKER_ADDRESS[1]}/announce"

_FLAGS = {"v1": lt.create_torrent.v1_only, "v2": lt.create_torrent.v2_only}


TITLE = "Noise over a gradient"
"""What the film is called where it hangs in the programme."""


@dataclass(frozen=True, slots=True)
class Torrent:
    """A torrent on disk, and its other names."""

    path: str
    magnet: str
    info_hash: str
    """40 hex digits (v1, hybrid) or 64 (v2)."""
    metadata_bytes: int


def prepare(cache: Path, film: Film, piece_bytes: int, version: Version) -> Torrent:
    """Give the torrent of this film, hashed now if the cache does not hold it."""
    folder = cache / "torrents"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{film.name}.{piece_bytes // 1024}k.{version}.torrent"
    if not path.exists():
        made = lt.create_torrent(lt.list_files(film.path), piece_bytes, _FLAGS.get(version, 0))
        made.add_tracker(TRACKER_URL)
        lt.set_piece_hashes(made, str(Path(film.path).parent))
        partial = path.with_name("partial-" + path.name)
        partial.write_bytes(lt.bencode(made.generate()))
        partial.rename(path)
    information = lt.torrent_info(str(path))
    hashes = information.info_hashes()
    parameters = lt.load_torrent_file(str(path))
    return Torrent(
        path=str(path),
        magnet=lt.make_magnet_uri(parameters),
        info_hash=str(hashes.v1 if hashes.has_v1() else hashes.v2),
        metadata_bytes=len(information.info_section()),
    )


def license_copy(torrent: Path, target: Path) -> None:
    """Write a copy that states title and licence: in the user's folder of torrents it is a film of the programme."""
    fields = cast("dict[bytes, Any]", lt.bdecode(torrent.read_bytes()))
    fields[b"matinee"] = {b"licence": b"CC0-1.0", b"title": TITLE.encode()}
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(lt.bencode(fields))
