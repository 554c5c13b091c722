"""A storm of alerts holds nobody up, and one that cannot be handled stops none that comes behind it."""

import asyncio
import logging
from collections.abc import Iterator

import libtorrent as lt
import pytest

from matinee.torrent import alerts
from matinee.torrent.alerts import AlertPump

STORM = 25_000
LONGEST_S = 1.0
DEADLINE_S = 30


@pytest.fixture
def session() -> Iterator[lt.session]:
    """A libtorrent that speaks with nobody."""
    made = lt.session(
        {
            "listen_interfaces": "", "enable_dht": False, "enable_lsd": False, "enable_upnp": False,
            "enable_natpmp": False, "alert_queue_size": 20_000,
        }
    )  # fmt: skip
    yield made
    made.set_alert_fd(-1)


class Told:
    """Counts alerts, and may fail at each."""

    def __init__(self, *, fails: bool) -> None:
        self.count = 0
        self.all = asyncio.Event()
        self._fails = fails

    def __call__(self, alert: lt.alert) -> None:
        self.count += 1
        if self.count >= STORM:
            self.all.set()
        if self._fails:
            raise RuntimeError("a handler that cannot")


async def longest_turn_s(until: asyncio.Event) -> float:
    """Give for how long the loop was away at the longest."""
    loop, longest_s = asyncio.get_running_loop(), 0.0
    async with asyncio.timeout(DEADLINE_S):
        while not until.is_set():
            began_s = loop.time()
            await asyncio.sleep(0)
            longest_s = max(longest_s, loop.time() - began_s)
    return longest_s


@pytest.mark.parametrize("fails", [False, True], ids=["handled", "fails"])
async def test_storm_when_all_have_gathered_then_each_is_told_and_the_loop_soon_answers(
    *, fails: bool, session: lt.session, caplog: pytest.LogCaptureFixture
) -> None:
    pump, told, behind = AlertPump(session), Told(fails=fails), Told(fails=False)
    pump.on(lt.session_stats_alert, told)
    pump.on(lt.session_stats_alert, behind)
    for _ in range(STORM):
        session.post_session_stats()
    with caplog.at_level(logging.ERROR, logger=alerts.__name__):
        asyncio.get_running_loop().call_soon(pump.start)
        longest_s = await longest_turn_s(behind.all)
    pump.stop()
    assert (told.count, behind.count) == (STORM, STORM)
    assert longest_s < LONGEST_S
    assert len(caplog.records) == fails
    assert [bool(record.exc_info) for record in caplog.records] == [True] * fails


async def test_failures_when_they_go_on_then_are_told_again_later_with_their_number(
    session: lt.session, caplog: pytest.LogCaptureFixture
) -> None:
    now_s = [0.0]
    pump = AlertPump(session, lambda: now_s[0])
    told, after = Told(fails=True), asyncio.Event()
    pump.on(lt.session_stats_alert, told)
    pump.on(lt.state_update_alert, lambda _: after.set())
    pump.start()
    for at_s in (0.0, 1.0, 2.0, alerts.TELL_EACH_S + 0.1):
        now_s[0] = at_s
        after.clear()
        session.post_session_stats()
        session.post_torrent_updates()
        await asyncio.wait_for(after.wait(), DEADLINE_S)
    pump.stop()
    assert told.count == 4
    assert [record.getMessage().rpartition(" ")[2] for record in caplog.records] == [
        "more_before=0",
        "more_before=2",
    ]
