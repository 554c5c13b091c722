"""What of a film goes into which segments, and what the master playlist says of it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matinee.media.hls.playlists import AudioRendition, SubtitleRendition, Variant, master
from matinee.models.media import AudioTrack, MediaInfo, SubtitleForm
from matinee.models.playback import AudioPlan, Plan, SubtitleChoice, TrackPlan

PICTURE = "v"
AAC = "mp4a.40.2"
_PEAK = 3
"""How many times its mean a film's rate may be over a segment. Nothing says it before the film is here."""
_CONVERTED_BITS_PER_PIXEL = 0.2
_USUAL_RATE = 25.0
_CONVERTED_CHANNELS = 6
"""The most that converted sound has."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture, a sound, or both in the same segments."""

    id: str
    video: TrackPlan | None
    audio: AudioPlan | None

    def wanted(self) -> dict[str, object]:
        """Give what the jobs ``init`` and ``segment`` are told of it."""
        audio = [self.audio.index, self.audio.plan.value] if self.audio else None
        return {"video": self.video.value if self.video else None, "audio": audio}


def renditions(plan: Plan) -> dict[str, Rendition]:
    """Give what is made of a film, what is fetched first at the beginning.

    One sound goes with its picture; several go alone, so that they can be changed without fetching the picture anew.
    """
    sounds = [track for track in plan.audio if track.plan is not TrackPlan.LEAVE]
    sounds.sort(key=lambda sound: sound.index != plan.first_audio)
    if plan.video is TrackPlan.LEAVE:
        found = [Rendition(f"a{sound.index}", None, sound) for sound in sounds]
    elif len(sounds) == 1:
        found = [Rendition(PICTURE, plan.video, sounds[0])]
    else:
        alone = (Rendition(f"a{sound.index}", None, sound) for sound in sounds)
        found = [Rendition(PICTURE, plan.video, None), *alone]
    return {one.id: one for one in found}


@dataclass(frozen=True, slots=True)
class Begun:
    """What making the first rendition's init segment brought to light."""

    codecs: tuple[str, ...]
    width: int
    """Of the picture in the segments."""
    height: int


def master_playlist(
    info: MediaInfo, plan: Plan, begun: Begun, mean_bits_per_s: float, subtitles: Sequence[SubtitleChoice]
) -> str:
    """Write the master playlist: one variant, its sounds, and the subtitles that are text."""
    found = renditions(plan)
    first, *rest = found.values()
    picture = info.video[0] if info.video and first.video is not None else None
    copied = picture is not None and plan.video is TrackPlan.COPY
    rate = picture.frame_rate if picture else 0.0
    variant = Variant(
        url=f"{first.id}/index.m3u8",
        codecs=(*begun.codecs, *_codecs(info, (one.audio for one in rest))),
        bandwidth=_bandwidth(plan, begun, mean_bits_per_s, rate),
        width=begun.width if picture else 0,
        height=begun.height if picture else 0,
        frame_rate=rate,
        hdr=picture.hdr if picture and copied else None,
    )
    sounds = list(found.values()) if first.video is None else rest
    return master(variant, _audio(info, plan, sounds) if len(found) > 1 else (), _subtitles(subtitles))


def _codecs(info: MediaInfo, sounds: Iterable[AudioPlan | None]) -> list[str]:
    strings = {track.index: track.codec_string for track in info.audio}
    return [
        (strings.get(sound.index) if sound.plan is TrackPlan.COPY else None) or AAC
        for sound in sounds
        if sound is not None
    ]


def _bandwidth(plan: Plan, begun: Begun, mean_bits_per_s: float, rate: float) -> int:
    if plan.video is TrackPlan.CONVERT:
        return int(begun.width * begun.height * (rate or _USUAL_RATE) * _CONVERTED_BITS_PER_PIXEL) or 1
    return int(_PEAK * mean_bits_per_s) or 1


def _audio(info: MediaInfo, plan: Plan, sounds: Iterable[Rendition]) -> list[AudioRendition]:
    tracks = {track.index: track for track in info.audio}
    chosen = [(one, tracks[one.audio.index]) for one in sounds if one.audio is not None]
    names = distinct([track.title or _language(track.language) for _, track in chosen])
    return [
        AudioRendition(
            url=f"{one.id}/index.m3u8",
            name=name,
            language=track.language,
            channels=_channels(track, one.audio),
            default=track.index == plan.first_audio,
            described=track.described,
        )
        for (one, track), name in zip(chosen, names, strict=True)
    ]


def _channels(track: AudioTrack, sound: AudioPlan | None) -> int:
    """Give how many channels are sent: Apple's players choose by them."""
    converted = sound is not None and sound.plan is TrackPlan.CONVERT
    return min(track.channels, _CONVERTED_CHANNELS) if converted else track.channels


def _subtitles(choices: Sequence[SubtitleChoice]) -> list[SubtitleRendition]:
    shown = [choice for choice in choices if choice.form is not SubtitleForm.PICTURE]
    names = distinct([choice.label or _language(choice.language) for choice in shown])
    return [
        SubtitleRendition(
            url=f"{choice.id}/index.m3u8",
            name=name,
            language=choice.language,
            default=False,
            forced=choice.forced,
            hearing_impaired=choice.hearing_impaired,
        )
        for choice, name in zip(shown, names, strict=True)
    ]


def distinct(names: Sequence[str]) -> list[str]:
    """Number the names that are there already: RFC 8216 wants those of a group to differ."""
    found: list[str] = []
    for name in names:
        candidate, number = name, 2
        while candidate in found:
            candidate, number = f"{name} ({number})", number + 1
        found.append(candidate)
    return found


def _language(tag: str) -> str:
    return tag if tag and tag != "und" else "Unknown"
