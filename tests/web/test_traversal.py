"""Ways out of the folder, in every spelling (fault F39): none is an address, and no file is opened on its word."""

import itertools
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.web.conftest import House

UP = [
    "..", "%2e%2e", "%252e%252e", ".%2e", "%2e.", "..;", "..%00", "..%c0%af", "%c0%ae%c0%ae", "%uff0e%uff0e", "....",
    "..%5c..", "..\\..", "%2e%2e%2f%2e%2e", "..%2f..", "..%252f..", ".", "",
]  # fmt: skip
BEHIND = ["etc/passwd", "token", "windows\\win.ini", "matinee.sqlite%00.js", "signing-key/"]
BEFORE = [
    "/", "//", "/assets/", "/assets//", "/stream/", f"/stream/{'a' * 40}/", "/hls/", f"/hls/{'x' * 22}/", "/pictures/",
    "/subtitles/", "/thumbnails/", "/api/v1/titles/", "/api/v1/torrents/", "/metrics/", "file:///", "\\",
]  # fmt: skip
RAW = 120


def spellings() -> list[str]:
    """Give every way out that is tried."""
    return [
        f"{before}{'/'.join([up] * depth)}/{behind}"
        for before, up, depth, behind in itertools.product(BEFORE, UP, (1, 3), BEHIND)
    ]


@contextmanager
def opened() -> Iterator[list[str]]:
    """Note the files that this process opens."""
    files: list[str] = []
    watching = [True]

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if watching[0] and event == "open":
            files.append(str(arguments[0]))

    sys.addaudithook(note)
    try:
        yield files
    finally:
        watching[0] = False


async def test_path_when_it_leads_out_in_any_spelling_then_is_not_there_and_nothing_is_opened(
    house: House,
) -> None:
    paths = spellings()
    assert len(paths) > 2000
    assert [path for path in paths if house.app.table.match("GET", path) is not None] == []
    with opened() as files:
        for path in paths[:: len(paths) // RAW]:
            answer = await house.raw(house.request(path))
            assert answer.split(b" ", 2)[1] in (b"400", b"404"), path
            assert b"root:" not in answer
    assert files == []
