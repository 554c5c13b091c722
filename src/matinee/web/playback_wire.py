"""Playbacks as the JSON of ``docs/api.md``. Not in ``wire``: the start must not wait for what it imports."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from matinee.models.media import Attachment, SubtitleForm
from matinee.models.playback import PlaybackView, SubtitleChoice, Way
from matinee.models.subtitles import Offer
from matinee.types import SessionId
from matinee.web.signatures import Signer


def playback_json(view: PlaybackView, signer: Signer) -> str:
    """Write a playback."""
    direct = view.plan.way is Way.DIRECT
    until = signer.expiry(view.duration_s)
    stream_url = signer.stream_url(view.info_hash, view.file_index, until)
    fields = {
        "session": view.session,
        "kind": "direct" if direct else "hls",
        "url": stream_url if direct else f"/hls/{view.session}/master.m3u8",
        "external_url": stream_url if direct else signer.session_url(view.session, until),
        "way": view.plan.way.value,
        "reasons": view.plan.reasons,
        "keeps_up": view.plan.keeps_up,
        "info_hash": view.info_hash,
        "file_index": view.file_index,
        "duration_s": view.duration_s,
        "video": _video(view),
        "audio": [asdict(choice) for choice in view.audio],
        "subtitles": [_subtitles(view, choice) for choice in view.subtitles],
        "chapters": [asdict(chapter) for chapter in view.chapters],
        "fonts": _fonts(view.session, view.fonts),
        "pictures": [
            {
                "name": one.name,
                "media_type": one.media_type,
                "url": f"/covers/{view.session}/{one.index}.webp",
            }
            for one in view.info.pictures
        ],
        "thumbnails_url": f"/thumbnails/{view.session}.vtt" if view.thumbnails else None,
        "promise": view.promise and asdict(view.promise),
        "offers_url": f"/api/v1/playback/{view.session}/offers" if view.offers else None,
    }
    return json.dumps(fields)


def fonts_json(session: SessionId, fonts: Sequence[Attachment]) -> str:
    """Write which fonts lie in a film."""
    return json.dumps({"fonts": _fonts(session, fonts)})


def _fonts(session: SessionId, fonts: Sequence[Attachment]) -> list[dict[str, str]]:
    return [{"name": font.name, "url": f"/fonts/{session}/{font.index}"} for font in fonts]


def offers_json(session: SessionId, offers: Sequence[Offer]) -> str:
    """Write what a provider has."""
    address = f"/subtitles/{session}/offers"
    rows = [
        {**asdict(offer), "url": f"{address}/{offer.id}.vtt?language={offer.language}"} for offer in offers
    ]
    return json.dumps({"offers": rows})


def _video(view: PlaybackView) -> dict[str, object] | None:
    if not view.info.video:
        return None
    track = view.info.video[0]
    return {
        "codec": track.codec,
        "codec_string": track.codec_string,
        "bit_depth": track.bit_depth,
        "width": track.width,
        "height": track.height,
        "frame_rate": track.frame_rate,
        "hdr": track.hdr,
    }


def _subtitles(view: PlaybackView, choice: SubtitleChoice) -> dict[str, object]:
    address = f"/subtitles/{view.session}/{choice.id}"
    fields = asdict(choice)
    del fields["shown"]
    return {
        **fields,
        "url": f"{address}.vtt" if choice.shown else None,
        "styled_url": f"{address}.ass" if choice.form is SubtitleForm.STYLED else None,
    }
