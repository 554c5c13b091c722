"""Big Buck Bunny with subtitles of every kind inside, made by the system's FFmpeg."""

import subprocess
from pathlib import Path

from tests.registry import CACHE, alone, bunny

LENGTH_S = 120
CUE_EVERY_S = 3
MAKE_S = 120
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")

KINDS = {
    "subrip.mkv": ("-c:s", "srt"),
    "ass.mkv": ("-c:s", "ass"),
    "webvtt.mkv": ("-c:s", "webvtt"),
    "fonts.mkv": ("-c:s", "ass"),
    "mov_text.mp4": ("-c:s", "mov_text"),
}


BIG_FONT = FONT.read_bytes().ljust(12 * 1024 * 1024, b"\0")
"""As large as those for Chinese are."""


def time_of(number: int) -> tuple[float, float]:
    """Say when a cue is shown."""
    return number * CUE_EVERY_S + 0.5, number * CUE_EVERY_S + 2.25


def subtitled(kind: str) -> Path:
    """Give two minutes of the film with an English and a French track of a kind, as ``KINDS`` names it."""
    film = CACHE.parent / "made" / f"subtitled-{kind}"
    with alone("subtitled"):
        if not film.exists():
            folder = film.parent
            folder.mkdir(parents=True, exist_ok=True)
            sources = []
            for language, word in (("en", "Line"), ("fr", "Réplique")):
                path = folder / f"{language}.srt"
                path.write_text(_srt(word), encoding="utf-8")
                sources += ["-i", str(path)]
            _ffmpeg("-i", str(bunny()), *sources, "-map", "0:v", "-map", "0:a", "-map", "1", "-map", "2",
                    "-t", str(LENGTH_S), "-c:v", "copy", "-c:a", "copy", *KINDS[kind],
                    "-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=fre", *_font(kind),
                    str(film.with_stem("new")))  # fmt: skip
            film.with_stem("new").rename(film)
    return film


def _font(kind: str) -> tuple[str, ...]:
    if kind == "fonts.mkv":
        big = CACHE.parent / "made" / "big.ttf"
        big.write_bytes(BIG_FONT)
        return sum(
            (("-attach", str(big), f"-metadata:s:t:{n}", "mimetype=font/ttf", f"-metadata:s:t:{n}", f"filename={n}.ttf")
             for n in range(3)),
            (),
        )  # fmt: skip
    if kind != "ass.mkv":
        return ()
    return ("-attach", str(FONT), "-metadata:s:t:0", "mimetype=application/x-truetype-font",
            "-attach", __file__, "-metadata:s:t:1", "mimetype=application/x-truetype-font")  # fmt: skip


def _srt(word: str) -> str:
    times = (time_of(number) for number in range(LENGTH_S // CUE_EVERY_S))
    return "".join(
        f"{number + 1}\n{_clock(start_s)} --> {_clock(stop_s)}\n{word} <i>{number}</i> & co\n\n"
        for number, (start_s, stop_s) in enumerate(times)
    )


def _clock(time_s: float) -> str:
    return f"00:{int(time_s) // 60:02}:{int(time_s) % 60:02},{round(time_s * 1000) % 1000:03}"


def _ffmpeg(*words: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *words], check=True, timeout=MAKE_S)
