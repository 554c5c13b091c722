"""Who guesses the owner's token is slowed or shut out, and the owner at this computer never is."""

import time

import pytest

from matinee.errors import Refused, Unauthorised
from matinee.web.asgi import Scope
from matinee.web.guesses import MOST_ADDRESSES, MOST_WRONG, SLOW_S, WINDOW_S, Guesses
from tests.web.conftest import TOKEN, House

TORRENTS = "/api/v1/torrents"
WRONG = {"Authorization": "Bearer wrong-token-0123456789"}
AWAY = "198.51.100.7"


def scope(house: House, token: str, client: str) -> Scope:
    """Make a request's scope as the server does where the page is served beyond this computer."""
    return {
        "type": "http", "scheme": "http", "method": "GET", "server": ("192.0.2.1", house.port),
        "client": (client, 50_000), "headers": [(b"authorization", f"Bearer {token}".encode())], "query_string": b"",
    }  # fmt: skip


def guess(house: House, client: str) -> None:
    """Bring as many wrong tokens as are looked at."""
    for _ in range(MOST_WRONG):
        with pytest.raises(Unauthorised):
            house.gate.visitor(scope(house, "wrong", client))


async def test_token_when_many_wrong_ones_came_from_elsewhere_then_none_is_looked_at_for_a_while(
    house: House,
) -> None:
    guess(house, AWAY)
    for token in ("wrong", TOKEN):
        with pytest.raises(Refused, match="Too many wrong tokens"):
            house.gate.visitor(scope(house, token, AWAY))
    assert house.gate.visitor(scope(house, TOKEN, "198.51.100.8")) is not None
    house.clock.now += WINDOW_S
    assert house.gate.visitor(scope(house, TOKEN, AWAY)) is not None


async def test_token_when_many_wrong_ones_came_from_this_computer_then_they_are_slow_and_the_owner_is_not(
    house: House,
) -> None:
    for _ in range(MOST_WRONG - 1):
        assert (await house.client.get(TORRENTS, headers=WRONG)).status_code == 401
    assert await _took_s(house, WRONG, 401) >= SLOW_S
    assert min([await _took_s(house, {}, 200) for _ in range(5)]) < SLOW_S


async def _took_s(house: House, fields: dict[str, str], status: int) -> float:
    """Ask, and give how long the answer took; without a token of its own it is the owner's."""
    begun = time.monotonic()
    assert (await house.client.get(TORRENTS, headers=fields)).status_code == status
    return time.monotonic() - begun


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::3", "2001:db8:1:2:ffff::4", True),
        ("2001:db8:1:2::3", "2001:db8:1:3::3", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("198.51.100.7", "198.51.100.8", False),
    ],
)
def test_guesses_when_another_address_asks_then_a_network_of_ipv6_counts_as_one(
    one: str, other: str, same: bool
) -> None:
    guesses = Guesses()
    for _ in range(MOST_WRONG):
        assert not guesses.shut(one)
        guesses.wrong(one)
    assert guesses.shut(one)
    assert guesses.shut(other) is same


@pytest.mark.parametrize("here", ["127.0.0.1", "127.9.8.7", "::1"])
def test_guesses_when_they_come_from_loopback_then_nobody_is_shut_out(here: str) -> None:
    guesses = Guesses()
    for _ in range(MOST_WRONG * 2):
        guesses.wrong(here)
    assert guesses.many(here)
    assert not guesses.shut(here)


def test_guesses_when_from_ever_more_addresses_then_what_is_kept_stays_small() -> None:
    guesses = Guesses()
    for number in range(MOST_ADDRESSES * 2):
        guesses.wrong(f"10.0.{number // 256}.{number % 256}")
    assert len(guesses._wrong) == MOST_ADDRESSES
