"""Films made from Big Buck Bunny with the system's FFmpeg, kept in ``.cache/films``. CC BY 3.0, Blender Foundation."""

import subprocess
from hashlib import sha256
from pathlib import Path

from tests.registry import CACHE, alone, bunny

FILMS = CACHE.parent / "films"
MAKE_S = 300

SUBTITLES = "1\n00:00:01,000 --> 00:00:02,500\nA <i>line</i>\n\n2\n00:00:03,000 --> 00:00:04,000\nAnother\n"
CHAPTERS = (
    ";FFMETADATA1\ntitle=Bunny\n"
    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2000\ntitle=Waking\n"
    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=2000\nEND=6000\ntitle=\n"
)


def made(name: str, *words: str, files: dict[str, str | bytes] | None = None) -> Path:
    """Give a film made by ``ffmpeg {words} {name}``, once for these words.

    Among the words ``{bunny}`` is Big Buck Bunny; ``{x.srt}`` is a file beside it that holds ``files['x.srt']``.
    """
    key = sha256(repr((name, words, files)).encode()).hexdigest()[:12]
    film = FILMS / f"{key}-{name}"
    with alone(film.name):
        if not film.exists():
            folder = FILMS / key
            folder.mkdir(parents=True, exist_ok=True)
            places = {"bunny": str(bunny())}
            for file, content in (files or {}).items():
                (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())
                places[file] = str(folder / file)
            for file, place in places.items():
                words = tuple(word.replace("{" + file + "}", place) for word in words)
            half = folder / name
            command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-threads", "1", *words, str(half)]
            subprocess.run(command, check=True, timeout=MAKE_S)
            half.rename(film)
    return film


def clip(name: str, *words: str, start_s: float = 30, length_s: float = 6, sized: str = "320:180") -> Path:
    """Give a short, small clip of Big Buck Bunny, its picture and sound made by ``words``."""
    cut = ("-ss", str(start_s), "-t", str(length_s), "-i", "{bunny}", "-vf", f"scale={sized}")
    return made(name, *cut, *words)
