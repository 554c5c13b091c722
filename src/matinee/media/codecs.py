"""Which codecs the bundled library can open, for ``doctor``."""

NEEDED = ("h264", "hevc", "vp9", "av1", "mpeg4", "aac", "ac3", "eac3", "dca", "opus", "vorbis", "mp3", "flac")
"""Decoders for what films that may be shared freely are made of."""


def missing_decoders() -> tuple[str, ...]:
    """Give the needed decoders that are not here."""
    import av.codec

    available = av.codec.codecs_available
    return tuple(name for name in NEEDED if name not in available and f"lib{name}" not in available)
