"""The markup of SubRip and WebVTT: tags, character references, and ASS overrides that strayed in. Pure.

``<i>``, ``<b>`` and ``<u>`` become looks; tags these formats know otherwise are left out; anything else between
angle brackets is text that somebody wrote, a script too, and is shown as it stands.
"""

import html
import re
from dataclasses import replace
from functools import lru_cache
from html.entities import html5

from matinee.models.subtitles import Anchor, Span
from matinee.subtitles.overrides import apply
from matinee.subtitles.spans import PLAIN, Writer

_TOKEN = re.compile(r"(<[^<>\n]*>|\{\\[^{}\n]*\})")
_TAG = re.compile(r"<(/?)([a-zA-Z]+)[^<>]*>")
_MOMENT = re.compile(r"<[\d:.]+>")
_REFERENCE = re.compile(r"&#?\w{1,32};")
_IGNORED = frozenset(
    {"c", "v", "lang", "ruby", "rt", "font", "span", "s", "strike", "p", "div", "em", "strong"}
)
_LOOKS = {"i": "italic", "b": "bold", "u": "underline"}


def put_tagged(writer: Writer, text: str, anchor: Anchor) -> Anchor:
    """Add text with markup; gives where the cue stands, which an override in it may say."""
    if "<" not in text and "{" not in text:
        writer.put(_plain(text))
        return anchor
    for number, part in enumerate(_TOKEN.split(text)):
        if number % 2 == 0:
            writer.put(_plain(part))
        elif part[0] == "{":
            writer.looks, found, _ = apply(part, writer.looks, PLAIN)
            anchor = found or anchor
        else:
            _tag(writer, part)
    return anchor


def _tag(writer: Writer, part: str) -> None:
    found = _TAG.fullmatch(part)
    name = found[2].lower() if found else ""
    if found and name in _LOOKS:
        writer.looks = _switched(writer.looks, _LOOKS[name], on=not found[1])
    elif name == "br":
        writer.put("\n")
    elif name not in _IGNORED and not _MOMENT.fullmatch(part):
        writer.put(_plain(part))


@lru_cache(maxsize=64)
def _switched(looks: Span, which: str, *, on: bool) -> Span:
    match which:
        case "italic":
            return replace(looks, italic=on)
        case "bold":
            return replace(looks, bold=on)
        case _:
            return replace(looks, underline=on)


def _plain(text: str) -> str:
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    # By itself `html.unescape` takes `&nothing;` for `&not` and letters.
    reference = found[0]
    return html.unescape(reference) if reference[1] == "#" else html5.get(reference[1:], reference)
