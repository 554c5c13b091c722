"""When a Matroska film ends that does not say so: recordings that were never finished. Pure.

EBML: RFC 8794; Cluster and Timestamp: RFC 9559 section 5.1.3.
"""

from matinee.media.ebml import number

TAIL_BYTES = 4 * 1024 * 1024
"""Clusters are rarely longer than this."""

_CLUSTER = b"\x1f\x43\xb6\x75"
_TIMESTAMP = 0xE7
_SIMPLE_BLOCK = 0xA3


def last_stamp(tail: bytes) -> int | None:
    """Give the last block's time stamp, by a film's last bytes, in the film's time base; None where no block is."""
    at = tail.rfind(_CLUSTER)
    while at >= 0:
        found = _cluster(tail, at + len(_CLUSTER))
        if found is not None:
            return found
        at = tail.rfind(_CLUSTER, 0, at)
    return None


def _cluster(data: bytes, at: int) -> int | None:
    """Read the latest time in the cluster whose size stands at ``at``."""
    _, at = number(data, at)
    begins, latest = None, 0
    while 0 < at < len(data) - 8:
        kind, body = data[at], at + 1
        size, body = number(data, body)
        if kind == _TIMESTAMP and 0 < size <= 8:
            begins = int.from_bytes(data[body : body + size], "big")
        elif kind == _SIMPLE_BLOCK and size > 4:
            _, stamp = number(data, body)
            latest = max(latest, int.from_bytes(data[stamp : stamp + 2], "big", signed=True))
        at = body + size
    return begins + latest if begins is not None else None
