"""Files that come from an earlier torrent: only what is there, and never through a link."""

from pathlib import Path

import pytest

from matinee.torrent.carrying import STEP_BYTES, _copy


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    return old, new


def test_a_file_with_holes_is_copied_with_its_holes(folders: tuple[Path, Path]) -> None:
    old, new = folders
    size, at = 4 * STEP_BYTES, 2 * STEP_BYTES
    with (old / "film.mp4").open("wb") as film:
        film.write(b"head")
        film.seek(at)
        film.write(b"x" * (STEP_BYTES + 5))
        film.truncate(size)
    copied = _copy(old, "film.mp4", new, "Item/deep/film.mp4", 0)
    made = new / "Item" / "deep" / "film.mp4"
    assert made.read_bytes() == (old / "film.mp4").read_bytes()
    assert STEP_BYTES < copied < 2 * STEP_BYTES
    assert made.stat().st_blocks * 512 < size


def test_a_file_that_never_came_is_no_trouble(folders: tuple[Path, Path]) -> None:
    old, new = folders
    assert _copy(old, "film.mp4", new, "film.mp4", 0) == 0
    assert list(new.iterdir()) == []


def test_links_are_not_followed_on_either_side(folders: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = folders
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    (old / "film.mp4").symlink_to(secret)
    with pytest.raises(OSError, match="symbolic"):
        _copy(old, "film.mp4", new, "film.mp4", 0)
    (old / "real.mp4").write_bytes(b"film")
    (new / "film.mp4").symlink_to(secret)
    with pytest.raises(OSError, match=r"exists|symbolic"):
        _copy(old, "real.mp4", new, "film.mp4", 0)
    assert secret.read_bytes() == b"secret"
    assert [one.name for one in new.iterdir()] == ["film.mp4"]


def test_a_copy_for_which_there_is_no_room_is_not_begun(folders: tuple[Path, Path]) -> None:
    old, new = folders
    (old / "film.mp4").write_bytes(b"film")
    with pytest.raises(OSError, match="no room"):
        _copy(old, "film.mp4", new, "film.mp4", 1 << 60)
    assert list(new.iterdir()) == []
