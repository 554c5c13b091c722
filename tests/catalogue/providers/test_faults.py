"""What every provider of ours owes, whatever its service sends: a clear error, in time, nobody in the house asked."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from matinee.catalogue.providers.media_ccc import MediaCcc
from matinee.catalogue.providers.peertube import PeerTube
from matinee.catalogue.providers.wikimedia_commons import WikimediaCommons
from matinee.errors import BadSource, SourceLimited, SourceUnreachable
from matinee.models.provider import Query
from matinee.outside.addresses import AddressPolicy
from matinee.outside.fetch import Fetcher
from tests.catalogue.providers import test_media_ccc, test_peertube, test_wikimedia_commons
from tests.catalogue.providers.services import FAULTS, fetcher, home
from tests.outside.hosts import hosting, redirect

Ask = Callable[[], Awaitable[object]]
WORDS = Query(words="moon")


def peertube_search(fetcher: Fetcher, base: str) -> Ask:
    of = PeerTube(fetcher, home=base)
    return lambda: anext(of.search(WORDS))


def peertube_details(fetcher: Fetcher, base: str) -> Ask:
    of = PeerTube(fetcher, where=lambda _: base)
    return lambda: of.details(test_peertube.listed())


def ccc_search(fetcher: Fetcher, base: str) -> Ask:
    of = MediaCcc(fetcher, api=base)
    return lambda: anext(of.search(WORDS))


def ccc_details(fetcher: Fetcher, base: str) -> Ask:
    of = MediaCcc(fetcher, api=base)
    return lambda: of.details(test_media_ccc.listed())


def commons_search(fetcher: Fetcher, base: str) -> Ask:
    of = WikimediaCommons(fetcher, home=base)
    return lambda: anext(of.search(WORDS))


def commons_details(fetcher: Fetcher, base: str) -> Ask:
    of = WikimediaCommons(fetcher, home=base)
    return lambda: of.details(test_wikimedia_commons.listed())


WAYS: tuple[Callable[[Fetcher, str], Ask], ...] = (
    peertube_search, peertube_details, ccc_search, ccc_details, commons_search, commons_details,
)  # fmt: skip
"""Each makes a provider whose service is at an address, and gives what asks it one question."""


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("way", WAYS)
async def test_provider_when_the_service_is_faulty_then_a_clear_error(
    way: Callable[[Fetcher, str], Ask], fault: str
) -> None:
    answer, kind = FAULTS[fault]
    async with hosting(lambda _: answer) as host:
        with pytest.raises(kind) as error:
            await way(fetcher(), home(host))()
    assert error.value.message.endswith(".")


@pytest.mark.parametrize("way", WAYS)
async def test_provider_when_the_answer_drips_then_unreachable_within_the_time(
    way: Callable[[Fetcher, str], Ask],
) -> None:
    async with hosting(lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{") as host:
        with pytest.raises(SourceUnreachable, match="did not answer"):
            await way(fetcher(timeout_s=0.2), home(host))()


class Outside(AddressPolicy):
    """Takes 127.0.0.1 for the whole internet, and everything else for what is in the house."""

    def may_contact(self, address: Any) -> bool:
        return str(address) == "127.0.0.1"


@pytest.mark.parametrize("target", ["http://127.0.0.2/", "http://[::1]/", "http://169.254.169.254/latest"])
@pytest.mark.parametrize("way", WAYS)
async def test_provider_when_redirected_into_the_house_then_nobody_there_is_asked(
    way: Callable[[Fetcher, str], Ask], target: str
) -> None:
    async with hosting(lambda _: redirect(target)) as host:
        with pytest.raises(BadSource, match="private network"):
            await way(Fetcher(Outside(allow_private=True)), home(host))()


@pytest.mark.parametrize("way", WAYS)
async def test_provider_when_asked_to_wait_then_nothing_is_asked_meanwhile(
    way: Callable[[Fetcher, str], Ask],
) -> None:
    async with hosting(lambda _: FAULTS["limited"][0]) as host:
        ask = way(fetcher(), home(host))
        for _ in range(3):
            with pytest.raises(SourceLimited) as error:
                await ask()
    assert len(host.asked) == 1
    wait_s = error.value.details["retry_after_s"]
    assert isinstance(wait_s, float)
    assert 50 < wait_s <= 60
