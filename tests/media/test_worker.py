"""The process that opens a film: asked, given up, killed, hung, closed."""

import asyncio
import os
import resource
import signal
from asyncio.subprocess import Process
from pathlib import Path

import pytest

from matinee.confined.frames import Head, WireError, pack
from matinee.confined.process import kill, send
from matinee.confined.process import receive as hear
from matinee.errors import BadFilm, PieceTimeout, TorrentRemoved, Unavailable
from matinee.media import worker as worker_module
from matinee.media.probe_wire import info_from_wire
from matinee.media.worker import MediaWorker
from matinee.media.worker_child import MEMORY_BYTES, Beat
from tests.media.films import clip
from tests.media.parts import stream_of, worker_for
from tests.media.test_probe import X264

HEAD_BYTES = 300_000
"""In which the index of Big Buck Bunny lies, and the first pictures."""


@pytest.fixture(scope="module")
def film(bunny: Path) -> bytes:
    return bunny.read_bytes()


async def process_of(worker: MediaWorker) -> Process:
    return await worker._process.ready()


async def test_ask_when_the_film_is_here_then_described(film: bytes) -> None:
    async with worker_for(film) as (worker, stream):
        info = info_from_wire((await worker.ask("probe"))[0])
    assert info.container.startswith("mov")
    assert info.duration_s == pytest.approx(596.474, abs=0.01)
    assert [(track.codec, track.codec_string, track.width, track.height) for track in info.video] == [
        ("h264", "avc1.4D401F", 1280, 720)
    ]
    assert [(track.codec, track.codec_string, track.channels, track.language) for track in info.audio] == [
        ("aac", "mp4a.40.2", 2, "en")
    ]
    assert stream.open_readers == 0


async def test_ask_when_only_the_head_is_here_then_that_suffices(film: bytes) -> None:
    async with worker_for(film) as (worker, stream):
        stream.withhold_from(1024 * 1024)
        assert info_from_wire((await worker.ask("probe"))[0]).video


async def test_ask_when_bytes_come_late_then_waited_for(film: bytes) -> None:
    async with worker_for(film) as (worker, stream):
        stream.withhold_from(1000)
        asking = asyncio.create_task(worker.ask("probe"))
        await stream.waiting.wait()
        await stream.release()
        assert info_from_wire((await asking)[0]).video


async def test_ask_when_given_up_then_no_bytes_are_wanted_and_the_next_is_answered(film: bytes) -> None:
    async with worker_for(film) as (worker, stream):
        stream.withhold_from(1000)
        asking = asyncio.create_task(worker.ask("probe"))
        await stream.waiting.wait()
        process = await process_of(worker)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await stream.idle.wait()
        await stream.release()
        assert info_from_wire((await worker.ask("probe"))[0]).video
        assert await process_of(worker) is process


async def test_ask_when_given_up_by_a_process_that_works_then_replaced_when_it_goes_on(
    film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "SETTLE_S", 0.1)
    async with worker_for(film) as (worker, _):
        process = await process_of(worker)
        os.kill(process.pid, signal.SIGSTOP)
        asking = asyncio.create_task(worker.ask("probe"))
        while worker._hearing is None:  # noqa: ASYNC110 - nobody tells that the question is out
            await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert info_from_wire((await worker.ask("probe"))[0]).video
        assert await process_of(worker) is not process


async def test_ask_when_the_torrent_goes_then_told_so_and_asked_again_it_is_told_again(film: bytes) -> None:
    async with worker_for(film) as (worker, stream):
        await stream.fail(TorrentRemoved("The torrent was removed."))
        for _ in range(2):
            with pytest.raises(TorrentRemoved):
                await worker.ask("probe")


async def test_ask_when_a_piece_does_not_come_then_told_so_and_the_next_is_answered(film: bytes) -> None:
    async with worker_for(film) as (worker, stream):
        await stream.fail(PieceTimeout("Nothing came."))
        with pytest.raises(PieceTimeout):
            await worker.ask("probe")
        stream.failure = None
        assert info_from_wire((await worker.ask("probe"))[0]).video


async def test_ask_when_the_kernel_ends_it_then_memory_is_named_and_the_next_is_answered(film: bytes) -> None:
    async with worker_for(film) as (worker, stream):
        stream.withhold_from(1000)
        asking = asyncio.create_task(worker.ask("probe"))
        await stream.waiting.wait()
        process = await process_of(worker)
        process.kill()
        await process.wait()
        await stream.release()
        with pytest.raises(Unavailable, match="too little memory"):
            await asking
        assert info_from_wire((await worker.ask("probe"))[0]).video


async def test_ask_when_killed_between_questions_then_another_answers(film: bytes) -> None:
    async with worker_for(film) as (worker, _):
        process = await process_of(worker)
        process.kill()
        await process.wait()
        assert info_from_wire((await worker.ask("probe"))[0]).video


async def test_ask_when_hanging_then_bad_film_and_the_next_is_answered(film: bytes) -> None:
    async with worker_for(film, patience_s=1.0) as (worker, _):
        process = await process_of(worker)
        os.kill(process.pid, signal.SIGSTOP)
        with pytest.raises(BadFilm):
            await worker.ask("probe")
        assert info_from_wire((await worker.ask("probe"))[0]).video
        await process.wait()


async def test_ask_when_it_says_that_it_gets_on_then_it_is_waited_for_and_can_be_given_up(
    film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    words: list[tuple[Head, bytes]] = []

    async def receive(child: Process) -> tuple[Head, bytes]:
        return words.pop() if words else await hear(child)

    monkeypatch.setattr(worker_module, "receive", receive)
    async with worker_for(film) as (worker, stream):
        process = await process_of(worker)
        words += [({"busy": True}, b"")] * 3
        assert info_from_wire((await worker.ask("probe"))[0]).video
        stream.withhold_from(len(film) // 2)
        place = {"index": 99, "start_s": 500.0, "stop_s": 505.0, "last": False, "alone": True}
        asking = asyncio.create_task(worker.ask("segment", **place, video="copy", audio=None))
        await stream.waiting.wait()
        words += [({"busy": True}, b"")] * 3
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await stream.release()
        assert info_from_wire((await worker.ask("probe"))[0]).video
        assert (words, await process_of(worker)) == ([], process)


def test_beat_when_a_job_gets_on_then_it_is_said_once_a_second() -> None:
    said: list[float] = []
    now_s = 100.0
    beat = Beat(lambda: said.append(now_s), lambda: now_s)
    beat.begin()
    for now_s in (100.2, 100.9, 101.0, 101.5, 104.0, 104.1, 105.1):  # noqa: B007 - the clock reads it
        beat.alive()
    assert said == [101.0, 104.0, 105.1]
    beat.begin()
    beat.alive()
    assert said == [101.0, 104.0, 105.1]


async def test_ask_when_it_uses_too_much_time_then_bad_film_and_the_next_is_answered(film: bytes) -> None:
    async with worker_for(film) as (worker, stream):
        stream.withhold_from(1000)
        asking = asyncio.create_task(worker.ask("probe"))
        await stream.waiting.wait()
        process = await process_of(worker)
        os.kill(process.pid, signal.SIGXCPU)
        await process.wait()
        await stream.release()
        with pytest.raises(BadFilm):
            await asking
        assert info_from_wire((await worker.ask("probe"))[0]).video


async def test_ask_when_memory_is_short_then_bad_film_and_the_next_is_answered(film: bytes) -> None:
    async with worker_for(film) as (worker, _):
        process = await process_of(worker)
        used = int(Path(f"/proc/{process.pid}/statm").read_text().split()[0]) * resource.getpagesize()
        resource.prlimit(process.pid, resource.RLIMIT_AS, (used, used))
        with pytest.raises(BadFilm):
            await worker.ask("probe")
        await kill(process)
        assert info_from_wire((await worker.ask("probe"))[0]).video


async def test_ask_when_many_ask_then_answered_in_order(film: bytes) -> None:
    order: list[int] = []

    async def ask(number: int) -> None:
        await worker.ask("probe")
        order.append(number)

    async with worker_for(film) as (worker, _):
        await asyncio.gather(*(ask(number) for number in range(8)))
    assert order == list(range(8))


async def test_ask_when_the_job_is_unknown_then_bad_film(film: bytes) -> None:
    async with worker_for(film) as (worker, _):
        with pytest.raises(BadFilm):
            await worker.ask("nothing like it")


async def test_ask_when_a_job_fails_then_bad_film_and_the_same_process_goes_on(film: bytes) -> None:
    async with worker_for(film) as (worker, _):
        process = await process_of(worker)
        with pytest.raises(BadFilm):
            await worker.ask("pictures", stamps=None)
        assert info_from_wire((await worker.ask("probe"))[0]).video
        assert await process_of(worker) is process


async def test_close_when_asked_meanwhile_then_told_so_and_nothing_is_left(film: bytes) -> None:
    stream = stream_of(film)
    stream.withhold_from(1000)
    worker = MediaWorker(stream.open, len(film))
    async with worker:
        asking = asyncio.create_task(worker.ask("probe"))
        waiting = asyncio.create_task(worker.ask("probe"))
        await stream.waiting.wait()
        pid = (await process_of(worker)).pid
    for task in (asking, waiting):
        with pytest.raises(Unavailable):
            await task
    assert stream.open_readers == 0
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(Unavailable):
        await worker.ask("probe")


async def test_close_when_just_begun_then_nothing_is_left(film: bytes) -> None:
    async with worker_for(film) as (worker, _):
        pass
    assert worker._process._child is None


async def test_close_when_given_up_then_it_closes_all_the_same(film: bytes) -> None:
    stream = stream_of(film)
    worker = MediaWorker(stream.open, len(film))
    await worker.__aenter__()
    await worker.ask("probe")
    process = await process_of(worker)
    closing = asyncio.create_task(worker.__aexit__(None, None, None))
    while not worker._process.closed:  # noqa: ASYNC110 - nobody tells that it has begun
        await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    assert (process.returncode is not None, stream.open_readers) == (True, 0)


async def test_close_while_it_settles_then_nothing_is_left(film: bytes) -> None:
    async with worker_for(film) as (worker, stream):
        process = await process_of(worker)
        stream.withhold_from(1000)
        asking = asyncio.create_task(worker.ask("probe"))
        await stream.waiting.wait()
        os.kill(process.pid, signal.SIGSTOP)
        asking.cancel()
        await asyncio.wait({asking})
    assert process.returncode is not None


async def test_process_when_ready_then_it_can_open_nothing(film: bytes) -> None:
    async with worker_for(film) as (worker, _):
        pid = (await process_of(worker)).pid
        limits = Path(f"/proc/{pid}/limits").read_text()
        values = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()[1:]}
        assert values["Max open files"] == ["3", "3"]
        assert values["Max file size"] == ["0", "0"]
        assert values["Max address space"] == [str(MEMORY_BYTES)] * 2
        assert sorted(fd.name for fd in Path(f"/proc/{pid}/fd").iterdir()) == ["0", "1", "2"]
        assert Path(f"/proc/{pid}/environ").read_bytes().strip(b"\0") == b""
        status = Path(f"/proc/{pid}/status").read_text()
        assert "NoNewPrivs:\t1" in status
        assert "Seccomp:\t2" in status


async def test_ask_when_the_answer_is_a_segment_of_70_mb_then_it_comes() -> None:
    """Given: 140 Mbit/s, which discs do not reach, and four seconds between key frames."""
    rate = ("-b:v", "140M", "-minrate", "140M", "-maxrate", "140M", "-bufsize", "140M")
    hrd = ("-x264-params", "nal-hrd=cbr:scenecut=0:keyint=96")
    heavy = clip("heavy.mkv", "-an", *X264, *rate, *hrd, length_s=4.5)
    async with worker_for(heavy.read_bytes()) as (worker, _):
        head, body = await worker.ask(
            "segment", index=0, start_s=0.0, stop_s=4.0, last=False, video="copy", audio=None
        )
    assert head["frames"] == 96
    assert len(body) > 68_000_000


@pytest.mark.parametrize("asked", [[-1, 5], [5, 5], [0, 11], ["0", 5], [0], None, {"a": 1}, [0.0, 5.0]])
def test_span_when_outside_the_film_then_refused(asked: object) -> None:
    with pytest.raises(WireError):
        worker_module._span(asked, 10)


async def test_hear_when_an_answer_is_given_up_in_the_middle_then_read_on(film: bytes) -> None:
    async with worker_for(film) as (worker, _):
        process = await process_of(worker)
        with pytest.raises(TimeoutError):
            await worker._hear(process, 0.01)
        await send(process, pack({"ask": "probe"}))
        assert "read" in (await worker._hear(process, 30.0))[0]
