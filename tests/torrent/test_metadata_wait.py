"""Who waits for a magnet's metadata is told when it is late, and the next waits anew."""

import asyncio
from collections.abc import Callable

import pytest

from matinee.errors import MetadataTimeout, TorrentRemoved
from matinee.torrent.metadata_wait import MetadataWait

DEADLINE_S = 60.0
LATE = MetadataTimeout("Nobody has sent it.")
GONE = TorrentRemoved("The torrent was removed.")


class Wait:
    """A wait whose clock runs out at once, and how often it has."""

    def __init__(self, limit_s: float = 0.0) -> None:
        self.late = 0
        self._turned = asyncio.Event()
        self.wait = MetadataWait(limit_s, self._count)

    async def until_late(self) -> None:
        """Wait until the clock has run out once more."""
        await asyncio.wait_for(self._turned.wait(), DEADLINE_S)
        self._turned.clear()

    def _count(self) -> None:
        self.late += 1
        self._turned.set()


async def test_wait_when_it_is_late_then_whoever_waits_is_told_and_the_next_gets_what_comes_after_all() -> (
    None
):
    metadata = Wait()
    waiting = asyncio.ensure_future(metadata.wait.wait())
    metadata.wait.begin()
    metadata.wait.begin()
    await metadata.until_late()
    metadata.wait.give_up(LATE)
    with pytest.raises(MetadataTimeout):
        await asyncio.wait_for(waiting, DEADLINE_S)
    assert metadata.late == 1
    again = asyncio.ensure_future(metadata.wait.wait())
    metadata.wait.begin()
    await metadata.until_late()
    metadata.wait.came()
    await asyncio.wait_for(again, DEADLINE_S)
    await asyncio.wait_for(metadata.wait.wait(), DEADLINE_S)


async def test_wait_when_one_who_waits_gives_up_then_the_others_still_wait() -> None:
    metadata = Wait(limit_s=DEADLINE_S)
    metadata.wait.begin()
    one, other = (asyncio.ensure_future(metadata.wait.wait()) for _ in range(2))
    await asyncio.sleep(0)
    one.cancel()
    metadata.wait.came()
    await asyncio.wait_for(other, DEADLINE_S)
    assert one.cancelled()


@pytest.mark.parametrize("before", [MetadataWait.begin, MetadataWait.came, lambda wait: wait.give_up(LATE)])
async def test_end_when_anything_was_before_then_the_clock_stands_and_only_what_never_came_is_refused(
    before: Callable[[MetadataWait], None],
) -> None:
    metadata = Wait()
    before(metadata.wait)
    metadata.wait.end(GONE)
    outcome = (await asyncio.gather(metadata.wait.wait(), return_exceptions=True))[0]
    assert outcome in (None, GONE)
    assert (outcome is None) == (before is MetadataWait.came)
    assert metadata.late == 0
