"""The process that reads what strangers wrote: it may fail, the program may not."""

import asyncio
import dataclasses
import os
import random
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Protocol

import libtorrent as lt
import pytest

import matinee
from matinee.confined import process
from matinee.errors import BadMagnet, BadTorrent, MatineeError, TooLarge, Unavailable
from matinee.outside.addresses import AddressPolicy
from matinee.torrent import intake as intake_module
from matinee.torrent import intake_child
from matinee.torrent.intake import Intake
from matinee.torrent.magnet import MAX_MAGNET_CHARS, parse_magnet
from matinee.torrent.metainfo import MAX_METAINFO_BYTES, Metainfo, read_info, read_metainfo
from tests.torrent.made_torrents import file_v1, folder_v1, leaf, single_v1, torrent, tree_v2

PUBLIC = AddressPolicy()
LINK = "magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&dn=Alice"
GOOD = torrent(folder_v1(file_v1(20_000, "film.mkv"), file_v1(5, "film.srt")), announce=b"udp://t.example:80")

ENDLESS = (
    "import sys; sys.path.append(sys.argv.pop()); from matinee.torrent import intake_child as child;"
    "child.READ_CPU_S = 0.05; child.answer = lambda *_: max(iter(int, 1)); child.main()"
)
"""Starts a child that never ends to read."""


class Registry(Protocol):
    def npm(self, name: str, version: str) -> Path: ...


@pytest.fixture
async def intake() -> AsyncIterator[Intake]:
    async with Intake(PUBLIC) as reading:
        yield reading


async def child_of(intake: Intake) -> int:
    """Give the process id of the ready child."""
    return (await intake._process.ready()).pid


async def test_metainfo_when_good_then_the_same_as_read_here(intake: Intake) -> None:
    assert await intake.metainfo(GOOD) == read_metainfo(GOOD, PUBLIC)


async def test_info_when_good_then_the_same_as_read_here(intake: Intake) -> None:
    start, stop = GOOD.index(b"4:info") + 6, len(GOOD) - 1
    assert await intake.info(GOOD[start:stop]) == read_info(GOOD[start:stop])


async def test_magnet_when_good_then_the_same_as_read_here(intake: Intake) -> None:
    text = LINK + "&x.pe=8.8.8.8:80&tr=http://localhost/&dn=\ud800"
    assert await intake.magnet(text) == parse_magnet(text, PUBLIC)


@pytest.mark.parametrize("allow_private", [False, True])
async def test_magnet_when_the_policy_differs_then_the_child_follows_it(allow_private: bool) -> None:
    async with Intake(AddressPolicy(allow_private)) as intake:
        magnet = await intake.magnet(LINK + "&x.pe=127.0.0.1:80")
    assert len(magnet.peers) == allow_private


@pytest.mark.parametrize("text", ["", "magnet:?dn=a", LINK + "a" * MAX_MAGNET_CHARS])
async def test_magnet_when_bad_then_bad_magnet(intake: Intake, text: str) -> None:
    with pytest.raises(BadMagnet):
        await intake.magnet(text)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", BadTorrent),
        (b"de", BadTorrent),
        (torrent(single_v1(0)), BadTorrent),
        (b"d" * (MAX_METAINFO_BYTES + 1), TooLarge),
        (torrent(folder_v1(*(file_v1(1, f"d{n}", "f") for n in range(40_000)))), TooLarge),
        # libtorrent alone refuses these:
        (torrent(folder_v1(*(file_v1(1, "same") for _ in range(1000)))), BadTorrent),
        (torrent(tree_v2({b"a": leaf(b"x" * 40_000)}), **{"piece layers": {}, "x": 1}), None),
    ],
)
async def test_metainfo_when_hostile_then_a_clear_error_and_the_next_is_read(
    intake: Intake, data: bytes, kind: type[MatineeError] | None
) -> None:
    outcome = (await asyncio.gather(intake.metainfo(data), return_exceptions=True))[0]
    assert type(outcome) is (kind or Metainfo)
    assert (await intake.metainfo(GOOD)).name == "folder"


async def test_metainfo_when_libtorrent_sees_other_files_then_it_is_not_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    metainfo = read_metainfo(GOOD, PUBLIC)
    intake_child.check_metainfo(metainfo)
    monkeypatch.setattr(intake_child, "_as_read", lambda _: [])
    with pytest.raises(BadTorrent, match="two ways"):
        intake_child.check_metainfo(metainfo)


def test_check_metainfo_when_libtorrent_refuses_then_its_reason_is_told() -> None:
    metainfo = read_metainfo(torrent(folder_v1(*(file_v1(1, "same") for _ in range(1000)))), PUBLIC)
    with pytest.raises(BadTorrent, match="duplicate"):
        intake_child.check_metainfo(metainfo)


def test_checked_magnet_when_libtorrent_refuses_then_its_reason_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    magnet = dataclasses.replace(parse_magnet(LINK, PUBLIC), info_hash="short")
    monkeypatch.setattr(intake_child, "parse_magnet", lambda text, policy: magnet)
    with pytest.raises(BadMagnet, match="cannot be opened"):
        intake_child.checked_magnet(LINK, PUBLIC)


def test_checked_magnet_when_of_v2_alone_then_libtorrent_agrees() -> None:
    magnet = intake_child.checked_magnet(f"magnet:?xt=urn:btmh:1220{'1' * 64}", PUBLIC)
    assert (magnet.info_hash, magnet.identity) == (None, "1" * 64)


def test_checked_magnet_when_libtorrent_reads_another_hash_then_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = SimpleNamespace(info_hashes=lt.info_hash_t(lt.sha1_hash(b"1" * 20)))
    monkeypatch.setattr(lt, "parse_magnet_uri", lambda text: other)
    with pytest.raises(BadMagnet, match="two ways"):
        intake_child.checked_magnet(LINK, PUBLIC)


async def test_metainfo_when_the_child_hangs_then_bad_torrent_and_the_next_is_read() -> None:
    async with Intake(PUBLIC, limit_s=0.2) as intake:
        os.kill(await child_of(intake), signal.SIGSTOP)
        with pytest.raises(BadTorrent, match="too long"):
            await intake.metainfo(GOOD)
    async with Intake(PUBLIC) as intake:
        stopped = await child_of(intake)
        os.kill(stopped, signal.SIGSTOP)
        asking = asyncio.create_task(intake.metainfo(GOOD))
        await asyncio.sleep(0)
        os.kill(stopped, signal.SIGKILL)
        with pytest.raises(BadTorrent, match="could not be read"):
            await asking
        assert (await intake.metainfo(GOOD)).name == "folder"
        assert await child_of(intake) != stopped


async def test_metainfo_when_the_child_works_without_end_then_bad_torrent_long_before_the_clock(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    await child_of(intake)
    monkeypatch.setattr(process, "_START", ENDLESS)
    intake._process.retire()
    with pytest.raises(BadTorrent, match="could not be read"):
        await intake.metainfo(GOOD)
    monkeypatch.undo()
    intake._process.retire()
    assert (await intake.metainfo(GOOD)).name == "folder"


async def test_metainfo_when_the_child_died_while_idle_then_another_reads(intake: Intake) -> None:
    idle = await intake._process.ready()
    os.kill(idle.pid, signal.SIGKILL)
    await idle.wait()
    assert (await intake.metainfo(GOOD)).name == "folder"


async def test_magnet_when_the_child_dies_then_bad_magnet(intake: Intake) -> None:
    stopped = await child_of(intake)
    os.kill(stopped, signal.SIGSTOP)
    asking = asyncio.create_task(intake.magnet(LINK))
    await asyncio.sleep(0)
    os.kill(stopped, signal.SIGKILL)
    with pytest.raises(BadMagnet, match="could not be read"):
        await asking


async def test_metainfo_when_the_asker_gives_up_then_others_are_served(intake: Intake) -> None:
    stopped = await child_of(intake)
    os.kill(stopped, signal.SIGSTOP)
    giving_up = asyncio.create_task(intake.metainfo(GOOD))
    waiting = asyncio.create_task(intake.metainfo(GOOD))
    while not intake._turn.locked():  # noqa: ASYNC110 - the lock tells nobody that it was taken
        await asyncio.sleep(0)
    giving_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await giving_up
    assert (await waiting).name == "folder"
    assert await child_of(intake) != stopped


async def test_metainfo_when_many_ask_then_answered_in_the_order_of_asking(intake: Intake) -> None:
    order: list[int] = []

    async def ask(number: int) -> None:
        await intake.metainfo(GOOD)
        order.append(number)

    await asyncio.gather(*(ask(number) for number in range(12)))
    assert order == list(range(12))


async def test_metainfo_when_the_child_has_worked_enough_then_it_is_replaced(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await child_of(intake)
    monkeypatch.setattr(intake_module, "RETIRE_CPU_S", 0.0)
    assert (await intake.metainfo(GOOD)).name == "folder"
    assert await child_of(intake) != first


async def test_start_when_called_then_it_does_not_wait_for_the_child() -> None:
    intake = Intake(PUBLIC)
    await intake.start()
    assert intake._process._child is not None
    assert not intake._process._child.done()
    await intake.start()
    await intake.close()
    await intake.close()


async def test_close_when_done_then_nothing_is_read_any_more_and_no_process_is_left() -> None:
    intake = Intake(PUBLIC)
    await intake.start()
    child = await child_of(intake)
    await intake.close()
    with pytest.raises(Unavailable):
        await intake.metainfo(GOOD)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


async def test_close_when_somebody_waits_for_the_child_then_told_so() -> None:
    intake = Intake(PUBLIC)
    asking = asyncio.create_task(intake.metainfo(GOOD))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await intake.close()
    with pytest.raises(Unavailable):
        await asking


async def test_metainfo_when_the_process_cannot_start_then_unavailable(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    await child_of(intake)
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    intake._process.retire()
    with pytest.raises(Unavailable):
        await intake.metainfo(GOOD)
    monkeypatch.undo()
    assert (await intake.metainfo(GOOD)).name == "folder"


async def test_metainfo_when_the_process_ends_at_once_then_unavailable(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    await child_of(intake)
    monkeypatch.setattr(process, "_START", "pass")
    intake._process.retire()
    with pytest.raises(Unavailable):
        await intake.metainfo(GOOD)


def test_child_when_its_parent_dies_then_it_ends_too() -> None:
    program = (
        "import asyncio, os\n"
        "from matinee.outside.addresses import AddressPolicy\n"
        "from matinee.torrent.intake import Intake\n"
        "async def main():\n"
        "    intake = Intake(AddressPolicy())\n"
        "    await intake.start()\n"
        "    print((await intake._process.ready()).pid, flush=True)\n"
        "    input()\n"
        "    os._exit(9)\n"
        "asyncio.run(main())\n"
    )
    source = str(Path(matinee.__file__).parent.parent)
    with subprocess.Popen(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": source},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        child = os.pidfd_open(int(parent.stdout.readline()))
        assert select.select([child], [], [], 0) == ([], [], [])
        parent.communicate("\n")
    assert select.select([child], [], [], 30)[0] == [child]
    os.close(child)


async def test_child_when_running_then_it_can_open_nothing(intake: Intake) -> None:
    pid = await child_of(intake)
    limits = Path(f"/proc/{pid}/limits").read_text()
    values = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()[1:]}
    assert values["Max open files"] == ["3", "3"]
    assert values["Max file size"] == ["0", "0"]
    assert values["Max core file size"] == ["0", "0"]
    assert values["Max address space"] == [str(intake_child.MEMORY_BYTES)] * 2
    assert values["Max cpu time"] == [str(intake_child.CPU_S)] * 2
    assert sorted(fd.name for fd in Path(f"/proc/{pid}/fd").iterdir()) == ["0", "1", "2"]
    assert Path(f"/proc/{pid}/environ").read_bytes().strip(b"\0") == b""
    status = Path(f"/proc/{pid}/status").read_text()
    assert "NoNewPrivs:\t1" in status
    assert "Seccomp:\t2" in status
    assert os.getsid(pid) == pid


REAL = ["alice", "bunny", "folder", "leaves", "leaves-metadata", "lots-of-numbers", "numbers", "sintel"]


async def test_metainfo_when_real_torrents_are_read_then_all_good_ones_are_accepted(
    intake: Intake, registry: Registry
) -> None:
    fixtures = registry.npm("webtorrent-fixtures", "2.0.3") / "fixtures"
    for name in REAL:
        metainfo = await intake.metainfo((fixtures / f"{name}.torrent").read_bytes())
        assert metainfo.files[0].hidden is None
    with pytest.raises(BadTorrent, match="no name"):
        await intake.metainfo((fixtures / "corrupt.torrent").read_bytes())


async def test_metainfo_when_torrents_are_mutated_then_read_or_refused_and_nothing_else(
    intake: Intake,
) -> None:
    chance = random.Random(20261123)
    seeds = [
        GOOD,
        torrent(single_v1(name=b"caf\xc3\xa9.mkv"), url_list=[b"http://archive.example/f"]),
        torrent(tree_v2({b"a": leaf(b"x" * 40_000), b"d": {b"b": leaf(b"y"), b"c": leaf(b"")}})),
    ]
    kinds = set()
    for _ in range(600):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(data))
            data[at : at + chance.choice([0, 1, 1, 2])] = chance.choice(
                [b"", bytes([chance.randrange(256)]), bytes([chance.choice(b"0123456789deil:")])]
            )
        outcome = (await asyncio.gather(intake.metainfo(bytes(data)), return_exceptions=True))[0]
        kinds.add(type(outcome))
    assert kinds == {Metainfo, BadTorrent}
