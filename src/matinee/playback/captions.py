"""Subtitles of a film that lie on its web host, in no torrent: who has which, and their bytes.

The host is asked when the film is opened, and for the lines of a language when somebody chooses them. Nobody vouches
for them: they are read as any stranger's file is, and are said to come from there.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from matinee.catalogue.service import Catalogue
from matinee.errors import BadSource, SourceUnreachable
from matinee.models.media import SubtitleForm
from matinee.models.playback import SubtitleChoice
from matinee.models.title import HostedSubtitles
from matinee.outside.fetch import Fetcher
from matinee.ports import HostedCaptions
from matinee.types import InfoHash

if TYPE_CHECKING:
    from matinee.catalogue.providers.asking import Asking

MOST_HOSTS = 3
"""That are asked for one title."""
MOST_BYTES = 8 * 1024 * 1024
"""Of a file of subtitles, as ``subtitles/limits`` has it."""


class Captions:
    """The ``HostedCaptions`` of ``ports.py``.

    Args:
        catalogue: knows for which title a torrent was added.
        asking: gives who asks the providers; None where nobody may be asked.
        fetcher: judges every address; takes ``MOST_BYTES``.
    """

    def __init__(
        self, catalogue: Catalogue, asking: "Callable[[], Awaitable[Asking | None]]", fetcher: Fetcher
    ) -> None:
        self._catalogue = catalogue
        self._asking = asking
        self._fetcher = fetcher

    async def find(self, info_hash: InfoHash) -> tuple[HostedSubtitles, ...]:
        """Say what the host of the title has for which a torrent was added.

        Raises:
            SourceUnreachable: it has given no answer.
        """
        store = await self._catalogue.store()
        recorded = await store.title_of(info_hash)
        # A title of the shelf has no host of its own: who else has it is asked.
        hosts = [] if recorded is None else [one for one in await store.parts_of(recorded[0]) if "." in one]
        asking = await self._asking() if hosts else None
        if recorded is None or asking is None:
            return ()
        title = (await self._catalogue.title(recorded[0])).title
        asked = (asking.subtitles(replace(title, id=one)) for one in hosts[:MOST_HOSTS])
        answers = await asyncio.gather(*asked)
        found = tuple(one for answer in answers if answer is not None for one in answer)
        if not found and None in answers:
            raise SourceUnreachable("The host of this film does not say which subtitles it has.")
        return found

    async def fetch(self, subtitles: HostedSubtitles) -> bytes:
        """Give their bytes, unread."""
        return await self._fetcher.fetch(subtitles.url)


class Hosted:
    """Subtitles on the web of one film that is played.

    Args:
        captions: finds and fetches them.
        info_hash: of the film's torrent.
    """

    def __init__(self, captions: HostedCaptions, info_hash: InfoHash) -> None:
        self._captions = captions
        self._info_hash = info_hash
        self._found: dict[str, HostedSubtitles] = {}

    async def look(self) -> Sequence[SubtitleChoice]:
        """Ask which there are. Raises SourceUnreachable when their host does not say."""
        found = await self._captions.find(self._info_hash)
        self._found = {f"w{number}": one for number, one in enumerate(found)}
        return [_choice(name, one) for name, one in self._found.items()]

    async def fetch(self, choice: str) -> bytes:
        """Give the bytes of one. Raises BadSource, SourceUnreachable, TooLarge."""
        found = self._found.get(choice)
        if found is None:
            raise BadSource("The film's host does not name these subtitles any more. Choose others.")
        return await self._captions.fetch(found)


def _choice(name: str, one: HostedSubtitles) -> SubtitleChoice:
    return SubtitleChoice(
        id=name,
        language=one.language,
        label=one.label,
        form=SubtitleForm.TEXT,
        default=False,
        forced=False,
        hearing_impaired=False,
        verified=False,
        host=urlsplit(one.url).hostname,
    )
