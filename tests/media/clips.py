"""Films of every make, from the first seconds of Big Buck Bunny by the system's ffmpeg; kept in ``.cache``."""

import subprocess
from pathlib import Path

from tests.registry import CACHE, alone, bunny

CLIPS = CACHE.parent / "clips"
MAKE_S = 300

_SMALL = "-s 640x360"
_X264 = f"{_SMALL} -c:v libx264 -preset ultrafast"
_FAR = "-t 50 -s 320x180 -c:v libx264 -preset ultrafast -bf 2 -x264-params"
_PQ = "log-level=none:keyint=48:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
MAKES = {
    "copied.mp4": "-t 30 -c copy",
    "ac3.mkv": f"-t 30 {_X264} -bf 3 -g 48 -c:a ac3",
    "wrapped.ts": f"-t 30 {_X264} -bf 3 -g 60 -c:a aac -output_ts_offset 95430",
    "old.avi": f"-t 20 {_SMALL} -c:v mpeg4 -bf 2 -q:v 5 -c:a libmp3lame",
    "vp9.webm": f"-t 20 {_SMALL} -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 60 -c:a libopus",
    "open.mkv": f"-t 30 {_SMALL} -c:v libx264 -preset veryfast -x264-params open-gop=1:keyint=48:bframes=3 -c:a aac",
    "hevc.mkv": f"-t 12 {_SMALL} -c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=48 -c:a eac3",
    "bright.mkv": f"-t 4 {_SMALL} -pix_fmt yuv420p10le -c:v libx265 -preset ultrafast -x265-params {_PQ} -an",
    "delayed.mkv": "-t 20 -c copy -bsf:v setts=ts=TS+5000",
    "indexed.mp4": "-t 30 -c copy -movflags frag_keyframe+empty_moov+default_base_moof+global_sidx",
    "fragments.mp4": "-t 30 -c copy -movflags frag_keyframe+empty_moov",
    "unindexed.mkv": "-t 30 -c copy -live 1",
    "named.avi": "-t 10 -c copy",
    "av1.mkv": "-t 4 -s 320x180 -c:v libaom-av1 -cpu-used 8 -g 48 -c:a libopus",
    "theora.ogv": f"-t 12 {_SMALL} -c:v libtheora -q:v 5 -c:a libvorbis",
    "varying.mkv": f"-t 30 {_X264} -bf 2 -g 60 -vf select=lt(mod(n\\,50)\\,20) -fps_mode vfr -c:a mp3",
    "edited.mp4": "-ss 3.3 -t 20 -c copy",
    "interlaced.mpg": "-t 12 -s 720x576 -c:v mpeg2video -flags +ildct+ilme -top 1 -q:v 5 -bf 2 -c:a mp2",
    "flv.flv": f"-t 12 {_X264} -bf 2 -g 48 -c:a aac",
    "flac.mkv": f"-t 12 {_X264} -g 48 -c:a flac",
    "timeless.avi": f"-t 20 {_SMALL} -c:v libx264 -preset veryfast -x264-params keyint=48:bframes=3 -c:a libmp3lame",
    "far.ts": f"{_FAR} keyint=480:scenecut=0 -c:a aac",
    "once.ts": f"{_FAR} keyint=infinite:scenecut=0 -c:a aac",
    "once.mp4": f"{_FAR} keyint=infinite:scenecut=0 -c:a aac",
    "surround.mkv": f"-t 12 {_X264} -bf 2 -g 48 -c:a dca -strict -2 -ac 6 -ar 48000",
}  # fmt: skip


def clip(name: str) -> Path:
    """Give a film, by its name in ``MAKES``."""
    path = CLIPS / name
    with alone(name):
        if not path.exists():
            CLIPS.mkdir(parents=True, exist_ok=True)
            part = CLIPS / f"part-{name}"
            words = [
                "ffmpeg",
                "-v",
                "error",
                "-nostdin",
                "-y",
                *_before(name),
                "-i",
                str(bunny()),
                *_after(name),
            ]
            subprocess.run([*words, str(part)], check=True, timeout=MAKE_S)
            part.rename(path)
    return path


def _before(name: str) -> list[str]:
    words = MAKES[name].split()
    return words[:2] if words[0] == "-ss" else []


def _after(name: str) -> list[str]:
    words = MAKES[name].split()
    return words[2:] if words[0] == "-ss" else words
