"""What a film's process says of it, checked: the film may have taken it over."""

import math
import re
from dataclasses import dataclass, field, replace
from typing import Protocol

from matinee.confined.frames import Head, WireError
from matinee.errors import BadFilm
from matinee.media.probe_wire import attachments_from_wire, info_from_wire
from matinee.models.media import Attachment, MediaInfo

MOST_KEYFRAMES = 1_000_000
MOST_COVER_BYTES = 1024 * 1024

_CODEC = re.compile(r"[A-Za-z0-9.+-]{1,64}")


class Ask(Protocol):
    """Has a job done by the film's process; see ``media/jobs.py``."""

    async def __call__(self, what: str, **arguments: object) -> tuple[Head, bytes]: ...


@dataclass(frozen=True, slots=True)
class Keyframes:
    """Where a film can be cut."""

    times_s: tuple[float, ...]
    """None where the film does not tell."""
    duration_s: float | None
    group_s: float = 0.0
    """Where the film does not tell: how far apart the first ones are."""


@dataclass(slots=True)
class Facts:
    """What is known of a film, for every playback of it; filled in as it is found out."""

    info: MediaInfo | None = None
    keyframes: Keyframes | None = None
    tried: set[int] = field(default_factory=set)
    """Sounds of which it is known whether they can be decoded; those that cannot have no channels in ``info``."""


@dataclass(frozen=True, slots=True)
class Init:
    """An init segment."""

    data: bytes
    codecs: tuple[str, ...]
    encoding: object
    """What the process chose for a converted picture; goes back to it with every segment."""

    @property
    def keeps_up(self) -> bool:
        """Whether the process expects to make segments as fast as they are played."""
        return not (isinstance(self.encoding, dict) and self.encoding.get("keeps_up") is False)

    @property
    def encoder(self) -> str:
        """The hardware encoder that was chosen, by FFmpeg's name; empty for none."""
        named = self.encoding.get("encoder") if isinstance(self.encoding, dict) else None
        return named if isinstance(named, str) else ""

    def without_encoder(self) -> "Init":
        """Give the same for a film that goes on without it."""
        encoding = {**self.encoding, "encoder": ""} if isinstance(self.encoding, dict) else self.encoding
        return replace(self, encoding=encoding)


async def ask_info(ask: Ask) -> MediaInfo:
    """Find out what a film is made of. Raises BadFilm."""
    head, _ = await ask("probe")
    try:
        return info_from_wire(head)
    except WireError as exc:
        raise broken() from exc


async def ask_heard(ask: Ask, tracks: list[int], start_s: float) -> frozenset[int]:
    """Find out which sounds can be decoded. Raises BadFilm."""
    head, _ = await ask("heard", tracks=tracks, start_s=start_s)
    match head:
        case {"heard": list(found)} if all(type(index) is int for index in found):
            return frozenset(found)
    raise broken()


async def ask_fonts(ask: Ask) -> tuple[Attachment, ...]:
    """Find out which files lie in a film. Raises BadFilm."""
    head, _ = await ask("fonts")
    try:
        return attachments_from_wire(head)
    except WireError as exc:
        raise broken() from exc


async def ask_cover(ask: Ask, index: int) -> bytes:
    """Have an attached picture made small. Raises BadFilm."""
    _, body = await ask("cover", track=index)
    if len(body) > MOST_COVER_BYTES or body[:4] != b"RIFF" or body[8:12] != b"WEBP":
        raise broken()
    return body


async def ask_keyframes(ask: Ask) -> Keyframes:
    """Find out where a film can be cut. Raises BadFilm."""
    head, _ = await ask("keyframes")
    match head:
        case {"times_s": list(times), "duration_s": None | float() | int() as duration_s}:
            group_s = head.get("group_s", 0.0)
            if len(times) <= MOST_KEYFRAMES and all(map(_is_time, [*times, group_s])):
                known = duration_s is not None and _is_time(duration_s) and duration_s > 0
                return Keyframes(tuple(map(float, times)), duration_s if known else None, float(group_s))
    raise broken()


async def ask_duration(ask: Ask) -> float | None:
    """Find out how long a film is. Raises BadFilm."""
    head, _ = await ask("duration")
    duration_s = head.get("duration_s")
    if duration_s is None:
        return None
    if not _is_time(duration_s) or duration_s <= 0:
        raise broken()
    return float(duration_s)


async def ask_init(ask: Ask, **wanted: object) -> Init:
    """Have an init segment made. Raises BadFilm."""
    head, body = await ask("init", **wanted)
    match head:
        case {"codecs": list(codecs), "encoding": encoding}:
            if all(isinstance(codec, str) and _CODEC.fullmatch(codec) for codec in codecs):
                return Init(body, tuple(codecs), encoding)
    raise broken()


def _is_time(value: object) -> bool:
    return isinstance(value, float | int) and math.isfinite(value)


def broken() -> BadFilm:
    """Give what is said of a process that gives nonsense."""
    return BadFilm("This film broke the program that opens it. Look for another release.")
