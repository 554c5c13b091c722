"""When a Matroska film ends that does not say so: recordings that were never finished. Pure.

EBML: RFC 8794; Cluster and Timestamp: RFC 9559 section 5.1.3.
"""

from matinee.media.ebml import bodies, elements, number

TAIL_BYTES = 4 * 1024 * 1024
"""Clusters are rarely longer than this."""

_CLUSTER = b"\x1f\x43\xb6\x75"
_TIMESTAMP = 0xE7
_SIMPLE_BLOCK, _GROUP, _BLOCK = 0xA3, 0xA0, 0xA1
_SEGMENT, _TRACKS, _ENTRY, _NUMBER, _TYPE = 0x18538067, 0x1654AE6B, 0xAE, 0xD7, 0x83
_SUBTITLES = b"\x11"


def written(head: bytes) -> frozenset[int]:
    """Give the numbers of a film's tracks of subtitles, by its first bytes."""
    found = set()
    for entry in bodies(b"".join(bodies(b"".join(bodies(head, _SEGMENT)), _TRACKS)), _ENTRY):
        if _SUBTITLES in bodies(entry, _TYPE):
            found |= {int.from_bytes(one, "big") for one in bodies(entry, _NUMBER)}
    return frozenset(found)


def last_stamp(tail: bytes, without: frozenset[int] = frozenset()) -> int | None:
    """Give the last block's time stamp, by a film's last bytes, in the film's time base; None where no block is.

    Args:
        tail: the bytes.
        without: tracks that do not count.
    """
    at = tail.rfind(_CLUSTER)
    while at >= 0:
        found = _cluster(tail, at + len(_CLUSTER), without)
        if found is not None:
            return found
        at = tail.rfind(_CLUSTER, 0, at)
    return None


def _cluster(data: bytes, at: int, without: frozenset[int]) -> int | None:
    """Read the latest time in the cluster whose size stands at ``at``; None where no track has one that counts."""
    _, at = number(data, at)
    begins, latest = None, None
    while 0 < at < len(data) - 8:
        kind, body = data[at], at + 1
        size, body = number(data, body)
        if kind == _TIMESTAMP and 0 < size <= 8:
            begins = int.from_bytes(data[body : body + size], "big")
        elif kind == _SIMPLE_BLOCK and size > 4:
            latest = _later(latest, data, body, without)
        elif kind == _GROUP and size > 4:
            blocks = (start for inner, start, _ in elements(data[body : body + size]) if inner == _BLOCK)
            for start in blocks:
                latest = _later(latest, data, body + start, without)
        at = body + size
    return begins + latest if begins is not None and latest is not None else None


def _later(latest: int | None, data: bytes, block: int, without: frozenset[int]) -> int | None:
    track, stamp = number(data, block)
    if track in without:
        return latest
    found = int.from_bytes(data[stamp : stamp + 2], "big", signed=True)
    return found if latest is None else max(latest, found)
