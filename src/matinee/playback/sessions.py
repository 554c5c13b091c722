"""All films that are being played: the ``Playbacks`` of ``ports``.

Quick to import: what opens films is imported with the first one, and takes no memory until then.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from matinee.errors import PlaybackNotFound, Unavailable
from matinee.ports import Films, HostedCaptions, Stream, SubtitleProvider
from matinee.tasks import Tasks
from matinee.types import FileIndex, InfoHash, SessionId, StreamIndex

if TYPE_CHECKING:
    from matinee.media.hardware import Hardware
    from matinee.models.media import Attachment
    from matinee.models.playback import ClientSupport, PlaybackView
    from matinee.models.promise import Outcome, Promise
    from matinee.models.subtitles import Offer
    from matinee.playback.facts import Facts
    from matinee.playback.pictures import Pictures
    from matinee.playback.promises import Promises, Store
    from matinee.playback.session import Session
    from matinee.playback.stills import Keep

IDLE_S = 120.0
"""After so long without a request a playback's process is ended; a player that comes back gets another."""
FORGOTTEN_S = 12 * 3600.0
"""After so long it has ended: a film may be paused over a night."""
MOST_SESSIONS = 64
"""The one used least recently ends for a new one, if nobody waits for it just now."""
MOST_AWAKE = 4
"""Processes; each takes 60 MB and more."""
KNOWN_FILMS = 32
"""Films of which it is remembered what they are made of."""
KEPT_PICTURES_BYTES = 8 * 1024 * 1024
"""Of seek bars that nobody looks at: those of some ten films, which need not be made again when one is reopened."""

_ID_BYTES = 16


class Sessions:
    """An async context manager; leaving it ends every playback.

    Args:
        films: finds files, and holds the rights gate.
        provider: whom a person chose to ask for subtitles; None as long as nobody did. It may be changed.
        store: keeps what came of promises; None where nothing is kept.
        idle_s: see ``IDLE_S``.
        hardware: an encoder for pictures that must be converted; None where there is to be none.
        captions: finds subtitles on the web hosts of films; None where nobody may be asked.
        changed: told when more is known of a playback than when it was opened.
        keep_stills: keeps stills of a film that is played.
    """

    def __init__(
        self,
        films: Films,
        *,
        provider: SubtitleProvider | None = None,
        store: Store | None = None,
        idle_s: float = IDLE_S,
        hardware: Hardware | None = None,
        captions: HostedCaptions | None = None,
        changed: Callable[[SessionId], None] = lambda _: None,
        keep_stills: Keep | None = None,
    ) -> None:
        self._keep_stills = keep_stills
        self._films = films
        self.provider = provider
        self._store = store
        self._promises: Promises | None = None
        self._loading = asyncio.Lock()
        self._idle_s = idle_s
        self._hardware = hardware
        self._captions = captions
        self._changed = changed
        self._sessions: OrderedDict[SessionId, Session] = OrderedDict()
        """The one used last at the end."""
        self._timers: dict[SessionId, asyncio.TimerHandle] = {}
        self._ending = Tasks()
        self._facts: OrderedDict[str, Facts] = OrderedDict()
        self._pictures: OrderedDict[str, Pictures] = OrderedDict()
        """The one opened last at the end."""
        self.on_end: Callable[[], None] = _nothing
        """Called whenever a playback has ended."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in list(self._sessions.values()):
            self._end(session)
        await self._ending.done()
        if self._promises is not None:
            await self._promises.close()

    async def open(
        self,
        info_hash: InfoHash,
        file_index: FileIndex | None,
        client: ClientSupport,
        start_s: float = 0.0,
    ) -> PlaybackView:
        """Begin to play a file at a time."""
        from matinee.playback.captions import Hosted
        from matinee.playback.session import Session

        promises = await self.promises()
        told = await promises.wished(info_hash, file_index)
        stream = await self._films.stream(info_hash, file_index)
        session = Session(
            SessionId(secrets.token_urlsafe(_ID_BYTES)),
            info_hash,
            stream,
            self._films,
            client,
            self._facts_of(stream),
            self._pictures_of(info_hash, stream),
            self._make_room,
            offers=self.provider is not None,
            hardware=self._hardware,
            hosted=None if self._captions is None else Hosted(self._captions, info_hash),
            changed=self._changed,
        )
        self._sessions[session.id] = session
        while len(self._sessions) > MOST_SESSIONS:
            unused = (one for one in self._sessions.values() if one.users == 0 and one is not session)
            self._end(next(unused, next(iter(self._sessions.values()))))
        try:
            async with self._using(session.id):
                view = await session.begin(start_s)
                session.promised(await promises.opened(told, view, stream.etag))
        except BaseException:
            self._end(session)
            raise
        if session.is_direct:
            # The player fetches the file itself: what the process still wants of it would be in its way.
            self._ending.begin(session.sleep() if session.served else session.rest())
        return session.view

    async def promise(self, info_hash: InfoHash, file_index: FileIndex | None) -> Promise:
        """Say when a film would start."""
        return await (await self.promises()).make(info_hash, file_index)

    async def outcomes(self) -> Sequence[Outcome]:
        """Say what came of promises."""
        return (await self.promises()).outcomes

    def playing(self) -> set[InfoHash]:
        """Say which torrents have a playback: also one that sleeps, for a film may be paused over a night."""
        return {session.info_hash for session in self._sessions.values()}

    def sent(self, etag: str, start: int, stop: int, waited_s: float) -> None:
        """Note bytes that a player took."""
        if self._promises is not None:
            self._promises.sent(etag, start, stop, waited_s)

    async def view(self, session: SessionId) -> PlaybackView:
        """Show a playback."""
        async with self._using(session) as found:
            return found.view

    async def close(self, session: SessionId) -> None:
        """End a playback."""
        ending = self._end(self._find(session))
        await asyncio.shield(ending)

    async def master(self, session: SessionId) -> str:
        """Write the master playlist."""
        async with self._using(session) as found:
            return await found.master()

    async def playlist(self, session: SessionId, rendition: str) -> str:
        """Write a rendition's playlist."""
        async with self._using(session) as found:
            return await found.playlist(rendition)

    async def init(self, session: SessionId, rendition: str) -> bytes:
        """Give a rendition's init segment."""
        async with self._using(session) as found:
            return await found.init(rendition)

    async def segment(self, session: SessionId, rendition: str, index: int) -> bytes:
        """Give a segment."""
        async with self._using(session) as found:
            asked_s = asyncio.get_running_loop().time()
            data = await found.segment(rendition, index)
            place = await found.place(rendition, index)
            if place is not None and self._promises is not None:
                waited_s = asyncio.get_running_loop().time() - asked_s
                self._promises.showed(session, place.start_s, place.stop_s, waited_s)
            return data

    async def subtitles(
        self, session: SessionId, track: str, start_s: float, stop_s: float, *, held_s: float = 0.0
    ) -> str:
        """Give subtitles of a time as WebVTT."""
        async with self._using(session) as found:
            return await found.subtitles(track, start_s, stop_s, held_s)

    async def styled(
        self, session: SessionId, track: str, start_s: float, stop_s: float, *, held_s: float = 0.0
    ) -> str:
        """Give subtitles of a time as ASS."""
        async with self._using(session) as found:
            return await found.styled(track, start_s, stop_s, held_s)

    async def picture(self, session: SessionId, track: str, number: int) -> bytes:
        """Give a picture of subtitles."""
        async with self._using(session) as found:
            return await found.picture(track, number)

    async def read_subtitles(self, data: bytes, name: str, language: str) -> str:
        """Give a person's own file of subtitles as WebVTT."""
        from matinee.playback.converted import converted

        return await converted(data, name, language)

    async def offers(self, session: SessionId, languages: Sequence[str]) -> tuple[Offer, ...]:
        """Give subtitles that a provider has."""
        from matinee.playback.offers import Offers

        async with self._using(session) as found:
            return await Offers(self.provider).search(await found.stream(), languages)

    async def offered(self, session: SessionId, offer: int, language: str) -> str:
        """Give one of them as WebVTT."""
        from matinee.playback.offers import Offers

        async with self._using(session):
            return await Offers(self.provider).write(offer, language)

    async def thumbnails(self, session: SessionId) -> str:
        """Say what shows which moment."""
        async with self._using(session) as found:
            return await found.thumbnails()

    async def sprite(self, session: SessionId, index: int) -> bytes:
        """Give thumbnails."""
        async with self._using(session) as found:
            return await found.sprite(index)

    async def fonts(self, session: SessionId) -> tuple[Attachment, ...]:
        """List the fonts inside the film."""
        async with self._using(session) as found:
            return await found.fonts()

    async def font(self, session: SessionId, index: StreamIndex) -> bytes:
        """Give a font inside the film."""
        async with self._using(session) as found:
            return await found.font(index)

    async def cover(self, session: SessionId, index: StreamIndex) -> bytes:
        """Give a picture that is attached to the film."""
        async with self._using(session) as found:
            return await found.cover(index)

    async def promises(self) -> Promises:
        """Give what makes promises, with what was learned before."""
        from matinee.playback.promises import Promises

        async with self._loading:
            if self._promises is None:
                promises = Promises(self._films, self._store)
                await promises.load()
                self._promises = promises
        return self._promises

    def _find(self, session: SessionId) -> Session:
        found = self._sessions.get(session)
        if found is None:
            raise PlaybackNotFound("This playback has ended. Open the film again.")
        return found

    @asynccontextmanager
    async def _using(self, session: SessionId) -> AsyncIterator[Session]:
        """Keep a playback from falling asleep, and begin its rest anew at the end."""
        found = self._find(session)
        self._sessions.move_to_end(session)
        found.users += 1
        self._stop_timer(session)
        try:
            yield found
        finally:
            found.users -= 1
            if found.users == 0 and session in self._sessions:
                self._after(self._idle_s, found, self._rest)

    def _after(self, delay_s: float, session: Session, what: Callable[[Session], object]) -> None:
        self._timers[session.id] = asyncio.get_running_loop().call_later(delay_s, what, session)

    def _stop_timer(self, session: SessionId) -> None:
        timer = self._timers.pop(session, None)
        if timer is not None:
            timer.cancel()

    def _rest(self, session: Session) -> None:
        """Put a playback to sleep that nobody uses, and forget it later."""
        self._after(FORGOTTEN_S, session, self._end)
        self._put_to_sleep(session)

    def _end(self, session: Session) -> asyncio.Task[None]:
        self._stop_timer(session.id)
        self._sessions.pop(session.id, None)
        if self._promises is not None:
            self._promises.ended(session.id)
        ending = self._ending.begin(session.close())
        self.on_end()
        return ending

    def _put_to_sleep(self, session: Session) -> None:
        self._ending.begin(session.sleep())

    def _make_room(self, wakes: Session) -> None:
        """Put to sleep whom nobody uses just now, those used least recently first.

        Raises:
            Unavailable: all are in use.
        """
        awake = [one for one in self._sessions.values() if not one.slept.is_set() and one is not wakes]
        if len(awake) < MOST_AWAKE:
            return
        resting = next((one for one in awake if one.users == 0), None)
        if resting is None:
            raise Unavailable("Too many films are being opened at once. Try again in a moment.")
        self._put_to_sleep(resting)

    def _facts_of(self, stream: Stream) -> Facts:
        from matinee.playback.facts import Facts

        facts = self._facts.setdefault(stream.etag, Facts())
        self._facts.move_to_end(stream.etag)
        if len(self._facts) > KNOWN_FILMS:
            self._facts.popitem(last=False)
        return facts

    def _pictures_of(self, info_hash: InfoHash, stream: Stream) -> Pictures:
        from matinee.playback.pictures import Pictures

        found = self._pictures.pop(stream.etag, None) or Pictures(
            self._films, info_hash, stream.file.index, self._keep_stills
        )
        unseen = [etag for etag, one in self._pictures.items() if not one.looked_at]
        too_many = sum(self._pictures[etag].size for etag in unseen) - KEPT_PICTURES_BYTES
        for etag in unseen:
            size = self._pictures[etag].size
            if size == 0 or too_many > 0:
                too_many -= size
                del self._pictures[etag]
        self._pictures[stream.etag] = found
        return found


def _nothing() -> None:
    """Nobody asked to be told."""
