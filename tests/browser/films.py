"""Films that no browser plays as they are, made whole from Big Buck Bunny: every second of ten minutes is known."""

import shutil
from pathlib import Path

from tests.media.films import made

STEP_S = 4
"""Every so many seconds another line is said, for three of them."""
SAID_S = 3
LAST_S = 590


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},000"


def said(word: str) -> str:
    """Write SubRip that says at every step which one it is."""
    return "\n".join(
        f"{n + 1}\n{_clock(at)} --> {_clock(at + SAID_S)}\n{word} <i>{at}</i>\n"
        for n, at in enumerate(range(0, LAST_S, STEP_S))
    )


CHAPTERS = (
    ";FFMETADATA1\n"
    "[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=120\ntitle=Waking\n"
    "[CHAPTER]\nTIMEBASE=1/1\nSTART=120\nEND=596\ntitle=Revenge\n"
)


def placed(film: Path, folder: Path) -> Path:
    """Copy a film into a folder of the seed's own, under the name that people know."""
    (folder / "seed").mkdir()
    return Path(shutil.copy(film, folder / "seed" / film.name.partition("-")[2]))


def bilingual() -> Path:
    """Give Matroska: H.264 as it was, AC-3 in English, a tone in AAC for French, subtitles in both, chapters."""
    return made(
        "Big Buck Bunny (2008).mkv",
        *("-i", "{bunny}", "-f", "lavfi", "-i", "sine=frequency=440:duration=596"),
        *("-i", "{en.srt}", "-i", "{fr.srt}", "-i", "{chapters.txt}"),
        *("-map", "0:v", "-map", "0:a", "-map", "1:a", "-map", "2:s", "-map", "3:s", "-map_metadata", "4"),
        *("-c:v", "copy", "-c:a:0", "ac3", "-b:a:0", "192k", "-c:a:1", "aac", "-b:a:1", "64k", "-c:s", "srt"),
        *("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=fre"),
        *("-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=fre"),
        *("-disposition:a:0", "default", "-disposition:s:0", "0"),
        files={"en.srt": said("line"), "fr.srt": said("phrase"), "chapters.txt": CHAPTERS},
    )


def one_voice() -> Path:
    """Give Matroska: H.264 as it was, with AC-3."""
    return made(
        "Bunny alone (2008).mkv",
        *("-i", "{bunny}", "-map", "0:v", "-map", "0:a", "-c:v", "copy", "-c:a", "ac3", "-b:a", "192k"),
    )


CLIP_S = 40
_SIZED = ("-vf", "scale=640:-2")
KINDS = {
    "hevc-eac3.mkv": ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-c:a", "eac3"),
    "vp9-opus.webm": ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"),
    "mpeg4-mp3.avi": ("-c:v", "mpeg4", "-b:v", "1M", "-c:a", "libmp3lame"),
    "mpeg2-mp2.ts": ("-c:v", "mpeg2video", "-b:v", "2M", "-c:a", "mp2"),
    "theora-vorbis.ogv": ("-c:v", "libtheora", "-b:v", "1M", "-c:a", "libvorbis"),
    "h264-ac3.mp4": ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "ac3"),
    "index-at-the-end.mp4": ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"),
    "h264-mp3.mkv": ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "libmp3lame"),
}  # fmt: skip
"""Names of films, and what they are made of."""


def of_kind(kind: str) -> Path:
    """Give a clip of Big Buck Bunny."""
    return made(kind, "-ss", "60", "-t", str(CLIP_S), "-i", "{bunny}", *_SIZED, *KINDS[kind])
