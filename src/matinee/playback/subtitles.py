"""Subtitles of one film that is played: those inside it, and those in files beside it."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from matinee.confined.frames import Head, WireError
from matinee.errors import (
    BadFilm,
    BadSource,
    BadSubtitles,
    NotFound,
    PieceTimeout,
    SourceUnreachable,
    TooLarge,
)
from matinee.media.cues_wire import excerpt_from_wire
from matinee.media.drawn_wire import drawn_from_wire
from matinee.models.media import MediaInfo, SubtitleForm, SubtitleTrack
from matinee.models.playback import SubtitleChoice
from matinee.models.subtitles import Cue, DrawnExcerpt, Excerpt, Picture, Span, Syntax
from matinee.models.torrent import FileEntry
from matinee.playback.captions import Hosted
from matinee.playback.made import Made
from matinee.playback.subtitles_there import SubtitlesThere
from matinee.ports import Stream
from matinee.subtitles import disc, encoding, inside, sidecar, vtt
from matinee.subtitles.beside import Sidecar
from matinee.subtitles.limits import check_size
from matinee.subtitles.pictures import placed
from matinee.subtitles.timing import within
from matinee.types import FileIndex

log = logging.getLogger(__name__)

T = TypeVar("T")

VERIFIED_S = 10.0
"""How long the swarm has for a file beside the film, before a web seed is asked for it, not verified."""

KEPT_BYTES = 16 * 1024 * 1024
"""Of sidecars; one has some 100 kB."""
PICTURE_S = 0.25
"""How much of a film is read to find a picture again: it may lie a little after the frame of its time."""
KEPT_READ = 4
"""Sidecars kept as cues: two languages at once, and those tried before."""


class Ask(Protocol):
    """Has a job done by the process that has the film open: ``MediaWorker.ask``."""

    def __call__(self, what: str, **arguments: object) -> Awaitable[tuple[Head, bytes]]: ...


class Subtitles:
    """Gives cues of any choice.

    A playback makes one when it knows what its film is made of, puts ``choices`` into its view, answers
    ``/subtitles/...`` and segments of subtitle renditions by ``write``, and calls ``clear`` when it sleeps; it may be
    used again afterwards, but not after ``end``.

    Args:
        info: what the film is made of.
        film: its file.
        files: all of the torrent.
        ask: has a job done with the film. For windows ahead of the picture the job waits for their bytes, and other
            jobs of the same process wait for it: ask for no more than a player needs, some ten seconds.
        open_file: finds a file of the torrent: ``Films.stream``.
        hosted: subtitles on the film's web host; None where nobody may be asked.
        changed: told when ``choices`` is another tuple than before.
    """

    def __init__(
        self,
        info: MediaInfo,
        film: FileEntry,
        files: Sequence[FileEntry],
        ask: Ask,
        open_file: Callable[[FileIndex], Awaitable[Stream]],
        hosted: Hosted | None = None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._ask = ask
        self._hosted = hosted
        self._there = SubtitlesThere(info, film, files, self._index, hosted, changed)
        self._open_file = open_file
        self._frame = (info.video[0].width, info.video[0].height) if info.video else None
        self._frame_rate = info.video[0].frame_rate if info.video else 0.0
        self._tracks = {f"s{track.index}": track for track in info.subtitles}
        self._data = Made(KEPT_BYTES)
        self._drawn: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._drawn_bytes = 0
        self._copied: tuple[str, DrawnExcerpt] | None = None
        self._reading = asyncio.Lock()
        self._read: OrderedDict[str, tuple[Cue, ...]] = OrderedDict()

    @property
    def choices(self) -> tuple[SubtitleChoice, ...]:
        """Those inside the film first; another tuple once more is known of them."""
        return self._there.choices

    async def look(self) -> None:
        """Find out which there are beside those that are known at once; see ``SubtitlesThere.look``."""
        await self._there.look()

    async def cues(
        self, choice: str, start_s: float, stop_s: float, *, from_s: float = 0.0
    ) -> tuple[Cue, ...]:
        """Give what is shown at some moment of ``[start_s, stop_s)``, by its start.

        Waits for the bytes it needs: of a sidecar all, of a track those around that time; cancelled, it lets
        go of them.

        Args:
            choice: ``s`` and a track's index, ``f`` and a file's, or ``w`` and a number for those on the web.
            start_s: seconds from the film's beginning.
            stop_s: the same.
            from_s: what lies before this time may not be here, and is not read. What began up to six seconds before
                ``start_s`` is found otherwise.

        Raises:
            NotFound: there is no such choice.
            BadSubtitles: they are pictures, or nothing that can be read.
            TooLarge: they are larger than any subtitles.
            BadFilm: the film is broken there.
            TorrentRemoved, PieceTimeout, DiskFailed: the bytes could not be had.
        """
        if choice not in self._tracks:
            return within(await self._lines(choice), start_s, stop_s)
        excerpt = await self._excerpt(self._track(choice), start_s, stop_s, from_s)
        return within(await _in_pool(inside.cues_of, excerpt), start_s, stop_s)

    async def write(
        self, choice: str, start_s: float, stop_s: float, *, from_s: float = 0.0, mpegts: int | None = None
    ) -> str:
        """Give the same as WebVTT; ``mpegts`` for segments of HLS, see ``vtt.write``.

        Of pictures each cue says where its picture is and stands: ``{choice}/{number}.png#xywh=percent:left,top,width,
        height``, beside the address of what is written here; ``picture`` gives it. One that is shown on at the end
        of a stretch ends there, and is in the next one again, with the same address.
        """
        cues: Sequence[Cue]
        if self._there.is_drawn(choice):
            drawn = await self.pictures(choice, start_s, stop_s, from_s=from_s)
            cues, mpegts = [_place(choice, one, self._frame) for one in drawn], None
        else:
            cues = await self.cues(choice, start_s, stop_s, from_s=from_s)
        written = vtt.write(cues, start_s, stop_s, mpegts=mpegts)
        return vtt.unverified(written) if self._there.is_unverified(choice) else written

    async def pictures(
        self, choice: str, start_s: float, stop_s: float, *, from_s: float = 0.0
    ) -> tuple[Picture, ...]:
        """Give the pictures shown at some moment of ``[start_s, stop_s)``. Raises what ``cues`` does."""
        excerpt = await self._drawn_excerpt(choice, start_s, stop_s, from_s)
        found = await _in_pool(inside.pictures_of, excerpt, stop_s, self._frame)
        shown = tuple(one for one in found if one.start_s < stop_s and one.stop_s > start_s)
        for one in shown:
            self._keep(choice, one)
        return shown

    async def _drawn_excerpt(self, choice: str, start_s: float, stop_s: float, from_s: float) -> DrawnExcerpt:
        track, beside_it = self._tracks.get(choice), self._there.sidecar(choice)
        if beside_it is not None and beside_it.choice.form == SubtitleForm.PICTURE:
            return disc.cut(await self._disc(beside_it), start_s, stop_s)
        if track is None or track.form is not SubtitleForm.PICTURE:
            raise NotFound("The film has no such subtitles.")
        head, body = await self._ask(
            "drawn", track=track.index, start_s=start_s, stop_s=stop_s, from_s=min(from_s, start_s)
        )
        try:
            return drawn_from_wire(head, body)
        except WireError as exc:
            raise _broken() from exc

    async def _disc(self, found: Sidecar) -> DrawnExcerpt:
        """Give all pictures of a file beside the film, not yet drawn; the last one asked for is kept."""
        async with self._reading:
            if self._copied is None or self._copied[0] != found.choice.id:
                data = await self._fetch(found, found.file, disc.check_size)
                if found.partner is None:
                    read = await _in_pool(disc.read_sup, data)
                else:
                    pictures = await self._fetch(found, found.partner, disc.check_size)
                    read = await _in_pool(disc.read_vobsub, data, pictures, found.number)
                self._copied = (found.choice.id, read)
            return self._copied[1]

    async def picture(self, choice: str, number: int, *, from_s: float = 0.0) -> bytes:
        """Give a picture as PNG, by the number in its address.

        Raises what ``cues`` does; NotFound where there is none.
        """
        if (choice, number) not in self._drawn:
            await self.pictures(
                choice, max(0.0, number / 1000 - 0.001), number / 1000 + PICTURE_S, from_s=from_s
            )
        png = self._drawn.get((choice, number))
        if png is None:
            raise NotFound("There is no such picture.")
        return png

    async def styled(self, choice: str, start_s: float, stop_s: float, *, from_s: float = 0.0) -> str:
        """Give ASS to be drawn with its styles: of a track the events of a time with its header, of a sidecar all.

        Raises what ``cues`` does; NotFound too where they are not styled.
        """
        found = self._there.sidecar(choice)
        if found is not None and found.choice.form == SubtitleForm.STYLED:
            data = await self._bytes(choice)
            return await _in_pool(encoding.decode, data, found.choice.language)
        track = self._tracks.get(choice)
        if track is None or track.form is not SubtitleForm.STYLED:
            raise NotFound("These subtitles have no styles.")
        return inside.document_of(await self._excerpt(track, start_s, stop_s, from_s))

    async def clear(self) -> None:
        """Let go of what was read, and of what is being read; which there are is still found out.

        A film that is played as it is sleeps as soon as it is opened: its host has not answered by then.
        """
        self._read.clear()
        self._copied = None
        self._drawn.clear()
        self._drawn_bytes = 0
        await self._data.clear()

    async def end(self) -> None:
        """Find out nothing any more, and let go of everything."""
        await self._there.end()
        await self.clear()

    def _keep(self, choice: str, picture: Picture) -> None:
        key = (choice, _number(picture))
        if key not in self._drawn:
            self._drawn_bytes += len(picture.png)
        self._drawn[key] = picture.png
        self._drawn.move_to_end(key)
        while self._drawn_bytes > KEPT_BYTES and len(self._drawn) > 1:
            self._drawn_bytes -= len(self._drawn.popitem(last=False)[1])

    def _track(self, choice: str) -> SubtitleTrack:
        track = self._tracks.get(choice)
        if track is None:
            raise NotFound("The film has no such subtitles.")
        if track.form is SubtitleForm.PICTURE:
            raise _pictures()
        return track

    async def _excerpt(self, track: SubtitleTrack, start_s: float, stop_s: float, from_s: float) -> Excerpt:
        head, _ = await self._ask(
            "cues", track=track.index, start_s=start_s, stop_s=stop_s, from_s=min(from_s, start_s)
        )
        try:
            excerpt = excerpt_from_wire(head)
        except WireError as exc:
            raise _broken() from exc
        if track.form is SubtitleForm.STYLED and excerpt.syntax is not Syntax.ASS:
            raise BadFilm("The subtitles in this film are not what it says. Choose others.")
        return excerpt

    async def _lines(self, name: str) -> tuple[Cue, ...]:
        """Give all lines of a file of its own: beside the film, or on its web host."""
        language = self._there.language(name)
        data = await self._bytes(name)
        async with self._reading:
            if name not in self._read:
                self._read[name] = await _in_pool(sidecar.read, data, language, self._frame_rate)
            self._read.move_to_end(name)
            while len(self._read) > KEPT_READ:
                self._read.popitem(last=False)
            return self._read[name]

    async def _bytes(self, name: str) -> bytes:
        found, hosted = self._there.sidecar(name), self._hosted
        if found is None:
            if hosted is None or not self._there.is_hosted(name):
                raise NotFound("The film has no such subtitles.")
            return await self._data.get((name, 0), lambda: hosted.fetch(name))
        if found.choice.form == SubtitleForm.PICTURE:
            raise _pictures()
        return await self._data.get((name, 0), lambda: self._fetch(found, found.file))

    async def _fetch(
        self, found: Sidecar, file: FileEntry, check: Callable[[int], None] = check_size
    ) -> bytes:
        check(file.length)
        stream = await self._open_file(file.index)
        if not stream.has_host:
            return await _whole(stream)
        try:
            async with asyncio.timeout(VERIFIED_S):
                return await _whole(stream)
        except (TimeoutError, PieceTimeout):
            log.info("A web seed is asked for a file that the swarm does not give file=%d", file.index)
        try:
            data = await stream.from_host()
        except (BadSource, SourceUnreachable, TooLarge) as error:
            log.warning("No web seed gives a file file=%d error=%s", file.index, error.message)
            return await _whole(stream)
        self._there.doubt(found.choice.id)
        return data

    async def _index(self, found: Sidecar) -> bytes:
        return await self._fetch(found, found.file, disc.check_size)


async def _whole(stream: Stream) -> bytes:
    data = bytearray()
    async with stream.open() as reader:
        while len(data) < reader.length:
            data += await reader.read(len(data), reader.length)
    return bytes(data)


def _place(choice: str, picture: Picture, frame: tuple[int, int] | None) -> Cue:
    """Say as a cue where a picture is, and which part of the film's picture it covers."""
    percents = ",".join(f"{part:.3f}" for part in placed(picture, frame))
    address = f"{choice}/{_number(picture)}.png#xywh=percent:{percents}"
    return Cue(picture.start_s, picture.stop_s, (Span(address),))


def _number(picture: Picture) -> int:
    """Name a picture of a track by when it is shown first, in milliseconds."""
    return round(picture.start_s * 1000)


def _broken() -> BadFilm:
    return BadFilm("This film broke the program that opens it. Look for another release.")


def _pictures() -> BadSubtitles:
    return BadSubtitles("These subtitles are pictures, which are not shown yet. Choose others.")


async def _in_pool(work: Callable[..., T], *arguments: object) -> T:
    return await asyncio.get_running_loop().run_in_executor(None, work, *arguments)
