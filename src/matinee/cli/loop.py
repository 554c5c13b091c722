"""Runs a coroutine to its end, or to SIGINT or SIGTERM, whichever comes first."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any

Work = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


def run_until_signal(work: Work) -> None:
    """Run ``work`` with an event that is set when the process is asked to end.

    A second signal ends the process at once, without the clean end.
    """
    with asyncio.Runner(loop_factory=_loop) as runner:
        runner.run(_with_signals(work))


async def first_of(*works: Coroutine[Any, Any, object]) -> None:
    """Run all until one has ended; the others are cancelled, and have let go of what they held when this returns.

    Raises what the one that ended raised.
    """
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in ended:
        task.result()


async def _with_signals(work: Work) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def ask() -> None:
        stop.set()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask)
    await work(stop)


def _loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:  # Windows has none
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
