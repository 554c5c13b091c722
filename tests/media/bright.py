"""Films for bright screens with known colours in them: made from the colours that an ordinary screen shows."""

import math
import subprocess
from pathlib import Path

COLOURS = [
    (115, 82, 68), (98, 122, 157), (87, 108, 67), (133, 128, 160), (94, 60, 108), (56, 61, 150),
    (70, 148, 73), (160, 54, 60), (80, 91, 160), (120, 110, 31), (150, 86, 149), (60, 133, 161),
    (243, 243, 243), (200, 200, 200), (160, 160, 160), (122, 122, 122), (85, 85, 85), (52, 52, 52),
]  # fmt: skip
"""Red, green and blue of 8 bits. Those of the first two rows, and greys to 160, are below the knee."""
ACROSS, SIDE, FRAMES = 6, 32, 12
WIDTH, HEIGHT = ACROSS * SIDE, len(COLOURS) // ACROSS * SIDE
_MASTERED = (
    "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1):max-cll=1000,400"
)
_X265 = "log-level=none:lossless=1:keyint=12"
_TO_709 = "zscale=tin=709:pin=709:min=gbr:rin=full:t=smpte2084:p=2020:m=2020_ncl:r=limited:npl=203"


def hdr10(path: Path) -> Path:
    """Make a film whose paper white has 203 nits. It is zimg that makes its colours: not ours."""
    marks = f"colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:range=limited:hdr10=1:{_MASTERED}"
    pixels = _painted([bytes(colour) for colour in COLOURS])
    return _filmed(path, "rgb24", pixels, _TO_709, f"{_X265}:{marks}")


def hlg(path: Path) -> Path:
    """Make the same by ITU-R BT.2100, for a screen of 1000 nits."""
    marks = "colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc:range=limited"
    pixels = _painted([_hlg(colour) for colour in COLOURS])
    return _filmed(path, "rgb48le", pixels, "scale=out_color_matrix=bt2020:out_range=tv", f"{_X265}:{marks}")


def dolby(path: Path) -> Path:
    """Make one in Matroska that says to be Dolby Vision of profile 5, and has its brightness where that has it."""
    pixels = _painted([bytes(colour) for colour in COLOURS])
    title = "x" * 38
    _filmed(path, "rgb24", pixels, _TO_709, _X265, "-metadata:s:v", f"title={title}")
    film = path.read_bytes()
    name = b"\x53\x6e" + bytes([0x80 | len(title)]) + title.encode()
    assert film.count(name) == 1
    record = bytes([1, 0, 5 << 1 | 0, 6 << 3 | 5, 0]) + bytes(19)
    mapping = b"\x41\xe7\x84dvcC" + b"\x41\xed" + bytes([0x80 | len(record)]) + record
    element = b"\x41\xe4" + bytes([0x80 | len(mapping)]) + mapping
    void = b"\xec" + bytes([0x80 | (len(name) - len(element) - 2)])
    path.write_bytes(film.replace(name, (element + void).ljust(len(name), b"\0")))
    return path


def _painted(pixels: list[bytes]) -> bytes:
    rows = (pixels[at : at + ACROSS] for at in range(0, len(pixels), ACROSS))
    return b"".join(b"".join(pixel * SIDE for pixel in row) * SIDE for row in rows)


def _filmed(path: Path, layout: str, pixels: bytes, change: str, x265: str, *more: str) -> Path:
    raw = ["-f", "rawvideo", "-pix_fmt", layout, "-s", f"{WIDTH}x{HEIGHT}", "-r", "24", "-i", "-"]
    codec = ["-vf", f"{change},format=yuv420p10le", "-c:v", "libx265", "-preset", "ultrafast"]
    words = ["ffmpeg", "-v", "error", "-y", *raw, *codec, "-x265-params", x265, *more, str(path)]
    subprocess.run(words, input=pixels * FRAMES, check=True, timeout=60)
    return path


def _hlg(colour: tuple[int, int, int]) -> bytes:
    """Give the signal of a colour: the screen's light, the system's gamma undone, the camera's curve."""
    linear = [203 / 1000 * (part / 255) ** 2.4 for part in colour]
    wide = [sum(w * part for w, part in zip(row, linear, strict=True)) for row in _TO_2020]
    luminance = 0.2627 * wide[0] + 0.6780 * wide[1] + 0.0593 * wide[2]
    scene = [part * luminance ** (1 / 1.2 - 1) for part in wide]
    return b"".join(round(65535 * _oetf(part)).to_bytes(2, "little") for part in scene)


def _oetf(light: float) -> float:
    if light <= 1 / 12:
        return math.sqrt(3 * light)
    return 0.17883277 * math.log(12 * light - 0.28466892) + 0.55991073


_TO_2020 = ((0.6274, 0.3293, 0.0433), (0.0691, 0.9195, 0.0114), (0.0164, 0.0880, 0.8956))
"""From BT.709: ITU-R BT.2087."""
