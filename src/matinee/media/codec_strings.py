"""Names of codecs as browsers want them: RFC 6381, and the specifications of the codecs named below. Pure."""

from collections.abc import Callable

_AAC_OBJECT_TYPES = {"LC": 2, "HE-AAC": 5, "HE-AACv2": 29, "Main": 1, "SSR": 3, "LTP": 4, "xHE-AAC": 42}
_AUDIO = {
    "mp3": "mp4a.6B",
    "mp3float": "mp4a.6B",
    "ac3": "ac-3",
    "eac3": "ec-3",
    "opus": "opus",
    "flac": "flac",
    "vorbis": "vorbis",
    "alac": "alac",
}
_H264_PROFILES = {
    "Constrained Baseline": 0x42,
    "Baseline": 0x42,
    "Main": 0x4D,
    "Extended": 0x58,
    "High": 0x64,
    "High 10": 0x6E,
}


def video_codec_string(
    codec: str, extradata: bytes, profile: str | None, level: int, bit_depth: int
) -> str | None:
    """Give a video track's codec string, or None where there is none.

    Args:
        codec: FFmpeg's name.
        extradata: the codec's configuration as the container holds it; may be empty.
        profile: FFmpeg's name of the profile.
        level: FFmpeg's number of the level; negative when unknown.
        bit_depth: bits of a sample.
    """
    make = _VIDEO.get(codec)
    return make(extradata, profile, level, bit_depth) if make is not None else None


def audio_codec_string(codec: str, profile: str | None) -> str | None:
    """Give a sound track's codec string, or None where there is none; ``profile`` is FFmpeg's name."""
    if codec == "aac":
        return f"mp4a.40.{_AAC_OBJECT_TYPES.get(profile or '', 2)}"
    return _AUDIO.get(codec)


def _h264(extradata: bytes, profile: str | None, level: int, _: int) -> str | None:
    """ISO/IEC 14496-15: profile, constraints and level, two hex digits each."""
    if len(extradata) >= 4 and extradata[0] == 1:
        return f"avc1.{extradata[1:4].hex().upper()}"
    start = extradata.find(b"\x00\x00\x01\x67")
    if start < 0:
        start = extradata.find(b"\x00\x00\x01\x27")
    if 0 <= start <= len(extradata) - 7:
        return f"avc1.{extradata[start + 4 : start + 7].hex().upper()}"
    number = _H264_PROFILES.get(profile or "")
    return f"avc1.{number:02X}00{level:02X}" if number is not None and level > 0 else None


def _hevc(extradata: bytes, _: str | None, level: int, bit_depth: int) -> str | None:
    """ISO/IEC 14496-15 annex E, from the decoder configuration record."""
    if len(extradata) >= 13 and extradata[0] == 1:
        space, tier, profile = extradata[1] >> 6, extradata[1] >> 5 & 1, extradata[1] & 31
        compatible = int(f"{int.from_bytes(extradata[2:6], 'big'):032b}"[::-1], 2)
        constraints = extradata[6:12].rstrip(b"\0")
        parts = [
            f"hvc1.{'ABC'[space - 1] if space else ''}{profile}",
            f"{compatible:X}",
            f"{'H' if tier else 'L'}{extradata[12]}",
            *(f"{byte:X}" for byte in constraints),
        ]
        return ".".join(parts)
    if (sequence := _hevc_sequence(extradata)) is not None:
        return _hevc(b"\x01" + sequence, None, level, bit_depth)
    profile = 2 if bit_depth > 8 else 1
    return f"hvc1.{profile}.{'4' if profile == 2 else '6'}.L{level}.B0" if level > 0 else None


def _hevc_sequence(extradata: bytes) -> bytes | None:
    """Give the profile, tier and level of a stream without a record (ITU-T H.265, 7.3.3): 12 bytes as in one."""
    start = extradata.find(b"\0\0\1\x42\x01")
    # A zero byte that would look like a start code has a 3 put after it.
    unit = extradata[start + 5 : start + 5 + 32].replace(b"\0\0\3", b"\0\0")
    return unit[1:13] if start >= 0 and len(unit) >= 13 else None


def _vp9(_: bytes, profile: str | None, level: int, bit_depth: int) -> str:
    """The VP codec ISO media binding: profile, level, depth."""
    digits = "".join(filter(str.isdigit, profile or ""))
    return f"vp09.{int(digits or 0):02}.{level if level > 0 else 41:02}.{bit_depth:02}"


def _av1(extradata: bytes, _: str | None, level: int, bit_depth: int) -> str:
    """The AV1 codec ISO media binding: profile, level and tier, depth."""
    if len(extradata) >= 4 and extradata[0] == 0x81:
        profile, level, tier = extradata[1] >> 5, extradata[1] & 31, extradata[2] >> 7
        return f"av01.{profile}.{level:02}{'H' if tier else 'M'}.{bit_depth:02}"
    return f"av01.0.{level if level > 0 else 8:02}M.{bit_depth:02}"


_VIDEO: dict[str, Callable[[bytes, str | None, int, int], str | None]] = {
    "h264": _h264,
    "hevc": _hevc,
    "vp9": _vp9,
    "libvpx-vp9": _vp9,
    "vp8": lambda *_: "vp8",
    "av1": _av1,
    "libdav1d": _av1,
    "mpeg4": lambda *_: "mp4v.20.9",
}
