"""What every test may use."""

from pathlib import Path

import pytest

from tests import registry as pulled


class Registry:
    """The registries' packages, unpacked."""

    def npm(self, name: str, version: str) -> Path:
        """Give the folder of an npm package."""
        return pulled.npm(name, version)


@pytest.fixture(scope="session")
def registry() -> Registry:
    """Give the registries."""
    return Registry()


@pytest.fixture(scope="session")
def bunny() -> Path:
    """Give Big Buck Bunny, whole."""
    return pulled.bunny()
