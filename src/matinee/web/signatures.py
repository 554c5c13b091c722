"""Signed addresses of files and playbacks, for players that can send neither header nor cookie."""

import hmac
import time
from collections.abc import Callable
from urllib.parse import parse_qsl

from matinee.types import FileIndex, InfoHash, SessionId

LIFE_S = 12 * 3600
"""The least time for which a fresh address is good."""

_HOUR_S = 3600
_MAC_BYTES = 16


class Signer:
    """Makes and checks addresses that are good for one file, or one playback, until a moment.

    Args:
        key: 32 secret bytes. A new key ends every address at once.
        clock: wall clock in seconds.
    """

    def __init__(self, key: bytes, clock: Callable[[], float] = time.time) -> None:
        if len(key) < 32:
            raise ValueError("the key for stream addresses must have 32 bytes")
        self._key = key
        self._clock = clock

    def expiry(self) -> int:
        """The moment until which an address made now is good, in Unix seconds.

        Rounded up to the hour: the same file keeps its address for an hour, so players and pages can compare.
        """
        return -int(-(self._clock() + LIFE_S) // _HOUR_S) * _HOUR_S

    def stream_url(self, info_hash: InfoHash, file_index: FileIndex, expires_at: int | None = None) -> str:
        """Give the path and query under which any player can fetch the file."""
        moment = self.expiry() if expires_at is None else expires_at
        return f"/stream/{info_hash}/{file_index}?{self._query(_file(info_hash, file_index), moment)}"

    def session_url(self, session: SessionId) -> str:
        """Give the path and query under which any player can fetch a playback's master playlist."""
        return f"/hls/{session}/master.m3u8?{self._query(_playback(session), self.expiry())}"

    def is_fresh(self, info_hash: InfoHash, file_index: FileIndex, query: str) -> bool:
        """Whether the query carries a signature for this file that has not ended."""
        return self._holds(_file(info_hash, file_index), query)

    def is_session_fresh(self, session: SessionId, query: str) -> bool:
        """Whether the query carries a signature for this playback that has not ended."""
        return self._holds(_playback(session), query)

    def _holds(self, subject: str, query: str) -> bool:
        try:
            fields = parse_qsl(query, max_num_fields=8)
        except ValueError:
            return False
        moments = [value for name, value in fields if name == "exp"]
        macs = [value for name, value in fields if name == "sig"]
        if len(moments) != 1 or len(macs) != 1:
            return False
        moment = moments[0]
        if not (moment.isascii() and moment.isdigit() and len(moment) <= 12):
            return False
        expected = self._mac(subject, int(moment)).encode()
        # Bytes: compare_digest refuses text outside ASCII with an exception.
        genuine = hmac.compare_digest(expected, macs[0].encode("utf-8", "surrogatepass"))
        return genuine and self._clock() < int(moment)

    def _query(self, subject: str, expires_at: int) -> str:
        return f"exp={expires_at}&sig={self._mac(subject, expires_at)}"

    def _mac(self, subject: str, expires_at: int) -> str:
        message = f"{subject}\0{expires_at}".encode()
        return hmac.digest(self._key, message, "sha256")[:_MAC_BYTES].hex()


def _file(info_hash: InfoHash, file_index: FileIndex) -> str:
    return f"stream\0{info_hash}\0{file_index}"


def _playback(session: SessionId) -> str:
    return f"playback\0{session}"


def is_signed(query: str) -> bool:
    """Whether the query claims to carry a signature."""
    return "sig=" in query
