"""When libtorrent calls peers for those that want nothing, and what a steered torrent costs, over made-up torrents."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import libtorrent as lt
import pytest

from matinee.torrent.films_folder import FilmsFolder
from matinee.torrent.running import Runner
from matinee.torrent.store import Record
from tests.torrent.test_store import BARE


class FakeHandle:
    """Runs and rests."""

    runs = False

    def resume(self) -> None:
        self.runs = True

    def pause(self) -> None:
        self.runs = False


@dataclass(eq=False)
class FakeTorrent:
    """A torrent as far as the runner looks at it; counts how often it is asked."""

    record: Record = BARE
    here: bool = True
    should_run: bool = True
    folder: Path = Path("/nowhere")
    lane: None = None
    runs: bool = False
    trouble: object = None
    asked: int = 0
    handle: FakeHandle = field(default_factory=FakeHandle)

    @property
    def complete(self) -> bool:
        self.asked += 1
        return self.here


class House:
    """A runner of some torrents, and what libtorrent was told."""

    def __init__(self, films: Path, count: int) -> None:
        self.torrents = [FakeTorrent() for _ in range(count)]
        self.told: list[bool] = []
        session = SimpleNamespace(
            apply_settings=lambda settings: self.told.append(settings["seeding_outgoing_connections"])
        )
        by_handle = {torrent.handle: torrent for torrent in self.torrents}
        self.runner = Runner(
            cast(lt.session, session), None, cast(Any, by_handle), FilmsFolder(films), 0, lambda _: None
        )

    def steer(self, torrent: FakeTorrent) -> None:
        self.runner.steer(cast(Any, torrent))


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house of three complete films."""
    return House(tmp_path, 3)


def test_givers_when_some_are_given_then_peers_are_called_until_the_last_of_them_rests(house: House) -> None:
    first, second, third = house.torrents
    third.should_run = False
    for torrent in house.torrents:
        house.steer(torrent)
    first.should_run = False
    house.steer(first)
    told_before = list(house.told)
    second.should_run = False
    house.steer(second)
    assert (told_before, house.told) == ([True], [True, False])


def test_givers_when_one_is_removed_or_lacks_a_piece_then_peers_are_not_called_for_it(house: House) -> None:
    first, second, third = house.torrents
    third.should_run = False
    for torrent in house.torrents:
        house.steer(torrent)
    house.runner.forget(cast(Any, first))
    second.here = False  # found rotten: nobody steers it for that
    house.steer(third)
    assert house.told == [True, False]


def test_steer_when_there_are_hundreds_then_each_is_asked_a_few_times(tmp_path: Path) -> None:
    house = House(tmp_path, 500)
    for torrent in house.torrents:
        house.steer(torrent)
    assert sum(torrent.asked for torrent in house.torrents) < 10 * 500


async def test_steer_when_its_folder_was_refused_then_rests_and_says_why(tmp_path: Path) -> None:
    house = House(tmp_path, 1)
    (torrent,) = house.torrents
    torrent.here, torrent.folder = False, tmp_path / "a"
    torrent.folder.mkdir()
    before = house.runner.refusal(torrent.folder)
    (torrent.folder / "film.mkv").symlink_to(tmp_path)
    after = house.runner.refusal(torrent.folder)
    house.runner.steer_looked_at(cast(Any, torrent), after)
    assert (before, torrent.handle.runs) == (None, False)
    assert torrent.trouble is not None
    house.runner.steer_looked_at(cast(Any, torrent), before)
    assert torrent.handle.runs
