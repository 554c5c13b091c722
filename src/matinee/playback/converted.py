"""A person's own file of subtitles, or one that a provider sent, as the page reads it."""

import asyncio

from matinee.languages import UNKNOWN
from matinee.subtitles import archive, sidecar, vtt
from matinee.subtitles.beside import language_of
from matinee.subtitles.limits import check_size


async def converted(data: bytes, name: str, language: str = UNKNOWN) -> str:
    """Give a file that a person brought, or a zip with one, as WebVTT of all its cues.

    Args:
        data: the whole file.
        name: its name, which may say the language.
        language: BCP 47, what it is likely to be where its name does not say it.

    Raises:
        BadSubtitles, TooLarge: it is not subtitles.
    """
    return await asyncio.get_running_loop().run_in_executor(None, _converted, data, name, language)


def _converted(data: bytes, name: str, language: str) -> str:
    check_size(len(data))
    if archive.is_archive(data):
        name, data = archive.unpack(data)[0]
    said = language_of(name)
    cues = sidecar.read(data, said if said != UNKNOWN else language)
    return vtt.write(cues, 0.0, cues[-1].start_s + 1)
