"""One-time links."""

import pytest

from matinee.web.security import LINK_LIFE_S, MAX_LINKS
from tests.web.conftest import House

ACCESS = "/api/v1/access"


@pytest.fixture
async def stranger(house: House) -> House:
    """A house whose client has no token."""
    del house.client.headers["Authorization"]
    return house


async def test_link_gives_a_cookie_that_scripts_and_other_sites_do_not_get(stranger: House) -> None:
    answer = await stranger.client.post(ACCESS, json={"link": stranger.gate.mint_link()})
    assert (answer.status_code, answer.content) == (204, b"")
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert name.startswith(f"matinee-{stranger.port}=")
    assert len(name.partition("=")[2]) >= 43
    assert set(attributes) == {"Max-Age=7776000", "Path=/", "HttpOnly", "SameSite=Strict"}
    assert (await stranger.client.get("/api/v1/torrents")).status_code == 200


async def test_link_works_once(stranger: House) -> None:
    link = stranger.gate.mint_link()
    await stranger.client.post(ACCESS, json={"link": link})
    again = await stranger.client.post(ACCESS, json={"link": link})
    assert (again.status_code, again.json()["code"]) == (401, "unauthorised")


async def test_link_when_its_cookie_cannot_be_kept_yet_then_is_good_still(stranger: House) -> None:
    link = stranger.gate.mint_link()
    stranger.store.starting = True
    early = await stranger.client.post(ACCESS, json={"link": link})
    stranger.store.starting = False
    later = await stranger.client.post(ACCESS, json={"link": link})
    assert [early.status_code, early.json()["code"], later.status_code] == [503, "starting", 204]


async def test_link_after_a_minute_is_void(stranger: House) -> None:
    link = stranger.gate.mint_link()
    stranger.clock.now += LINK_LIFE_S
    assert (await stranger.client.post(ACCESS, json={"link": link})).status_code == 401


async def test_oldest_of_too_many_links_is_void(stranger: House) -> None:
    links = [stranger.gate.mint_link() for _ in range(MAX_LINKS + 1)]
    answers = [await stranger.client.post(ACCESS, json={"link": link}) for link in links]
    assert [answer.status_code for answer in answers] == [401, 204, 204, 204]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"link": 1}',
        b'{"link": null}',
        b"\xff",
        b"[" * 60_000,
        b'{"link": "' + b"x" * 300 + b'"}',
    ],
)
async def test_malformed_body_is_refused(stranger: House, body: bytes) -> None:
    answer = await stranger.client.post(ACCESS, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [b'{"link": "wrong"}', b'{"link": "\\ud800"}', b'{"link": ""}'])
async def test_wrong_secret_is_refused(stranger: House, body: bytes) -> None:
    stranger.gate.mint_link()
    answer = await stranger.client.post(ACCESS, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 401


async def test_link_sent_by_a_foreign_page_is_refused_and_stays_good(stranger: House) -> None:
    link = stranger.gate.mint_link()
    foreign = await stranger.client.post(
        ACCESS, json={"link": link}, headers={"Origin": "http://evil.example"}
    )
    assert foreign.status_code == 403
    assert (await stranger.client.post(ACCESS, json={"link": link})).status_code == 204


async def test_link_when_asked_for_by_whoever_is_in_lets_a_browser_in(house: House) -> None:
    made = await house.client.post(f"{ACCESS}/links")
    owner = house.client.headers.pop("Authorization")
    refused = await house.client.post(f"{ACCESS}/links")
    answer = await house.client.post(ACCESS, json=made.json())
    house.client.headers["Authorization"] = owner
    assert (made.status_code, refused.status_code, answer.status_code) == (201, 401, 204)
