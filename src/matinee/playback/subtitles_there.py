"""Which subtitles there are of one film that is played: inside it, beside it, and on its web host.

What is inside is known at once. Which languages files of several have, and what the web host has, is looked for while
the film plays; and what only a web seed could give is said to be not verified.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from matinee.errors import MatineeError
from matinee.languages import UNKNOWN
from matinee.models.media import MediaInfo, SubtitleForm
from matinee.models.playback import SubtitleChoice
from matinee.models.torrent import FileEntry
from matinee.playback.captions import Hosted
from matinee.playback.choices import subtitle_choices
from matinee.subtitles import disc
from matinee.subtitles.beside import Sidecar, beside, in_languages

log = logging.getLogger(__name__)

ASKED_AGAIN_S = (5.0, 30.0, 120.0)
"""How long a film's web host is left alone each time when it does not say which subtitles it has."""
AT_ONCE_S = 0.1
"""How long the start waits for the languages of files that are here."""

Fetch = Callable[[Sidecar], Awaitable[bytes]]
"""Gives the index of subtitles that are pictures."""


class SubtitlesThere:
    """Knows what may be chosen.

    STATES: known (inside, beside) -> looking, by ``look`` -> all known; ``end`` from anywhere.

    Args:
        info: what the film is made of.
        film: its file.
        files: all of the torrent.
        fetch: reads an index beside the film.
        hosted: subtitles on the film's web host; None where nobody may be asked.
        changed: told when ``choices`` is another tuple than before.
    """

    def __init__(
        self,
        info: MediaInfo,
        film: FileEntry,
        files: Sequence[FileEntry],
        fetch: Fetch,
        hosted: Hosted | None,
        changed: Callable[[], None],
    ) -> None:
        self._fetch = fetch
        self._hosted = hosted
        self._changed = changed
        self._sidecars = {one.choice.id: one for one in beside(files, film)}
        self._looking: asyncio.Task[None] | None = None
        self.choices: tuple[SubtitleChoice, ...] = (
            *subtitle_choices(info),
            *(one.choice for one in self._sidecars.values()),
        )
        """Those inside the film first; another tuple once one of them is known to be not verified, or to be several."""

    def sidecar(self, choice: str) -> Sidecar | None:
        """Give the file beside the film that a choice is."""
        return self._sidecars.get(choice)

    def is_drawn(self, choice: str) -> bool:
        """Tell whether they are pictures."""
        return any(one.id == choice and one.form == SubtitleForm.PICTURE for one in self.choices)

    def is_hosted(self, choice: str) -> bool:
        """Tell whether they are on the film's web host."""
        return any(one.id == choice and one.host for one in self.choices)

    def is_unverified(self, choice: str) -> bool:
        """Tell whether nobody could say that they are the torrent's."""
        return any(one.id == choice and not one.verified for one in self.choices)

    def language(self, choice: str) -> str:
        """Say in which language they are, BCP 47."""
        return next((one.language for one in self.choices if one.id == choice), UNKNOWN)

    def doubt(self, choice: str) -> None:
        """Say of some that they are not verified."""
        self._choose_among(
            tuple(replace(one, verified=False) if one.id == choice else one for one in self.choices)
        )

    async def look(self) -> None:
        """Find out which languages files of several have, and what is on the film's web host.

        What is here at once is known then, the rest comes: nobody waits for it longer than ``AT_ONCE_S``, for it must
        not put off a start.
        """
        several = any(one.partner is not None for one in self._sidecars.values())
        if self._looking is None and (several or self._hosted is not None):
            self._looking = asyncio.create_task(self._look(), name="subtitles-languages")
            await asyncio.wait({self._looking}, timeout=AT_ONCE_S)

    async def end(self) -> None:
        """Find out nothing any more."""
        looking, self._looking = self._looking, None
        if looking is not None:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

    async def _look(self) -> None:
        await asyncio.gather(self._look_beside(), self._look_on_the_web())

    async def _look_on_the_web(self) -> None:
        if self._hosted is None:
            return
        for rest_s in (*ASKED_AGAIN_S, None):
            try:
                found = await self._hosted.look()
            except MatineeError as error:
                log.info("Subtitles on the web are not known error=%s", error.message)
                if rest_s is not None:
                    await asyncio.sleep(rest_s)
                continue
            if found:
                self._choose_among((*self.choices, *found))
            return

    async def _look_beside(self) -> None:
        for found in [one for one in self._sidecars.values() if one.partner is not None]:
            try:
                index = await self._fetch(found)
            except MatineeError as error:
                log.info(
                    "An index of subtitles could not be had file=%d error=%s", found.file.index, error.message
                )
                continue
            tracks = await asyncio.get_running_loop().run_in_executor(None, disc.languages, index)
            said = [(one.tag, one.label) for one in tracks]
            if said:
                self._offer(found, in_languages(found, said))

    def _offer(self, found: Sidecar, several: Sequence[Sidecar]) -> None:
        """Offer several in place of one."""
        self._sidecars |= {one.choice.id: one for one in several}
        choices: list[SubtitleChoice] = []
        for choice in self.choices:
            if choice.id == found.choice.id:
                choices += [replace(one.choice, verified=choice.verified) for one in several]
            else:
                choices.append(choice)
        self._choose_among(tuple(choices))

    def _choose_among(self, choices: tuple[SubtitleChoice, ...]) -> None:
        self.choices = choices
        self._changed()
