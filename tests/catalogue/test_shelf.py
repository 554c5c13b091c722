"""Loading the shelf: compiled or not it is the same, and what is compiled is used only while it is right."""

import os
from pathlib import Path

import pytest

from matinee.catalogue import shelf_compile
from matinee.catalogue.shelf import Shelf, compile_shelf, load, read_file, sources
from matinee.errors import BadTitle
from tests.catalogue.test_shelf_format import FILM, NAME, SERIES

SERIES_NAME = "a-series-1922"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two titles."""
    made = tmp_path / "shelf"
    made.mkdir()
    (made / f"{NAME}.toml").write_text(FILM)
    (made / f"{SERIES_NAME}.toml").write_text(SERIES)
    return made


@pytest.fixture
def compiled(folder: Path) -> Path:
    """The file made of it, newer than its titles."""
    made = folder.parent / "shelf.json"
    made.write_bytes(compile_shelf(folder))
    later = folder.stat().st_mtime_ns + 10**9
    os.utime(made, ns=(later, later))
    return made


def ids(shelf: Shelf) -> list[str]:
    return [title.id for title in shelf.titles]


def test_load_when_compiled_then_gives_what_the_files_hold(folder: Path, compiled: Path) -> None:
    written = tuple(read_file(name, content) for name, content in sources(folder))
    assert load(folder, compiled).titles == written
    assert load(folder, folder / "none") == load(folder, compiled)
    assert load(folder / "none", compiled) == load(folder, compiled)


def test_load_of_all_titles_when_compiled_then_gives_what_their_files_hold(tmp_path: Path) -> None:
    compiled = tmp_path / "shelf.json"
    compiled.write_bytes(compile_shelf())
    assert load(tmp_path / "none", compiled).titles == tuple(read_file(*source) for source in sources())


def test_load_when_a_file_is_newer_then_reads_the_files(folder: Path, compiled: Path) -> None:
    before = load(folder, compiled)
    path = folder / f"{NAME}.toml"
    path.write_text(FILM.replace("Max Schreck", "Greta Schröder"))
    newer = compiled.stat().st_mtime_ns + 1
    os.utime(path, ns=(newer, newer))
    after = load(folder, compiled)
    assert after.titles[1].cast == ("Greta Schröder",)
    assert after.digest != before.digest


def test_load_when_a_file_went_then_its_title_is_gone(folder: Path, compiled: Path) -> None:
    (folder / f"{SERIES_NAME}.toml").unlink()
    newer = compiled.stat().st_mtime_ns + 1
    os.utime(folder, ns=(newer, newer))
    assert ids(load(folder, compiled)) == [NAME]


def test_load_when_what_is_compiled_is_damaged_then_says_so(folder: Path, compiled: Path) -> None:
    compiled.write_bytes(b"{")
    with pytest.raises(BadTitle, match=r"shelf\.json is damaged: install Matinee again\."):
        load(folder / "none", compiled)


def test_load_when_nothing_is_there_then_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadTitle, match="The shelf is not there: install Matinee again"):
        load(tmp_path, tmp_path / "none")


def test_compile_when_a_title_is_wrong_then_refuses(folder: Path) -> None:
    (folder / f"{NAME}.toml").write_text(FILM.replace('kind = "film"', ""))
    with pytest.raises(BadTitle, match=rf"{NAME}\.toml: kind: is missing"):
        compile_shelf(folder)


def test_main_when_all_is_right_then_writes_the_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf_compile, "COMPILED", tmp_path / "shelf.json")
    shelf_compile.main()
    assert (tmp_path / "shelf.json").read_bytes() == compile_shelf()
    assert [path.name for path in tmp_path.iterdir()] == ["shelf.json"]


def test_main_when_a_title_is_wrong_then_names_it_and_keeps_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> bytes:
        raise BadTitle("x-1922.toml: kind: is missing")

    made = tmp_path / "shelf.json"
    made.write_bytes(b"before")
    monkeypatch.setattr(shelf_compile, "COMPILED", made)
    monkeypatch.setattr(shelf_compile, "compile_shelf", refuse)
    with pytest.raises(SystemExit, match=r"x-1922\.toml: kind: is missing"):
        shelf_compile.main()
    assert made.read_bytes() == b"before"
