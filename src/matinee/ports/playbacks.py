"""What the web asks of films that are being played."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from matinee.types import FileIndex, InfoHash, SessionId, StreamIndex

if TYPE_CHECKING:
    from matinee.models.media import Attachment
    from matinee.models.playback import ClientSupport, PlaybackView
    from matinee.models.promise import Outcome, Promise
    from matinee.models.subtitles import Offer


class Playbacks(Protocol):
    """Films that are being played: ``playback/sessions.py`` is the one that answers.

    Every method but ``open`` raises ``PlaybackNotFound`` when the session has ended or never was. A rendition is
    ``v`` (the picture, with its sound where there is only one), ``a`` and a track's index (a sound track alone), or
    a subtitle choice's id. Methods that need the film's bytes wait for them, let go of them when they are cancelled,
    and raise ``BadFilm``, ``TorrentRemoved`` or ``PieceTimeout``.
    """

    async def open(
        self,
        info_hash: InfoHash,
        file_index: FileIndex | None,
        client: ClientSupport,
        start_s: float = 0.0,
    ) -> PlaybackView:
        """Begin to play a file at a time; without an index the torrent's largest film.

        Raises RightsUnconfirmed, FileNotFound, MetadataTimeout, BadFilm."""

    async def promise(self, info_hash: InfoHash, file_index: FileIndex | None) -> Promise:
        """When a film would start were it wanted now, and whether it would play without a stall; without an index
        the torrent's largest film. Raises TorrentNotFound."""

    async def outcomes(self) -> Sequence[Outcome]:
        """What was promised and what came of it, the oldest first."""

    def sent(self, etag: str, start: int, stop: int, waited_s: float) -> None:
        """Note that a player took the bytes ``[start, stop)`` of a file, for which it had been waited so long."""

    async def view(self, session: SessionId) -> PlaybackView:
        """A playback as it is now."""

    async def close(self, session: SessionId) -> None:
        """End a playback; whatever it waits for is let go."""

    async def master(self, session: SessionId) -> str:
        """The master playlist (RFC 8216)."""

    async def playlist(self, session: SessionId, rendition: str) -> str:
        """A rendition's playlist, complete from the start. Raises NotFound."""

    async def init(self, session: SessionId, rendition: str) -> bytes:
        """A rendition's initialisation segment. Raises NotFound."""

    async def segment(self, session: SessionId, rendition: str, index: int) -> bytes:
        """A segment, made when it is asked for: fMP4, or WebVTT of subtitles. Raises NotFound."""

    async def subtitles(
        self, session: SessionId, track: str, start_s: float, stop_s: float, *, held_s: float = 0.0
    ) -> str:
        """Subtitles of ``[start_s, stop_s)`` as WebVTT, times counted from the film's beginning. Raises NotFound.

        Those inside a film that is not all here wait until playing has come to them, or until ``held_s`` says that the
        player has the picture from ``start_s`` to there already: from an earlier playback of the film, then."""

    async def styled(
        self, session: SessionId, track: str, start_s: float, stop_s: float, *, held_s: float = 0.0
    ) -> str:
        """Styled subtitles of a time as ASS, to be drawn with their styles; all of those in a file of their own.

        Raises NotFound where they have no styles."""

    async def picture(self, session: SessionId, track: str, number: int) -> bytes:
        """One picture of subtitles that are pictures, as PNG, by the number that ``subtitles`` gave it.

        Raises NotFound."""

    async def read_subtitles(self, data: bytes, name: str, language: str) -> str:
        """A person's own file of subtitles, or a zip with one, as WebVTT. ``language`` may be ``und``.

        Raises BadSubtitles, TooLarge."""

    async def offers(self, session: SessionId, languages: Sequence[str]) -> tuple[Offer, ...]:
        """Subtitles that a provider has for the film, the likeliest first; languages are BCP 47, none for all.

        Raises BadSetting while nobody has given a key, SourceUnreachable."""

    async def offered(self, session: SessionId, offer: int, language: str) -> str:
        """One of them as WebVTT, whole. Raises BadSubtitles, TooLarge besides."""

    async def thumbnails(self, session: SessionId) -> str:
        """Which part of which sprite shows which moment, as WebVTT; it grows while the film arrives."""

    async def sprite(self, session: SessionId, index: int) -> bytes:
        """A sprite of thumbnails as WebP. Raises NotFound."""

    async def fonts(self, session: SessionId) -> tuple[Attachment, ...]:
        """The fonts inside the film."""

    async def font(self, session: SessionId, index: StreamIndex) -> bytes:
        """A font inside the film. Raises NotFound."""

    async def cover(self, session: SessionId, index: StreamIndex) -> bytes:
        """A picture that is attached to the film, small, as WebP. Raises NotFound."""
