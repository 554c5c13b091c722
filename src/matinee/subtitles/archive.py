"""Subtitles in a zip, as providers and people pass them on. Pure: nothing is unpacked anywhere but in memory.

Sizes and names in an archive are a stranger's claims: bytes are counted as they come out, of a name only the last
part is kept, and it is never used to open anything.
"""

import io
import zipfile
import zlib

from matinee.errors import BadSubtitles, TooLarge
from matinee.names import clean_path
from matinee.subtitles.limits import MAX_FILE_BYTES, check_size

MAX_ENTRIES = 64
ENDINGS = (".srt", ".vtt", ".ass", ".ssa", ".sub", ".smi", ".sami", ".ttml", ".dfxp", ".txt")

_MARK = b"PK\x03\x04"
_CHUNK_BYTES = 64 * 1024
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def is_archive(data: bytes) -> bool:
    """Tell a zip by how it begins."""
    return data.startswith(_MARK)


def unpack(data: bytes) -> tuple[tuple[str, bytes], ...]:
    """Give the names and bytes of the subtitles in a zip, in its order. Archives inside it stay closed.

    Raises:
        BadSubtitles: it is broken, locked, or has no subtitles.
        TooLarge: there are more bytes or entries than subtitles have.
    """
    check_size(len(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = _entries(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        ValueError,
        EOFError,
        OSError,
    ) as exc:
        raise BadSubtitles("This archive is broken or locked. Unpack it and choose the file inside.") from exc
    if not found:
        raise BadSubtitles("There are no subtitles in this archive. Choose another one.")
    return found


def _entries(archive: zipfile.ZipFile) -> tuple[tuple[str, bytes], ...]:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise TooLarge(f"There are more than {MAX_ENTRIES} files in this archive. Choose the one you want.")
    left = MAX_FILE_BYTES
    found: list[tuple[str, bytes]] = []
    for entry in entries:
        name = clean_path(entry.filename.replace("\\", "/").split("/"))[-1]
        # Not is_dir(): that asks for the last letter, and an entry may have no name at all.
        is_folder = entry.filename.endswith("/")
        if is_folder or not name.lower().endswith(ENDINGS) or entry.compress_type not in _METHODS:
            continue
        data = _inflate(archive, entry, left)
        left -= len(data)
        found.append((name, data))
    return tuple(found)


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    parts = bytearray()
    with archive.open(entry) as packed:
        while chunk := packed.read(_CHUNK_BYTES):
            parts += chunk
            if len(parts) > most:
                raise TooLarge("This archive holds more than subtitles can be. Choose another one.")
    return bytes(parts)
