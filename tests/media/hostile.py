"""Films that were made to do harm, written byte by byte."""

import struct
from collections.abc import Callable

PLAYLIST = """#EXTM3U
#EXT-X-TARGETDURATION:10
#EXT-X-KEY:METHOD=AES-128,URI="http://127.0.0.1:{port}/key"
#EXTINF:10,
http://127.0.0.1:{port}/segment.ts
#EXTINF:10,
{path}
#EXT-X-ENDLIST
"""
MANIFEST = """<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"
mediaPresentationDuration="PT10S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period><AdaptationSet
mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>http://127.0.0.1:{port}/film.mp4</BaseURL>
</Representation><Representation id="2" bandwidth="2"><BaseURL>file://{path}</BaseURL></Representation>
</AdaptationSet></Period></MPD>"""
SESSION = """v=0
o=- 0 0 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=video {port} RTP/AVP 96
a=rtpmap:96 H264/90000
"""
LISTS = {
    "m3u8": PLAYLIST,
    "m3u": "#EXTM3U\nhttp://127.0.0.1:{port}/film.mp4\n{path}\n",
    "sdp": SESSION,
    "concat": "ffconcat version 1.0\nfile http://127.0.0.1:{port}/film.mp4\nfile {path}\n",
    "mpd": MANIFEST,
    "asx": '<asx version="3.0"><entry><ref href="http://127.0.0.1:{port}/film.wmv"/></entry></asx>',
    "reference": "[Reference]\nRef1=http://127.0.0.1:{port}/film.asf\n",
    "pls": "[playlist]\nFile1=http://127.0.0.1:{port}/film.mp4\nNumberOfEntries=1\n",
    "ism": '<SmoothStreamingMedia MajorVersion="2" Duration="1"><StreamIndex Url="http://127.0.0.1:{port}/"/>'
    "</SmoothStreamingMedia>",
    "rtsp": "RTSPtextRTSP://127.0.0.1:{port}/film",
    "svg": '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1:{port}/a.png"/></svg>',
    "imf": '<CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016"><Id>urn:uuid:0</Id>'
    "</CompositionPlaylist>",
}
"""What names other places, by kind; ``{port}`` is where somebody listens, ``{path}`` a film on the disk."""


def element(ident: int, body: bytes, size: int | None = None) -> bytes:
    """Write an EBML element; ``size`` is what it claims to hold."""
    length = len(body) if size is None else size
    return ident.to_bytes((ident.bit_length() + 7) // 8, "big") + (length | 1 << 56).to_bytes(8, "big") + body


def number(ident: int, value: int) -> bytes:
    return element(ident, value.to_bytes(8, "big"))


def matroska(*segment: bytes) -> bytes:
    """Write a Matroska file."""
    head = element(0x1A45DFA3, element(0x4282, b"matroska") + number(0x4287, 4) + number(0x4285, 2))
    return head + element(0x18538067, b"".join(segment))


def picture_track(index: int = 1, *more: bytes) -> bytes:
    """Write a Matroska track of VP8."""
    size = element(0xE0, number(0xB0, 320) + number(0xBA, 180))
    parts = number(0xD7, index) + number(0x73C5, index) + number(0x83, 1) + element(0x86, b"V_VP8") + size
    return element(0xAE, parts + b"".join(more))


INFO = element(0x1549A966, number(0x2AD7B1, 1_000_000) + element(0x4489, struct.pack(">d", 6000.0)))
CLUSTER = element(0x1F43B675, number(0xE7, 0) + element(0xA3, b"\x81\0\0\x80" + bytes(20)))


def nested(ident: int, times: int, inner: bytes = b"") -> bytes:
    """Write an element inside itself; sizes are unknown, so that the file stays small."""
    name = ident.to_bytes((ident.bit_length() + 7) // 8, "big")
    return (name + b"\x01\xff\xff\xff\xff\xff\xff\xff") * times + inner


def box(kind: bytes, *body: bytes, size: int | None = None) -> bytes:
    """Write an MP4 box; ``size`` is what it claims to hold, its head included."""
    data = b"".join(body)
    return struct.pack(">I4s", len(data) + 8 if size is None else size, kind) + data


def u32(*values: int) -> bytes:
    return struct.pack(f">{len(values)}I", *values)


FTYP = box(b"ftyp", b"isom", u32(512), b"isomiso2avc1mp41")
ONES = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def movie(*tracks: bytes, duration: int = 6000, more: bytes = b"") -> bytes:
    """Write an MP4 whose index holds these tracks."""
    head = box(b"mvhd", u32(0, 0, 0, 1000, duration, 0x10000), bytes(12), ONES, bytes(24), u32(2))
    return FTYP + box(b"moov", head, *tracks, more) + box(b"mdat", bytes(100))


def mp4_track(*tables: bytes, index: int = 1, codec: bytes = b"vp08", before: bytes = b"") -> bytes:
    """Write a picture's track with these sample tables."""
    head = box(b"tkhd", u32(3, 0, 0, index, 0, 6000), bytes(16), ONES, u32(320 << 16, 180 << 16))
    entry = box(codec, bytes(6), b"\0\1", bytes(16), struct.pack(">HH", 320, 180), bytes(50))
    table = box(b"stbl", box(b"stsd", u32(0, 1), entry), *tables)
    where = box(b"dinf", box(b"dref", u32(0, 1), box(b"url ", u32(1))))
    media = box(
        b"mdia",
        box(b"mdhd", u32(0, 0, 0, 1000, 6000, 0x55C40000)),
        box(b"hdlr", u32(0, 0), b"vide", bytes(12), b"\0"),
        box(b"minf", box(b"vmhd", u32(1, 0, 0)), where, table),
    )
    return box(b"trak", head, before, media)


def tables(count: int = 1, size: int = 20) -> tuple[bytes, ...]:
    """Write sample tables that claim ``count`` samples of one size."""
    return (
        box(b"stts", u32(0, 1, count, 40)),
        box(b"stsc", u32(0, 1, 1, count, 1)),
        box(b"stsz", u32(0, size, count)),
        box(b"stco", u32(0, 1, 40)),
    )


MANY = 0x7FFFFFF0
BOMBS: dict[str, Callable[[], bytes]] = {
    "a million tracks of mkv": lambda: matroska(
        INFO, element(0x1654AE6B, b"".join(map(picture_track, range(1, 200_000)))), CLUSTER
    ),
    "a million tracks of mp4": lambda: movie(*(mp4_track(*tables(), index=n) for n in range(1, 40_000))),
    "a thousand tracks of mp4": lambda: movie(*(mp4_track(*tables(), index=n) for n in range(1, 990))),
    "tags in tags": lambda: matroska(INFO, nested(0x1254C367, 1, nested(0x7373, 1, nested(0x67C8, 100_000)))),
    "chapters in chapters": lambda: matroska(INFO, nested(0x1043A770, 1, nested(0x45B9, 1, nested(0xB6, 100_000)))),
    "segments in segments": lambda: matroska(nested(0x18538067, 100_000)),
    "a large private part": lambda: matroska(
        INFO, element(0x1654AE6B, picture_track(1, element(0x63A2, b"x", 1 << 40))), CLUSTER
    ),
    "a large name": lambda: matroska(INFO, element(0x1654AE6B, picture_track(1, element(0x536E, b"x", 1 << 31)))),
    "an index of four billion": lambda: matroska(
        INFO, element(0x1C53BB6B, element(0xBB, number(0xB3, 0)) * 300_000), element(0x1654AE6B, picture_track())
    ),
    "seeks in a circle": lambda: matroska(
        element(0x114D9B74, element(0x4DBB, element(0x53AB, b"\x11\x4d\x9b\x74") + number(0x53AC, 0)) * 1000),
        INFO, element(0x1654AE6B, picture_track()), CLUSTER,
    ),
    "two thousand million samples": lambda: movie(mp4_track(*tables(MANY, 1))),
    "sizes of two thousand million samples": lambda: movie(
        mp4_track(*tables()[:2], box(b"stsz", u32(0, 0, MANY)), tables()[3])
    ),
    "times of four billion samples": lambda: movie(mp4_track(box(b"stts", u32(0, MANY, 1, 1)), *tables()[1:])),
    "chunks of two thousand million samples": lambda: movie(
        mp4_track(tables()[0], box(b"stsc", u32(0, 1, 1, MANY, 1)), box(b"stsz", u32(0, 20, MANY)), tables()[3])
    ),
    "offsets of two thousand million samples": lambda: movie(
        mp4_track(*tables(), box(b"ctts", u32(0, 1, MANY, 0x7FFFFFFF)))
    ),
    "cuts without end": lambda: movie(
        mp4_track(*tables(), before=box(b"edts", box(b"elst", u32(0, 100_000), u32(1, 0, 0x10000) * 100_000)))
    ),
    "boxes in boxes": lambda: FTYP + b"".join(box(b"moov", size=0x7FFFFFFF - n * 8) for n in range(100_000)),
    "fragments of four billion": lambda: movie(
        mp4_track(), more=box(b"mvex", box(b"trex", u32(0, 1, 1, 40, 20, 0)))
    )
    + box(b"moof", box(b"mfhd", u32(0, 1)), box(b"traf", box(b"tfhd", u32(0, 1)), box(b"trun", u32(0, MANY)))),
    "eternity": lambda: movie(mp4_track(*tables()), duration=0xFFFFFFFE),
    "no time at all": lambda: movie(mp4_track(*tables()), duration=0),
    "a box of no size": lambda: FTYP + bytes(1000),
    "a text": lambda: b"WEBVTT\n\n00:00.000 --> 00:10.000\n<script>alert(1)</script>\n" * 1000,
    "a page": lambda: b"<!doctype html><script src=http://127.0.0.1/></script>" * 1000,
    "an archive": lambda: b"PK\x03\x04" + bytes(10_000),
    "nothing": lambda: b"",
    "a byte": lambda: b"\0",
    "zeros": lambda: bytes(3_000_000),
    "ones": lambda: b"\xff" * 3_000_000,
    "frames of mp3 without end": lambda: b"\xff\xfb\x90\x44" * 500_000,
    "ogg pages without end": lambda: (b"OggS\0\2" + bytes(8) + u32(1) + bytes(8) + b"\1\0") * 100_000,
    "programs without end": lambda: b"".join(
        (b"\x47\x40\x00" + bytes([0x10 | n % 16]) + b"\0\0\xb0\xfd\0\1\xc1\0\0" + bytes(range(170)))[:188]
        for n in range(10_000)
    ),
    "a cover of gigabytes": lambda: b"ID3\3\0\0\x7f\x7f\x7f\x7fAPIC\x7f\xff\xff\xff\0\0" + bytes(1000),
    "a flac of gigabytes": lambda: b"fLaC\x06\xff\xff\xff" + u32(3, 9) + b"image/png" + u32(0, 9, 9, 9, 0, MANY),
}  # fmt: skip
"""What is meant to crash, fill or hold the program that opens it."""
