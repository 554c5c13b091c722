"""The page's own sources turn no text into markup or script: what strangers wrote stays text."""

import re
from pathlib import Path

import pytest

UI = Path(__file__).parents[2] / "ui"
SOURCES = [
    one
    for one in (UI / "index.html", *sorted((UI / "src").rglob("*")))
    if one.suffix in (".svelte", ".ts", ".js", ".html")
]
WAYS = re.compile(
    r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|createContextualFragment)\b|\bdocument\.writel?n?\b"
    r"|\bparseFromString\b|\bsrcdoc\s*[=:]\s*\{|\beval\s*\(|\bnew\s+Function\b|\bFunction\s*\(|\{@html\b|javascript:"
    r"|\bset(?:Timeout|Interval)\s*\(\s*['\"`]"
)
"""All by which a browser or Svelte would read a text as markup or script."""
HOSTILE = "mock-hostile.ts"
"""What strangers might write, for trials of the page; no part of what is shipped."""


def test_sources_when_read_then_none_turns_a_text_into_markup_or_script() -> None:
    found = [
        f"{one.relative_to(UI)}: {way.group()}"
        for one in SOURCES
        if one.name != HOSTILE
        for way in WAYS.finditer(one.read_text(encoding="utf-8"))
    ]
    assert len(SOURCES) > 200
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "{@html title}",
        "node.innerHTML = title",
        "node.outerHTML = title",
        "node.insertAdjacentHTML('beforeend', title)",
        "document.write(title)",
        "document.writeln(title)",
        "eval(title)",
        "new Function(title)",
        "setTimeout('play()', 1)",
        "<iframe srcdoc={title}>",
        'href="javascript:play()"',
        "new DOMParser().parseFromString(title, 'text/html')",
    ],
)
def test_ways_when_a_line_has_one_then_it_is_seen(line: str) -> None:
    assert WAYS.search(line)
