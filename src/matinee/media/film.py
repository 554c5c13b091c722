"""One film, opened. Runs inside the confined process."""

from types import TracebackType
from typing import Self

import av
from av.container import InputContainer

from matinee.media.source import FilmSource

FORMATS = "matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,avi,mpegts,mpeg,mpegvideo,flv,ogg,mp3,flac,wav,aac,asf,ac3,h264,hevc"
"""Real containers. Playlists and descriptions that point elsewhere are never opened; nor is anything else fetched."""
OPEN_OPTIONS = {
    "format_whitelist": FORMATS,
    "protocol_whitelist": "",
    "probesize": "1000000",
    "analyzeduration": "1000000",
}
BUFFER_BYTES = 128 * 1024


class Film:
    """Opens its container when it is first needed, and anew after something went wrong with it."""

    def __init__(self, source: FilmSource) -> None:
        self.source = source
        self._container: InputContainer | None = None

    @property
    def container(self) -> InputContainer:
        """The open container, at no place in particular.

        Raises:
            av.FFmpegError: it is not a film.
        """
        if self._container is None:
            self.source.seek(0)
            self._container = av.open(
                self.source, "r", options=OPEN_OPTIONS, buffer_size=BUFFER_BYTES, metadata_errors="replace"
            )
        return self._container

    def close(self) -> None:
        """Let go of the container: what follows begins with a fresh one. Harmless when called twice."""
        container, self._container = self._container, None
        if container is not None:
            container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
