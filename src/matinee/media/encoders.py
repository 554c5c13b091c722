"""Hardware encoders, set up alike. Runs inside the processes that try and use them.

Every segment has an encoder of its own, so it begins with a key frame whichever encoder makes it; none has pictures
that refer to later ones, so they come in the order in which they are shown.
"""

from fractions import Fraction

from av.codec import CodecContext
from av.video.codeccontext import VideoCodecContext

from matinee.media.order import Order

RANGE_TV = 1
_GROUP = 600
"""Pictures between key frames: more than a segment has."""
OPTIONS: dict[str, dict[str, str]] = {
    "h264_nvenc": {
        "preset": "p4", "profile": "high", "rc": "vbr", "cq": "23", "rc-lookahead": "0", "delay": "0",
        "zerolatency": "1", "forced-idr": "1",
    },
    "h264_qsv": {
        "preset": "veryfast", "profile": "high", "look_ahead": "0", "async_depth": "4", "forced_idr": "1",
    },
    "h264_amf": {
        "usage": "transcoding", "quality": "speed", "profile": "high", "rc": "vbr_peak", "forced_idr": "1",
        "frame_skipping": "0",
    },
    "h264_v4l2m2m": {"num_output_buffers": "4", "num_capture_buffers": "4"},
    "libx264": {"preset": "superfast", "profile": "high", "tune": "zerolatency"},
}  # fmt: skip
"""As FFmpeg documents them; ``libx264`` stands for the others where there is no hardware."""


def encoder_of(order: Order) -> VideoCodecContext:
    """Make an encoder; opened with its first picture, or by ``open``.

    Raises:
        av.FFmpegError, ValueError: there is none of that name, or it encodes no pictures.
    """
    encoder = CodecContext.create(order.encoder, "w")
    if not isinstance(encoder, VideoCodecContext):
        raise ValueError("it encodes no pictures")
    encoder.width, encoder.height, encoder.pix_fmt = order.width, order.height, "nv12"
    # Pictures are numbered: drivers keep times in units of their own.
    encoder.time_base, encoder.framerate = 1 / order.rate, order.rate
    encoder.sample_aspect_ratio = Fraction(1)
    encoder.max_b_frames, encoder.gop_size, encoder.bit_rate = 0, _GROUP, order.most_bits // 2
    encoder.color_range = RANGE_TV
    encoder.color_primaries, encoder.color_trc, encoder.colorspace = order.colours
    most = {"maxrate": str(order.most_bits), "bufsize": str(2 * order.most_bits)}
    encoder.options = {**most, **OPTIONS.get(order.encoder, {})}
    return encoder
