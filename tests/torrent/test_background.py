"""What is taken of a torrent is fetched while no player needs the line, and gives it back at once."""

import pytest

from matinee.torrent import schedule
from matinee.torrent.governor import BACKGROUND_BYTES
from matinee.torrent.layout import Layout
from matinee.torrent.schedule import Change
from matinee.torrent.spare import Line
from matinee.torrent.steering import Steering
from matinee.types import PieceIndex
from tests.torrent.test_steering import FILM, PIECE, Desk, RecordingFetcher, desk, next_turn

__all__ = ["desk"]

AT_ONCE = -(-BACKGROUND_BYTES // PIECE)
WHOLE = (range(FILM.torrent.piece_count),)


class DroppingFetcher(RecordingFetcher):
    """Keeps besides for which piece everything was cancelled."""

    def __init__(self) -> None:
        super().__init__()
        self.dropped: list[PieceIndex | None] = []

    def apply(self, change: Change) -> None:
        self.dropped.append(change.drop)
        super().apply(change)


async def test_take_when_nobody_plays_then_the_first_missing_pieces_are_wanted_and_no_more(
    desk: Desk,
) -> None:
    desk.have[1] = 1
    desk.steering.take((range(90, 95), *WHOLE))
    await next_turn()
    first = [90, 91, 92, 93, 94, 0, *range(2, AT_ONCE - 4)]
    assert desk.fetcher.wish == dict.fromkeys(map(PieceIndex, first), schedule.BACKGROUND)


async def test_take_when_a_piece_comes_then_the_next_one_is_wanted(desk: Desk) -> None:
    desk.steering.take(WHOLE)
    await next_turn()
    desk.bring(0)
    assert sorted(desk.fetcher.wish) == list(range(1, AT_ONCE + 1))


async def test_take_when_somebody_plays_then_only_what_is_played_is_wanted(desk: Desk) -> None:
    desk.steering.take(WHOLE)
    await next_turn()
    desk.sit(50 * PIECE)
    assert desk.fetcher.wish
    assert all(piece >= 50 for piece in desk.fetcher.wish)
    # What was on its way for nobody is cancelled, though the piece that is played may have been among it.
    assert desk.fetcher.jumps == [50]


async def test_take_when_the_player_jumps_to_a_piece_on_its_way_for_nobody_then_it_is_asked_anew(
    desk: Desk,
) -> None:
    desk.steering.take(WHOLE)
    await next_turn()
    desk.sit(5 * PIECE)
    assert desk.fetcher.jumps == [5]


async def test_take_when_the_player_has_all_ahead_then_the_rest_comes(desk: Desk) -> None:
    desk.have[50:] = b"\1" * 50
    _, seat = desk.steering.open(FILM, 50 * PIECE)
    desk.steering.take(WHOLE)
    desk.steering.advance(seat, 50 * PIECE, 51 * PIECE)
    await next_turn()
    assert sorted(desk.fetcher.wish)[:2] == [0, 1]


async def test_take_when_it_is_taken_back_then_nothing_is_wanted_and_all_is_cancelled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = Desk()
    desk.fetcher = DroppingFetcher()
    desk.steering = Steering(FILM.torrent, desk.have, desk.fetcher)
    desk.steering.take(WHOLE)
    await next_turn()
    desk.bring(0)
    desk.steering.take(())
    await next_turn()
    assert desk.fetcher.wish == {}
    assert desk.fetcher.dropped == [None, None, 1]
    desk.steering.stop()


async def test_take_when_a_player_of_another_film_waits_then_the_line_is_his_until_he_has_enough() -> None:
    line, mine, his = Line(), RecordingFetcher(), RecordingFetcher()
    layout = Layout(PIECE, 20 * PIECE)
    fetched = Steering(layout, bytearray(20), mine, line=line)
    have = bytearray(FILM.torrent.piece_count)
    played = Steering(FILM.torrent, have, his, line=line)
    fetched.take((range(20),))
    await next_turn()
    assert len(mine.wish) == AT_ONCE
    _, seat = played.open(FILM, 0)
    played.wait(seat, 0)
    await next_turn()
    assert mine.wish == {}
    have[:] = b"\1" * len(have)
    played.arrived(PieceIndex(0))
    played.advance(seat, 0, PIECE)
    await next_turn()
    await next_turn()
    assert len(mine.wish) == AT_ONCE
    fetched.stop()
    played.stop()
