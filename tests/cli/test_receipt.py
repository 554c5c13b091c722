"""``matinee receipt``: its three forms. ``test_share`` asks for one while the program runs, and afterwards."""

import csv
import io
import json
from dataclasses import asdict
from pathlib import Path

import pytest

from matinee.cli.receipt_text import as_csv, as_text
from tests.cli.processes import run
from tests.fakes.films import RECEIPT

DATA = json.loads(json.dumps(asdict(RECEIPT)))


def test_text_says_everything_and_what_is_not_recorded() -> None:
    said = as_text(DATA)
    for words in (
        "A film (1922)",
        "licence CC-BY-3.0, https://creativecommons.org/licenses/by/3.0/, stated 2026-11-20T10:00:00Z",
        "2026-11-20T10:00:00Z in FR: licence (licence CC-BY-3.0)",
        "says Its maker, https://film.example/, looked at 2026-11-19",
        "taken 1 000 bytes, given 2 500 bytes",
        "before 2026-11-25T09:00:00Z: taken 1 000 bytes, given 0 bytes; on which days is not recorded",
        "2026-11-26: taken 0 bytes, given 2 500 bytes, from 08:01 to 09:59",
        "from 2026-11-26T10:00:00Z to 2026-11-26T11:00:00Z",
        "none was stated: nothing was shared",
    ):
        assert words in said


def test_text_when_nothing_was_counted_before_then_says_that_it_is_not_recorded() -> None:
    entry = {**DATA["entries"][0], "before_down": None, "before_up": None, "name": "a\x1b[31m\u202eb"}
    said = as_text({**DATA, "entries": [entry]})
    assert "before 2026-11-25T09:00:00Z: not recorded" in said
    assert "a [31mb" in said


def test_table_has_a_row_for_each_day_and_no_cell_that_a_spreadsheet_reckons() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(DATA))))
    assert [(row["day"], row["bytes_down"], row["bytes_up"]) for row in rows] == [
        ("before 2026-11-25T09:00:00Z", "1000", "0"),
        ("2026-11-26", "0", "2500"),
        ("", "0", "0"),
    ]
    assert (rows[0]["licence"], rows[0]["title"], rows[2]["torrent"]) == ("CC-BY-3.0", "A film", "'=another")


@pytest.mark.parametrize(("words", "code"), [(("--format", "pdf"), 2), (("/nowhere/a.txt",), 1)])
def test_receipt_when_it_cannot_be_written_then_says_why(
    words: tuple[str, ...], code: int, tmp_path: Path
) -> None:
    done = run("receipt", *words, "--data-dir", tmp_path / "data")
    assert (done.returncode, done.stdout) == (code, "")
    assert "Traceback" not in done.stderr
