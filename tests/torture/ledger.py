"""What somebody did and was told was done, to be compared with what is still so after an end."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from matinee.web.pairing import MOST_IN_WINDOW
from tests.swarm.pairing import DEVICES, opens, pair
from tests.swarm.parts import Client

TITLES = [f"a-film-{number}" for number in range(40)]
LENGTH_S = 6000.0
LEAST_SCREENS, MOST_SCREENS = 2, 5
"""Let in at once; the least stay when no more may ask, so that there are some after the end."""
MOST_ASKS = MOST_IN_WINDOW - 2
"""In one life: of more that ask the program takes none."""
LAST_GONE = 10
"""Of the screens that were sent away, so many are looked at after a start."""


def let_screens_in(data: Path) -> None:
    """Have a program on this data folder let other screens in."""
    data.mkdir(exist_ok=True)
    (data / "config.toml").write_text("other_screens = true\n")


@dataclass(slots=True)
class Ledger:
    """One value a key. What was asked for last and not answered may have been done or not; all else is certain."""

    confirmed: dict[str, Any] = field(default_factory=dict)
    open: tuple[str, Any] | None = None
    actions: int = 0
    """Confirmed so far."""
    cookies: dict[str, str] = field(default_factory=dict)
    """Of every screen that was ever let in, by its name."""

    def copy(self) -> "Ledger":
        """Give what is known now."""
        return Ledger(dict(self.confirmed), self.open, self.actions, self.cookies)

    def lost(self, found: dict[str, Any]) -> list[str]:
        """Say what is not as it was confirmed, and what is there that nobody asked for."""
        wrong = []
        for key in sorted(self.confirmed.keys() | found.keys()):
            good = [self.confirmed.get(key)]
            if self.open is not None and self.open[0] == key:
                good.append(self.open[1])
            if found.get(key) not in good:
                wrong.append(f"{key}: is {found.get(key)!r}, may be {good}")
        return wrong

    def settle(self, found: dict[str, Any]) -> None:
        """Go on from what is so now."""
        self.confirmed, self.open = dict(found), None


class House:
    """Somebody who does things, one after the other, for as long as the program lives."""

    def __init__(self, client: Client, ledger: Ledger, chance: random.Random) -> None:
        self._client = client.client
        self._ledger = ledger
        self._chance = chance
        self._asked = 0

    async def live(self, actions: int | None = None) -> None:
        """Do one thing after the other: so many, or until the program is gone."""
        until = None if actions is None else self._ledger.actions + actions
        while self._ledger.actions != until:
            key, value, act = self._next()
            self._ledger.open = (key, value)
            try:
                await act()
            except (httpx.TransportError, asyncio.CancelledError):
                return
            self._ledger.open = None
            self._ledger.actions += 1
            if value is None:
                self._ledger.confirmed.pop(key, None)
            else:
                self._ledger.confirmed[key] = value

    def _next(self) -> tuple[str, Any, Callable[[], Awaitable[None]]]:
        chance, ask = self._chance, self._ask
        title = chance.choice(TITLES)
        match chance.randrange(5):
            case 0:
                at_s = round(chance.uniform(100, 3000), 1)
                body = {"position_s": at_s, "duration_s": LENGTH_S}
                return f"progress {title}", at_s, ask("PUT", f"progress/{title}", body)
            case 1:
                if f"wish {title}" in self._ledger.confirmed:
                    return f"wish {title}", None, ask("DELETE", f"watchlist/{title}")
                return f"wish {title}", True, ask("PUT", f"watchlist/{title}")
            case 2:
                thumb = chance.choice(["up", "down"])
                return f"rating {title}", thumb, ask("PUT", f"ratings/{title}", {"thumb": thumb})
            case 3:
                let_in = self._those("screen ")
                if len(let_in) >= MOST_SCREENS or (self._asked >= MOST_ASKS and len(let_in) > LEAST_SCREENS):
                    key = chance.choice(let_in)
                    return key, None, partial(self._send_away, key)
                if self._asked >= MOST_ASKS:
                    return self._next()
                self._asked += 1
                key = f"screen {chance.randbytes(4).hex()}"
                return key, "watch", partial(self._let_in, key)
            case _:
                added = self._those("torrent ")
                if len(added) > 5:
                    key = chance.choice(added)
                    return key, None, ask("DELETE", f"torrents/{key.removeprefix('torrent ')}")
                info_hash = chance.randbytes(20).hex()
                magnet = {"magnet": f"magnet:?xt=urn:btih:{info_hash}"}
                return f"torrent {info_hash}", True, ask("POST", "torrents", magnet)

    def _those(self, kind: str) -> list[str]:
        return [key for key in self._ledger.confirmed if key.startswith(kind)]

    def _ask(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> Callable[[], Awaitable[None]]:
        async def act() -> None:
            answer = await self._client.request(method, f"api/v1/{path}", json=body)
            if answer.status_code not in (200, 201, 204):
                raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text}")

        return act

    async def _let_in(self, key: str) -> None:
        self._ledger.cookies[key] = await pair(self._client, key)

    async def _send_away(self, key: str) -> None:
        listed = (await self._client.get(DEVICES)).raise_for_status().json()["devices"]
        (device,) = [one["id"] for one in listed if one["name"] == key]
        (await self._client.delete(f"{DEVICES}/{device}")).raise_for_status()


async def state(client: Client, film: str, cookies: dict[str, str]) -> dict[str, Any]:
    """Read what is so now; ``film`` is the torrent that is not of the ledger, ``cookies`` are the screens'."""
    answers = [
        (await client.client.get(path)).raise_for_status().json()
        for path in ("api/v1/library", "api/v1/torrents", DEVICES)
    ]
    library, torrents, devices = answers
    return {
        **{f"progress {one['title']}": one["position_s"] for one in library["progress"]},
        **{f"wish {one['title']}": True for one in library["watchlist"]},
        **{f"rating {one['title']}": one["thumb"] for one in library["rating"]},
        **{f"torrent {one['info_hash']}": True for one in torrents["torrents"] if one["info_hash"] != film},
        **await _screens(client, {one["name"]: one["may"] for one in devices["devices"]}, cookies),
    }


async def _screens(client: Client, listed: dict[str, str], cookies: dict[str, str]) -> dict[str, Any]:
    """Say what each screen may do: as the list says, where its own cookie opens just that."""
    found: dict[str, Any] = dict(listed)
    gone = [name for name in cookies if name not in listed]
    for name in [*(name for name in listed if name in cookies), *gone[-LAST_GONE:]]:
        opened = await opens(client.address, cookies[name])
        if opened != ((listed[name], name) if name in listed else (None, None)):
            found[name] = f"{listed.get(name)}, and its cookie opens {opened}"
    return found
