"""The cache of pieces: never more than it may hold, but for one piece that is larger."""

from hypothesis import given
from hypothesis import strategies as st

from matinee.torrent.piece_cache import PieceCache
from matinee.types import InfoHash, PieceIndex

LIMIT = 100
FILMS = [InfoHash("a" * 40), InfoHash("b" * 40)]


@given(st.lists(st.tuples(st.sampled_from(FILMS), st.integers(0, 20), st.integers(0, 150))))
def test_put_when_pieces_of_any_size_come_then_holds_the_newest_within_its_limit(
    puts: list[tuple[InfoHash, int, int]],
) -> None:
    cache = PieceCache(LIMIT)
    for film, piece, size in puts:
        cache.put(film, PieceIndex(piece), bytes(size))
        held = list(cache._pieces.values())
        assert sum(map(len, held)) == cache._bytes
        assert cache._bytes <= LIMIT or len(held) == 1
        assert cache.get(film, PieceIndex(piece)) == bytes(size)
    for film in FILMS:
        cache.forget(film)
    assert (cache._bytes, len(cache._pieces)) == (0, 0)
