"""One film for one player: opened once, planned once, made as it is asked for."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial

from matinee.confined.frames import Head
from matinee.errors import BadFilm, NotFound, PlaybackNotFound, Unavailable
from matinee.media.decide import as_it_is, decide
from matinee.media.hardware import Hardware
from matinee.media.hls.playlists import media
from matinee.media.hls.segments import Segment
from matinee.media.hls.timing import OFFSET_S
from matinee.media.worker import MediaWorker
from matinee.models.media import Attachment, MediaInfo, StreamIndex, SubtitleForm
from matinee.models.playback import ClientSupport, Plan, PlaybackView, TrackPlan, Way
from matinee.models.promise import Promise
from matinee.playback.captions import Hosted
from matinee.playback.choices import audio_choices, fonts
from matinee.playback.facts import Facts, ask_cover, ask_fonts, ask_heard, ask_info
from matinee.playback.package import Package
from matinee.playback.pictures import Pictures
from matinee.playback.subtitles import PICTURE_S, Subtitles
from matinee.ports import Films, Stream
from matinee.types import FileIndex, InfoHash, SessionId

log = logging.getLogger(__name__)

_OPENED_BY_BROWSERS = {"video/mp4": "mp4", "video/webm": "webm"}
_MPEGTS = OFFSET_S * 90_000
"""The film's beginning in segments, as WebVTT of HLS wants it."""
_NOTHING = MediaInfo("", None, 0.0, 0, (), (), (), (), ())


class Session:
    """Holds a process of its own while it is awake; ``sleep`` ends it, and the next question starts another.

    Args:
        id: its name.
        info_hash: of the torrent.
        stream: the file.
        films: finds the file again after a sleep.
        client: what the player can do.
        facts: what other playbacks of the same film found out; added to.
        pictures: of the film's seek bar, shared with them.
        make_room: called before a process is started. Raises Unavailable.
        offers: whether a provider may be asked for subtitles.
        hardware: an encoder for pictures that must be converted, as soon as it is known.
        hosted: subtitles on the film's web host; None where nobody may be asked.
        changed: told when more is known of it than when it was opened.
    """

    def __init__(
        self,
        id: SessionId,  # noqa: A002 - what it is
        info_hash: InfoHash,
        stream: Stream,
        films: Films,
        client: ClientSupport,
        facts: Facts,
        pictures: Pictures,
        make_room: Callable[["Session"], None],
        *,
        offers: bool = False,
        hardware: Hardware | None = None,
        hosted: Hosted | None = None,
        changed: Callable[[SessionId], None] = lambda _: None,
    ) -> None:
        self.id = id
        self.info_hash = info_hash
        self.users = 0
        """Requests that are being answered."""
        self.slept = asyncio.Event()
        """Set while it holds no process and no bytes."""
        self.slept.set()
        self._file = stream.file
        self._stream: Stream | None = stream
        self._films = films
        self._client = client
        self._facts = facts
        self._make_room = make_room
        self._offers = offers
        self._hardware = hardware
        self._hosted = hosted
        self._changed = changed
        self._package: Package | None = None
        self._texts: Subtitles | None = None
        self._closed = False
        self._waking = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._worker: MediaWorker | None = None
        self._aside: MediaWorker | None = None
        self._listing = asyncio.Lock()
        self._fonts: tuple[Attachment, ...] | None = None
        self._covers: dict[StreamIndex, bytes] = {}
        self._pictures = pictures
        self._view: PlaybackView | None = None

    @property
    def is_direct(self) -> bool:
        """Whether the player fetches the file itself."""
        return self.view.plan.way is Way.DIRECT

    @property
    def served(self) -> bool:
        """Whether the player needs nothing more of the process."""
        return self._package is None and not any(
            track.form is not SubtitleForm.PICTURE for track in self.view.info.subtitles
        )

    async def rest(self) -> None:
        """Want no bytes of the film until the next question."""
        if self._worker is not None:
            await self._worker.rest()

    @property
    def view(self) -> PlaybackView:
        """The playback as it is now."""
        if self._view is None:
            raise NotFound("This film is still being opened.")
        if self._package is not None and self._package.plan is not self._view.plan:
            self._view = replace(self._view, plan=self._package.plan)
        if self._texts is not None and self._texts.choices is not self._view.subtitles:
            self._view = replace(self._view, subtitles=self._texts.choices)
        return self._view

    def promised(self, promise: Promise) -> None:
        """Show what was promised of it."""
        self._view = replace(self.view, promise=promise)

    async def place(self, rendition: str, index: int) -> Segment | None:
        """Give a segment's place in the film; None where it is not one by which its playing can be followed."""
        leads = "v" if self.view.info.video else "a"
        if not rendition.startswith(leads):
            return None
        return await self._segmented().place(index)

    async def begin(self, start_s: float) -> PlaybackView:
        """Find out what the film is made of, decide how it is played, and make ready what is played first.

        Raises:
            BadFilm: it cannot be played.
            TorrentRemoved, PieceTimeout, DiskFailed: its bytes could not be had.
        """
        (info, plan), torrent = await asyncio.gather(self._plan(start_s), self._films.torrent(self.info_hash))
        self._texts = Subtitles(
            info,
            self._file,
            torrent.files,
            self._ask,
            self._open_file,
            self._hosted,
            partial(self._changed, self.id),
        )
        await self._texts.look()
        self._view = PlaybackView(
            session=self.id,
            info_hash=self.info_hash,
            file_index=self._file.index,
            plan=plan,
            info=info,
            duration_s=info.duration_s,
            audio=audio_choices(info, plan),
            subtitles=self._texts.choices,
            chapters=info.chapters,
            fonts=fonts(info),
            thumbnails=bool(info.video) and info.duration_s is not None,
            offers=self._offers,
        )
        if plan.way is not Way.DIRECT:
            self._package = Package(self._ask, self._facts, info, plan, self._file.length, start_s)
            self._package.prepare()
        if self._package is not None and plan.way is Way.TRANSCODE:
            # The player would wait for it anyway, and a person is to know before it plays whether it will stop.
            await self._package.ready()
        return self.view

    async def master(self) -> str:
        """Write the master playlist."""
        return await self._segmented().master(self.view.subtitles)

    async def playlist(self, rendition: str) -> str:
        """Write a rendition's playlist."""
        if self._is_text(rendition):
            return media(await self._segmented().segments(), "vtt", init=False)
        return await self._segmented().playlist(rendition)

    async def init(self, rendition: str) -> bytes:
        """Give a rendition's init segment."""
        return await self._segmented().init(rendition)

    async def segment(self, rendition: str, index: int) -> bytes:
        """Give a segment."""
        if self._texts is None or not self._is_text(rendition):
            return await self._segmented().segment(rendition, index)
        one = await self._segmented().place(index)
        written = await self._texts.write(
            rendition, one.start_s, one.stop_s, from_s=one.start_s, mpegts=_MPEGTS
        )
        return written.encode()

    async def subtitles(self, track: str, start_s: float, stop_s: float, held_s: float) -> str:
        """Give subtitles of a time as WebVTT."""
        texts, from_s = await self._texts_at(track, start_s, stop_s, held_s)
        return await texts.write(track, start_s, stop_s, from_s=from_s)

    async def styled(self, track: str, start_s: float, stop_s: float, held_s: float) -> str:
        """Give subtitles of a time as ASS."""
        texts, from_s = await self._texts_at(track, start_s, stop_s, held_s)
        return await texts.styled(track, start_s, stop_s, from_s=from_s)

    async def stream(self) -> Stream:
        """Find the file again."""
        return await self._films.stream(self.info_hash, self._file.index)

    async def picture(self, track: str, number: int) -> bytes:
        """Give a picture of subtitles."""
        texts, from_s = await self._texts_at(track, number / 1000, number / 1000 + PICTURE_S, 0.0)
        return await texts.picture(track, number, from_s=from_s)

    async def thumbnails(self) -> str:
        """Say what shows which moment."""
        if not self.view.thumbnails:
            raise NotFound("There are no pictures for this film's seek bar.")
        return await self._pictures.track(self.id)

    async def sprite(self, index: int) -> bytes:
        """Give thumbnails."""
        return self._pictures.sprite(index)

    async def fonts(self) -> tuple[Attachment, ...]:
        """List the fonts inside the film, also those that were too large to be listed before it played."""
        view = self.view
        if view.fonts or not any(track.form is SubtitleForm.STYLED for track in view.info.subtitles):
            return view.fonts
        async with self._listing:
            if self._fonts is None:
                attachments = await ask_fonts(self._ask_aside)
                self._fonts = fonts(replace(view.info, attachments=attachments))
        return self._fonts

    async def font(self, index: StreamIndex) -> bytes:
        """Give a font inside the film."""
        if not any(font.index == index for font in await self.fonts()):
            raise NotFound("The film has no such font.")
        _, body = await self._ask_aside("font", track=index)
        return body

    async def cover(self, index: StreamIndex) -> bytes:
        """Give a picture that is attached to the film, made small."""
        if not any(one.index == index for one in self.view.info.pictures):
            raise NotFound("The film has no such picture.")
        if index not in self._covers:
            self._covers[index] = await ask_cover(self._ask_aside, index)
        return self._covers[index]

    async def sleep(self) -> None:
        """End the process, and let go of bytes and of what was made, unless somebody asks just now."""
        if self._package is not None:
            await self._package.clear()
        if self._texts is not None:
            await self._texts.clear()
        async with self._waking:
            if self.users and not self._closed:
                return
            self._worker = self._aside = None
            self._stream = None
            await self._stack.aclose()
            await self._pictures.leave(self.id)
            self.slept.set()

    async def close(self) -> None:
        """Sleep for good."""
        self._closed = True
        if self._package is not None:
            self._package.end()
        if self._texts is not None:
            await self._texts.end()
        await self.sleep()

    async def _texts_at(
        self, track: str, start_s: float, stop_s: float, held_s: float
    ) -> tuple[Subtitles, float]:
        """Give the subtitles, and from where on they may be read. Those inside a film lie among its pictures: they are
        read once playing has come there, so that the process never waits for their bytes while it is wanted for a
        picture. Of a film that is here there is nothing to wait for; a player that goes on with what it holds from an
        earlier playback never asks for the segments of those moments, and says so."""
        if self._texts is None or not any(choice.id == track for choice in self.view.subtitles):
            raise NotFound("The film has no such subtitles.")
        if self._package is not None and track.startswith("s") and not await self._is_here():
            return self._texts, await self._package.reached(start_s, stop_s, held_s)
        return self._texts, 0.0

    async def _is_here(self) -> bool:
        here = await self._films.ranges(self.info_hash, self._file.index)
        return sum(stop - start for start, stop in here.spans) >= here.length

    def _is_text(self, rendition: str) -> bool:
        return any(
            choice.id == rendition and choice.form is not SubtitleForm.PICTURE
            for choice in self.view.subtitles
        )

    async def _open_file(self, index: FileIndex) -> Stream:
        return await self._films.stream(self.info_hash, index)

    def _segmented(self) -> Package:
        if self._package is None:
            raise NotFound("This film is not sent in segments.")
        return self._package

    async def _plan(self, start_s: float) -> tuple[MediaInfo, Plan]:
        if self._facts.info is None:
            try:
                self._facts.info = await ask_info(self._ask)
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
        plan = decide(info, self._client)
        untried = {one.index for one in plan.audio if one.plan is TrackPlan.CONVERT} - self._facts.tried
        if untried:
            # What cannot be decoded would be silence, and nobody would know why.
            found = await ask_heard(self._ask, sorted(untried), start_s)
            self._facts.tried |= untried
            mute = untried - found
            audio = [replace(one, channels=0) if one.index in mute else one for one in info.audio]
            info = self._facts.info = replace(info, audio=tuple(audio))
            return await self._plan(start_s)
        return info, plan

    def _browser_may_try(self) -> bool:
        return _OPENED_BY_BROWSERS.get(self._file.media_type) in self._client.containers

    async def _ask(self, what: str, **arguments: object) -> tuple[Head, bytes]:
        return await (await self._wake()).ask(what, **arguments)

    async def _ask_aside(self, what: str, **arguments: object) -> tuple[Head, bytes]:
        """Have a job done for whose bytes the picture must not wait: by a process of its own."""
        await self._wake()
        async with self._waking:
            if self._closed or self._stream is None:
                raise PlaybackNotFound("This playback has ended. Open the film again.")
            if self._aside is None:
                worker = MediaWorker(self._stream.open, self._stream.file.length, niceness=19)
                self._aside = await self._stack.enter_async_context(worker)
            aside = self._aside
        return await aside.ask(what, **arguments)

    async def _wake(self) -> MediaWorker:
        async with self._waking:
            if self._closed:
                raise PlaybackNotFound("This playback has ended. Open the film again.")
            if self._worker is None:
                self._make_room(self)
                self.slept.clear()
                stream = self._stream or await self._films.stream(self.info_hash, self._file.index)
                self._stream = stream
                worker = MediaWorker(
                    stream.open, stream.file.length, hardware=self._hardware, peek=stream.peek
                )
                self._worker = await self._stack.enter_async_context(worker)
            return self._worker
