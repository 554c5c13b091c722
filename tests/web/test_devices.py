"""Other screens: how they come in, what they may do, and that they are gone when they are sent away."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from matinee.events import PictureCame, SettingChanged
from matinee.models.device import Role
from matinee.types import FileIndex, TitleId
from matinee.web.roles import NEEDED, OWNERS, needed
from matinee.web.routing import Access
from matinee.web.security import COOKIE_LIFE_S, RENEW_AFTER_S
from tests.web.conftest import DEADLINE_S, HASH, House
from tests.web.squares import read_square
from tests.web.test_responses import ROOMY
from tests.web.test_security import _address

DEVICES, PAIRING = "/api/v1/devices", "/api/v1/pairing"
LITTLE = 256 * 1024
"""More than a player has in its own hands, and far less than the kernel holds for it here: two and a half megabytes."""


@asynccontextmanager
async def _pair(house: House, may: str = "watch", name: str = "My phone") -> AsyncIterator[httpx.AsyncClient]:
    """Let a device in that typed a code; its client carries the cookie and what our page sends along."""
    async with httpx.AsyncClient(
        base_url=f"http://{house.authority}",
        headers={"Origin": f"http://{house.authority}", "X-Matinee": "1"},
        trust_env=False,
        timeout=DEADLINE_S,
    ) as device:
        number = (await house.client.post(f"{DEVICES}/codes")).json()["number"]
        asked = await device.post(PAIRING, json={"name": name, "code": f"{number[:4]} {number[4:]}"})
        assert asked.status_code == 202
        (ask,) = (await house.client.get(DEVICES)).json()["asks"]
        assert ask["match"] == asked.json()["match"]
        assert (await house.client.post(f"{DEVICES}/asks/{ask['id']}", json={"may": may})).status_code == 204
        came = await device.post(f"{PAIRING}/wait", json={"ask": asked.json()["ask"]})
        assert came.json() == {"let_in": True}
        yield device


async def _left(player: socket.socket) -> int:
    """Take all that still comes over a connection that is reset; give how many bytes that were."""
    loop, taken = asyncio.get_running_loop(), 0
    try:
        while got := len(await loop.sock_recv(player, LITTLE)):
            taken += got
    except ConnectionResetError:
        return taken
    raise AssertionError("it ended as if nothing had happened")


async def test_device_that_typed_a_code_is_in_and_named(house: House) -> None:
    async with _pair(house, name="Anna\u202e's\nphone") as device:
        who = (await device.get("/api/v1/access")).json()
        assert (who["may"], who["name"], who["other_screen"]) == ("watch", "Anna's phone", False)
        (listed,) = (await house.client.get(DEVICES)).json()["devices"]
        assert (listed["id"], listed["may"], listed["address"]) == (who["device"], "watch", "127.0.0.1")
        assert (await device.get("/api/v1/torrents")).status_code == 200


async def test_cookie_of_a_device_is_kept_from_scripts_and_other_sites_and_kept_here_as_a_hash(
    house: House,
) -> None:
    link = (await house.client.post(f"{DEVICES}/codes")).json()["links"][0]
    assert link["link"].startswith("http://192.168.1.20:8642/#/pair=")
    assert read_square(link["qr"]) == link["link"]
    async with httpx.AsyncClient(base_url=f"http://{house.authority}", trust_env=False) as device:
        secret = link["link"].partition("pair=")[2]
        answer = await device.post(f"{PAIRING}/scan", json={"secret": secret, "name": "Tablet"})
        name, *attributes = answer.headers["set-cookie"].split("; ")
        value = name.partition("=")[2]
        assert name.startswith(f"matinee-{house.port}=")
        assert len(value) >= 43
        assert set(attributes) == {"Max-Age=7776000", "Path=/", "HttpOnly", "SameSite=Strict"}
        assert [len(key) for key in house.device_store.hashes] == [32]
        assert value.encode() not in house.device_store.hashes
        again = await device.post(f"{PAIRING}/scan", json={"secret": secret, "name": "Tablet"})
        assert (again.status_code, again.json()["code"]) == (403, "refused")


@pytest.mark.parametrize("may", ["watch", "manage"])
async def test_every_route_asks_a_device_for_the_role_that_the_table_says(house: House, may: str) -> None:
    async with _pair(house, may) as device:
        closed = [one for one in house.app.table.routes if one.access in (Access.OWNER, Access.SIGNED)]
        for route in closed:
            method = "HEAD" if route.method == "GET" else route.method
            body = (
                {"content": b"", "headers": {"Content-Type": route.body_types[0]}} if route.body_types else {}
            )
            answer = await device.request(method, _address(route), **body)  # type: ignore[arg-type]  # bytes or fields
            allowed = Role(may).may(needed(route.method, route.path))
            assert (answer.status_code == 403) is not allowed, (route, answer.status_code)


def test_every_closed_route_stands_in_the_table_of_roles(house: House) -> None:
    closed = {
        (one.method, one.path)
        for one in house.app.table.routes
        if one.access in (Access.OWNER, Access.SIGNED)
    }
    named = {pair for pair in closed if pair in NEEDED or needed(*pair) is Role.WATCH}
    assert closed - named == set()
    assert set(NEEDED) - closed == set()
    assert {pair for pair in closed if needed(*pair) is Role.OWNER} == OWNERS


def test_route_that_nobody_named_is_the_owners() -> None:
    assert needed("POST", "/api/v1/a-new-one") is Role.OWNER


async def test_device_that_is_sent_away_is_cut_off_while_it_listens_and_is_out(house: House) -> None:
    async with _pair(house) as device, device.stream("GET", "/api/v1/events") as events:
        heard = events.aiter_bytes()
        await anext(heard)
        (listed,) = (await house.client.get(DEVICES)).json()["devices"]
        started = asyncio.get_running_loop().time()
        assert (await house.client.delete(f"{DEVICES}/{listed['id']}")).status_code == 204
        with pytest.raises(httpx.ReadError):  # by a reset: nothing that was under way comes any more
            async for _ in heard:
                pass
        assert asyncio.get_running_loop().time() - started < 1
        assert (await device.get("/api/v1/torrents")).status_code == 401
        assert (await house.client.delete(f"{DEVICES}/{listed['id']}")).status_code == 404


async def test_stream_of_a_device_that_is_sent_away_ends_within_a_second_and_what_is_unsent_never_comes(
    house: House,
) -> None:
    big = house.films.put("9" * 40, {"big.mp4": bytes(ROOMY)}).streams[FileIndex(0)]
    loop = asyncio.get_running_loop()
    async with _pair(house) as device:
        signed = (await device.get(f"/api/v1/torrents/{'9' * 40}")).json()["files"][0]["stream_url"]
        with socket.socket() as player:
            # What the player's own kernel has taken already, nobody can take back: it shall be little.
            player.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, LITTLE // 4)
            player.setblocking(False)
            async with asyncio.timeout(DEADLINE_S):
                await loop.sock_connect(player, ("127.0.0.1", house.port))
                await loop.sock_sendall(
                    player, f"GET {signed} HTTP/1.1\r\nHost: {house.authority}\r\n\r\n".encode()
                )
                await big.busy.wait()
                assert (await loop.sock_recv(player, 12)) == b"HTTP/1.1 200"
                (listed,) = (await house.client.get(DEVICES)).json()["devices"]
                started = loop.time()
                assert (await house.client.delete(f"{DEVICES}/{listed['id']}")).status_code == 204
                left = await _left(player)
            assert loop.time() - started < 1
    assert left < LITTLE


async def test_all_devices_are_sent_away_at_once(house: House) -> None:
    async with _pair(house) as one, _pair(house, "manage") as other:
        assert (await house.client.delete(DEVICES)).status_code == 204
        assert [(await each.get("/api/v1/torrents")).status_code for each in (one, other)] == [401, 401]
    assert (await house.client.get(DEVICES)).json()["devices"] == []


async def test_signed_address_of_a_device_ends_with_it_and_is_good_for_its_file_alone(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async with _pair(house) as device:
        films = (await device.get(f"/api/v1/torrents/{HASH}")).json()["files"]
        own = (await house.client.get(f"/api/v1/torrents/{HASH}")).json()["files"][0]["stream_url"]
    signed = films[0]["stream_url"]
    assert "&dev=" in signed
    assert "dev=" not in own
    (listed,) = (await house.client.get(DEVICES)).json()["devices"]
    async with httpx.AsyncClient(base_url=f"http://{house.authority}", trust_env=False) as player:
        assert (await player.head(signed)).status_code == 200
        with caplog.at_level(logging.INFO, "matinee.web.refusals"):
            forged = [
                signed.replace("/0?", "/1?"),
                signed.replace(listed["id"], "x" * 22),
                own + f"&dev={listed['id']}",
                signed.replace("exp=1", "exp=2"),
            ]
            assert [(await player.head(url)).status_code for url in forged] == [403] * 4
            await house.client.delete(f"{DEVICES}/{listed['id']}")
            assert (await player.head(signed)).status_code == 403
        assert len([line for line in caplog.records if "request refused" in line.getMessage()]) == 5
        assert (await player.head(own)).status_code == 200


async def test_cookie_of_a_device_lasts_ninety_days_from_its_last_use(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async with _pair(house) as device:
        assert "set-cookie" in (await device.get("/api/v1/torrents")).headers
        assert "set-cookie" not in (await device.get("/api/v1/torrents")).headers
        house.clock.now += COOKIE_LIFE_S - 1
        assert "set-cookie" in (await device.get("/api/v1/torrents")).headers
        house.clock.now += RENEW_AFTER_S + 1
        assert (await device.get("/api/v1/torrents")).status_code == 200
        house.clock.now += COOKIE_LIFE_S
        with caplog.at_level(logging.INFO, "matinee.web.refusals"):
            assert (await device.get("/api/v1/torrents")).status_code == 401
        assert [line.getMessage() for line in caplog.records if "refused" in line.getMessage()] == [
            "request refused code=unauthorised method=GET path='/api/v1/torrents' address=127.0.0.1"
        ]


async def test_device_that_may_do_more_or_less_begins_anew(house: House) -> None:
    async with _pair(house) as device:
        (listed,) = (await house.client.get(DEVICES)).json()["devices"]
        changed = await house.client.patch(f"{DEVICES}/{listed['id']}", json={"may": "manage", "name": "Den"})
        assert (changed.json()["may"], changed.json()["name"]) == ("manage", "Den")
        assert (await device.get("/api/v1/settings")).status_code == 200
        assert (await device.get(DEVICES)).status_code == 403


async def test_watching_device_hears_nothing_of_settings(house: House) -> None:

    async with _pair(house) as device, device.stream("GET", "/api/v1/events") as events:
        heard = events.aiter_text()
        text = await anext(heard)
        house.bus.publish(SettingChanged("country"))
        house.bus.publish(PictureCame(TitleId("a-film-1922")))
        async with asyncio.timeout(DEADLINE_S):
            while "event: picture" not in text:
                text += await anext(heard)
        assert "event: setting" not in text


async def test_nobody_is_the_owner_at_an_address_for_other_screens(house: House) -> None:
    cookie = (await _owner_cookie(house))["Cookie"]
    link = house.gate.mint_link()
    house.gate.entrances = frozenset({"127.0.0.1"})
    assert (await house.client.get("/api/v1/torrents")).status_code == 401
    async with httpx.AsyncClient(base_url=f"http://{house.authority}", trust_env=False) as browser:
        assert (await browser.get("/api/v1/torrents", headers={"Cookie": cookie})).status_code == 401
        assert (await browser.post("/api/v1/access", json={"link": link})).status_code == 401
        assert (await browser.get("/api/v1/access")).json() == {
            "may": None, "device": None, "name": None, "other_screen": True,
        }  # fmt: skip


async def _owner_cookie(house: House) -> dict[str, str]:
    async with httpx.AsyncClient(base_url=f"http://{house.authority}", trust_env=False) as browser:
        answer = await browser.post("/api/v1/access", json={"link": house.gate.mint_link()})
    return {"Cookie": answer.headers["set-cookie"].partition(";")[0]}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("", b"{}"), ("", b'{"name": ""}'), ("", b'{"name": "x", "code": "12"}'), ("", b'{"name": 1}'),
        ("/wait", b'{"ask": ""}'), ("/wait", b"[]"), ("/scan", b'{"secret": "x"}'), ("", b"\xff"),
        ("", b'{"name": "' + b"x" * 300 + b'"}'),
    ],
)  # fmt: skip
async def test_malformed_pairing_is_refused(house: House, path: str, body: bytes) -> None:
    answer = await house.client.post(
        PAIRING + path, content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400


async def test_pairing_asked_for_by_a_foreign_page_is_refused(house: House) -> None:
    for path in ("", "/wait", "/scan"):
        answer = await house.client.post(PAIRING + path, json={}, headers={"Origin": "http://evil.example"})
        assert answer.status_code == 403
