"""A folder of films whose disk is not there is not taken for an empty one (fault F06)."""

from pathlib import Path

import pytest

from matinee.data_folder import FILMS_MARK, DataFolder
from matinee.errors import DiskFailed


def start(data: Path, films: Path) -> None:
    """Do what every start does before anything is written."""
    with DataFolder(data) as folder:
        folder.expect_films(films)


def test_expect_films_when_the_disk_of_the_last_start_is_missing_then_says_so_and_writes_nothing(
    tmp_path: Path,
) -> None:
    data, films = tmp_path / "data", tmp_path / "disk" / "films"
    start(data, films)
    (films / FILMS_MARK).unlink()  # what an empty mount point looks like
    with pytest.raises(DiskFailed, match="Connect it and start again"):
        start(data, films)
    assert list(films.iterdir()) == []
    (films / FILMS_MARK).touch()
    start(data, films)


def test_expect_films_when_the_user_chose_another_folder_or_lets_go_of_the_old_then_begins_there(
    tmp_path: Path,
) -> None:
    data, films, other = tmp_path / "data", tmp_path / "films", tmp_path / "other"
    start(data, films)
    (films / FILMS_MARK).unlink()
    start(data, other)
    assert (other / FILMS_MARK).exists()
    (other / FILMS_MARK).unlink()
    (data / "films-folder").unlink()
    start(data, other)
    assert (other / FILMS_MARK).exists()


def test_expect_films_when_they_are_in_the_data_folder_then_it_may_be_cleared_by_hand(tmp_path: Path) -> None:
    data = tmp_path / "data"
    start(data, data / "films")
    start(data, data / "films")
    assert not (data / "films-folder").exists()
