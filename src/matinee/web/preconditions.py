"""Preconditions of RFC 9110 section 13, in the order of 13.2.2. Pure.

Our files have strong entity tags and no modification date, so the two conditions on dates are ignored, as
sections 13.1.3 and 13.1.4 want.
"""

import re
from enum import Enum

_TAG = re.compile(r'(W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_LIST = re.compile(r'[ \t,]*((?:W/)?"[\x21\x23-\x7e\x80-\xff]*")')


class Outcome(Enum):
    """What a request's conditions come to."""

    PROCEED = "proceed"
    NOT_MODIFIED = "304"
    FAILED = "412"


def evaluate(method: str, if_match: str | None, if_none_match: str | None, etag: str) -> Outcome:
    """Weigh the conditions of a request for something that exists and has the strong tag ``etag``."""
    if if_match is not None and not _matches(if_match, etag, weak=False):
        return Outcome.FAILED
    if if_none_match is not None and _matches(if_none_match, etag, weak=True):
        return Outcome.NOT_MODIFIED if method in ("GET", "HEAD") else Outcome.FAILED
    return Outcome.PROCEED


def is_strong_tag(value: str) -> bool:
    """Whether this is one entity tag that promises the same bytes."""
    return not value.startswith("W/") and _TAG.fullmatch(value) is not None


def _matches(header: str, etag: str, *, weak: bool) -> bool:
    """Whether the list names the tag; ``*`` names everything that exists.

    Weak comparison ignores the mark of weakness, strong comparison never matches a weak tag.
    """
    if header.strip(" \t") == "*":
        return True
    position = 0
    while found := _LIST.match(header, position):
        tag = found.group(1)
        if tag == etag or (weak and tag.removeprefix("W/") == etag):
            return True
        position = found.end()
    return False
