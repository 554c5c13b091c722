"""Signed addresses of files and playbacks, for players that can send neither header nor cookie."""

import hmac
import time
from collections.abc import Callable
from urllib.parse import parse_qsl

from matinee.types import DeviceId, FileIndex, InfoHash, SessionId
from matinee.web.visits import ASKING, NOBODY

AFTER_S = 6 * 3600
"""So much longer than the film an address is good: people pause."""
LONG_FILM_S = 6 * 3600
"""Of a film whose duration nobody knows yet."""
LIFE_S = LONG_FILM_S + AFTER_S
"""The least time for which an address of such a film is good."""

_HOUR_S = 3600
_MAC_BYTES = 16


class Signer:
    """Makes and checks addresses that are good for one file, or one playback, until a moment.

    One that was made for a device (``ASKING``) names it, and ends with it.

    Args:
        key: 32 secret bytes. A new key ends every address at once.
        clock: Unix seconds, from which on an address is good.
        judged_by: by which its time is over; the same when none is given.
    """

    def __init__(
        self,
        key: bytes,
        clock: Callable[[], float] = time.time,
        judged_by: Callable[[], float] | None = None,
    ) -> None:
        if len(key) < 32:
            raise ValueError("the key for stream addresses must have 32 bytes")
        self._key = key
        self._clock = clock
        self._judged_by = judged_by or clock

    def expiry(self, duration_s: float | None = None) -> int:
        """The moment until which an address made now is good, in Unix seconds: the film's duration and six hours.

        Rounded up to the hour: the same file keeps its address for an hour, so players and pages can compare.
        """
        lasts_s = (LONG_FILM_S if duration_s is None else min(duration_s, LONG_FILM_S)) + AFTER_S
        return -int(-(self._clock() + lasts_s) // _HOUR_S) * _HOUR_S

    def stream_url(self, info_hash: InfoHash, file_index: FileIndex, expires_at: int | None = None) -> str:
        """Give the path and query under which any player can fetch the file."""
        moment = self.expiry() if expires_at is None else expires_at
        return f"/stream/{info_hash}/{file_index}?{self._query(_file(info_hash, file_index), moment)}"

    def session_url(self, session: SessionId, expires_at: int | None = None) -> str:
        """Give the path and query under which any player can fetch a playback's master playlist."""
        moment = self.expiry() if expires_at is None else expires_at
        return f"/hls/{session}/master.m3u8?{self._query(_playback(session), moment)}"

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
        expected = self._mac(signed_for(query), subject, int(moment)).encode()
        # Bytes: compare_digest refuses text outside ASCII with an exception.
        genuine = hmac.compare_digest(expected, macs[0].encode("utf-8", "surrogatepass"))
        return genuine and self._judged_by() < int(moment)

    def _query(self, subject: str, expires_at: int) -> str:
        device = ASKING.get()
        named = f"&dev={device}" if device else ""
        return f"exp={expires_at}{named}&sig={self._mac(device, subject, expires_at)}"

    def _mac(self, device: DeviceId, subject: str, expires_at: int) -> str:
        message = f"{device}\0{subject}\0{expires_at}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, message, "sha256")[:_MAC_BYTES].hex()


def _file(info_hash: InfoHash, file_index: FileIndex) -> str:
    return f"stream\0{info_hash}\0{file_index}"


def _playback(session: SessionId) -> str:
    return f"playback\0{session}"


def signed_for(query: str) -> DeviceId:
    """Give the device that a query names; empty for the owner. Whether that is true its signature says."""
    try:
        fields = parse_qsl(query, max_num_fields=8)
    except ValueError:
        return NOBODY
    return DeviceId("\0".join(value for name, value in fields if name == "dev"))


def is_signed(query: str) -> bool:
    """Whether the query claims to carry a signature."""
    return "sig=" in query
