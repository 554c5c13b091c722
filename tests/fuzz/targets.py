"""What is fuzzed: every reader of a stranger's bytes, what good ones look like, and by which errors it may refuse.

A reader may give something or refuse with an error of the program's own; any other exception, a hang or a crash is a
defect. Shared by the slice in `make test` (`test_slice`) and by the long run (`python -m tests.fuzz`, `make fuzz`).
"""

import json
import random
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matinee.catalogue import archive_item, cursor, folding, shelf_format
from matinee.catalogue.providers import ccc_talk, commons_file, feed_reading, markup, peertube_video, reading
from matinee.config import edited, read_settings
from matinee.confined.frames import WireError as FrameError
from matinee.errors import MatineeError
from matinee.library import document
from matinee.media import bitstream, captions, ebml, ending, picture_header, picture_order, probe_wire, units
from matinee.media.cues_wire import excerpt_from_wire
from matinee.media.drawn_wire import drawn_from_wire
from matinee.models.subtitles import DrawnEvent
from matinee.names import clean_name, clean_path
from matinee.outside.addresses import AddressPolicy, UrlKind
from matinee.subtitles import archive, disc, dvb, encoding, pgs, sidecar, vobsub, xsub
from matinee.torrent import bencode, intake_wire, item_torrent, magnet, metainfo
from matinee.torrent.lane import wire
from matinee.types import FileIndex, InfoHash
from matinee.web import dispositions, hosts, preconditions, ranges, signatures

TODAY = date(2026, 11, 26)
POLICY = AddressPolicy(allow_private=False)
ETAG = '"0123456789abcdef-0"'
LENGTH = 1_000_003


@dataclass(frozen=True, slots=True)
class Target:
    """One reader."""

    name: str
    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]
    """Good input, from which the bad is made."""
    refusals: tuple[type[BaseException], ...] = (MatineeError,)

    def take(self, data: bytes) -> None:
        """Feed it; whatever is raised beside its refusals is a defect."""
        try:
            self.read(data)
        except self.refusals:
            return


def text_of(data: bytes) -> str:
    """Make a text of any bytes, surrogates too: Python hands such out of headers, names and JSON."""
    return data.decode("utf-8", "surrogateescape" if data[:1] > b"\x7f" else "replace")


def header_of(data: bytes) -> str:
    """Make a header field as the server hands it on."""
    return data.decode("latin-1")


def _json(read: Callable[[Any], object]) -> Callable[[bytes], object]:
    def of(data: bytes) -> object:
        try:
            found = json.loads(data)
        except (ValueError, RecursionError):
            return None
        return read(found)

    return of


def _object(read: Callable[[dict[str, Any]], object]) -> Callable[[bytes], object]:
    return _json(lambda found: read(found) if isinstance(found, dict) else None)


def _toml(data: bytes) -> object:
    try:
        table = tomllib.loads(text_of(data))
    except (ValueError, RecursionError):
        return None
    return shelf_format.read_title("nosferatu-1922", table)


def _range(data: bytes) -> None:
    wanted = ranges.parse_range(header_of(data), LENGTH)
    if isinstance(wanted, ranges.Spans):
        assert all(0 <= start < stop <= LENGTH for start, stop in wanted.spans)


def _magnet(data: bytes) -> None:
    found = magnet.parse_magnet(text_of(data), POLICY)
    assert magnet.parse_magnet(found.render(), POLICY).render() == found.render()


def _metainfo(data: bytes) -> None:
    found = metainfo.read_metainfo(data, POLICY)
    assert metainfo.read_metainfo(found.rebuilt, POLICY).rebuilt == found.rebuilt


def _url(data: bytes) -> None:
    for kind in UrlKind:
        found = POLICY.clean_url(text_of(data), kind)
        assert not isinstance(found, str) or POLICY.clean_url(found, kind) == found


def _settings(data: bytes) -> None:
    text = text_of(data)
    read_settings(text)
    assert read_settings(edited(text, {"port": 9000}))["port"] == 9000


def _drawn(read: Callable[[Sequence[DrawnEvent]], object]) -> Callable[[bytes], object]:
    def of(data: bytes) -> object:
        half = len(data) // 2
        return read([DrawnEvent(1.0, None, data[:half]), DrawnEvent(2.0, 3.0, data[half:])])

    return of


def _vobsub(data: bytes) -> None:
    index, mark, rest = data.partition(b"\0\0\1\xba")
    disc.read_vobsub(index, mark + rest)


def _names(data: bytes) -> None:
    assert clean_name(clean_name(data, "x"), "x") == clean_name(data, "x")
    assert all(part not in ("", ".", "..") and "/" not in part for part in clean_path(data.split(b"/")))
    assert clean_name(text_of(data), "x")


def _disposition(data: bytes) -> None:
    assert dispositions.content_disposition(text_of(data), "video/mp4").isascii()
    dispositions.safe_media_type(header_of(data))


class _Judge:
    """Takes every third piece, drops every second."""

    def begins(self, piece: int, offset: int, length: int) -> wire.Verdict:
        return (wire.Verdict.TAKE, wire.Verdict.DROP, wire.Verdict.PASS)[piece % 3]

    def took(self, piece: int, offset: int, message: bytes) -> None:
        assert len(message) >= wire.BLOCK_AT

    def heard(self, kind: int, message: bytes) -> bool:
        if kind == wire.Kind.REQUEST:
            wire.read_request(message)
        return bool(kind % 2)


def _lane(data: bytes) -> None:
    splitter = wire.Splitter(_Judge(), lambda _: None)
    step = data[0] + 1 if data else 1
    for at in range(0, len(data), step):
        splitter.feed(data[at : at + step])


_HOSTS = hosts.Hosts(["box.local"])
_SIGNER = signatures.Signer(b"k" * 32, lambda: 1_800_000_000.0)


def _signature(data: bytes) -> None:
    query = header_of(data)
    assert not _SIGNER.is_fresh(InfoHash("b" * 40), FileIndex(1), query)
    _SIGNER.is_fresh(InfoHash("a" * 40), FileIndex(0), query)


def _conditions(data: bytes) -> None:
    one, _, other = header_of(data).partition("\n")
    preconditions.evaluate("GET", one, other, ETAG)
    preconditions.is_strong_tag(one)
    ranges.if_range_holds(one, ETAG)


def _archives_item(answer: Any) -> None:
    item = archive_item.read_item(answer)
    if item is not None:
        archive_item.evidence(item.metadata, "https://archive.org/details/item", TODAY)


def _talk(event: dict[str, Any]) -> None:
    ccc_talk.read_talk(event, TODAY)
    ccc_talk.subtitles(event)
    ccc_talk.evidence(event, ["by"], TODAY)
    ccc_talk.conference_of(event)


def _video(video: dict[str, Any]) -> None:
    peertube_video.read_video(video, TODAY)
    peertube_video.captions(video, "https://video.example.org")


def _commons(page: dict[str, Any]) -> None:
    commons_file.read_file(page, TODAY)
    commons_file.subtitles(page)


def _picture(data: bytes) -> None:
    picture_header.read_header(data)
    picture_header.first_frame(data)


def _boxes(data: bytes) -> None:
    list(ebml.elements(data))
    ending.last_stamp(data, ending.written(data))
    units.cluster(data)
    units.flv_tag(data)
    units.fragment_of(1)(data, 0)


def _stream(data: bytes) -> None:
    bitstream.units(data)
    bitstream.without_adts(data)
    captions.as_scc([(1.0, captions.pairs_of(data))])


def _words(data: bytes) -> None:
    text = text_of(data)
    folding.words(text)
    reading.plain_text(text)
    reading.languages(text)
    reading.seconds(text)


def _wires(head: dict[str, Any]) -> None:
    readers: tuple[Callable[[dict[str, Any]], object], ...] = (
        probe_wire.info_from_wire,
        excerpt_from_wire,
        lambda found: drawn_from_wire(found, b"x" * 64),
        lambda found: intake_wire.metainfo_from_wire(found, [], b""),
        intake_wire.magnet_from_wire,
    )
    for read in readers:
        try:
            read(head)
        except (FrameError, MatineeError):
            continue


def targets() -> tuple[Target, ...]:
    """Give all of them."""
    from tests.fuzz import seeds

    no_file = (ValueError, IndexError)
    return (
        Target("bencode", bencode.decode, seeds.TORRENTS),
        Target("metainfo", _metainfo, seeds.TORRENTS),
        Target("info", metainfo.read_info, seeds.INFOS),
        Target("info-of-an-archive", item_torrent.read_item_torrent, seeds.ARCHIVES),
        Target("magnet", _magnet, seeds.MAGNETS),
        Target("address", _url, seeds.URLS),
        Target("peer", _lane, seeds.PEER, (wire.WireError,)),
        Target("range", _range, seeds.RANGES),
        Target("conditions", _conditions, seeds.CONDITIONS),
        Target("host", lambda data: _HOSTS.is_ours(header_of(data), ("127.0.0.1", 8642)), seeds.HOSTS),
        Target("signature", _signature, seeds.SIGNATURES),
        Target("disposition", _disposition, seeds.NAMES),
        Target("names", _names, seeds.NAMES),
        Target("words", _words, seeds.NAMES),
        Target("cursor", lambda data: cursor.read(text_of(data), 3, str), seeds.CURSORS),
        Target("settings", _settings, seeds.SETTINGS),
        Target("shelf", _toml, seeds.SHELF),
        Target("library", lambda data: document.read(data, 1_800_000_000_000), seeds.LIBRARIES),
        Target("feed", lambda data: feed_reading.read_feed(data, "https://films.example/feed.xml", TODAY), seeds.FEEDS,
               (MatineeError, markup.NotWellFormed)),
        Target("schedule", ccc_talk.read_schedule, seeds.SCHEDULES, (markup.NotWellFormed,)),
        Target("talk", _object(_talk), seeds.TALKS),
        Target("peertube", _object(_video), seeds.VIDEOS),
        Target("commons", _object(_commons), seeds.COMMONS),
        Target("archive-org", _json(_archives_item), seeds.ITEMS),
        Target("sidecar", lambda data: sidecar.read(data, "und", 25.0), seeds.SIDECARS),
        Target("encoding", lambda data: encoding.decode(data, "ru"), seeds.SIDECARS),
        Target("subtitle-archive", archive.unpack, seeds.ZIPS),
        Target("sup", disc.read_sup, seeds.SUPS),
        Target("vobsub-index", _vobsub, seeds.INDEXES),
        Target("pgs", _drawn(lambda events: pgs.read(events, 9.0)), seeds.SUPS),
        Target("dvb", _drawn(lambda events: dvb.read(events, 9.0)), seeds.DVB),
        Target("vobsub", _drawn(lambda events: vobsub.read(seeds.INDEXES[0], events, 9.0)), seeds.SPU),
        Target("xsub", _drawn(lambda events: xsub.read(b"", events, (640, 480))), seeds.SPU),
        Target("picture", _picture, seeds.PICTURES, (picture_header.NoPicture,)),
        Target("containers", _boxes, seeds.BOXES, no_file),
        Target("bitstream", _stream, seeds.BOXES, no_file),
        Target("picture-order", lambda data: [list(picture_order.configured(data)), picture_order.measured(data)],
               seeds.BOXES, no_file),
        Target("wires", _object(_wires), seeds.WIRES),
    )  # fmt: skip


TOKENS = (
    b"", b"\0", b"\xff", b"\xff\xff\xff\xff", b"-1", b"0", b"9" * 30, b"1e999", b"NaN", b"null", b"%00", b"..", b"/",
    b"<", b"&", b'"', b"\\u0000", b"\r\n", b"e", b"i", b"l", b"d", b"[", b"{", b"\xe2\x80\xae", b"\xed\xa0\x80",
)  # fmt: skip


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """Change good input in one to four places."""
    data = bytearray(seed)
    for _ in range(chance.randint(1, 4)):
        start = chance.randint(0, len(data))
        stop = min(len(data), start + chance.choice((0, 0, 1, 1, 4, 64)))
        match chance.randrange(4):
            case 0:
                data[start:stop] = chance.choice(TOKENS)
            case 1:
                data[start:stop] = chance.randbytes(chance.choice((1, 2, 4)))
            case 2:
                data[start:stop] = data[start:stop] * chance.choice((2, 3, 50))
            case _:
                other = chance.randint(0, len(data))
                data[start:stop] = data[other : other + chance.choice((1, 8, 64))]
    return bytes(data)
