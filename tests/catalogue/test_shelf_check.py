"""What writers are told of the shelf's files, and that the shelf as it is has nothing wrong."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from matinee.catalogue.shelf import SUFFIX, sources
from matinee.catalogue.shelf_check import FACTS, Film, check, main, read_facts
from tests.catalogue.test_shelf_format import FILM, NAME, SERIES

TODAY = date(2026, 11, 26)
FACT: Film = {
    "imdb": "tt0013442",
    "archive_id": "Nosferatu1922 ",
    "lists": ["publicdomainreview"],
    "year": "1922",
}


def written(folder: Path, name: str = NAME, content: str = FILM) -> Path:
    path = folder / f"{name}{SUFFIX}"
    path.write_text(content)
    return path


def faults(folder: Path, content: str = FILM, fact: Film | None = FACT, today: date = TODAY) -> list[str]:
    films = None if fact is None else {str(fact["imdb"]): fact}
    return check([written(folder, content=content)], films, today)[1]


def test_check_when_all_is_right_then_tells_nothing(tmp_path: Path) -> None:
    assert faults(tmp_path) == []
    assert faults(tmp_path, fact=None) == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"imdb": "tt1"}, "imdb: tt0013442 is not among the facts, and no licence is in the evidence"),
        ({"lists": ["fesfilm"]}, "evidence[3].list: publicdomainreview has not got it; these have: fesfilm"),
        ({"wikidata": "Q1"}, "wikidata: is Q151895, the facts have Q1"),
        ({"year": "1930"}, "year: is 1922, the facts have 1930"),
        ({"archive_id": "Other"}, "releases: the item Nosferatu1922 is not among the facts"),
        ({"archive_id": "Other"}, "releases: the facts have the item Other"),
    ],
)
def test_check_when_the_facts_say_other_then_tells_it(
    changed: dict[str, str | list[str]], sentence: str, tmp_path: Path
) -> None:
    assert f"{NAME}.toml: {sentence}" in faults(tmp_path, fact={**FACT, **changed})


def test_check_when_an_episode_has_an_item_then_holds_it_to_the_facts_too(tmp_path: Path) -> None:
    assert f"{NAME}.toml: releases: the item one is not among the facts" in faults(tmp_path, SERIES)
    assert faults(tmp_path, SERIES.replace('archive = "one"', 'archive = "Nosferatu1922"')) == []


def test_check_when_evidence_was_seen_in_the_future_then_tells_it(tmp_path: Path) -> None:
    found = faults(tmp_path, today=date(2026, 11, 25))
    assert f"{NAME}.toml: evidence[1].checked: 2026-11-26 is yet to come" in found


def test_check_when_no_country_allows_it_then_says_what_is_missing(tmp_path: Path) -> None:
    young = FILM.replace("1922", "1940").replace("publicdomainreview", "mubi")
    path = written(tmp_path, "nosferatu-1940", young.replace("authors-complete = true", ""))
    (fault,) = check([path], None, TODAY)[1]
    assert "evidence: allowed in no country; in the US: term-may-run {'year': 1940, 'until': 2035}" in fault


def test_check_when_two_titles_have_one_identifier_then_names_both(tmp_path: Path) -> None:
    paths = [written(tmp_path), written(tmp_path, "nosferatu-again-1922")]
    found = check(paths, None, TODAY)[1]
    assert "nosferatu-again-1922.toml: imdb: tt0013442 is also in nosferatu-1922" in found
    assert "nosferatu-again-1922.toml: wikidata: Q151895 is also in nosferatu-1922" in found


@pytest.mark.parametrize("content", ["kind = ", 'kind = "\xff"'])
def test_check_when_a_file_is_no_toml_then_goes_on_with_the_others(content: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad-1922.toml"
    bad.write_bytes(content.encode("latin-1"))
    titles, found = check([bad, written(tmp_path)], None, TODAY)
    assert [title.id for title in titles] == [NAME]
    assert [fault[:25] for fault in found] == ["bad-1922.toml: is not TOML"[:25]]


@pytest.mark.parametrize(
    ("content", "code", "said"), [(FILM, 0, "0 faults."), ("kind = 1", 1, "year: is missing")]
)
def test_main_when_a_folder_is_named_then_says_what_is_wrong_there(
    content: str, code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    written(tmp_path, content=content)
    facts = tmp_path / "facts.json"
    facts.write_text(
        '{"films": [{"imdb": "tt0013442", "archive_id": "Nosferatu1922", "lists": ["publicdomainreview"]}]}'
    )
    monkeypatch.setattr(sys, "argv", ["shelf", str(tmp_path), "--facts", str(facts)])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == code
    assert said in capsys.readouterr().out


def test_main_when_a_file_is_not_there_then_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["shelf", str(tmp_path / "none.toml")])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2


def test_the_shelf_has_nothing_wrong() -> None:
    folder = Path(__file__).parents[2] / "src" / "matinee" / "catalogue" / "shelf"
    paths = sorted(folder.glob(f"*{SUFFIX}"))
    assert [name for name, _ in sources()] == [path.name.removesuffix(SUFFIX) for path in paths]
    films = read_facts(FACTS) if FACTS.is_file() else None
    titles, found = check(paths, films, datetime.now(UTC).date())
    assert found == []
    assert len(titles) == len(paths) > 0
