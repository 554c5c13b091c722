"""How far ahead may be wanted, by what is known of the swarm. Held to what the ways promise, not to their figures."""

from hypothesis import given
from hypothesis import strategies as st

from matinee.torrent.governor import EVERYTHING, Swarm, reach

rates = st.floats(0, 1e9)
swarms = st.builds(Swarm, rates, st.booleans())


@given(swarms, st.booleans())
def test_reach_when_anything_is_so_then_something_may_be_wanted(swarm: Swarm, pending: bool) -> None:
    chosen = reach(swarm, pending=pending)
    assert chosen.window_bytes > 0
    assert 0 <= chosen.critical_bytes <= EVERYTHING.window_bytes


@given(rates)
def test_reach_when_a_picture_is_waited_for_then_is_no_wider_than_while_playing(rate: float) -> None:
    calm = Swarm(rate, troubled=False)
    assert reach(calm, pending=True).window_bytes <= reach(calm, pending=False).window_bytes


@given(rates, rates, st.booleans(), st.booleans())
def test_reach_when_more_arrives_then_is_no_narrower(
    slow: float, fast: float, troubled: bool, pending: bool
) -> None:
    narrow, wide = (
        reach(Swarm(rate, troubled), pending=pending).window_bytes for rate in sorted((slow, fast))
    )
    assert narrow <= wide


@given(rates, st.booleans())
def test_reach_when_peers_let_us_down_then_holds_back_what_lies_beyond(rate: float, pending: bool) -> None:
    assert reach(Swarm(rate, troubled=True), pending=pending).critical_bytes > 0
