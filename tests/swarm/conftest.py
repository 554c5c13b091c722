"""What every swarm needs."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def film(bunny: Path, tmp_path: Path) -> Path:
    """A copy of the film in a folder of the seed's own."""
    folder = tmp_path / "seed"
    folder.mkdir()
    shutil.copy(bunny, folder / "bbb.mp4")
    return folder / "bbb.mp4"
