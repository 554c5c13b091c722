"""Big Buck Bunny with subtitles that are pictures: presentation graphics of ours, and FFmpeg's DVD ones of the same."""

import subprocess
from functools import cache
from pathlib import Path

from tests.media.subtitled import CUE_EVERY_S, MAKE_S, time_of
from tests.registry import CACHE, alone, bunny
from tests.subtitles import made_pgs

LENGTH_S = 60
PGS, DVD = 2, 3
LEFT, TOP, HEIGHT = 100, 600, 40


def rows_of(number: int) -> list[bytes]:
    """Give the pixels of a picture: stripes in a frame, other ones in each."""
    width = 200 + 8 * number
    return [
        bytes(
            3 if min(x, y, width - 1 - x, HEIGHT - 1 - y) < 3 else (x // (5 + number) + y // 7) % 3
            for x in range(width)
        )
        for y in range(HEIGHT)
    ]


def sup_of_pictures(length_s: int = LENGTH_S) -> bytes:
    """Give them as presentation graphics, each shown at the ``time_of`` its number."""
    sets: list[tuple[float, bytes]] = [(0.0, made_pgs.hidden(0))]
    for number in range(length_s // CUE_EVERY_S):
        start_s, stop_s = time_of(number)
        sets.append((start_s, made_pgs.shown(2 * number + 1, rows_of(number), LEFT + number, TOP)))
        sets.append((stop_s, made_pgs.hidden(2 * number + 2)))
    return made_pgs.sup(sets)


@cache
def film_of_pictures() -> Path:
    """Give a minute of the film with both tracks."""
    film = CACHE.parent / "made" / "drawn.mkv"
    with alone("drawn"):
        if not film.exists():
            film.parent.mkdir(parents=True, exist_ok=True)
            source = film.with_suffix(".sup")
            source.write_bytes(sup_of_pictures())
            new = film.with_stem("new")
            subprocess.run(
                ["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", str(bunny()), "-i", str(source), "-map", "0:v",
                 "-map", "0:a", "-map", "1", "-map", "1", "-t", str(LENGTH_S), "-c", "copy", "-c:s:1", "dvdsub",
                 str(new)],
                check=True, timeout=MAKE_S,
            )  # fmt: skip
            new.rename(film)
    return film
