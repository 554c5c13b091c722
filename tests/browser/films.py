"""Films that no browser plays as they are, made from Big Buck Bunny where no registry carries one, and real ones.

Of those that are made every second is known.
"""

import shutil
from pathlib import Path

from tests import registry
from tests.media.drawn import sup_of_pictures
from tests.media.films import made
from tests.media.subtitled import FONT

STEP_S = 4
"""Every so many seconds another line is said, for three of them."""
SAID_S = 3
LAST_S = 590

BILINGUAL = "Big Buck Bunny (2008).mkv"
DISC = "hevc-eac3-pgs.mkv"
STYLED = "Bunny in style (2008).mkv"
SINTEL, SINTEL_S = "sintel-captions.ts", 10
BAR = "index-at-the-end.mp4"


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def said(word: str) -> str:
    """Write SubRip that says at every step which one it is."""
    return "\n".join(
        f"{n + 1}\n{_clock(at)},000 --> {_clock(at + SAID_S)},000\n{word} <i>{at}</i>\n"
        for n, at in enumerate(range(0, LAST_S, STEP_S))
    )


def styled(word: str) -> str:
    """Write ASS that says the same, at the top."""
    lines = (
        f"Dialogue: 0,{_clock(at)}.00,{_clock(at + SAID_S)}.00,Sign,,0,0,0,,{{\\i1}}{word}{{\\i0}} {at}"
        for at in range(0, LAST_S, STEP_S)
    )
    return (
        "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, Alignment\n"
        "Style: Sign,Arial,40,8\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n" + "\n".join(lines)
    )


CHAPTERS = (
    ";FFMETADATA1\n"
    "[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=120\ntitle=Waking\n"
    "[CHAPTER]\nTIMEBASE=1/1\nSTART=120\nEND=596\ntitle=Revenge\n"
)


def bilingual() -> Path:
    """Give Matroska: H.264 as it was, AC-3 in English, a tone in AAC for French, SubRip in both, ASS, chapters."""
    return made(
        BILINGUAL,
        *("-i", "{bunny}", "-f", "lavfi", "-i", "sine=frequency=440:duration=596"),
        *("-i", "{en.srt}", "-i", "{fr.srt}", "-i", "{de.ass}", "-i", "{chapters.txt}"),
        *("-map", "0:v", "-map", "0:a", "-map", "1:a", "-map", "2:s", "-map", "3:s", "-map", "4:s"),
        *(
            "-map_metadata",
            "5",
            "-c:v",
            "copy",
            "-c:a:0",
            "ac3",
            "-b:a:0",
            "192k",
            "-c:a:1",
            "aac",
            "-b:a:1",
            "64k",
        ),
        *("-c:s:0", "srt", "-c:s:1", "srt", "-c:s:2", "copy"),
        *("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=fre"),
        *(
            "-metadata:s:s:0",
            "language=eng",
            "-metadata:s:s:1",
            "language=fre",
            "-metadata:s:s:2",
            "language=ger",
        ),
        *("-disposition:a:0", "default", "-disposition:s:0", "0"),
        files={
            "en.srt": said("line"),
            "fr.srt": said("phrase"),
            "de.ass": styled("Schild"),
            "chapters.txt": CHAPTERS,
        },
    )


CLIP_S = 40
_CUT = ("-ss", "60", "-t", str(CLIP_S), "-i", "{bunny}")
_SIZED = ("-vf", "scale=640:-2")
_X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error")
KINDS = {
    "vp9-opus.webm": ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"),
    "mpeg4-mp3.avi": ("-c:v", "mpeg4", "-b:v", "1M", "-c:a", "libmp3lame"),
    "mpeg2-mp2.ts": ("-c:v", "mpeg2video", "-b:v", "2M", "-c:a", "mp2"),
    "theora-vorbis.ogv": ("-c:v", "libtheora", "-b:v", "1M", "-c:a", "libvorbis"),
    "h264-ac3.mp4": ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "ac3"),
    "index-at-the-end.mp4": ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"),
    "h264-mp3.mkv": ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "libmp3lame"),
}  # fmt: skip
"""Names of films, and what they are made of."""


MATRIX = (
    "mkv/hev1.1.6.H120.90,ec-3.mkv", "avi/mp4v.20.9,mp3.avi", "ts/avc1.4d401e,ac-3.ts", "ogg/theora,vorbis.ogg",
    "webm/vp9,opus.webm", "mov/avc1.640028,alac.mov",
)  # fmt: skip
"""Of 750 films of one picture each some, of every container."""


def of_kind(kind: str) -> Path:
    """Give a clip of Big Buck Bunny."""
    return made(kind, *_CUT, *_SIZED, *KINDS[kind])


def disc() -> Path:
    """Give a clip as a disc has it: HEVC, E-AC-3, subtitles that are pictures."""
    return made(
        DISC,
        *(*_CUT, "-i", "{pictures.sup}", "-map", "0:v", "-map", "0:a", "-map", "1"),
        *(*_SIZED, *_X265, "-c:a", "eac3", "-c:s", "copy"),
        files={"pictures.sup": sup_of_pictures(CLIP_S)},
    )


def festival(folder: Path) -> Path:
    """Put every film into one folder, under the names that people know."""
    home = folder / "festival"
    home.mkdir()
    for film in (bilingual(), disc(), in_style(), *map(of_kind, KINDS)):
        shutil.copy(film, home / film.name.partition("-")[2])
    shutil.copy(registry.npm("mux.js", "7.1.0") / "test" / "segments" / SINTEL, home)
    formats = registry.npm("@videojs/vhs-utils", "4.1.2") / "test" / "fixtures" / "formats"
    for name in MATRIX:
        (home / name).parent.mkdir(exist_ok=True)
        shutil.copy(formats / name, home / name)
    return home


STYLED_LINES = r"""[Script Info]
ScriptType: v4.00+
PlayResX: 1280
PlayResY: 720

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,DejaVu Sans,60,&H00FFFFFF,&H000000FF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,2,0,2,10,10,20,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,The first line
Dialogue: 0,0:01:00.00,0:01:03.00,Default,,0,0,0,,A sign
Dialogue: 0,0:01:00.00,0:01:03.00,Default,,0,0,0,,{\an7\pos(100,100)\bord0\1c&H0000FF&\p1}m 0 0 l 400 0 400 200 0 200{\p0}
Dialogue: 0,0:01:20.00,0:01:23.00,Default,,0,0,0,,A later one
"""  # noqa: E501


def in_style() -> Path:
    """Give Matroska: picture and sound as they were, ASS with a red board of 400 by 200 at (100, 100), and its font."""
    return made(
        STYLED,
        *("-i", "{bunny}", "-i", "{lines.ass}", "-map", "0:v", "-map", "0:a", "-map", "1"),
        *("-t", "120", "-c", "copy", "-metadata:s:s:0", "language=eng"),
        *("-attach", str(FONT), "-metadata:s:t:0", "mimetype=application/x-truetype-font"),
        files={"lines.ass": STYLED_LINES},
    )
