"""Which films make room: watched ones first, then those used longest ago; what plays, is given, kept or own never."""

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.models.library import Progress, Work
from matinee.models.space import FilmHere, Standing
from matinee.models.torrent import FileEntry
from matinee.playback.first_to_go import films_among, first_to_go, in_order, is_watched, standing
from matinee.torrent.layout import Layout
from matinee.torrent.space import DiskSpace, Space
from matinee.types import FileIndex, InfoHash, PieceIndex


def here(name: str, taken_bytes: int = 100, day: int = 1, **more: bool) -> FilmHere:
    """A film that was used one day."""
    plain = FilmHere(InfoHash(name), name, taken_bytes, f"2026-11-{day:02}T20:00:00Z")
    return replace(plain, **more)  # type: ignore[arg-type]  # replace() checks the names


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, Standing.UNWATCHED),
        ({"watched": True}, Standing.WATCHED),
        ({"watched": True, "given": True}, Standing.GIVEN),
        ({"watched": True, "given": True, "kept": True}, Standing.KEPT),
        ({"given": True, "own": True}, Standing.OWN),
        ({"watched": True, "own": True, "playing": True}, Standing.PLAYING),
    ],
)
def test_standing_when_there_are_several_reasons_then_gives_the_one_that_counts(
    said: dict[str, bool], expected: Standing
) -> None:
    assert standing(here("a", **said)) is expected


def test_in_order_when_of_all_kinds_then_watched_and_old_ones_come_first_and_large_ones_stay_first() -> None:
    films = [
        here("kept", 10, 1, kept=True),
        here("new", day=9),
        here("seen-new", day=8, watched=True),
        here("own", 900, 1, own=True),
        here("old", day=2),
        here("seen-old", day=3, watched=True),
        here("nothing", 0, watched=True),
    ]
    names = [film.name for film in in_order(films)]
    assert names == ["seen-old", "seen-new", "old", "new", "own", "kept"]


def test_first_to_go_when_some_are_enough_then_no_more_go() -> None:
    films = [here("a", day=1), here("b", day=2), here("c", day=3), here("d", day=0, kept=True)]
    assert [film.name for film in first_to_go(films, 101, 101)] == ["a", "b"]
    assert [film.name for film in first_to_go(films, 1000, 1000)] == ["a", "b", "c"]
    assert first_to_go(films, 0, 0) == []


def test_first_to_go_when_nobody_waits_then_only_watched_ones_go() -> None:
    films = [here("a", day=1), here("b", day=2, watched=True), here("c", day=3, watched=True)]
    assert [film.name for film in first_to_go(films, 1000, 0)] == ["b", "c"]
    assert [film.name for film in first_to_go(films, 1000, 201)] == ["b", "c", "a"]


def progress(key: str, *, watched: bool, position_s: float = 0.0) -> Progress:
    """Where somebody left a film of 1000 s."""
    return Progress(
        work=Work(key), position_s=position_s, duration_s=1000.0, watched=watched, info_hash=None, file_index=None,
        name="", changed_ms=0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("works", "left", "expected"),
    [
        ([], [], False),
        (["a"], [], False),
        (["a"], [progress("a", watched=True)], True),
        (["a"], [progress("a", watched=True), progress("a", watched=False, position_s=500.0)], False),
        (["a"], [progress("a", watched=True), progress("a", watched=False, position_s=1.0)], True),
        (["a", "b"], [progress("a", watched=True)], False),
        (["a", "b"], [progress("a", watched=True), progress("b", watched=True)], True),
    ],
)
def test_is_watched_when_all_was_seen_and_nobody_is_in_the_middle_then_it_was(
    works: list[str], left: list[Progress], *, expected: bool
) -> None:
    assert is_watched(works, left) is expected


def test_films_among_when_there_are_trailers_then_these_are_none() -> None:
    files = [
        FileEntry(FileIndex(at), "", length, 0, kind)
        for at, (length, kind) in enumerate(
            [(1000, "video/mp4"), (199, "video/mp4"), (200, "video/webm"), (5000, "application/zip")]
        )
    ]
    assert [file.index for file in films_among(files)] == [0, 2]
    assert films_among([]) == []


PIECE = 1000
LAYOUT = Layout(PIECE, 6 * PIECE)


@dataclass
class House:
    """Films that come piece by piece, in any order, under a cap that makes room as the program does."""

    cap_bytes: int
    films: dict[str, FilmHere]
    here_bytes: dict[str, int] = field(default_factory=dict)
    gone: list[FilmHere] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.space = Space(lambda: DiskSpace(1 << 40, 0), self.cap_bytes)
        self.space.measured({})
        self.shares = {name: self.space.share(name, LAYOUT, lambda: None) for name in self.films}

    def facts(self) -> list[FilmHere]:
        return [
            replace(film, taken_bytes=self.shares[name].taken_bytes, playing=film.playing or self.wants(name))
            for name, film in self.films.items()
        ]

    def wants(self, name: str) -> bool:
        return self.shares[name].short is not None

    def bring(self, name: str, piece: PieceIndex) -> None:
        """A piece is wanted, and comes where there is room for it, once room was made."""
        if name not in self.films:
            return
        self.shares[name].forget()
        if not self.shares[name].book([piece]):
            lacking = self.space.lacking_bytes()
            for film in first_to_go(facts := self.facts(), lacking, lacking):
                self.gone += [one for one in facts if one.info_hash == film.info_hash]
                self.space.drop(film.name, deleted=True)
                del self.films[film.name], self.here_bytes[film.name]
        if self.shares[name].book([piece]):
            self.shares[name].came(piece)
            self.here_bytes[name] = self.here_bytes.get(name, 0) + PIECE


FILM = st.fixed_dictionaries(
    {key: st.booleans() for key in ("watched", "playing", "given", "kept", "own")}, optional={}
)


@given(
    st.lists(FILM, min_size=1, max_size=6),
    st.integers(1, 20_000),
    st.permutations([(film, piece) for film in range(6) for piece in range(6)]),
)
def test_cap_is_never_exceeded_and_nothing_that_must_stay_goes_in_any_order_of_arrivals(
    said: list[dict[str, bool]], cap_bytes: int, arrivals: list[tuple[int, int]]
) -> None:
    house = House(cap_bytes, {str(at): here(str(at), day=at + 1, **one) for at, one in enumerate(said)})
    for film, piece in arrivals:
        house.bring(str(film), PieceIndex(piece))
        assert sum(house.here_bytes.values()) == house.space.used_bytes <= cap_bytes
    assert not [film for film in house.gone if film.playing or film.given or film.kept or film.own]
