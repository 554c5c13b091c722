"""A film in segments, made by a process that is played here."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from matinee.confined.frames import Head
from matinee.errors import BadFilm, NotFound
from matinee.models.media import MediaInfo
from matinee.models.playback import AudioPlan, Plan, TrackPlan, Way
from matinee.playback.facts import Facts, Keyframes
from matinee.playback.package import Package
from tests.media.test_decide import film, picture, sound

COPY, CONVERT = TrackPlan.COPY, TrackPlan.CONVERT
INFO = film("matroska,webm", picture(), sound("ac3"))
REMUX = Plan(Way.REMUX, COPY, (AudioPlan(INFO.audio[0].index, CONVERT),), INFO.audio[0].index, 0, ())
TRANSCODE = replace(REMUX, way=Way.TRANSCODE, video=CONVERT, max_height=720)


@dataclass
class FakeProcess:
    """Answers as the process does; ``asked`` records what it was asked."""

    answers: dict[str, Head] = field(
        default_factory=lambda: {
            "keyframes": {"times_s": [float(at) for at in range(0, 600, 5)], "duration_s": None},
            "duration": {"duration_s": None},
            "init": {"codecs": ["avc1.640028", "mp4a.40.2"], "encoding": None},
            "segment": {"frames": 1, "packets": 1, "seconds": 0.0},
        }
    )
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    cancelled: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    fails: BadFilm | None = None
    """What making a segment raises."""
    way: list[float] = field(default_factory=list)
    """How far it has come, each time it is asked for a segment before it gives it."""

    def __post_init__(self) -> None:
        self.open = asyncio.Event()
        """Cleared: every job waits."""
        self.open.set()
        self.busy = asyncio.Event()
        """Set when a job begins to wait."""

    async def ask(self, what: str, **arguments: object) -> tuple[Head, bytes]:
        self.asked.append((what, arguments))
        try:
            if not self.open.is_set():
                self.busy.set()
                await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled.append((what, arguments))
            raise
        if what == "segment" and self.fails is not None:
            raise self.fails
        if what == "segment" and self.way:
            return {"until_s": self.way.pop(0)}, b""
        return self.answers[what], f"{what} {arguments.get('index')}".encode()

    def jobs(self, what: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.asked if name == what]

    def numbers(self) -> list[int]:
        return [arguments["index"] for arguments in self.jobs("segment")]


@dataclass
class House:
    process: FakeProcess
    facts: Facts
    package: Package

    async def settled(self) -> None:
        """Wait until what is made ahead is made: it asks the process in turn, without waiting for anything else."""
        for _ in range(20):
            await asyncio.sleep(0)


def house_of(plan: Plan = REMUX, info: MediaInfo = INFO, start_s: float = 0.0) -> House:
    process, facts = FakeProcess(), Facts()
    return House(process, facts, Package(process.ask, facts, info, plan, 75_000_000, start_s))


@pytest.fixture
async def house() -> AsyncIterator[House]:
    house = house_of()
    async with asyncio.timeout(60):
        yield house
        await house.package.clear()


async def test_playlists_are_whole_before_any_segment_is_made(house: House) -> None:
    master = await house.package.master(())
    playlist = await house.package.playlist("v")
    assert "\nv/index.m3u8\n" in master
    assert playlist.count("#EXTINF:5.000000,") == 120
    assert playlist.endswith("\n119.m4s\n#EXT-X-ENDLIST\n")
    assert [what for what, _ in house.process.asked] == ["keyframes", "init"]


async def test_segment_when_the_one_before_is_here_then_is_joined_to_it(house: House) -> None:
    await house.package.segment("v", 3)
    await house.package.segment("v", 4)
    await house.package.segment("v", 0)
    alone = {job["index"]: job["alone"] for job in house.process.jobs("segment")}
    assert (alone[0], alone[3], alone[4]) == (False, True, False)


async def test_segment_when_the_way_to_it_is_long_then_asked_for_until_it_is_here(house: House) -> None:
    house.process.way = [3.0, 9.5]
    assert await house.package.segment("v", 3) == b"segment 3"
    assert house.process.numbers()[:3] == [3, 3, 3]


@pytest.mark.parametrize("way", [[3.0, 3.0], [3.0, 2.0], [float("nan")], [float("inf")], ["far"]])
async def test_segment_when_a_process_does_not_get_on_then_told(house: House, way: list[Any]) -> None:
    house.process.way = list(way)
    with pytest.raises(BadFilm):
        await house.package.segment("v", 3)
    assert house.process.numbers() == [3] * len(way)


async def test_segment_is_asked_for_with_its_place_and_its_tracks(house: House) -> None:
    assert await house.package.segment("v", 3) == b"segment 3"
    assert house.process.jobs("segment")[0] == {
        "index": 3,
        "start_s": 15.0,
        "stop_s": 20.0,
        "last": False,
        "alone": True,
        "video": "copy",
        "audio": [1, "convert"],
        "encoding": None,
    }
    assert house.process.jobs("init") == [
        {"video": "copy", "audio": [1, "convert"], "max_height": 0, "start_s": 0.0}
    ]


async def test_next_segment_is_made_ahead_and_no_more(house: House) -> None:
    await house.package.segment("v", 3)
    await house.settled()
    assert house.process.numbers() == [3, 4]
    assert await house.package.segment("v", 4) == b"segment 4"
    await house.settled()
    assert house.process.numbers() == [3, 4, 5]


async def test_nothing_is_made_beyond_the_end(house: House) -> None:
    await house.package.segment("v", 119)
    await house.settled()
    assert house.process.numbers() == [119]
    assert house.process.jobs("segment")[0]["last"]
    with pytest.raises(NotFound):
        await house.package.segment("v", 120)


async def test_first_segment_is_made_before_anybody_asks(house: House) -> None:
    house.package.prepare()
    await house.settled()
    assert [what for what, _ in house.process.asked] == ["keyframes", "init", "segment"]
    assert await house.package.init("v") == b"init None"
    assert await house.package.segment("v", 0) == b"segment 0"
    assert house.process.numbers() == [0]


@pytest.mark.parametrize(("start_s", "index"), [(4.9, 0), (5.0, 1), (303.0, 60), (9999.0, 119)])
async def test_playing_that_begins_elsewhere_is_prepared_there(start_s: float, index: int) -> None:
    house = house_of(start_s=start_s)
    house.package.prepare()
    await house.settled()
    assert [what for what, _ in house.process.asked] == ["keyframes", "init", "segment"]
    assert house.process.jobs("init")[0]["start_s"] == start_s
    assert await house.package.segment("v", index) == f"segment {index}".encode()
    assert house.process.numbers() == [index]


async def test_segment_that_cannot_be_made_is_tried_once(house: House) -> None:
    house.process.fails = BadFilm("This film broke the program that opens it.")
    for _ in range(3):
        with pytest.raises(BadFilm, match="broke the program"):
            await house.package.segment("v", 7)
    assert house.process.numbers() == [7]
    house.process.fails = None
    assert await house.package.segment("v", 8) == b"segment 8"
    await house.package.clear()
    assert await house.package.segment("v", 7) == b"segment 7"


async def test_seek_gives_up_what_is_made_ahead_elsewhere(house: House) -> None:
    await house.package.playlist("v")
    await house.package.init("v")
    house.process.open.clear()
    house.package.prepare()
    await house.process.busy.wait()
    seek = asyncio.create_task(house.package.segment("v", 90))
    await house.settled()
    assert [arguments["index"] for _, arguments in house.process.cancelled] == [0]
    house.process.open.set()
    assert await seek == b"segment 90"


async def test_sound_beside_the_picture_does_not_give_up_what_is_made_ahead(house: House) -> None:
    await house.package.segment("v", 0)
    house.process.open.clear()
    await house.settled()
    beside = asyncio.create_task(house.package.segment("v", 2))
    await house.settled()
    house.process.open.set()
    await beside
    assert house.process.cancelled == []


async def test_request_that_is_given_up_ends_its_job(house: House) -> None:
    await house.package.init("v")
    house.process.open.clear()
    request = asyncio.create_task(house.package.segment("v", 7))
    await house.process.busy.wait()
    request.cancel()
    await asyncio.gather(request, return_exceptions=True)
    await house.settled()
    assert [what for what, _ in house.process.cancelled] == ["segment"]


async def test_film_is_looked_into_once_for_many_requests_and_playbacks(house: House) -> None:
    await asyncio.gather(*(house.package.segment("v", 0) for _ in range(5)), house.package.master(()))
    assert [len(house.process.jobs(what)) for what in ("keyframes", "init")] == [1, 1]
    other = Package(house.process.ask, house.facts, INFO, REMUX, 75_000_000)
    await other.playlist("v")
    assert len(house.process.jobs("keyframes")) == 1


async def test_inits_outlive_what_was_made(house: House) -> None:
    for _ in range(2):
        await house.package.segment("v", 0)
        await house.settled()
        await house.package.clear()
    assert house.process.numbers() == [0, 1, 0, 1]
    assert len(house.process.jobs("init")) == 1


async def test_rendition_that_is_none_is_not_found(house: House) -> None:
    for fetch in (house.package.playlist, house.package.init):
        with pytest.raises(NotFound):
            await fetch("a1")
    with pytest.raises(NotFound):
        await house.package.segment("s2", 0)


async def test_converted_picture_is_cut_evenly_and_keeps_its_encoding() -> None:
    house = house_of(TRANSCODE)
    encoding = {"width": 640, "height": 360, "preset": "veryfast"}
    house.process.answers["init"] = {"codecs": ["avc1.64001F"], "encoding": encoding}
    assert "RESOLUTION=640x360" in await house.package.master(())
    await house.package.segment("v", 0)
    assert house.process.jobs("keyframes") == []
    assert house.process.jobs("init")[0]["max_height"] == 720
    assert house.process.jobs("segment")[0]["encoding"] == encoding
    await house.package.clear()


async def test_film_without_an_index_is_cut_evenly(house: House) -> None:
    house.process.answers["keyframes"] = {"times_s": [], "duration_s": None}
    assert (await house.package.playlist("v")).count("#EXTINF:12.000000,") == 50
    assert house.package.plan is REMUX


@pytest.mark.parametrize(("group_s", "way"), [(20.0, Way.REMUX), (30.1, Way.TRANSCODE)])
async def test_film_without_an_index_is_cut_no_finer_than_its_key_frames(
    house: House, group_s: float, way: Way
) -> None:
    house.process.answers["keyframes"] = {"times_s": [], "duration_s": None, "group_s": group_s}
    segments = await house.package.segments()
    assert house.package.plan.way is way
    assert segments[0].duration_s == (20.0 if way is Way.REMUX else 4.0)


async def test_film_that_can_be_cut_in_too_few_places_is_converted(house: House) -> None:
    house.process.answers["keyframes"] = {"times_s": [0.0, 200.0], "duration_s": None}
    await house.package.segment("v", 0)
    assert house.package.plan.way is Way.TRANSCODE
    assert "too few places" in house.package.plan.reasons[-1]
    assert house.process.jobs("segment")[0]["video"] == "convert"
    assert house.process.jobs("init")[0]["video"] == "convert"


@pytest.mark.parametrize(("keeps_up", "said"), [(True, 0), (False, 1)])
async def test_computer_that_is_too_slow_is_told_before_it_plays(keeps_up: bool, said: int) -> None:
    house = house_of(TRANSCODE)
    encoding = {"width": 640, "height": 360, "keeps_up": keeps_up}
    house.process.answers["init"] = {"codecs": ["avc1.64001F"], "encoding": encoding}
    await house.package.ready()
    await house.package.segment("v", 0)
    assert house.package.plan.keeps_up is keeps_up
    assert len(house.package.plan.reasons) == said
    await house.package.clear()


async def test_length_that_only_the_index_knows_is_taken_from_it() -> None:
    house = house_of(info=replace(INFO, duration_s=None))
    house.process.answers["keyframes"] = {"times_s": [0.0, 5.0], "duration_s": 12.0}
    assert [segment.stop_s for segment in await house.package.segments()] == [5.0, 12.0]


@pytest.mark.parametrize(("plan", "count"), [(REMUX, 50), (TRANSCODE, 150)])
async def test_film_that_says_it_is_too_long_ends_where_it_ends(plan: Plan, count: int) -> None:
    house = house_of(plan, info=replace(INFO, duration_s=900_000.0))
    house.process.answers["keyframes"] = {"times_s": [], "duration_s": 600.0}
    house.process.answers["duration"] = {"duration_s": 600.0}
    assert len(await house.package.segments()) == count
    await house.package.clear()


async def test_film_of_no_known_length_cannot_be_played_in_segments() -> None:
    with pytest.raises(BadFilm, match="how long"):
        await house_of(info=replace(INFO, duration_s=None)).package.playlist("v")


async def test_turned_and_stretched_picture_is_told_as_it_is_shown() -> None:
    tall = replace(picture(), width=1440, height=1080, pixel_aspect=4 / 3, rotation=90)
    house = house_of(info=film("matroska,webm", tall, sound("ac3")))
    assert "RESOLUTION=1080x1920" in await house.package.master(())


@pytest.mark.parametrize("duration_s", ["1", -1.0, float("nan"), [1]])
async def test_duration_of_a_process_that_was_taken_over_is_not_believed(duration_s: object) -> None:
    house = house_of(TRANSCODE)
    house.process.answers["duration"] = {"duration_s": duration_s}
    with pytest.raises(BadFilm, match="broke"):
        await house.package.segments()


LIES: list[tuple[str, Head]] = [
    ("keyframes", {}),
    ("keyframes", {"times_s": ["0"], "duration_s": None}),
    ("keyframes", {"times_s": [float("nan")], "duration_s": None}),
    ("keyframes", {"times_s": [0.0], "duration_s": "1"}),
    ("init", {"codecs": ['avc1"\nhttp://evil'], "encoding": None}),
    ("init", {"codecs": [1], "encoding": None}),
    ("init", {"codecs": "avc1", "encoding": None}),
]


@pytest.mark.parametrize(("what", "answer"), LIES)
async def test_process_that_was_taken_over_is_not_believed(house: House, what: str, answer: Head) -> None:
    house.process.answers[what] = answer
    with pytest.raises(BadFilm, match="broke"):
        await house.package.master(())


@pytest.mark.parametrize("duration_s", [-1.0, 0, float("inf")])
async def test_duration_that_is_none_is_not_believed(house: House, duration_s: float) -> None:
    house.process.answers["keyframes"] = {"times_s": [0.0], "duration_s": duration_s}
    await house.package.segments()
    assert house.facts.keyframes == Keyframes((0.0,), None)


async def test_plan_when_a_hardware_encoder_converts_then_says_so_until_it_fails() -> None:
    house = house_of(TRANSCODE)
    encoding = {"width": 1280, "height": 720, "keeps_up": True, "encoder": "h264_nvenc", "sets": ["67", "68"]}
    house.process.answers["init"] = {"codecs": ["avc1.640028"], "encoding": encoding}
    await house.package.ready()
    assert house.package.plan.reasons == ("The picture is converted by NVIDIA NVENC.",)
    house.process.answers["segment"] = {
        "frames": 1,
        "packets": 1,
        "seconds": 0.0,
        "encoder_failed": "it hangs",
    }
    await house.package.segment("v", 0)
    assert house.package.plan.reasons == (
        "The hardware encoder failed; the processor goes on converting the picture.",
    )
    await house.settled()
    await house.package.segment("v", 1)
    first, *_, last = house.process.jobs("segment")
    assert (first["encoding"], last["encoding"]) == (encoding, {**encoding, "encoder": ""})
    await house.package.clear()


async def test_plan_when_the_process_names_an_encoder_of_its_own_making_then_it_is_not_repeated() -> None:
    house = house_of(TRANSCODE)
    house.process.answers["init"] = {"codecs": [], "encoding": {"keeps_up": True, "encoder": "<b>mine</b>"}}
    await house.package.ready()
    assert house.package.plan.reasons == ()
