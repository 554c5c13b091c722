"""The check of what we stand on finds what it should."""

from pathlib import Path

from docs import audit

HASH = "--hash=sha256:" + "a" * 64


def test_faults_when_a_pin_is_old_unhashed_or_not_what_is_installed_then_each_is_named(
    tmp_path: Path,
) -> None:
    (tmp_path / "run.txt").write_text(
        f"starlette==0.40.0 \\\n    {HASH}\nidna==3.9\npytest==1.0 \\\n    {HASH}\n"
    )
    (tmp_path / "mended.toml").write_text(
        '[[mended]]\npackage = "starlette"\nversion = "0.49.1"\nhole = "a hole"\n'
        '[[mended]]\npackage = "idna"\nversion = "3.7"\nhole = "another"\n'
    )
    found = "\n".join(audit.faults(tmp_path))
    assert "run.txt: idna==3.9 has no hash." in found
    assert "pytest " in found
    assert "but 1.0 was pinned." in found
    assert "starlette 0.40.0 has a hole that 0.49.1 mends: a hole." in found
    assert "another" not in found


def test_older_when_numbers_have_more_digits_then_compared_as_numbers() -> None:
    assert audit.older("0.9.1", "0.10")
    assert not audit.older("2024.7.4", "2024.7.4")
    assert not audit.older("1.0.post1", "1.0")


def test_bundled_when_a_hole_is_in_what_a_package_brings_then_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "mended.toml").write_text(
        '[[mended]]\npackage = "ffmpeg"\nversion = "999.0"\nhole = "a hole"\n'
    )
    (found,) = audit.faults(tmp_path)
    assert found == f"ffmpeg {audit.bundled()['ffmpeg']} has a hole that 999.0 mends: a hole."
    assert audit.older("8.0", audit.bundled()["ffmpeg"])


def test_faults_of_ours_then_none_has_a_hole_that_we_know() -> None:
    assert [fault for fault in audit.faults() if "hole" in fault or "hash" in fault] == []
