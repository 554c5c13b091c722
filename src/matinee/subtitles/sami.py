"""SAMI (``.smi``): moments, and what is said from each on, in one or more languages. Pure."""

import re
from collections.abc import Iterator

from matinee.languages import UNKNOWN, tag_of
from matinee.models.subtitles import Anchor, Cue
from matinee.subtitles.limits import MAX_CUE_CHARS, MAX_TIME_S, gather
from matinee.subtitles.spans import Writer
from matinee.subtitles.tags import put_tagged

USUAL_S = 4.0
"""How long the last line is shown: nothing ends it."""
MOST_CLASSES = 32
STYLE_CHARS = 16 * 1024
"""Where a file says which class is which language."""

_SYNC = re.compile(
    r"<sync\b[^<>]{0,200}?\bstart\s{0,9}=\s{0,9}[\"']?\s{0,9}(\d{1,9})[^<>]{0,200}>", re.IGNORECASE
)
_PARAGRAPH = re.compile(r"<p\b([^<>]{0,400})>", re.IGNORECASE)
_CLASS = re.compile(r"\bclass\s{0,9}=\s{0,9}[\"']?([\w-]{1,60})", re.IGNORECASE)
_STYLE = re.compile(r"\.([\w-]{1,60})\s{0,9}\{([^{}]{0,400})\}")
_LANGUAGE = re.compile(r"\blang\s{0,9}:\s{0,9}([\w-]{2,20})", re.IGNORECASE)
_END = re.compile(r"</(?:body|sami|p|sync)\s{0,9}>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--|-->")


def read(text: str, language: str = UNKNOWN) -> tuple[Cue, ...]:
    """Read the cues of one language, by their start.

    Args:
        text: the whole file.
        language: BCP 47; of several languages this one is read, else the first that says something.

    Raises:
        TooLarge: there are more than any film has.
    """
    moments = list(_moments(text))
    chosen = _chosen(moments, _languages(text[:STYLE_CHARS]), language)
    return gather(_cues([(at_s, said) for at_s, name, said in moments if name in (chosen, "")]))


def _moments(text: str) -> Iterator[tuple[float, str, str]]:
    """Give from when on which class says what."""
    found = list(_SYNC.finditer(text))
    for number, sync in enumerate(found):
        stop = found[number + 1].start() if number + 1 < len(found) else len(text)
        # A moment says a line or two in each language: what is longer is something else.
        body = text[sync.end() : min(stop, sync.end() + 4 * MAX_CUE_CHARS)]
        paragraphs = list(_PARAGRAPH.finditer(body))
        if not paragraphs:
            yield int(sync[1]) / 1000, "", body
        for place, paragraph in enumerate(paragraphs):
            end = paragraphs[place + 1].start() if place + 1 < len(paragraphs) else len(body)
            name = _CLASS.search(paragraph[1])
            yield int(sync[1]) / 1000, name[1].lower() if name else "", body[paragraph.end() : end]


def _languages(head: str) -> dict[str, str]:
    styles = _STYLE.findall(head)[:MOST_CLASSES]
    said = ((name.lower(), _LANGUAGE.search(style)) for name, style in styles)
    return {name: tag_of(found[1]) for name, found in said if found}


def _chosen(moments: list[tuple[float, str, str]], languages: dict[str, str], language: str) -> str:
    names = list(dict.fromkeys(name for _, name, said in moments if name and _spoken(said)))
    wanted = language.partition("-")[0]
    for name in names:
        if wanted != UNKNOWN and languages.get(name, UNKNOWN).partition("-")[0] == wanted:
            return name
    return names[0] if names else ""


def _cues(lines: list[tuple[float, str]]) -> Iterator[Cue | None]:
    lines = sorted((line for line in lines if line[0] <= MAX_TIME_S), key=lambda line: line[0])
    for number, (start_s, said) in enumerate(lines):
        stop_s = lines[number + 1][0] if number + 1 < len(lines) else start_s + USUAL_S
        writer = Writer()
        put_tagged(writer, _spoken(said), Anchor.BOTTOM)
        yield writer.cue(start_s, stop_s, Anchor.BOTTOM)


def _spoken(said: str) -> str:
    """Give a paragraph's text: breaks of the file's own lines are blanks there, and so is ``&nbsp;``."""
    return " ".join(_COMMENT.sub(" ", _END.sub(" ", said)).replace("&nbsp;", " ").split())
