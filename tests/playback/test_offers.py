"""Asking a provider for subtitles."""

import pytest

from matinee.errors import BadSetting, BadSubtitles, PieceTimeout
from matinee.models.subtitles import Offer, Sought
from matinee.playback import offers as offers_module
from matinee.playback.offers import Offers
from matinee.subtitles.moviehash import moviehash
from matinee.types import FileIndex, InfoHash
from tests.fakes.films import FakeFilms, FakeStream

FILM = bytes(range(256)) * 1024
OFFER = Offer(7, "ru", "Film", True, False, False, False, 1)
SAID = "Где ты был вчера вечером?"


class FakeProvider:
    """``SubtitleProvider`` with one offer."""

    def __init__(self) -> None:
        self.sought: list[Sought] = []
        self.data = f"1\n00:00:01,000 --> 00:00:02,000\n{SAID}\n".encode("cp1251")

    async def search(self, sought: Sought) -> tuple[Offer, ...]:
        self.sought.append(sought)
        return (OFFER,)

    async def fetch(self, offer: int) -> tuple[str, bytes]:
        assert offer == OFFER.id
        return "film.srt", self.data


def film(data: bytes = FILM, path: str = "A film/The Film (2008).mkv") -> FakeStream:
    """Give a film."""
    return FakeFilms().put(InfoHash("a" * 40), {path: data}).streams[FileIndex(0)]


async def test_search_when_both_ends_are_here_then_by_hash_and_name() -> None:
    provider = FakeProvider()
    stream = film()
    assert await Offers(provider).search(stream, ["ru"]) == (OFFER,)
    expected = moviehash(len(FILM), FILM[:65536], FILM[-65536:])
    assert provider.sought == [Sought(expected, "The Film (2008)", ("ru",))]
    assert stream.open_readers == 0


async def test_search_when_the_end_does_not_come_then_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offers_module, "HASH_S", 0.05)
    provider = FakeProvider()
    stream = film()
    stream.withhold_from(100_000)
    await Offers(provider).search(stream, [])
    assert provider.sought == [Sought(None, "The Film (2008)", ())]
    assert stream.open_readers == 0


async def test_search_when_nobody_sends_the_end_then_by_name() -> None:
    provider = FakeProvider()
    stream = film()
    await stream.fail(PieceTimeout("Nobody sent it."))
    await Offers(provider).search(stream, [])
    assert provider.sought[0].moviehash is None


async def test_search_when_the_film_is_too_short_for_a_hash_then_by_name() -> None:
    provider = FakeProvider()
    await Offers(provider).search(film(b"x" * 131_071, "film"), [])
    assert provider.sought == [Sought(None, "film", ())]


async def test_write_when_it_is_in_another_encoding_then_by_its_language() -> None:
    assert SAID in await Offers(FakeProvider()).write(OFFER.id, "ru")


async def test_write_when_it_is_no_subtitles_then_a_clear_error() -> None:
    provider = FakeProvider()
    provider.data = b"In order to continue you have to log in."
    with pytest.raises(BadSubtitles):
        await Offers(provider).write(OFFER.id, "ru")


async def test_offers_when_there_is_no_key_then_nobody_is_asked() -> None:
    offers = Offers(None)
    for asking in (offers.search(film(), []), offers.write(1, "en")):
        with pytest.raises(BadSetting, match="opensubtitles_key"):
            await asking
