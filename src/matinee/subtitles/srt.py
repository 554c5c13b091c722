"""SubRip as it is met: without numbers, with blank lines inside, with tags of others. Pure."""

from collections.abc import Iterator

from matinee.models.subtitles import Anchor, Cue
from matinee.subtitles.limits import gather, lines_of
from matinee.subtitles.spans import Writer
from matinee.subtitles.tags import put_tagged
from matinee.subtitles.timed import Block, blocks


def read(text: str) -> tuple[Cue, ...]:
    """Read all cues, by their start; none where nothing is a cue.

    Raises:
        TooLarge: there are more than any film has.
    """
    return gather(_cues(text))


def cue_of(start_s: float, stop_s: float, text: str) -> Cue | None:
    """Read the text of one cue; None when nothing would be seen."""
    writer = Writer()
    anchor = put_tagged(writer, text, Anchor.BOTTOM)
    return writer.cue(start_s, stop_s, anchor)


def _cues(text: str) -> Iterator[Cue | None]:
    before: Block | None = None
    number = 1
    for block in blocks(lines_of(text)):
        if before is not None:
            number = _drop_number(before, number)
            yield cue_of(before.start_s, before.stop_s, "\n".join(before.lines))
        before = block
    if before is not None:
        yield cue_of(before.start_s, before.stop_s, "\n".join(before.lines))


def _drop_number(block: Block, before: int) -> int:
    """Take the next cue's number off the end of a cue: after a blank line, or where one is counted on.

    Gives the number, or the one before where there is none.
    """
    last = block.lines[-1].strip() if block.lines else ""
    if not (last.isdecimal() and len(last) <= 6):
        return before
    counted = int(last) == before + 1
    alone = len(block.lines) == 1 or not block.lines[-2].strip()
    if not counted and not alone:
        return before
    block.lines.pop()
    return int(last)
