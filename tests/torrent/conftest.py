"""What several tests of the torrent room use."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """A pool of one thread."""
    with ThreadPoolExecutor(1) as threads:
        yield threads


@pytest.fixture
def own_film(tmp_path: Path) -> Path:
    """A film of the user's own."""
    path = tmp_path / "mine" / "Nosferatu (1922).mkv"
    path.parent.mkdir()
    path.write_bytes(os.urandom(700_000))
    return path
