"""One film for one player: opened once, planned once, made as it is asked for."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from matinee.confined.frames import Head, WireError
from matinee.errors import BadFilm, NotFound, Unavailable
from matinee.media.decide import as_it_is, decide
from matinee.media.probe_wire import info_from_wire
from matinee.media.worker import MediaWorker
from matinee.models.media import MediaInfo, StreamIndex, SubtitleForm
from matinee.models.playback import ClientSupport, Plan, PlaybackView, SessionId, Way
from matinee.playback.choices import audio_choices, fonts, subtitle_choices
from matinee.playback.made import Made
from matinee.ports import Films, Stream
from matinee.types import InfoHash

log = logging.getLogger(__name__)

KEPT_BYTES = 32 * 1024 * 1024
"""Of made segments: some ten of a usual film. Players keep what they were given themselves."""

_OPENED_BY_BROWSERS = {"video/mp4": "mp4", "video/webm": "webm"}
_NOTHING = MediaInfo("", None, 0.0, 0, (), (), (), (), ())


@dataclass(slots=True)
class Facts:
    """What is known of a film, for every playback of it."""

    info: MediaInfo | None = None


class Session:
    """Holds a process of its own while it is awake; ``sleep`` ends it, and the next question starts another.

    Args:
        id: its name.
        info_hash: of the torrent.
        stream: the file.
        films: finds the file again after a sleep.
        client: what the player can do.
        facts: what other playbacks of the same film found out; added to.
        make_room: called before a process is started. Raises Unavailable.
    """

    def __init__(
        self,
        id: SessionId,  # noqa: A002 - what it is
        info_hash: InfoHash,
        stream: Stream,
        films: Films,
        client: ClientSupport,
        facts: Facts,
        make_room: Callable[["Session"], None],
    ) -> None:
        self.id = id
        self.info_hash = info_hash
        self.users = 0
        """Requests that are being answered."""
        self._file = stream.file
        self._stream: Stream | None = stream
        self._films = films
        self._client = client
        self._facts = facts
        self._make_room = make_room
        self._made = Made(KEPT_BYTES)
        self._waking = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._worker: MediaWorker | None = None
        self._view: PlaybackView | None = None

    @property
    def awake(self) -> bool:
        """Whether it holds a process."""
        return self._worker is not None

    @property
    def view(self) -> PlaybackView:
        """The playback as it is now."""
        if self._view is None:
            raise NotFound("This film is still being opened.")
        return self._view

    async def begin(self) -> PlaybackView:
        """Find out what the film is made of, and decide how it is played.

        Raises:
            BadFilm: it cannot be played.
            TorrentRemoved, PieceTimeout, DiskFailed: its bytes could not be had.
        """
        info, plan = await self._plan()
        self._view = PlaybackView(
            session=self.id,
            info_hash=self.info_hash,
            file_index=self._file.index,
            plan=plan,
            info=info,
            duration_s=info.duration_s,
            audio=audio_choices(info, plan),
            subtitles=subtitle_choices(info),
            chapters=info.chapters,
            fonts=fonts(info),
        )
        if plan.way is Way.DIRECT and not any(
            track.form is not SubtitleForm.PICTURE for track in info.subtitles
        ):
            await self.sleep()
        elif plan.way is Way.DIRECT and self._worker is not None:
            await self._worker.rest()
        return self._view

    async def master(self) -> str:
        """Write the master playlist."""
        raise NotFound("This film is not sent in segments.")

    async def playlist(self, rendition: str) -> str:
        """Write a rendition's playlist."""
        raise NotFound("This film is not sent in segments.")

    async def init(self, rendition: str) -> bytes:
        """Give a rendition's init segment."""
        raise NotFound("This film is not sent in segments.")

    async def segment(self, rendition: str, index: int) -> bytes:
        """Give a segment."""
        raise NotFound("This film is not sent in segments.")

    async def subtitles(self, track: str, start_s: float, stop_s: float) -> str:
        """Give subtitles of a time as WebVTT."""
        raise NotFound("The film has no such subtitles.")

    async def thumbnails(self) -> str:
        """Say what shows which moment."""
        raise NotFound("There are no pictures for this film's seek bar.")

    async def sprite(self, index: int) -> bytes:
        """Give thumbnails."""
        raise NotFound("There are no pictures for this film's seek bar.")

    async def font(self, index: StreamIndex) -> bytes:
        """Give a font inside the film."""
        raise NotFound("The film has no such font.")

    async def sleep(self) -> None:
        """End the process, and let go of bytes and of what was made. Harmless when asleep."""
        await self._made.clear()
        async with self._waking:
            self._worker = None
            self._stream = None
            await self._stack.aclose()

    async def _plan(self) -> tuple[MediaInfo, Plan]:
        if self._facts.info is None:
            try:
                self._facts.info = await self._probe()
            except (BadFilm, Unavailable) as error:
                if not self._browser_may_try():
                    raise
                log.warning("A film is given unseen file=%d error=%r", self._file.index, error.message)
                return _NOTHING, as_it_is(
                    "Matinee could not look into this film; your browser gets it as it is."
                )
        info = self._facts.info
        if not info.video and not any(track.channels > 0 for track in info.audio):
            raise BadFilm("There is neither a picture nor a sound in this file. Choose another one.")
        return info, decide(info, self._client)

    async def _probe(self) -> MediaInfo:
        head, _ = await self._ask("probe")
        try:
            return info_from_wire(head)
        except WireError as exc:
            raise BadFilm("This film broke the program that opens it. Look for another release.") from exc

    def _browser_may_try(self) -> bool:
        return _OPENED_BY_BROWSERS.get(self._file.media_type) in self._client.containers

    async def _ask(self, what: str, **arguments: object) -> tuple[Head, bytes]:
        return await (await self._wake()).ask(what, **arguments)

    async def _wake(self) -> MediaWorker:
        async with self._waking:
            if self._worker is None:
                self._make_room(self)
                stream = self._stream or await self._films.stream(self.info_hash, self._file.index)
                self._stream = stream
                worker = MediaWorker(stream.open, stream.file.length)
                self._worker = await self._stack.enter_async_context(worker)
            return self._worker
