"""``Playbacks`` in memory: one film in two segments, which can be withheld."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from matinee.errors import MatineeError, NotFound, PlaybackNotFound
from matinee.models.media import (
    Attachment,
    AudioTrack,
    Chapter,
    Hdr,
    MediaInfo,
    StreamIndex,
    SubtitleForm,
    VideoTrack,
)
from matinee.models.playback import (
    AudioChoice,
    AudioPlan,
    ClientSupport,
    Plan,
    PlaybackView,
    SubtitleChoice,
    TrackPlan,
    Way,
)
from matinee.models.promise import Basis, Outcome, Plays, Promise
from matinee.models.subtitles import Offer
from matinee.types import FileIndex, InfoHash, SessionId

MASTER = """#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="1",URI="a1/index.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=1
v/index.m3u8
"""
PLAYLIST = '#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:6.0,\n0.m4s\n#EXTINF:6.0,\n1.m4s\n#EXT-X-ENDLIST\n'
SESSION = SessionId("0" * 22)
PROMISE = Promise(2.5, Plays.PAUSES, 750_000.0, 500_000.0, Basis.LINE)
OUTCOMES = tuple(
    Outcome(at, InfoHash("a" * 40), FileIndex(0), PROMISE, True, start_s, 0.5, 4e5, 60.0, 2, 3.5)
    for at, start_s in (("2026-11-26T10:00:00Z", 2.0), ("2026-11-26T11:00:00Z", 5.0))
)


@dataclass
class FakePlaybacks:
    """``given`` records what was asked of it."""

    given: list[tuple[object, ...]] = field(default_factory=list)
    took: list[tuple[str, int, int]] = field(default_factory=list)
    """What players took of files."""
    views: dict[SessionId, PlaybackView] = field(default_factory=dict)
    way: Way = Way.REMUX
    failure: MatineeError | None = None
    """What everything that needs bytes raises."""

    def __post_init__(self) -> None:
        self.here = asyncio.Event()
        """Cleared: what needs the film's bytes waits."""
        self.here.set()
        self.waiting = asyncio.Event()
        """Set once something waits."""
        self.let_go = asyncio.Event()
        """Set once something that waited was cancelled."""

    async def open(
        self,
        info_hash: InfoHash,
        file_index: FileIndex | None,
        client: ClientSupport,
        start_s: float = 0.0,
    ) -> PlaybackView:
        self.given.append(("open", info_hash, file_index, client, start_s))
        await self._bytes()
        session = SessionId(f"{len(self.views):022}")
        self.views[session] = make_playback(session, info_hash, file_index or FileIndex(0), self.way)
        return self.views[session]

    async def promise(self, info_hash: InfoHash, file_index: FileIndex | None) -> Promise:
        self.given.append(("promise", info_hash, file_index))
        return PROMISE

    async def outcomes(self) -> Sequence[Outcome]:
        return OUTCOMES

    def sent(self, etag: str, start: int, stop: int, waited_s: float) -> None:
        self.took.append((etag, start, stop))

    async def view(self, session: SessionId) -> PlaybackView:
        if session not in self.views:
            raise PlaybackNotFound("This playback has ended. Open the film again.")
        return self.views[session]

    async def close(self, session: SessionId) -> None:
        await self.view(session)
        del self.views[session]

    async def master(self, session: SessionId) -> str:
        await self.view(session)
        return MASTER

    async def playlist(self, session: SessionId, rendition: str) -> str:
        await self._find(session, "playlist", rendition)
        return PLAYLIST

    async def init(self, session: SessionId, rendition: str) -> bytes:
        await self._find(session, "init", rendition)
        return b"init"

    async def segment(self, session: SessionId, rendition: str, index: int) -> bytes:
        await self._find(session, "segment", rendition, index)
        if index > 1:
            raise NotFound("The film ends before this segment.")
        return b"segment %d" % index

    async def subtitles(
        self, session: SessionId, track: str, start_s: float, stop_s: float, *, held_s: float = 0.0
    ) -> str:
        await self._find(session, "subtitles", track, start_s, stop_s, held_s)
        return "WEBVTT\n"

    async def styled(
        self, session: SessionId, track: str, start_s: float, stop_s: float, *, held_s: float = 0.0
    ) -> str:
        await self._find(session, "styled", track, start_s, stop_s, held_s)
        return "[Script Info]\n"

    async def picture(self, session: SessionId, track: str, number: int) -> bytes:
        await self._find(session, "picture", track, number)
        return b"\x89PNG"

    async def read_subtitles(self, data: bytes, name: str, language: str) -> str:
        self.given.append(("read_subtitles", data, name, language))
        if self.failure is not None:
            raise self.failure
        return "WEBVTT\n"

    async def offers(self, session: SessionId, languages: Sequence[str]) -> tuple[Offer, ...]:
        await self._find(session, "offers", *languages)
        return (Offer(5274788, "pt-BR", "Film.2008", True, False, True, False, 12),)

    async def offered(self, session: SessionId, offer: int, language: str) -> str:
        await self._find(session, "offered", offer, language)
        return "WEBVTT\n"

    async def thumbnails(self, session: SessionId) -> str:
        await self.view(session)
        return "WEBVTT\n"

    async def sprite(self, session: SessionId, index: int) -> bytes:
        await self._find(session, "sprite", index)
        return b"RIFF"

    async def fonts(self, session: SessionId) -> tuple[Attachment, ...]:
        return (await self.view(session)).fonts

    async def font(self, session: SessionId, index: StreamIndex) -> bytes:
        await self._find(session, "font", index)
        return b"\0\1\0\0"

    async def cover(self, session: SessionId, index: StreamIndex) -> bytes:
        await self._find(session, "cover", index)
        return b"RIFF"

    async def _find(self, session: SessionId, *asked: object) -> None:
        await self.view(session)
        self.given.append(asked)
        await self._bytes()

    async def _bytes(self) -> None:
        if self.failure is not None:
            raise self.failure
        self.waiting.set()
        try:
            await self.here.wait()
        except asyncio.CancelledError:
            self.let_go.set()
            raise


def make_playback(
    session: SessionId, info_hash: InfoHash, file_index: FileIndex, way: Way = Way.REMUX
) -> PlaybackView:
    """Make a playback of a film that has one of everything."""
    video = VideoTrack(
        StreamIndex(0), "h264", "avc1.640028", 1280, 720, 24.0, 8, 1.0, 0, Hdr.HLG, False, 2, True
    )
    audio = AudioTrack(StreamIndex(1), "ac3", "ac-3", 6, 48_000, "en", "Surround", True, False, False)
    chapter = Chapter(0.0, 6.0, "Beginning")
    font = Attachment(StreamIndex(4), "a font.ttf", "font/ttf", 4)
    cover = Attachment(StreamIndex(5), "cover.jpg", "image/jpeg", 9)
    info = MediaInfo(
        "matroska,webm", 12.0, 0.0, 10_000, (video,), (audio,), (), (chapter,), (font,), pictures=(cover,)
    )
    plan = Plan(
        way,
        TrackPlan.COPY,
        (AudioPlan(audio.index, TrackPlan.CONVERT),),
        audio.index,
        0,
        ("The sound (AC-3) is converted to AAC, which every browser plays.",),
    )
    return PlaybackView(
        session=session,
        info_hash=info_hash,
        file_index=file_index,
        plan=plan,
        info=info,
        duration_s=12.0,
        audio=(AudioChoice("a1", "en", "Surround", 6, TrackPlan.CONVERT, True),),
        subtitles=(
            SubtitleChoice("s2", "fr", "", SubtitleForm.TEXT, True, False, False),
            SubtitleChoice("s3", "de", "", SubtitleForm.PICTURE, False, False, True, shown=False),
            SubtitleChoice("f7", "de", "", SubtitleForm.STYLED, False, False, False),
        ),
        chapters=(chapter,),
        fonts=(font,),
        thumbnails=True,
        promise=PROMISE,
    )
