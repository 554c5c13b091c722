"""Which release is played: what is better stays better, whatever else there is."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from matinee.catalogue.rank import (
    MARGIN,
    Candidate,
    Choice,
    Handling,
    Place,
    container_of,
    handling_of,
    needs_bytes_per_s,
    rank,
)
from matinee.models.choice import Why
from matinee.models.playback import ClientSupport
from matinee.models.title import ArchiveItem, Release

CHROMIUM = ClientSupport(
    frozenset({"mp4", "webm", "ogg"}),
    frozenset({"h264", "vp8", "vp9", "av1"}),
    frozenset({"aac", "mp3", "opus", "vorbis", "flac"}),
)
HOUR_S = 3600.0


def release(
    lines: int | None = 480,
    mbit: float | None = 2.0,
    *,
    codecs: tuple[str, ...] = ("h264", "aac"),
    file: str | None = "film.mp4",
) -> Release:
    length = None if mbit is None else round(mbit * 1e6 / 8 * HOUR_S)
    width = None if lines is None else lines * 16 // 9
    return Release(
        ArchiveItem("item"), file, length_bytes=length, duration_s=HOUR_S, width=width, height=lines, codecs=codecs
    )  # fmt: skip


def place(mbit: float | None = 10.0, screen_lines: int = 1080) -> Place:
    client = replace(CHROMIUM, screen_height=screen_lines)
    return Place(client, None if mbit is None else mbit * 1e6 / 8)


def first(*found: Candidate | Release, at: Place | None = None) -> Choice:
    candidates = [one if isinstance(one, Candidate) else Candidate(one) for one in found]
    return rank(candidates, at or place())[0]


def why(choice: Choice) -> set[Why]:
    return {reason.why for reason in choice.reasons}


FILES = st.sampled_from(["a.mp4", "a.mkv", "a.webm", "a.ogv", "a.avi", "a", None])
CODECS = st.sampled_from(
    [("h264", "aac"), ("h264", "ac3"), ("vp9", "opus"), ("mpeg4", "mp3"), ("theora", "vorbis"), ("h264",), ()]
)
RELEASES = st.builds(
    release,
    st.none() | st.integers(100, 2200),
    st.none() | st.floats(0.1, 60),
    codecs=CODECS,
    file=FILES,
)
CANDIDATES = st.builds(
    Candidate,
    RELEASES,
    st.none() | st.integers(0, 9),
    st.none() | st.floats(1e4, 1e7),
    st.none() | st.floats(0.1, 60),
)
MANY = st.lists(CANDIDATES, min_size=1, max_size=6)
SCREENS = st.sampled_from([0, 480, 720, 1080, 2160])


def worth(found: list[Candidate], choice: Choice, at: Place) -> float:
    """The lines that a person sees of it, those of a converted picture for half."""
    one = found[choice.index].release
    lines = next((reason.facts["lines"] for reason in choice.reasons if reason.why is Why.BEST_PICTURE), None)
    if lines is None:
        lower = replace(one, width=1, height=1)
        beside = rank(
            [Candidate(replace(one, length_bytes=1)), Candidate(replace(lower, length_bytes=1))], at
        )
        mine = next(one for one in beside if one.index == 0)
        lines = next((r.facts["lines"] for r in mine.reasons if r.why is Why.BEST_PICTURE), 0)
    return float(lines) * (0.5 if choice.handling is Handling.PICTURE else 1)


@given(MANY, st.floats(0.1, 50), st.floats(0, 50), SCREENS)
def test_a_faster_line_never_chooses_a_smaller_picture(
    found: list[Candidate], mbit: float, more: float, screen: int
) -> None:
    slow, fast = place(mbit, screen), place(mbit + more, screen)
    before = rank(found, slow)[0]
    # Where nothing fitted the least demanding was taken, whatever its picture.
    assert not before.fits or worth(found, rank(found, fast)[0], fast) >= worth(found, before, slow)


@given(
    RELEASES, st.sampled_from([("mpeg4", "mp3"), ("theora", "vorbis"), ("mpeg2video", "ac3")]), st.booleans()
)
def test_a_playable_one_is_before_one_to_be_converted_at_the_same_size(
    one: Release, codecs: tuple[str, ...], turned: bool
) -> None:
    plays, converted = replace(one, codecs=("h264", "aac")), replace(one, codecs=codecs)
    pair = [converted, plays] if turned else [plays, converted]
    assert rank([Candidate(one) for one in pair], place())[0].index == turned


@given(
    CANDIDATES,
    st.lists(st.sampled_from(["length_bytes", "height", "codecs"]), min_size=1, max_size=3),
    st.booleans(),
)
def test_what_is_not_known_never_beats_the_same_known_to_be_good(
    one: Candidate, forgotten: list[str], turned: bool
) -> None:
    good = replace(one, release=release(720, 3.0), gets_bytes_per_s=1e6)
    blank: dict[str, object] = {"length_bytes": None, "height": None, "codecs": ()}
    changes = {name: blank[name] for name in forgotten} | ({"width": None} if "height" in forgotten else {})
    vague = replace(good, release=replace(good.release, **changes))  # type: ignore[arg-type]
    pair = [vague, good] if turned else [good, vague]
    assert rank(pair, place())[0].index == turned


@given(MANY, st.none() | st.floats(0.1, 50), SCREENS, st.randoms())
def test_the_order_of_the_list_says_nothing_but_for_equals(
    found: list[Candidate], mbit: float | None, screen: int, random: object
) -> None:
    chosen = found[rank(found, place(mbit, screen))[0].index]
    turned = list(reversed(found))
    again = turned[rank(turned, place(mbit, screen))[0].index]
    assert rank([chosen, again], place(mbit, screen))[0].index == 0
    assert rank([again, chosen], place(mbit, screen))[0].index == 0


@given(MANY, st.none() | st.floats(0.1, 50), SCREENS)
def test_every_release_is_ranked_once_with_a_reason(
    found: list[Candidate], mbit: float | None, screen: int
) -> None:
    ranked = rank(found, place(mbit, screen))
    assert sorted(one.index for one in ranked) == list(range(len(found)))
    assert all(one.reasons for one in ranked)


@given(MANY)
def test_one_that_nobody_has_is_never_before_one_that_somebody_has(found: list[Candidate]) -> None:
    ranked = [found[one.index].sources == 0 for one in rank(found, place())]
    assert ranked == sorted(ranked)


def test_the_larger_picture_is_chosen_when_the_line_bears_it() -> None:
    choice = first(release(480, 1.5), release(1080, 6.0))
    assert choice.index == 1
    assert choice.fits
    assert {Why.BEST_PICTURE, Why.FITS_LINE, Why.PLAYS} <= why(choice)


def test_the_smaller_picture_is_chosen_when_the_larger_would_stall() -> None:
    choice = first(release(480, 1.5), release(1080, 6.0), at=place(6.5))
    assert choice.index == 0


def test_when_none_fits_the_least_demanding_is_chosen_and_it_is_said() -> None:
    choice = first(release(1080, 6.0), release(480, 1.5), at=place(1.0))
    assert choice.index == 1
    assert not choice.fits
    (said,) = [one for one in choice.reasons if one.why is Why.NEEDS_LEAST]
    assert said.facts == {"needs_bytes_per_s": 1.5e6 / 8 * MARGIN, "gets_bytes_per_s": 1e6 / 8}


def test_what_the_screen_cannot_show_counts_for_nothing() -> None:
    sooner, larger = (
        Candidate(release(720, 3.0), starts_in_s=1.0),
        Candidate(release(2160, 8.0), starts_in_s=3.0),
    )
    choice = first(larger, sooner, at=place(50.0, 720))
    assert choice.index == 1
    assert Why.STARTS_SOONEST in why(choice)


def test_a_wide_film_is_as_good_as_one_with_bars() -> None:
    wide = replace(release(1080, 6.0), height=800)
    choice = first(Candidate(release(1080, 6.0), starts_in_s=2.0), Candidate(wide, starts_in_s=1.0))
    assert choice.index == 1


def test_slow_sources_count_as_the_line_does() -> None:
    lonely = Candidate(release(1080, 6.0), sources=1, gets_bytes_per_s=2e5)
    assert first(lonely, release(480, 1.5), at=place(50.0)).index == 1


def test_a_line_that_was_not_measured_is_taken_for_a_usual_one_and_it_is_said() -> None:
    choice = first(release(2160, 25.0), release(1080, 6.0), at=place(None))
    assert choice.index == 1
    assert Why.LINE_NOT_MEASURED in why(choice)


def test_a_converted_picture_needs_twice_the_lines() -> None:
    old = release(576, 4.0, codecs=("mpeg2video", "mp2"), file="film.mpeg")
    assert first(old, release(480, 1.5)).index == 1
    choice = first(old, release(240, 0.5))
    assert choice.index == 0
    assert choice.handling is Handling.PICTURE


def test_of_pictures_that_nobody_knows_the_one_with_more_bytes_is_chosen() -> None:
    assert first(release(None, 1.0), release(None, 3.0)).index == 1
    assert first(release(480, 1.0), release(480, 3.0)).index == 0


def test_a_single_release_is_chosen_and_says_so() -> None:
    assert {Why.ONLY_ONE, Why.RATE_NOT_KNOWN, Why.UNKNOWN} <= why(first(release(None, None, codecs=())))


def test_what_must_be_done_is_known_by_codecs_and_name() -> None:
    assert handling_of(release(), CHROMIUM) is Handling.PLAYS
    assert handling_of(release(file="a.mkv"), CHROMIUM) is Handling.SEGMENTS
    assert handling_of(release(file="a.mkv", codecs=("vp9", "opus")), CHROMIUM) is Handling.PLAYS
    assert handling_of(release(codecs=("h264", "ac3")), CHROMIUM) is Handling.SOUND
    assert handling_of(release(codecs=("mpeg4", "mp3")), CHROMIUM) is Handling.PICTURE
    assert handling_of(release(codecs=(), file="a.avi"), CHROMIUM) is Handling.PICTURE
    assert handling_of(release(codecs=()), CHROMIUM) is Handling.UNKNOWN
    assert handling_of(release(codecs=(), file="a.mkv"), CHROMIUM) is Handling.UNKNOWN
    assert handling_of(release(codecs=(), file=None), CHROMIUM) is Handling.UNKNOWN


def test_containers_are_known_by_the_ending_of_a_name() -> None:
    assert container_of("folder.mkv/Film.MP4") == "mp4"
    assert container_of("film.xyz") is None
    assert container_of("film") is None
    assert container_of(None) is None


def test_a_rate_that_is_not_known_is_guessed_from_the_picture() -> None:
    guess = needs_bytes_per_s(release(1080, None))
    assert guess is not None
    assert 0.5e6 < guess < 2e6
    assert needs_bytes_per_s(release(None, None)) is None
