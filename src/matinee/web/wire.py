"""Values as the JSON of ``docs/api.md``. By hand, because events and shell must not wait for pydantic."""

import json
from collections import OrderedDict
from dataclasses import asdict
from typing import Any

from matinee.events import BufferChanged, Event, TorrentChanged, TorrentGone
from matinee.models.media import SubtitleForm
from matinee.models.playback import PlaybackView, SubtitleChoice, Way
from matinee.models.torrent import Activity, FileEntry, Ranges, TorrentView
from matinee.types import InfoHash
from matinee.web.signatures import Signer

_REMEMBERED = 64


class Wire:
    """Writes torrents with the stream addresses of their files.

    The list of files is the long part and changes least; it is written once for each hour's addresses, so
    that a torrent of 50 000 files does not cost 50 000 signatures with every event.
    """

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._files: OrderedDict[InfoHash, tuple[tuple[FileEntry, ...], int, str]] = OrderedDict()

    def torrent(self, view: TorrentView) -> str:
        """Write one torrent."""
        fields = _head(view)
        text = json.dumps(fields)
        return f'{text[:-1]}, "files": {self._write_files(view)}}}'

    def torrents(self, views: list[TorrentView]) -> str:
        """Write the list of torrents."""
        return f'{{"torrents": [{", ".join(self.torrent(view) for view in views)}]}}'

    def event(self, event: Event) -> tuple[str, str]:
        """Give an event's name and data."""
        match event:
            case TorrentChanged(torrent):
                return "torrent", self.torrent(torrent)
            case TorrentGone(info_hash):
                return "gone", json.dumps({"info_hash": info_hash})
            case BufferChanged(info_hash, file_index, ranges, waiting):
                buffer = {
                    "info_hash": info_hash,
                    "file_index": file_index,
                    **_ranges(ranges),
                    "waiting": waiting,
                }
                return "buffer", json.dumps(buffer)

    def playback(self, view: PlaybackView) -> str:
        """Write a playback."""
        direct = view.plan.way is Way.DIRECT
        stream_url = self._signer.stream_url(view.info_hash, view.file_index)
        fields = {
            "session": view.session,
            "kind": "direct" if direct else "hls",
            "url": stream_url if direct else f"/hls/{view.session}/master.m3u8",
            "external_url": stream_url if direct else self._signer.session_url(view.session),
            "way": view.plan.way.value,
            "reasons": view.plan.reasons,
            "info_hash": view.info_hash,
            "file_index": view.file_index,
            "duration_s": view.duration_s,
            "video": _video(view),
            "audio": [asdict(choice) for choice in view.audio],
            "subtitles": [_subtitles(view, choice) for choice in view.subtitles],
            "chapters": [asdict(chapter) for chapter in view.chapters],
            "fonts": [
                {"name": font.name, "url": f"/fonts/{view.session}/{font.index}"} for font in view.fonts
            ],
            "thumbnails_url": f"/thumbnails/{view.session}.vtt" if view.thumbnails else None,
        }
        return json.dumps(fields)

    def _write_files(self, view: TorrentView) -> str:
        expires_at = self._signer.expiry()
        files, moment, text = self._files.get(view.info_hash, ((), 0, ""))
        if moment != expires_at or files != view.files:
            text = json.dumps([self._file(view.info_hash, entry, expires_at) for entry in view.files])
            self._files[view.info_hash] = (view.files, expires_at, text)
        self._files.move_to_end(view.info_hash)
        if len(self._files) > _REMEMBERED:
            self._files.popitem(last=False)
        return text

    def _file(self, info_hash: InfoHash, entry: FileEntry, expires_at: int) -> dict[str, object]:
        return {
            "index": entry.index,
            "path": entry.path,
            "length": entry.length,
            "media_type": entry.media_type,
            "stream_url": self._signer.stream_url(info_hash, entry.index, expires_at),
        }


def activity_json(activity: Activity) -> str:
    """Write who sees a torrent."""
    return json.dumps(asdict(activity))


def ranges_json(ranges: Ranges) -> str:
    """Write which bytes of a file are here."""
    return json.dumps(_ranges(ranges))


def _ranges(ranges: Ranges) -> dict[str, object]:
    return {"length": ranges.length, "spans": [list(span) for span in ranges.spans]}


def _video(view: PlaybackView) -> dict[str, object] | None:
    if not view.info.video:
        return None
    track = view.info.video[0]
    return {
        "codec": track.codec,
        "width": track.width,
        "height": track.height,
        "frame_rate": track.frame_rate,
        "hdr": track.hdr,
    }


def _subtitles(view: PlaybackView, choice: SubtitleChoice) -> dict[str, object]:
    text = choice.form is not SubtitleForm.PICTURE
    return {**asdict(choice), "url": f"/subtitles/{view.session}/{choice.id}.vtt" if text else None}


def _head(view: TorrentView) -> dict[str, Any]:
    total = view.progress.bytes_total
    return {
        "info_hash": view.info_hash,
        "name": view.name,
        "state": view.state.value,
        "trouble": asdict(view.trouble) if view.trouble else None,
        "rights": asdict(view.rights) if view.rights else None,
        "sharing": view.sharing.value,
        "length": view.length,
        "piece_length": view.piece_length,
        "progress": {**asdict(view.progress), "fraction": view.progress.bytes_done / total if total else 0.0},
        "rates": asdict(view.rates),
        "peers": asdict(view.peers),
        "added_at": view.added_at,
        "magnet": view.magnet,
    }
