"""A picture as bytes, and back: planes of yuv420p in a row, without the library's padding at lines' ends."""

from av.video.frame import VideoFrame
from av.video.plane import VideoPlane


def packed(frame: VideoFrame) -> list[bytes]:
    """Give a picture's planes."""
    return [_without_padding(plane) for plane in frame.planes]


def unpacked(data: bytes, width: int, height: int) -> VideoFrame:
    """Make a picture of planes; ``data`` is as long as ``Order.picture_bytes`` says."""
    frame = VideoFrame(width, height, "yuv420p")
    at = 0
    for plane in frame.planes:
        size = plane.width * plane.height
        plane.update(_with_padding(memoryview(data)[at : at + size], plane))
        at += size
    return frame


def _without_padding(plane: VideoPlane) -> bytes:
    data, line = memoryview(plane), plane.line_size
    if line == plane.width:
        return bytes(data[: line * plane.height])
    return b"".join(data[row * line : row * line + plane.width] for row in range(plane.height))


def _with_padding(data: memoryview, plane: VideoPlane) -> bytes:
    width, padding = plane.width, bytes(plane.line_size - plane.width)
    lines = (
        bytes(data)
        if not padding
        else b"".join(
            part for row in range(plane.height) for part in (data[row * width : (row + 1) * width], padding)
        )
    )
    return lines.ljust(plane.buffer_size, b"\0")
