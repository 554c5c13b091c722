"""What is known of a title beside its film: of an item on loopback, of what is here, and how it may not come."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from matinee.catalogue.pictures import key_of_still
from matinee.catalogue.providers.internet_archive import InternetArchive
from matinee.errors import FileNotFound, TitleNotFound
from matinee.events import Bus, PictureCame
from matinee.models.catalogue import JudgedTitle
from matinee.models.extras import Beside, Extras
from matinee.models.rights import Verdict
from matinee.models.title import ArchiveItem, Release, Title, Trailer
from matinee.models.torrent import FileEntry
from matinee.playback.extras import ASKED_EACH_S, AWAY_S, TitleExtras
from matinee.playback.picture_cache import PictureCache
from matinee.types import FileIndex, TitleId
from tests.catalogue.made import film
from tests.catalogue.providers.services import FAULTS, fetcher, home, says, serving
from tests.catalogue.test_archive_extras import MAIN, OF_THE_ITEM, file, thumb
from tests.fakes.titles import LAW
from tests.outside.hosts import Host

ANSWER = {
    "metadata": {"identifier": "Plan9"},
    "files": [
        *MAIN,
        *(thumb(at) for at in range(90, 4740, 60)),
        file("Plan 9.asr.srt", format="SubRip"),
        file("Plan 9.fr.srt", format="SubRip"),
        file("trailer.mp4", format="MPEG4", length="90", source="original"),
    ],
}
FILM = film(
    "plan-9-1959", languages=("en",), evidence=(OF_THE_ITEM,), releases=(Release(ArchiveItem("Plan9")),)
)
BARE = film("bare-1922")
WAIT_S = 30.0
MONTH_LATER = 1.8e9 + ASKED_EACH_S + 1


@dataclass
class House:
    """Extras of two titles, and what a test may change of the rest."""

    extras: TitleExtras
    bus: Bus
    host: Host
    clock: list[float]
    title: Callable[[TitleId], Awaitable[JudgedTitle]]
    here: list[FileEntry] = field(default_factory=list)
    allowed: bool = True

    async def came(self, *, ask: bool = True) -> Extras:
        """Ask for a film's, wait until more is known, and give that."""
        with self.bus.subscribe() as news:
            await self.extras.get(FILM.id, ask=ask)
            async with asyncio.timeout(WAIT_S):
                assert await news.next() == PictureCame(FILM.id)
        return await self.extras.get(FILM.id, ask=False)

    async def settled(self) -> int:
        """Wait until nothing is asked, and say how often the archive has been."""
        async with asyncio.timeout(WAIT_S):
            while tasks := [one for one in asyncio.all_tasks() if one.get_name().startswith("extras ")]:
                await asyncio.wait(tasks)
        return len(self.host.asked)


@asynccontextmanager
async def opened(folder: Path, answer: bytes, *, asks: bool = True) -> AsyncIterator[House]:
    titles = {one.id: one for one in (FILM, BARE)}
    house: House

    async def find(title_id: TitleId) -> JudgedTitle:
        if title_id not in titles:
            raise TitleNotFound("There is none.", title_id=title_id)
        return JudgedTitle(titles[title_id], LAW.verdict(titles[title_id]), ("shelf",))

    async def files(_: TitleId) -> Sequence[FileEntry]:
        return house.here

    def verdict(title: Title, trailer: Trailer) -> Verdict:
        evidence = trailer.evidence if house.allowed else ()
        return LAW.verdict(replace(title, evidence=evidence))

    clock, bus = [1.8e9], Bus()
    async with serving({"/metadata/Plan9": answer}) as host:
        archive = InternetArchive(fetcher(), home=home(host)) if asks else None
        cache = PictureCache(folder / "pictures")
        extras = TitleExtras(find, files, verdict, archive, cache, bus, clock=lambda: clock[0])
        house = House(extras, bus, host, clock, find)
        try:
            yield house
        finally:
            await extras.close()


async def test_extras_when_asked_for_then_come_of_the_item_once_a_month_and_stay(tmp_path: Path) -> None:
    async with opened(tmp_path, says(ANSWER)) as house:
        assert await house.extras.get(FILM.id, ask=False) == Extras()
        found = await house.came()
        assert [one.startswith("/pictures/plan-9-1959/still-") for one in found.stills] == [True] * 5
        assert (found.subtitles, found.trailer) == ((Beside("fr"), Beside("en", machine_made=True)), True)
        stills = await house.extras.stills(FILM)
        assert stills[0].url.startswith(f"{home(house.host)}/download/Plan9/Plan9.thumbs/Plan%209_00")
        judged = await house.title(FILM.id)
        trailer = await house.extras.trailer(judged)
        assert trailer.title.releases == (Release(ArchiveItem("Plan9"), "trailer.mp4"),)
        assert (trailer.title.evidence, trailer.title.title) == ((OF_THE_ITEM,), "A film (trailer)")
        await house.extras.get(FILM.id, ask=True)
        assert await house.settled() == 1
        house.clock[0] = MONTH_LATER
        assert await house.came() == found
        assert await house.settled() == 2
        house.allowed = False
        assert not (await house.extras.get(FILM.id, ask=False)).trailer
        for one in (judged, await house.title(BARE.id)):
            with pytest.raises(FileNotFound, match="trailer"):
                await house.extras.trailer(one)
        with pytest.raises(TitleNotFound):
            await house.extras.get(TitleId("another-1999"), ask=True)
    async with opened(tmp_path, says(ANSWER), asks=False) as later:
        # Nobody may be asked any more: no still is promised that could not be fetched.
        assert await later.extras.get(FILM.id, ask=True) == Extras((), found.subtitles, trailer=True)
        assert await later.settled() == 0


@pytest.mark.parametrize("fault", FAULTS)
async def test_extras_when_the_archive_is_faulty_then_there_are_none_and_it_is_left_alone(
    fault: str, tmp_path: Path
) -> None:
    async with opened(tmp_path, FAULTS[fault][0]) as house:
        for _ in range(3):
            assert await house.extras.get(FILM.id, ask=True) == Extras()
            await house.settled()
        assert len({head.split()[1] for head in house.host.asked if "/metadata/" in head}) == 1
        first = sum("/metadata/Plan9" in head for head in house.host.asked)
        house.clock[0] += AWAY_S + 1
        await house.extras.get(FILM.id, ask=True)
        await house.settled()
        assert first <= 1


@pytest.mark.parametrize(
    "spoiled",
    [
        b"",
        b"{",
        b"7",
        b"[]",
        b'{"stills": 7, "subtitles": [], "trailer": null}',
        b'{"stills": [], "subtitles": [["en"], []], "trailer": null}',
        b'{"asked_at": "soon"}',
        b"\xff",
    ],
)
async def test_extras_when_the_disk_has_spoiled_them_then_are_asked_for_anew(
    spoiled: bytes, tmp_path: Path
) -> None:
    async with opened(tmp_path, says(ANSWER)) as house:
        found = await house.came()
        await house.extras.keep(FILM.id, [b"RIFF"])
        for kept in (tmp_path / "pictures").iterdir():
            kept.write_bytes(spoiled)
        assert await house.came() == found


async def test_stills_when_made_here_of_the_film_then_take_the_place_of_the_archives(tmp_path: Path) -> None:
    async with opened(tmp_path, says(ANSWER), asks=False) as house:
        assert (await house.extras.get(FILM.id, ask=True)).stills == ()
        for made in ([b"RIFF one", b"RIFF two"], [b"RIFF three"]):
            with house.bus.subscribe() as news:
                await house.extras.keep(FILM.id, made)
                assert await news.next() == PictureCame(FILM.id)
            paths = tuple(f"/pictures/{FILM.id}/still-{key_of_still(one)}" for one in made)
            assert (await house.extras.get(FILM.id, ask=True)).stills == paths
        (tmp_path / "pictures" / f"still-{key_of_still(b'RIFF three')}-960.webp").unlink()
        assert (await house.extras.get(FILM.id, ask=True)).stills == ()


def entry(path: str, length: int, media_type: str = "application/x-subrip") -> FileEntry:
    said: dict[str, Any] = {"index": FileIndex(0), "path": path, "offset": 0, "length": length}
    return FileEntry(**said, media_type=media_type)


async def test_subtitles_when_the_torrent_is_here_then_are_named_without_asking_anybody(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, says(ANSWER), asks=False) as house:
        house.here = [
            entry("Bare/Bare.mp4", 900, "video/mp4"), entry("Bare/trailer.mp4", 9, "video/mp4"),
            entry("Bare/Bare.es.srt", 9), entry("Bare/Bare.de.srt", 9), entry("Bare/trailer.it.srt", 9),
            entry("Bare/Bare.srt", 9),
        ]  # fmt: skip
        found = await house.extras.get(BARE.id, ask=True)
        assert found == Extras(subtitles=(Beside("de"), Beside("es")))
