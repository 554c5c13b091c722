"""Subtitles that others have for a film: asked for when a person wants them, and only with that person's key."""

import asyncio
import contextlib
from collections.abc import Sequence

from matinee.errors import BadSetting, Unavailable
from matinee.models.subtitles import Offer, Sought
from matinee.playback.converted import converted
from matinee.ports import ByteReader, Stream, SubtitleProvider
from matinee.subtitles.moviehash import LEAST_BYTES, PART_BYTES, moviehash

HASH_S = 10.0
"""How long a film's two ends are waited for; without them it is asked for by its name."""


class Offers:
    """Asks a provider about films.

    Args:
        provider: the one a person chose; None as long as nobody did.
    """

    def __init__(self, provider: SubtitleProvider | None) -> None:
        self._provider = provider

    async def search(self, stream: Stream, languages: Sequence[str]) -> tuple[Offer, ...]:
        """Give what there is for a film, the likeliest first.

        Args:
            stream: the film; its two ends are read, where they come in time.
            languages: BCP 47; none for all.

        Raises:
            BadSetting: nobody gave a key, or not the right one.
            SourceUnreachable: the provider does not answer.
        """
        provider = self._chosen()
        name = stream.file.path.rpartition("/")[2].rpartition(".")[0] or stream.file.path
        return await provider.search(Sought(await _hash(stream), name, tuple(languages)))

    async def write(self, offer: int, language: str) -> str:
        """Give the subtitles of an offer as WebVTT of all its cues.

        Args:
            offer: its number.
            language: its language, a witness of the encoding.

        Raises:
            BadSetting, SourceUnreachable: as above.
            BadSubtitles, TooLarge: what the provider has cannot be read.
        """
        name, data = await self._chosen().fetch(offer)
        return await converted(data, name, language)

    def _chosen(self) -> SubtitleProvider:
        if self._provider is None:
            raise BadSetting(
                "Nobody is asked for subtitles as long as there is no key: set opensubtitles_key in the settings."
            )
        return self._provider


async def _hash(stream: Stream) -> str | None:
    length = stream.file.length
    if length < LEAST_BYTES:
        return None
    with contextlib.suppress(TimeoutError, Unavailable):
        async with asyncio.timeout(HASH_S), stream.open() as reader:
            head = await _read(reader, 0)
            return moviehash(length, head, await _read(reader, length - PART_BYTES))
    return None


async def _read(reader: ByteReader, start: int) -> bytes:
    data = bytearray()
    while len(data) < PART_BYTES:
        data += await reader.read(start + len(data), start + PART_BYTES)
    return bytes(data)
