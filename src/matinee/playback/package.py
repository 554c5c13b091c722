"""A film in segments: cut once, each part made when it is asked for."""

import asyncio
import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import partial

from matinee.confined.frames import Head
from matinee.errors import BadFilm, NotFound
from matinee.media.decide import by_encoder, converted, too_slow, without_encoder
from matinee.media.hls.playlists import media
from matinee.media.hls.segments import BLIND_STEP_S, LONGEST_S, Segment, cut, even, longest
from matinee.models.media import MediaInfo
from matinee.models.playback import Plan, SubtitleChoice, TrackPlan
from matinee.playback.facts import Ask, Facts, Init, ask_duration, ask_init, ask_keyframes, broken
from matinee.playback.made import Key, Made
from matinee.playback.renditions import Begun, Rendition, master_playlist, renditions

KEPT_BYTES = 32 * 1024 * 1024
"""Of made segments: some ten of a usual film. Players keep what they were given themselves."""
MOST_SEGMENT_BYTES = 96 * 1024 * 1024
"""Of a copied segment, by the film's mean rate; Chromium holds 150 MB of a picture. Where a film is wildest it may be
twice as much (``confined.frames``)."""
NEAR = 3
"""So many segments from one that is asked for a thing that is made ahead is not given up: it was no seek, sound and
picture are fetched side by side."""
_ROUNDED_S = 0.1
"""By so much what a player says that it holds may end before its last segment does: sound and picture end apart."""
_FIRST: Key = ("", -1)
"""Stands for what is made ready before anybody asks, until it is known where the film is cut."""


class Package:
    """Makes playlists and segments.

    Args:
        ask: has jobs done.
        facts: added to.
        info: what the film is made of.
        plan: what becomes of its tracks.
        length: of the file, in bytes.
        start_s: where playing begins: nothing else of the film is read before it.
    """

    def __init__(
        self, ask: Ask, facts: Facts, info: MediaInfo, plan: Plan, length: int, start_s: float = 0.0
    ) -> None:
        self.plan = plan
        """Changes when it turns out that a picture can be cut in too few places to be copied, or that this computer
        is too slow to convert it."""
        self._ask = ask
        self._facts = facts
        self._info = info
        self._length = length
        self._start_s = start_s
        self._made = Made(KEPT_BYTES)
        self._cutting = asyncio.Lock()
        self._segments: tuple[Segment, ...] | None = None
        self._beginning: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._inits: dict[str, Init] = {}
        self._reached: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)
        """Of segments that have been made, whether they are kept or not."""
        self._broken: dict[Key, str] = {}
        """What could not be made, and why: who asks again is not kept waiting again."""
        self._ended = False

    async def ready(self) -> None:
        """Wait until nothing of the plan can change any more."""
        await self.segments()
        await self._begun(next(iter(renditions(self.plan).values())))

    async def master(self, subtitles: Sequence[SubtitleChoice]) -> str:
        """Write the master playlist."""
        segments = await self.segments()
        first = next(iter(renditions(self.plan).values()))
        begun = await self._begun(first)
        mean = self._info.bit_rate or self._length * 8 / (segments[-1].stop_s or 1)
        return master_playlist(self._info, self.plan, self._begun_with(begun), mean, subtitles)

    async def playlist(self, rendition: str) -> str:
        """Write a rendition's playlist."""
        segments = await self.segments()
        self._rendition(rendition)
        return media(segments)

    async def init(self, rendition: str) -> bytes:
        """Give a rendition's init segment."""
        await self.segments()
        return (await self._begun(self._rendition(rendition))).data

    async def segment(self, rendition: str, index: int) -> bytes:
        """Give a segment; the one after it is begun before anybody asks."""
        await self.place(index)
        wanted = self._rendition(rendition)
        if (wanted.id, index) in self._broken:
            raise BadFilm(self._broken[wanted.id, index])
        self._made.drop_ahead(lambda key: abs(key[1] - index) <= NEAR)
        data = await self._made.get((wanted.id, index), partial(self._make, wanted, index))
        if index + 1 < len(await self.segments()):
            self._made.make_ahead((wanted.id, index + 1), partial(self._make, wanted, index + 1))
        return data

    async def place(self, index: int) -> Segment:
        """Give a segment's place in the film. Raises NotFound."""
        segments = await self.segments()
        if index >= len(segments):
            raise NotFound("The film ends before this segment.")
        return segments[index]

    async def segments(self) -> tuple[Segment, ...]:
        """Give where the film is cut.

        Raises:
            BadFilm: nothing says how long it is.
        """
        async with self._cutting:
            if self._segments is None:
                self._segments = await self._cut()
        return self._segments

    async def reached(self, start_s: float, stop_s: float, held_s: float = 0.0) -> float:
        """Wait until playing has come to a time: until its segments have been made, so that its bytes are here, by this
        playback or by the one from which the player holds them, from ``start_s`` to ``held_s``.

        Gives since when, before ``start_s``, the bytes of everything up to there are here too.
        """
        segments = await self.segments()
        for one in segments:
            if one.stop_s > start_s and one.stop_s <= held_s + _ROUNDED_S:
                self._reached[one.index].set()
            if one.start_s < stop_s and one.stop_s > start_s and not self._ended:
                await self._reached[one.index].wait()
        since_s = start_s
        for one in reversed([one for one in segments if one.start_s <= start_s]):
            if not self._reached[one.index].is_set():
                break
            since_s = one.start_s
        return since_s

    def end(self) -> None:
        """Let go of those who wait for playing to come anywhere."""
        self._ended = True
        for event in self._reached.values():
            event.set()

    def prepare(self) -> None:
        """Make what every player asks for first."""
        self._made.make_ahead(_FIRST, self._make_first)

    async def clear(self) -> None:
        """Let go of what was made and is being made; playlists and init segments stay the same."""
        await self._made.clear()
        self._broken.clear()

    async def _make_first(self) -> bytes:
        segments = await self.segments()
        index = bisect_right(segments, self._start_s, key=lambda one: one.start_s) - 1
        for one in list(renditions(self.plan).values())[:2]:
            self._made.make_ahead((one.id, index), partial(self._make, one, index))
        return b""

    async def _make(self, wanted: Rendition, index: int) -> bytes:
        one = (await self.segments())[index]
        begun = await self._begun(wanted)
        alone = index > 0 and not self._made.knows((wanted.id, index - 1))
        place = {"index": index, "start_s": one.start_s, "stop_s": one.stop_s, "last": one.last}
        how = {"alone": alone, **wanted.wanted(), "encoding": begun.encoding}
        try:
            head, body = await self._come_to(**place, **how)
        except BadFilm as error:
            self._broken[wanted.id, index] = error.message
            raise
        if "encoder_failed" in head:
            self.plan = without_encoder(self.plan)
            self._inits[wanted.id] = begun.without_encoder()
        self._reached[index].set()
        return body

    async def _come_to(self, **wanted: object) -> tuple[Head, bytes]:
        """Ask for a segment until the process has come there: it says how far it is where the way is long."""
        reached_s = -math.inf
        while True:
            head, body = await self._ask("segment", **wanted)
            match head.get("until_s"):
                case None:
                    return head, body
                case float(until_s) if reached_s < until_s < math.inf:
                    reached_s = until_s
                case _:
                    raise broken()

    async def _begun(self, wanted: Rendition) -> Init:
        """Make an init segment, once for all who want it. It is kept: every segment must fit the first one's."""
        async with self._beginning[wanted.id]:
            if wanted.id not in self._inits:
                asked = {**wanted.wanted(), "max_height": self.plan.max_height, "start_s": self._start_s}
                self._inits[wanted.id] = await ask_init(self._ask, **asked)
                if not self._inits[wanted.id].keeps_up and self.plan.keeps_up:
                    self.plan = too_slow(self.plan)
                self.plan = by_encoder(self.plan, self._inits[wanted.id].encoder)
            return self._inits[wanted.id]

    async def _cut(self) -> tuple[Segment, ...]:
        if self.plan.video is not TrackPlan.COPY:
            return even(self._known(await ask_duration(self._ask)))
        if self._facts.keyframes is None:
            self._facts.keyframes = await ask_keyframes(self._ask)
        known = self._facts.keyframes
        duration_s = self._known(known.duration_s)
        step_s = max(BLIND_STEP_S, known.group_s)
        found = cut(known.times_s, duration_s) if known.times_s else even(duration_s, step_s)
        longest_s = longest(found)
        if longest_s <= LONGEST_S and longest_s * self._length / duration_s <= MOST_SEGMENT_BYTES:
            return found
        self.plan = converted(self.plan, self._info)
        return even(duration_s)

    def _known(self, found_s: float | None) -> float:
        """Give how long the film is: as was found, or as it says."""
        duration_s = found_s or self._info.duration_s
        if not duration_s:
            raise BadFilm("Nothing in this film says how long it is. Look for another release.")
        return duration_s

    def _rendition(self, name: str) -> Rendition:
        found = renditions(self.plan).get(name)
        if found is None:
            raise NotFound("The film has no such rendition.")
        return found

    def _begun_with(self, begun: Init) -> Begun:
        picture = self._info.video[0] if self._info.video else None
        width, height = (round(picture.width * picture.pixel_aspect), picture.height) if picture else (0, 0)
        if picture is not None and picture.rotation in (90, 270):
            width, height = height, width
        match begun.encoding:
            case {"width": int(width), "height": int(height)}:
                pass
        return Begun(begun.codecs, width, height)
