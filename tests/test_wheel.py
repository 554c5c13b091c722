"""The wheel: built from what git holds, with no Node of the machine, it carries the page and the shelf."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import hatch_build
import pytest

from matinee import __version__
from matinee.catalogue.shelf import compile_shelf

ROOT = Path(__file__).parents[1]
BUILD_S = 300


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of the sources as git holds them: no built page is in it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30
    ).stdout
    for name in filter(None, listed.split("\0")):
        copy = tmp_path / "source" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy)
    # What package-lock.json names was installed when the program was: that needs the network, and takes its time.
    (tmp_path / "source" / "ui" / "node_modules").symlink_to(ROOT / "ui" / "node_modules")
    return tmp_path / "source"


@pytest.fixture
def foreign_node(tmp_path: Path) -> Path:
    """A folder of programs with a Node and an npm of the machine's own, which must not be used."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("node", "npm", "npx"):
        (programs / name).write_text(f"#!/bin/sh\ntouch {programs}/used\nexit 1\n")
        (programs / name).chmod(0o755)
    return programs


@pytest.mark.timeout(BUILD_S)
def test_wheel_when_built_then_needs_no_node_of_the_machine_and_carries_page_and_shelf(
    source: Path, foreign_node: Path, tmp_path: Path
) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=source, env={**os.environ, "PATH": f"{foreign_node}{os.pathsep}{os.environ['PATH']}"},
        check=True, timeout=BUILD_S, capture_output=True,
    )  # fmt: skip
    with zipfile.ZipFile(tmp_path / f"matinee-{__version__}-py3-none-any.whl") as wheel:
        names = set(wheel.namelist())
        index = wheel.read("matinee/web/static/index.html").decode()
        stamp = wheel.read(f"matinee/web/static/{hatch_build.STAMP}").decode().strip()
        shelf = wheel.read("matinee/catalogue/shelf.json")
        metadata = wheel.read(f"matinee-{__version__}.dist-info/METADATA").decode()
        entries = wheel.read(f"matinee-{__version__}.dist-info/entry_points.txt").decode()
    assert not (foreign_node / "used").exists()
    scripts = {
        name for name in names if name.startswith("matinee/web/static/assets/") and name.endswith(".js")
    }
    assert stamp == hatch_build.fingerprint(source / "ui")
    assert any(name.removeprefix("matinee/web/static") in index for name in scripts)
    assert {
        "matinee/py.typed",
        "matinee/web/static/sw.js",
        "matinee/web/static/icon-512.png",
        "matinee/storage/migrations/env.py",
        "matinee/storage/migrations/versions/0001_torrents_and_cookies.py",
        f"matinee-{__version__}.dist-info/licenses/LICENSE",
        f"matinee-{__version__}.dist-info/licenses/NOTICE",
    } <= names
    assert shelf == compile_shelf()
    assert "Provides-Extra: desktop" in metadata
    assert not [name for name in names if name.endswith(".toml")]
    assert "matinee = matinee.app:main" in entries
    assert {name.split("/")[0] for name in names} == {"matinee", f"matinee-{__version__}.dist-info"}
    assert not [name for name in names if "node_modules" in name or "__pycache__" in name]


def test_container_file_when_read_then_copies_all_that_a_wheel_is_made_of_and_nothing_that_is_made() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = (ROOT / "Containerfile").read_text(encoding="utf-8").splitlines()
    words = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line]
    copied = {name for names in words for name in names}
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    wanted = {"pyproject.toml", *project["project"]["license-files"]}
    assert wanted | set(project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]) <= copied
    assert {name.split("/")[0] for name in copied} == let_in
    assert all((ROOT / name).exists() for name in copied)
    made = {"ui/node_modules", "src/matinee/web/static", "src/matinee/catalogue/shelf.json", "**/__pycache__"}
    assert ("*" in rules, made <= set(rules)) == (True, True)
