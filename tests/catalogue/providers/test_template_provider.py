"""The provider to copy from, as it stands in the docs: it runs, finds, and is found by its entry point."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from docs.template_provider import TeaHouse

from matinee.catalogue.providers.installed import GROUP, OURS, installed
from matinee.catalogue.rights import judge_title
from matinee.models.provider import Query
from matinee.models.rights import Standing
from matinee.models.title import Release, Title, WebAddress
from matinee.types import Country
from tests.catalogue.providers.services import FAULTS, fetcher, home, says, serving
from tests.catalogue.test_archive_item import BY
from tests.outside.hosts import TORRENT, ok

TODAY = datetime.now(UTC).date()
FILM: dict[str, Any] = {
    "name": "tea-house", "title": "Tea House", "year": "2019", "licence": BY, "by": "Somebody",
    "torrent": "https://films.example/tea-house.torrent",
}  # fmt: skip
OTHER = {**FILM, "name": "a/b", "title": "Tea Cosy", "licence": "ours", "by": None}
FILMS = says({"films": [FILM, OTHER, {**FILM, "title": 7, "torrent": "file:///etc"}, None, {}]})


async def search(of: TeaHouse, words: str) -> list[Title]:
    return [one async for page in of.search(Query(words=words)) for one in page]


async def test_template_when_the_list_is_there_then_films_with_evidence_where_there_is_some() -> None:
    async with serving({"/list.json": FILMS}) as host:
        film, cosy = await search(TeaHouse(fetcher(), f"{home(host)}/list.json"), "TEA")
    assert (film.id, film.title, film.year) == ("tea-house.tea-house", "Tea House", 2019)
    assert judge_title(film, Country("FR"), TODAY).standing is Standing.ALLOWED
    assert judge_title(cosy, Country("FR"), TODAY).standing is Standing.NOT_KNOWN


@pytest.mark.parametrize("fault", FAULTS)
async def test_template_when_the_service_is_faulty_then_a_clear_error(fault: str) -> None:
    answer, kind = FAULTS[fault]
    async with serving({"/list.json": answer}) as host:
        with pytest.raises(kind):
            await search(TeaHouse(fetcher(), f"{home(host)}/list.json"), "tea")


async def test_template_when_run_by_hand_then_prints_what_it_finds() -> None:
    async with serving({"/list.json": FILMS}) as host:
        script = Path(__file__).parents[3] / "docs" / "template_provider.py"
        done = await asyncio.create_subprocess_exec(
            sys.executable, str(script), f"{home(host)}/list.json", "house", stdout=subprocess.PIPE
        )
        out, _ = await asyncio.wait_for(done.communicate(), 30)
    assert out.decode() == "tea-house.tea-house Tea House 2019 (Somebody)\n"


def test_installed_when_others_are_there_then_after_ours_and_a_broken_one_is_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    others = [
        EntryPoint("gone", "no_such_package:Provider", GROUP),
        EntryPoint("broken", "builtins:int", GROUP),
        EntryPoint("tea-house", "docs.template_provider:TeaHouse", GROUP),
    ]
    found = [one.about.id for one in installed(fetcher(), others)]
    assert found[-1] == "tea-house"
    assert len(found) == len(OURS) + 1
    assert [one.args for one in caplog.records if one.levelname == "ERROR"] == [("gone",), ("broken",)]


def test_installed_when_a_package_names_one_then_it_is_found_as_any_package_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an installer writes is laid out as it does, with a provider of its own in it."""
    own = (Path(__file__).parents[3] / "docs" / "template_provider.py").read_text()
    (tmp_path / "tea_house_of_others.py").write_text(own.replace('ID = "tea-house"', 'ID = "of-others"'))
    info = tmp_path / "tea_house_of_others-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tea-house-of-others\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\nof-others = tea_house_of_others:TeaHouse\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = installed(fetcher())
    assert [one.about.id for one in found][-1] == "of-others"
    assert type(found[-1]).__module__ == "tea_house_of_others"


def test_installed_when_nobody_added_any_then_ours() -> None:
    assert [one.about.id for one in installed(fetcher())] == [
        "internet-archive",
        "peertube",
        "media-ccc-de",
        "wikimedia-commons",
    ]


async def test_template_when_a_torrent_is_wanted_then_its_bytes() -> None:
    async with serving({"/t.torrent": ok(TORRENT)}) as host:
        release = Release(WebAddress(f"{home(host)}/t.torrent"))
        assert await TeaHouse(fetcher()).torrent(release) == TORRENT
