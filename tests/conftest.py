"""What every test may use."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from itertools import groupby, islice
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text

from matinee.storage.database import Database
from tests import registry as pulled
from tests.storage.cluster import cluster

OTHERS_A_TURN = 3
"""So many files of ordinary tests come after each file of real ones; there are four times as many of them."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know the options of tests/browser/test_looks.py and test_walk.py."""
    parser.addoption("--renew-looks", action="store_true", help="keep how every page looks now")
    parser.addoption("--walk-pictures", metavar="FOLDER", help="keep pictures of the whole way there")


def pytest_configure() -> None:
    """Have no test depend on how busy the computer is.

    Nor explain two films that differ line by line, as pytest does on a CI machine, for hours.
    """
    settings.register_profile("matinee", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("matinee")
    for name in ("CI", "BUILD_NUMBER"):
        os.environ.pop(name, None)


def pytest_xdist_auto_num_workers() -> int:
    """Run one more at once than there are cores: swarms and players wait for each other most of the time.

    Two at once left two cores 43 % idle; four took longer than three.
    """
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give what plays in real browsers and swarms a second chance, and say so: docs/decisions/0037-second-chance.md.

    And take it in turns with all else: three browsers at once wait for each other, and draw all the while, and a long
    file that comes last runs alone.
    """
    for item in items:
        if _is_real(item):
            item.add_marker(pytest.mark.flaky(reruns=1))
    files = [list(group) for _, group in groupby(items, key=lambda item: item.path)]
    others = iter([file for file in files if not any(map(_is_real, file))])
    real = [file for file in files if any(map(_is_real, file))]
    items[:] = [item for file in real for one in (file, *islice(others, OTHERS_A_TURN)) for item in one]
    items += [item for file in others for item in file]


def _is_real(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("browser", "swarm"))


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


@pytest.fixture
def film(bunny: Path, tmp_path: Path) -> Path:
    """A copy of the film in a folder of the seed's own."""
    folder = tmp_path / "seed"
    folder.mkdir()
    shutil.copy(bunny, folder / "bbb.mp4")
    return folder / "bbb.mp4"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Run PostgreSQL for the tests; gives the address of a cluster."""
    with cluster() as address:
        yield address


def _sqlite_url(request: pytest.FixtureRequest) -> str:
    return f"sqlite:///{request.getfixturevalue('tmp_path')}/matinee.sqlite"


def _postgresql_url(request: pytest.FixtureRequest) -> str:
    address = str(request.getfixturevalue("postgresql"))
    name = f"test_{uuid4().hex}"
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=[_sqlite_url, _postgresql_url], ids=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the address of an empty database, once of each kind."""
    return str(request.param(request))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Give an open, empty database, once of each kind."""
    opened = Database(database_url)
    await opened.open()
    yield opened
    await opened.close()
