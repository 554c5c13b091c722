"""What a stranger's file may be called and declared as, when it comes from our own origin. Pure."""

import re
from urllib.parse import quote

_PLAYABLE = re.compile(r"(?:video|audio)/[a-z0-9.+-]+")
_SHOWN = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/gif", "text/plain", "text/vtt", "application/pdf"}
)
_OPAQUE = "application/octet-stream"
_ATTR_CHARS = "!#$&+-.^_`|~"
_MAX_NAME_CHARS = 120


def safe_media_type(media_type: str) -> str:
    """Give the type back when a browser merely plays or shows it, else one that no browser interprets.

    A torrent may hold ``.html`` and ``.svg``; served as such they would be pages of our own origin.
    """
    return media_type if _PLAYABLE.fullmatch(media_type) or media_type in _SHOWN else _OPAQUE


def content_disposition(path: str, media_type: str) -> str:
    """Name the file for whoever saves it (RFC 6266, RFC 8187); what cannot be played is saved, not opened."""
    name = path.rsplit("/", 1)[-1][-_MAX_NAME_CHARS:]
    name = "".join(char if char.isprintable() else "_" for char in name).strip(" .") or "file"
    plain = re.sub(r"[^A-Za-z0-9 ._()\[\]+-]", "_", name)
    kind = "attachment" if media_type == _OPAQUE else "inline"
    extended = (
        ""
        if plain == name
        else f"; filename*=UTF-8''{quote(name.encode('utf-8', 'replace'), safe=_ATTR_CHARS)}"
    )
    return f'{kind}; filename="{plain}"{extended}'
