"""A piece is gathered block by block from several peers, and a liar among them is found."""

from hypothesis import given
from hypothesis import strategies as st

from matinee.torrent.lane.part import Part
from matinee.types import BLOCK_BYTES, PieceIndex

SIZE = 3 * BLOCK_BYTES + 100


def part() -> Part[str]:
    """A piece of four blocks, the last one short."""
    return Part(PieceIndex(5), SIZE)


def data_of(gathered: Part[str], block: int, fill: int) -> bytes:
    """A block of the right length."""
    return bytes([fill]) * gathered.length(block)


def test_put_when_the_last_block_comes_then_the_piece_is_complete() -> None:
    """Blocks come in any order."""
    gathered = part()
    for block in (3, 0, 2, 1):
        gathered.ask(block, "a")
        assert not gathered.complete
        gathered.put(block, "a", data_of(gathered, block, block + 1))
    assert gathered.complete
    assert bytes(gathered.data) == b"".join(data_of(gathered, block, block + 1) for block in range(4))


def test_put_when_two_were_asked_then_names_the_other() -> None:
    """So that it can be told not to send."""
    gathered = part()
    gathered.ask(0, "a")
    gathered.ask(0, "b")
    assert gathered.put(0, "b", data_of(gathered, 0, 1)) == ["a"]


def test_put_when_the_length_is_wrong_then_is_as_good_as_none() -> None:
    """A short block must not leave zeros behind."""
    gathered = part()
    gathered.ask(0, "a")
    assert gathered.put(0, "a", b"short") == []
    assert 0 not in gathered.sources
    assert not gathered.complete


def test_leave_when_a_peer_goes_then_its_blocks_are_open_again() -> None:
    """Those that nobody else is asked for, in order."""
    gathered = part()
    for block, who in ((0, "a"), (1, "a"), (1, "b"), (2, "b")):
        gathered.ask(block, who)
    gathered.leave("a")
    assert list(gathered.open) == [0, 3]
    assert gathered.asked == {1: ["b"], 2: ["b"]}


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.sampled_from(["ask", "put", "back", "leave"]))
    )
)
def test_part_when_anything_happens_then_each_block_is_in_one_place(
    events: list[tuple[str, int, str]],
) -> None:
    """Open, asked for, or here: never two of them, never none."""
    gathered = part()
    for who, block, what in events:
        if what == "ask" and block not in gathered.sources and who not in gathered.asked.get(block, ()):
            gathered.ask(block, who)
        elif what == "put":
            gathered.put(block, who, data_of(gathered, block, 7))
        elif what == "back":
            gathered.take_back(block, who)
        elif what == "leave":
            gathered.leave(who)
        places = [*gathered.open, *gathered.asked, *gathered.sources]
        assert sorted(places) == [0, 1, 2, 3]
        assert gathered.complete == (len(gathered.sources) == 4)


def test_liars_when_a_piece_was_wrong_then_are_those_whose_blocks_differ() -> None:
    """An honest peer that had a share in the wrong piece is not blamed."""
    gathered = part()
    for block, who, fill in ((0, "honest", 1), (1, "liar", 66), (2, "honest", 3), (3, "other", 4)):
        gathered.ask(block, who)
        gathered.put(block, who, data_of(gathered, block, fill))
    gathered.begin_again(only="other")
    assert gathered.put(0, "liar", data_of(gathered, 0, 66)) == []
    for block, fill in enumerate((1, 2, 3, 4)):
        gathered.ask(block, "other")
        gathered.put(block, "other", data_of(gathered, block, fill))
    assert gathered.complete
    assert set(gathered.liars()) == {"liar"}
