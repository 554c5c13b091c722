"""The pictures of one film's seek bar, made of what is here of the film; a few more come when the swarm has room."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import islice

from matinee.confined.frames import WireError
from matinee.errors import BadFilm, MatineeError, NotFound
from matinee.media.tiles import (
    A_SPRITE,
    Moment,
    Sprite,
    Tile,
    moment_at,
    moments_from_wire,
    sprite_from_wire,
    track,
)
from matinee.media.worker import MediaWorker
from matinee.models.torrent import Ranges
from matinee.playback.spread import STEPS, is_in, spread
from matinee.playback.stills import Keep, moments_for, take
from matinee.ports import Films, NotHere, Spare
from matinee.types import FileIndex, InfoHash, SessionId

log = logging.getLogger(__name__)

NICENESS = 15
"""Pictures are made when nothing else wants the processor."""
PATIENCE_S = 1.5
"""How long an answer waits for pictures that are being made."""


class Pictures:
    """What ``Playbacks.thumbnails`` and ``Playbacks.sprite`` answer, for one film, whoever plays it.

    Making one costs nothing. The first ``track()`` begins the work in a process of its own, with little priority; the
    process ends when there is nothing more to make. A film that is here is done at once (two hours in 5 s); of one
    that arrives, each ``track()`` adds what has become possible, and says what is to come when there is room for it.
    When the last playback has left, the process and that wish end; what was made is kept as long as this is.
    """

    def __init__(
        self, films: Films, info_hash: InfoHash, file_index: FileIndex, keep: Keep | None = None
    ) -> None:
        """Make it of a file; ``keep`` is given stills of it, once."""
        self._keep = keep
        self._films = films
        self._info_hash = info_hash
        self._file_index = file_index
        self._lookers: set[SessionId] = set()
        """Playbacks that have asked and not left."""
        self._moments: tuple[Moment, ...] = ()
        self._known = False
        """Whether it is known which moments there are."""
        self._left: set[int] = set()
        """Moments that have no picture yet, by their places."""
        self._late: set[int] = set()
        """Those of them that need more than the index said: they wait for the whole film."""
        self._guessed = False
        """Whether pictures went where they are of: moments that got none get theirs once the film is whole."""
        self._looked_at: Ranges | None = None
        """What was here when the film could not be opened."""
        self._tiles: list[Tile] = []
        self._sprites: list[bytes] = []
        self._making: asyncio.Task[None] | None = None
        self._failed = False
        self._spare: Spare | None = None
        """The wish for what is not here."""
        self._wishing = ExitStack()

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return sum(map(len, self._sprites))

    @property
    def looked_at(self) -> bool:
        """Whether somebody plays the film who asked for them."""
        return bool(self._lookers)

    async def track(self, session: SessionId) -> str:
        """Say what shows which moment, as WebVTT; what is missing has no cue yet.

        A sprite's address is its number in a folder of the playback's name, as seen from the track's own.

        Raises:
            TorrentNotFound, FileNotFound, RightsUnconfirmed: the film is not there any more.
        """
        self._lookers.add(session)
        if self._making is None:
            here = await self._films.ranges(self._info_hash, self._file_index)
            # Somebody else may have begun meanwhile, or the last have left.
            if self._making is None and self._lookers:
                if self._can_be_made(here):
                    self._making = asyncio.create_task(self._make(), name="thumbnails")
                else:
                    await self._wish(here)
        if self._making is not None:
            await asyncio.wait({self._making}, timeout=PATIENCE_S)
        least_s = self._moments[-1].stop_s / STEPS if self._moments else 0.0
        return track(self._tiles, f"{session}/", least_s)

    def sprite(self, index: int) -> bytes:
        """Give a sprite, as WebP; one never changes. Raises NotFound."""
        if not 0 <= index < len(self._sprites):
            raise NotFound("There is no such picture.")
        return self._sprites[index]

    async def leave(self, session: SessionId) -> None:
        """Note that a playback does not ask any more. After the last the work ends; ``track()`` goes on with it."""
        self._lookers.discard(session)
        if self._lookers:
            return
        self._wishing.close()
        self._spare = None
        if self._making is not None:
            making = self._making
            making.cancel()
            await asyncio.gather(making, return_exceptions=True)
        if self._failed:
            self._known = self._failed = False

    def _can_be_made(self, here: Ranges) -> bool:
        return bool(self._next(here)) if self._known else here != self._looked_at

    async def _make(self) -> None:
        try:
            stream = await self._films.stream(self._info_hash, self._file_index)
            async with MediaWorker(stream.peek, stream.file.length, niceness=NICENESS) as worker:
                here = await self._films.ranges(self._info_hash, self._file_index)
                if not self._known:
                    await self._look(worker, stream.file.length, here)
                while places := self._next(here):
                    await self._add(worker, places, final=_is_whole(here))
                    here = await self._films.ranges(self._info_hash, self._file_index)
                await self._take_stills(worker, here)
            await self._wish(here)
        except (BadFilm, WireError) as error:
            log.warning("No pictures for the seek bar file=%d error=%r", self._file_index, error)
            self._known, self._failed, self._left = True, True, set()
        except MatineeError as error:
            log.info("Pictures for the seek bar wait file=%d error=%r", self._file_index, error)
        finally:
            self._making = None

    async def _take_stills(self, worker: MediaWorker, here: Ranges) -> None:
        moments = [] if self._keep is None else moments_for(self._moments, here)
        if self._keep is None or not moments:
            return
        keep, self._keep = self._keep, None
        if stills := await take(worker, moments, whole=_is_whole(here)):
            await keep(self._info_hash, self._file_index, stills)

    async def _wish(self, here: Ranges) -> None:
        """Have what shows the rest of the film come when there is room, a little of it here and there."""
        if not self._left or _is_whole(here):
            return
        if self._spare is None:
            stream = await self._films.stream(self._info_hash, self._file_index)
            if not self._lookers or self._spare is not None:
                return
            self._spare = self._wishing.enter_context(stream.spare())
        self._spare.want(spread(self._moments, here), here.length / self._moments[-1].stop_s)

    async def _look(self, worker: MediaWorker, length: int, here: Ranges) -> None:
        """Find out which moments there are, when enough of the film is here for that."""
        try:
            head, _ = await worker.ask("moments")
        except NotHere:
            self._looked_at = here
            return
        self._moments = moments_from_wire(head, length)
        self._known, self._left = True, set(range(len(self._moments)))

    async def _add(self, worker: MediaWorker, places: Sequence[int], *, final: bool) -> None:
        """Have a sprite made; what cannot be decoded, or is missing though all is here, is not tried again."""
        moments = [self._moments[place] for place in places]
        middles_s = [(moment.start_s + moment.stop_s) / 2 for moment in moments]
        head, body = await worker.ask(
            "pictures", stamps=[moment.stamp for moment in moments], at_s=middles_s, whole=final
        )
        sprite = sprite_from_wire(head, body, len(moments))
        if sprite.made:
            self._put(sprite, moments)
            self._sprites.append(sprite.data)
        self._late = {places[number] for number in sprite.missing if not final} | self._late - set(places)
        self._left -= set(places) - self._late

    def _put(self, sprite: Sprite, moments: Sequence[Moment]) -> None:
        """Note what the next sprite shows. Where a moment's time was a guess, its picture goes to the moment that it is
        of; the first one there stays."""
        for place, number in enumerate(sprite.made):
            moment = moments[number]
            if sprite.times_s is not None:
                self._guessed = True
                moment = moment_at(self._moments, sprite.times_s[place])
            if all(tile.moment is not moment for tile in self._tiles):
                self._tiles.append(Tile(moment, len(self._sprites), place, sprite.width, sprite.height))

    def _next(self, here: Ranges) -> list[int]:
        """Choose what fits one sprite and can be made of what is here."""
        if _is_whole(here):
            if self._guessed:
                self._guessed = False
                shown = {tile.moment for tile in self._tiles}
                self._left = {place for place, moment in enumerate(self._moments) if moment not in shown}
            return sorted(self._left)[:A_SPRITE]
        possible = (place for place in sorted(self._left - self._late) if is_in(self._moments[place], here))
        return list(islice(possible, A_SPRITE))


def _is_whole(here: Ranges) -> bool:
    return here.spans == ((0, here.length),)
