"""Pictures of every kind, made here: good ones, bombs, and what is none."""

import io
import struct
import zlib
from fractions import Fraction

import av
from av.codec.context import CodecContext
from av.video.frame import VideoFrame


def drawn(codec: str, pixels: str, width: int = 200, height: int = 300) -> bytes:
    """Encode a slope from dark to light."""
    encoder = CodecContext.create(codec, "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = width, height, pixels, Fraction(1)
    frame = _frame(pixels, width, height)
    return b"".join(bytes(packet) for packet in (*encoder.encode(frame), *encoder.encode(None)))


def moving_gif(width: int = 200, height: int = 300) -> bytes:
    """Make a GIF of three pictures, the first light and the others dark."""
    written = io.BytesIO()
    with av.open(written, "w", format="gif") as container:
        stream = container.add_stream("gif", rate=2)
        stream.width, stream.height, stream.pix_fmt = width, height, "rgb8"
        for number in range(3):
            frame = VideoFrame(width, height, "rgb8")
            frame.planes[0].update(bytes([0 if number else 255]) * frame.planes[0].buffer_size)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return written.getvalue()


def moving_webp(first: bytes) -> bytes:
    """Put a WebP that does not move into one that does, as its first picture."""
    still = first[12:]
    place = bytes(6) + _le24(200 - 1) + _le24(300 - 1) + bytes(4)
    chunks = _chunk(b"VP8X", b"\x02\0\0\0" + _le24(200 - 1) + _le24(300 - 1))
    chunks += _chunk(b"ANIM", bytes(6)) + _chunk(b"ANMF", place + still) * 2
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks


def png(width: int, height: int, rows: int = 0) -> bytes:
    """Make a PNG that says it is so large and packs so many rows of nothing."""
    packed = zlib.compress(bytes((1 + width * 3) * rows), 9)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + _png_chunk(b"IDAT", packed)
        + _png_chunk(b"IEND", b"")
    )


def light(webp: bytes) -> float:
    """Give how light a WebP is, 0 to 255."""
    decoder = CodecContext.create("webp", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    frame = [*decoder.decode(av.Packet(webp)), *decoder.decode(None)][0]
    data = bytes(frame.reformat(format="gray").planes[0])
    return sum(data) / len(data)


def _frame(pixels: str, width: int, height: int) -> VideoFrame:
    grey = VideoFrame(width, height, "gray")
    plane = grey.planes[0]
    plane.update(bytes(column % 256 for column in range(plane.line_size)) * height)
    frame = grey.reformat(format=pixels)
    frame.pts = 0
    return frame


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _le24(number: int) -> bytes:
    return number.to_bytes(3, "little")
