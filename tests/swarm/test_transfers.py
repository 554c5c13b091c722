"""What is fetched though nobody plays it: the order, the files, and when a film has been given enough."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.cli.processes import run
from tests.swarm.parts import TOKEN, MatineeHere, aria2_seeding, free_port, make_torrent, matinee_here
from tests.swarm.tracker import tracker

pytestmark = [pytest.mark.swarm, pytest.mark.timeout(120)]

NOISE = random.Random(11).randbytes(2_600_000)
SMALL, LARGE = NOISE[:600_000], NOISE[600_000:]
OTHER = NOISE[::-1][:1_500_000]
PIECE_BYTES = 64 * 1024


async def patched(running: MatineeHere, path: str, **change: object) -> dict[str, object]:
    answer = await running.client.patch(f"api/v1/{path}", json=change)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


async def take_with_aria2(metainfo: Path, folder: Path) -> int:
    """Fetch a torrent with aria2, as a stranger would; gives how it ended."""
    process = await asyncio.create_subprocess_exec(
        "aria2c", "--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false", "--seed-time=0",
        f"--listen-port={free_port()}", f"--dir={folder}", "--quiet=true", "--no-conf=true", str(metainfo),
    )  # fmt: skip
    return await process.wait()


async def test_transfers_when_two_films_are_taken_then_one_waits_files_are_chosen_and_giving_ends(
    tmp_path: Path,
) -> None:
    for name, files in {
        "first": {"small.mkv": SMALL, "large.mkv": LARGE},
        "second": {"other.mkv": OTHER},
    }.items():
        (tmp_path / name / name).mkdir(parents=True)
        for file, data in files.items():
            (tmp_path / name / name / file).write_bytes(data)
    async with tracker() as announce:
        first = make_torrent(tmp_path / "first" / "first", tmp_path / "first", piece_bytes=PIECE_BYTES)
        second = make_torrent(
            tmp_path / "second" / "second" / "other.mkv", tmp_path / "second", announce, PIECE_BYTES
        )
        async with matinee_here(tmp_path / "data") as running:
            quiet = {"quiet_from": "00:00", "quiet_until": "00:00", "quiet_up_limit_bytes_per_s": 3_000_000}
            await patched(running, "settings", downloads_at_once=1, **quiet)
            assert running.libtorrent()["upload_rate_limit"] == 3_000_000
            # Nobody has them yet, so that nothing comes before it is looked at.
            await running.add_file(first[1])
            await running.add_file(second[1])
            names = {file["path"]: file["index"] for file in (await running.view(first[0]))["files"]}
            large, small = names["first/large.mkv"], names["first/small.mkv"]
            await patched(running, f"torrents/{first[0]}/files/{large}", take="high")
            words = ("transfer", second[0], "--take", "normal", "--data-dir", tmp_path / "data")
            said = await asyncio.to_thread(run, *words, MATINEE_TOKEN=TOKEN)
            assert (said.returncode, said.stderr) == (0, "")
            waits = await running.view(second[0])
            assert (waits["fetching"], waits["queue_position"]) == ("queued", 1)
            with (
                aria2_seeding(tmp_path / "first" / "first", *first, tmp_path / "first") as one,
                aria2_seeding(
                    tmp_path / "second" / "second" / "other.mkv", *second, tmp_path / "second"
                ) as two,
            ):
                await running.add(one.magnet)
                await running.add(two.magnet)
                await running.until(first[0], lambda film: film["fetching"] == "here")
                # The other one has its turn now; of the first nothing else is fetched.
                await running.until(second[0], lambda film: film["state"] == "complete")
                there = (await running.client.get(f"api/v1/torrents/{first[0]}/files")).json()["files"]
                found = {file["index"]: (file["take"], file["bytes_done"]) for file in there}
                assert found[large] == ("high", len(LARGE))
                assert found[small][0] == "not"
                assert found[small][1] <= PIECE_BYTES  # of the piece that both share
                # What is played comes all the same.
                assert await running.whole(first[0], small) == SMALL
            await patched(running, f"torrents/{second[0]}", sharing="keep", give_ratio_limit=0.9)
            assert await take_with_aria2(second[1], tmp_path / "taken") == 0
            given = await running.until(second[0], lambda film: film["giving"]["enough"] == "ratio")
            assert given["giving"]["ratio"] >= 0.9
            await running.until(second[0], lambda film: not running.torrent(second[0]).runs)
            again = await patched(running, f"torrents/{second[0]}", give_ratio_limit=0)
            assert again["giving"]["enough"] is None  # type: ignore[index]  # of JSON
            assert running.torrent(second[0]).runs
            assert (tmp_path / "taken" / "other.mkv").read_bytes() == OTHER
