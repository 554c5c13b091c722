"""Another screen that comes into a running program, as a browser does, and what its cookie opens afterwards."""

import asyncio

import httpx

PAIRING, DEVICES = "api/v1/pairing", "api/v1/devices"
START_S = 30.0


def screen(address: str, cookie: str = "") -> httpx.AsyncClient:
    """Give a browser that has nothing but its cookie, ``name=value``."""
    origin = address.rstrip("/")
    fields = {"Origin": origin, "X-Matinee": "1"} | ({"Cookie": cookie} if cookie else {})
    return httpx.AsyncClient(base_url=origin, headers=fields, trust_env=False, timeout=120)


async def pair(owner: httpx.AsyncClient, name: str, may: str = "watch") -> str:
    """Have a screen ask, the owner say yes, and the screen take its cookie; gives the cookie's value.

    It types no code: there is one only where this computer is in a network. A program that starts is waited for.
    """
    async with asyncio.timeout(START_S):
        while not (await owner.get(DEVICES)).raise_for_status().json()["on"]:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.05)
    async with screen(str(owner.base_url)) as device:
        asked = (await device.post(PAIRING, json={"name": name})).raise_for_status().json()
        listed = (await owner.get(DEVICES)).raise_for_status().json()
        (ask,) = [one["id"] for one in listed["asks"] if one["name"] == name]
        (await owner.post(f"{DEVICES}/asks/{ask}", json={"may": may})).raise_for_status()
        came = (await device.post(f"{PAIRING}/wait", json={"ask": asked["ask"]})).raise_for_status()
        return str(came.headers["set-cookie"]).partition(";")[0].partition("=")[2]


async def opens(address: str, cookie: str) -> tuple[str | None, str | None]:
    """Say what a cookie's value opens, and for whom: role and name of the device; None and None when nothing."""
    port = httpx.URL(address).port
    async with screen(address, f"matinee-{port}={cookie}") as device:
        who = (await device.get("api/v1/access")).raise_for_status().json()
    return who["may"], who["name"]
