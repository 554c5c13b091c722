"""The process that reads what strangers wrote: it may fail, the program may not."""

import asyncio
import io
import json
import os
import random
import select
import signal
import subprocess
import sys
import tarfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol

import pytest

import matinee
from matinee.errors import BadMagnet, BadTorrent, MatineeError, TooLarge, Unavailable
from matinee.torrent import intake as intake_module
from matinee.torrent import intake_child, intake_wire
from matinee.torrent.addresses import AddressPolicy
from matinee.torrent.files import HiddenReason, MetainfoFile
from matinee.torrent.intake import Intake
from matinee.torrent.intake_wire import WireError
from matinee.torrent.magnet import MAX_MAGNET_CHARS, parse_magnet
from matinee.torrent.metainfo import MAX_METAINFO_BYTES, Metainfo, read_info, read_metainfo
from tests.torrent.made_torrents import file_v1, folder_v1, leaf, single_v1, torrent, tree_v2

PUBLIC = AddressPolicy()
LINK = "magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&dn=Alice"
GOOD = torrent(folder_v1(file_v1(20_000, "film.mkv"), file_v1(5, "film.srt")), announce=b"udp://t.example:80")


class Registry(Protocol):
    def npm(self, name: str, version: str) -> Path: ...


class StandInRegistry:
    """Stands in for the project's own ``registry`` fixture until tests/conftest.py has one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def npm(self, name: str, version: str) -> Path:
        packed = subprocess.run(
            ["npm", "pack", "--silent", f"{name}@{version}"],
            cwd=self._folder,
            check=True,
            capture_output=True,
            text=True,
        )
        with tarfile.open(self._folder / packed.stdout.strip()) as archive:
            archive.extractall(self._folder, filter="data")
        return self._folder / "package"


@pytest.fixture(scope="module")
def stand_in_registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return StandInRegistry(tmp_path_factory.mktemp("registry"))


@pytest.fixture
async def intake() -> AsyncIterator[Intake]:
    async with Intake(PUBLIC) as reading:
        yield reading


async def child_of(intake: Intake) -> int:
    """Give the process id of the ready child."""
    assert intake._child is not None
    return (await intake._child).pid


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


async def test_metainfo_when_the_child_died_while_idle_then_another_reads(intake: Intake) -> None:
    assert intake._child is not None
    idle = await intake._child
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
    while not intake._turn.locked():
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
    assert intake._child is not None
    assert not intake._child.done()
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
    intake._retire()
    with pytest.raises(Unavailable):
        await intake.metainfo(GOOD)
    monkeypatch.undo()
    assert (await intake.metainfo(GOOD)).name == "folder"


async def test_metainfo_when_the_process_ends_at_once_then_unavailable(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    await child_of(intake)
    monkeypatch.setattr(intake_module, "_START", "pass")
    intake._retire()
    with pytest.raises(Unavailable):
        await intake.metainfo(GOOD)


def test_child_when_its_parent_dies_then_it_ends_too() -> None:
    program = (
        "import asyncio, os\n"
        "from matinee.torrent.addresses import AddressPolicy\n"
        "from matinee.torrent.intake import Intake\n"
        "async def main():\n"
        "    intake = Intake(AddressPolicy())\n"
        "    await intake.start()\n"
        "    print((await intake._child).pid, flush=True)\n"
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
    assert sorted(os.listdir(f"/proc/{pid}/fd")) == ["0", "1", "2"]
    assert Path(f"/proc/{pid}/environ").read_bytes().strip(b"\0") == b""
    assert "NoNewPrivs:\t1" in Path(f"/proc/{pid}/status").read_text()
    assert os.getsid(pid) == pid


REAL = ["alice", "bunny", "folder", "leaves", "leaves-metadata", "lots-of-numbers", "numbers", "sintel"]


async def test_metainfo_when_real_torrents_are_read_then_all_good_ones_are_accepted(
    intake: Intake, stand_in_registry: Registry
) -> None:
    fixtures = stand_in_registry.npm("webtorrent-fixtures", "2.0.3") / "fixtures"
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


def test_answer_when_asked_in_this_process_then_the_frames_are_those_of_the_wire() -> None:
    answers = io.BytesIO()
    intake_child.answer({"ask": "metainfo", "allow_private": False}, GOOD, answers)
    intake_child.answer({"ask": "magnet", "allow_private": False}, LINK.encode(), answers)
    intake_child.answer({"ask": "info", "allow_private": False}, b"de", answers)
    answers.seek(0)
    head, rebuilt = intake_child.read_frame(answers) or ({}, b"")
    files: list[MetainfoFile] = []
    intake_wire.files_from_wire((intake_child.read_frame(answers) or ({}, b""))[0], files)
    assert intake_wire.metainfo_from_wire(head, files, rebuilt) == read_metainfo(GOOD, PUBLIC)
    magnet = intake_wire.magnet_from_wire((intake_child.read_frame(answers) or ({}, b""))[0])
    assert magnet == parse_magnet(LINK, PUBLIC)
    error = intake_wire.error_from_wire((intake_child.read_frame(answers) or ({}, b""))[0])
    assert isinstance(error, BadTorrent)
    assert intake_child.read_frame(answers) is None


METAINFO_HEAD: dict[str, Any] = {
    "info_hash": "a" * 40,
    "info_hash_v2": None,
    "name": "n",
    "piece_length": 1,
    "piece_count": 1,
    "private": False,
    "trackers": [],
    "web_seeds": [],
    "title": None,
    "licence": None,
    "comment": "c",
}
ONE_FILE = [MetainfoFile(0, ("n",), 1, 0, HiddenReason.PADDING)]


def test_metainfo_from_wire_when_well_formed_then_read() -> None:
    assert intake_wire.metainfo_from_wire(METAINFO_HEAD, ONE_FILE, b"").comment == "c"


@pytest.mark.parametrize(
    "wrong",
    [
        {"info_hash": "a" * 39},
        {"info_hash": "G" * 40},
        {"info_hash": 1},
        {"name": None},
        {"piece_length": -1},
        {"piece_length": 2**63},
        {"piece_length": True},
        {"piece_count": "1"},
        {"private": 1},
        {"trackers": "http://a/"},
        {"trackers": [1]},
        {"comment": 1},
    ],
)
def test_metainfo_from_wire_when_the_child_lies_about_types_then_wire_error(wrong: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        intake_wire.metainfo_from_wire(METAINFO_HEAD | wrong, ONE_FILE, b"")


def test_metainfo_from_wire_when_there_are_no_files_then_wire_error() -> None:
    with pytest.raises(WireError):
        intake_wire.metainfo_from_wire(METAINFO_HEAD, [], b"")


@pytest.mark.parametrize(
    "files",
    [
        1,
        [1],
        [[1, 2]],
        [[[], 1, None]],
        [["a", 1, None]],
        [[[1], 1, None]],
        [[["a"], -1, None]],
        [[["a"], 1, "x"]],
    ],
)
def test_files_from_wire_when_the_child_lies_about_types_then_wire_error(files: Any) -> None:
    with pytest.raises(WireError):
        intake_wire.files_from_wire({"files": files}, [])


@pytest.mark.parametrize("peers", [[1], [[1]], [["a", "b"]], [[1, 2]]])
def test_magnet_from_wire_when_the_child_lies_about_types_then_wire_error(peers: Any) -> None:
    head = json.loads(json.dumps(intake_wire.magnet_to_wire(parse_magnet(LINK, PUBLIC))))
    assert intake_wire.magnet_from_wire(head) == parse_magnet(LINK, PUBLIC)
    with pytest.raises(WireError):
        intake_wire.magnet_from_wire(head | {"peers": peers})


@pytest.mark.parametrize("data", [b"", b"x", b"[]", b"1", b"\xff", b"[" * 100_000])
def test_unpack_head_when_not_an_object_then_wire_error(data: bytes) -> None:
    with pytest.raises(WireError):
        intake_wire.unpack_head(data)


def test_unpack_lengths_when_longer_than_anything_we_send_then_wire_error() -> None:
    with pytest.raises(WireError):
        intake_wire.unpack_lengths(b"\xff" * 8)


def test_error_from_wire_when_of_another_tree_then_bad_torrent() -> None:
    assert type(intake_wire.error_from_wire({"error": "disk-full", "message": "m" * 900})) is BadTorrent
    assert type(intake_wire.error_from_wire({"error": "too-large", "message": "m"})) is TooLarge
