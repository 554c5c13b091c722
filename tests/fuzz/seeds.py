"""Good input for every reader: most of it is what the readers' own tests begin with."""

import io
import json
import struct
import zipfile
from dataclasses import asdict
from typing import Any

from matinee.catalogue.cursor import Place, write
from matinee.library import document
from matinee.models.library import FIRST, Kept, Profile
from matinee.models.media import MediaInfo
from matinee.torrent.bencode import encode
from matinee.torrent.lane import wire
from matinee.types import FileIndex, InfoHash
from matinee.web.signatures import Signer
from tests.catalogue.providers.test_feed_reading import ATOM, BY, ENCLOSURE, rss
from tests.catalogue.providers.test_media_ccc import EVENT, SCHEDULE
from tests.catalogue.providers.test_peertube import VIDEO
from tests.catalogue.providers.test_wikimedia_commons import PAGE
from tests.catalogue.test_archive_item import ANSWER
from tests.catalogue.test_shelf_format import FILM
from tests.library.made import left
from tests.media.made_pictures import png
from tests.subtitles import made_dvb
from tests.subtitles.test_disc import PACK, SUP, pes, vobsub
from tests.subtitles.test_pictures import SHOW, spu
from tests.torrent.made_torrents import file_v1, folder_v1, layer, leaf, root, single_v1, torrent, tree_v2

V1, V2 = "a" * 40, "b" * 64
HOME = Profile(FIRST, "", "amber", child=False, keeps_history=True, created_ms=1)
ROOM = b"room" * 10_000


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../a/film.en.srt", SIDECARS[0])
        archive.writestr("film.vtt", SIDECARS[1])
    return made.getvalue()


INFOS = (
    encode(single_v1()),
    encode(folder_v1(file_v1(20_000, "a", "b.mkv"), file_v1(5, "c", attr=b"l"))),
    encode(tree_v2({b"a.mkv": leaf(ROOM), b"b": {b"empty": leaf(b"")}})),
)
TORRENTS = (
    torrent(single_v1(), announce=b"udp://tracker.example.org:80", comment=b"hello"),
    torrent(folder_v1(file_v1(20_000, "a", "b.mkv"), file_v1(5, "c")), url_list=[b"https://films.example/"]),
    encode({
        b"info": tree_v2({b"a.mkv": leaf(ROOM), b"b": {b"empty": leaf(b"")}}),
        b"piece layers": {root(ROOM): layer(ROOM)},
    }),
)  # fmt: skip
ARCHIVES = (
    encode({
        **single_v1(name=b"Laundromat"), b"collections": [b"org.archive.Laundromat"],
        b"files": [{b"crc32": b"0" * 8, b"length": 9, b"md5": b"a" * 32, b"path": [b"a.mp4"], b"sha1": b"b" * 40}],
    }),
)  # fmt: skip
MAGNETS = (
    f"magnet:?xt=urn:btih:{V1}&dn=A+film&tr=udp%3A%2F%2Ftracker.example.org%3A80&ws=https://films.example/a.mp4".encode(),
    f"magnet:?xt=urn:btmh:1220{V2}&x.pe=198.51.100.7:6881&dn=%ff%fe".encode(),
    b"magnet:?xt=urn:btih:" + b"A2" * 16,
)
URLS = (
    b"https://films.example:8443/a%20film.torrent?x=1#y", b"udp://tracker.example.org:80/announce",
    b"http://[2001:db8::1]:80/", b"https://xn--bcher-kva.example/", b"http://2130706433/", b"http://a@b/",
)  # fmt: skip
PEER = (
    bytes(4) + wire.plain(wire.Kind.UNCHOKE) + wire.block_head(0, 0, 9) + b"nine byte",
    b"\7" + wire.request(wire.Kind.REQUEST, 1, 0, 16384) + wire.extended(b"d1:md11:ut_metadatai3eee"),
    wire.block_head(1, 16384, 3)
    + b"abc"
    + wire.block_head(2, 0, 3)
    + b"def"
    + wire.plain(wire.Kind.HAVE_ALL),
)
RANGES = (
    b"bytes=0-", b"bytes=0-1", b"bytes=-500", b"bytes=0-0,-1", b"bytes=500-600,601-999", b"bytes=1000003-",
    b"items=1-2",
)  # fmt: skip
CONDITIONS = (b'"0123456789abcdef-0"\nW/"x", "y"', b"*\n*", b'W/"0123456789abcdef-0"\n"a,b"')
HOSTS = (
    b"127.0.0.1:8642",
    b"localhost:8642",
    b"[::1]:8642",
    b"box.local:8642",
    b"127.0.0.1.nip.io:8642",
    b"LOCALHOST.:8642",
)
SIGNATURES = (
    Signer(b"k" * 32, lambda: 1_800_000_000.0)
    .stream_url(InfoHash(V1), FileIndex(0))
    .partition("?")[2]
    .encode(),
    b"exp=&sig=%ff&sig=a",
)
NAMES = (
    "Häxan (1922) [1080p].mkv".encode(),
    b"CON/../a\\b\0c",
    "\u202egpj.exe".encode(),
    b"a" * 300,
    b"\xff\xfe",
)
CURSORS = (write(Place(1, "a film", 7)).encode(), write(Place(0, "", 0)).encode())
SETTINGS = (
    b'port = 8642\nlog_level = "info"\n# a comment\nquiet_from = "22:00"\n',
    b'["a"]\nport = [1,\n2]\n',
)
SHELF = (FILM.encode(),)
LIBRARIES = (_json(document.written([Kept(HOME, (left(),))], "2026-11-26T12:00:00Z")),)
FEEDS = (
    rss(f"<title>Moon (1902)</title>{ENCLOSURE}<dc:rights>{BY}</dc:rights>"), ATOM.encode(),
    rss(f"<title>Sun</title>{ENCLOSURE}").decode().encode("utf-16"),
)  # fmt: skip
SCHEDULES = (SCHEDULE,)
TALKS = (_json(EVENT),)
VIDEOS = (
    _json(VIDEO), _json({"data": [{"captionPath": "/c.vtt", "language": {"id": "en"}, "fileUrl": None}]}),
)  # fmt: skip
COMMONS = (_json(PAGE),)
ITEMS = (_json(ANSWER),)
SIDECARS = (
    b"1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>A line</i> {\\an8}\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nB\r\n",
    b"WEBVTT\n\nSTYLE\n::cue {}\n\n00:01.000 --> 00:02.000 line:0 align:start\n<v Ada>A &amp; b</v>\n",
    (b"[Script Info]\nPlayResY: 288\n[V4+ Styles]\nFormat: Name, Bold, Alignment\nStyle: A,-1,8\n[Events]\n"
    b"Format: Layer, Start, End, Style, Text\nDialogue: 0,0:00:01.00,0:00:02.00,A,{\\i1\\pos(1,2)}A\\Nb\n"),
    b"{25}{50}A line|and another\n{75}{100}{y:i}b\n", b"[10][20]/A line|b\n",
    b"<SAMI><BODY><SYNC Start=1000><P Class=ENCC>A<br>b<SYNC Start=2000><P Class=ENCC>&nbsp;</BODY></SAMI>",
    b'<tt xmlns="http://www.w3.org/ns/ttml"><body><div><p begin="1s" end="00:00:02.5">A<br/>b</p></div></body></tt>',
    "1\n00:00:01,000 --> 00:00:02,000\nПривет\n".encode("cp1251"),
    "1\n00:00:01,000 --> 00:00:02,000\nПривет\n".encode("utf-16"),
)  # fmt: skip
ZIPS = (_zip(),)
SUPS = (SUP,)
INDEXES = (vobsub((1.0, 0), (5.0, 64)) + PACK + pes(spu(SHOW)),)
DVB = (
    made_dvb.page((1, 10, 20)) + made_dvb.region(1, (8, 4), 2, (3, 0, 0))
    + made_dvb.table({1: (235, 128, 128, 0)}, 2) + made_dvb.drawing(3, made_dvb.rows(2, [b"1111", b"2222"])),
)  # fmt: skip
SPU = (spu(SHOW), b"[00:00:01.000-00:00:02.000]" + struct.pack("<7H", 8, 4, 0, 0, 8, 4, 4) + bytes(64))
PICTURES = (
    png(200, 300, 2), b"\xff\xd8\xff\xc0\x00\x11\x08\x01\x2c\x00\xc8\x03" + bytes(32),
    b"GIF89a\xc8\x00\x2c\x01" + bytes(32),
    b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\xc7\0\0\x2b\x01\0ANMF\x10\0\0\0" + bytes(40),
)  # fmt: skip
BOXES = (
    b"\x1a\x45\xdf\xa3\x84\x42\x86\x81\x01\x18\x53\x80\x67\x88\x1f\x43\xb6\x75\x83\xe7\x81\x07" + bytes(16),
    b"\0\0\0\x10moof\0\0\0\x08mfhd\0\0\0\x18traf\0\0\0\x10tfhd\0\0\0\0\0\0\0\1",
    b"\0\0\0\1\x67\x64\0\x1e\xac\xd9\0\0\0\1\x68\xee\x3c\x80\0\0\0\1\x65\x88\x84\0\x21\0\0\0\1\x06\x04\x08\xb5\0\x31GA94",
    b"\t\0\0\x07\0\0\0\0\0\0\0\x17\1\0\0\0" + bytes(8), b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(12),
    b"\1\x64\0\x1e\xff\xe1\0\x04\x67\x64\0\x1e\1\0\x04\x68\xee\x3c\x80",
)  # fmt: skip
WIRES = (
    _json(asdict(MediaInfo("matroska", 60.0, 0.0, 1000, (), (), (), (), ()))),
    _json({"codec": "subrip", "syntax": "srt", "header": "", "events": [[0.0, 1.0, "A"]]}),
    _json({"codec": "dvd_subtitle", "setup": 4, "events": [[0.0, None, 8]]}),
    _json({"hash": V1, "v1": V1, "v2": None, "name": "A", "trackers": [], "web_seeds": [], "peers": []}),
)  # fmt: skip
