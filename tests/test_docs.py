"""What the documents claim to be proved is proved by a test that is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

HOME = Path(__file__).parents[1]
NAMED = re.compile(r"`((?:[a-z_]+/)*test_[a-z0-9_]+\.py)(?:::(test_[a-z0-9_]+))?`")
FAULTS = [f"F{number:02}" for number in range(1, 55)]
FAILURES = [str(number) for number in range(1, 25)]


@cache
def _tests_in(path: Path) -> frozenset[str]:
    defined = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(one.name for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, defined))


@pytest.mark.parametrize("page", ["faults.md", "security.md"])
def test_page_when_it_names_tests_then_all_of_them_are_there(page: str) -> None:
    named = NAMED.findall((HOME / "docs" / page).read_text())
    missing = [
        (path, test)
        for path, test in named
        if not (HOME / "tests" / path).exists() or (test and test not in _tests_in(HOME / "tests" / path))
    ]
    assert missing == []
    assert len(named) > 20


@pytest.mark.parametrize(("page", "wanted"), [("faults.md", FAULTS), ("security.md", FAILURES)])
def test_page_when_it_has_a_list_then_no_row_is_missing_and_each_says_something(
    page: str, wanted: list[str]
) -> None:
    lines = (HOME / "docs" / page).read_text().splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    listed = [row for row in rows if row[0] in wanted]
    assert [row[0] for row in listed] == wanted
    assert [row[0] for row in listed if not any(row[2:])] == []
