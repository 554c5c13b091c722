"""What a confined process can be asked about its film. Runs inside it.

A job takes the film and the request, and gives what goes back: a JSON object, and bytes. It may raise what the
library raises, and ValueError where the film is not what the request says.

Times are seconds from ``MediaInfo.start_s``. What can be asked, as ``worker.ask(name, **arguments)``:

``probe``
    -> ``MediaInfo``, see ``probe_wire``.
``keyframes``
    -> {"times_s": [float ...], "duration_s": float | None, "group_s": float}. Where the first picture's key frames
    are, for ``hls.segments.cut``; none where the container has no index. Then ``group_s`` is how far apart the first
    ones are, for ``hls.segments.even`` with steps of ``BLIND_STEP_S`` and no shorter ones. The duration is what the
    film says where its index or its end bears it out, else theirs; None where nothing is known.
``duration``
    -> {"duration_s": float | None}. The same duration alone, also of films that are only heard.
``heard`` tracks, start_s
    -> {"heard": [int ...]}. Which of these sounds can be decoded, by their first frames from ``start_s`` on.
``init`` video, audio, max_height, start_s, hardware
    -> {"codecs": [str ...], "encoding": object | None, "encoder_failed"?: str}, body: the init segment. ``video`` is
    "copy", "convert" or None; ``audio`` is [track's index, "copy" | "convert"] or None; ``max_height`` is
    ``Plan.max_height``, needed for "convert" alone. What must be seen of the tracks is read at ``start_s``. ``codecs``
    is RFC 6381, as in the segments. ``encoding`` is what was chosen for a converted picture by a short measurement,
    {"width", "height", "keeps_up", "encoder", ...}: hand it on, as it is, to every segment. It may be given here too;
    then nothing is measured. ``keeps_up`` is false where this computer is too slow. ``hardware`` is None, or the
    hardware encoder whose process is there (``worker`` adds it); where ``encoding`` says that it is chosen, the init
    segment has its parameter sets and x264's. ``encoder_failed`` says why it is not to be used any more.
``segment`` start_s, stop_s, last, alone, index, video, audio, encoding, hardware
    -> {"frames": int, "packets": int, "seconds": float, "encoder_failed"?: str}, body: the media segment.
    ``start_s``, ``stop_s``, ``last`` and ``index`` are those of ``hls.segments.Segment``, the rest as for ``init``.
    ``alone`` says that it begins what is played, after a jump: then nothing before its key frame is read. ``frames``
    counts pictures and ``packets`` those of the sound; either may be 0. Segments may be made in any order, each anew.
    Or {"until_s": float}: the key frame is so far before that what lies between is still being decoded, up to there;
    asked again it goes on.
``moments``
    -> {"moments": [[start_s, stop_s, stamp, first, last] ...]}. What the bar shows when: from ``start_s`` to ``stop_s``
    the key frame at ``stamp``, which needs the film's bytes ``[first, last)``. None for a film without a duration. Of
    a film without an index ``stamp`` is a place, and the time a guess.
``pictures`` stamps, at_s, whole, side?
    -> {"made": [int ...], "missing": [int ...], "width": int, "height": int, "times_s"?: [float ...]}, body: a sprite.
    It is WebP of those that were made, by their places in ``stamps``, in rows of ``COLUMNS``, each ``width`` x
    ``height``. Of those missing not all bytes were here; the rest cannot be decoded. ``at_s`` are the moments'
    middles. Of a film without an index that is not ``whole``, ``times_s`` says when those made are shown. At most
    ``COLUMNS`` x ``COLUMNS`` at once; one that is asked for alone is alone in its sprite. ``side`` is the longer one's
    pixels, if not those of the bar's pictures.
``cues`` track, start_s, stop_s, from_s
    -> ``Excerpt``, see ``cues_wire``. What a text track shows in ``[start_s, stop_s)``. Reads from the key frame before
    ``from_s``, or before ``start_s - LOOK_BACK_S`` (in ``subtitle_packets``) where that is later, to the first frame at
    or after ``stop_s``; in MP4 the subtitles alone.
``drawn`` track, start_s, stop_s, from_s
    -> ``DrawnExcerpt``, see ``drawn_wire``. The same of a track of pictures: its packets.
``fonts``
    -> {"attachments": [Attachment ...]}. The files inside the film that are no covers. ``probe`` leaves them out where
    they are large; to list them, what stands between them is read, which takes a piece for each in a swarm.
``font`` track
    -> {}, body: the font that is attached to the film.
``cover`` track
    -> {"width": int, "height": int}, body: WebP. A picture that is attached to the film, made small.

In the files every time stamp is the film's plus ``OFFSET_S`` (in ``hls.timing``), so a player's clock can be held
to the film's.
"""

from collections.abc import Callable, Mapping
from typing import Any

from matinee.confined.frames import Head
from matinee.media.covers import cover
from matinee.media.cues import cues, font, fonts
from matinee.media.drawn import drawn
from matinee.media.film import Film
from matinee.media.keyframes import duration, keyframes
from matinee.media.probe import probe
from matinee.media.remux import heard, init, segment
from matinee.media.thumbnails import moments, pictures

Job = Callable[[Film, dict[str, Any]], tuple[Head, bytes]]

JOBS: Mapping[str, Job] = {
    "probe": probe,
    "cover": cover,
    "cues": cues,
    "font": font,
    "fonts": fonts,
    "drawn": drawn,
    "keyframes": keyframes,
    "duration": duration,
    "heard": heard,
    "init": init,
    "segment": segment,
    "moments": moments,
    "pictures": pictures,
}
