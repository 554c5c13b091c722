"""What somebody did and was told was done, to be compared with what is still so after an end."""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.swarm.parts import Client

TITLES = [f"a-film-{number}" for number in range(40)]
LENGTH_S = 6000.0


@dataclass(slots=True)
class Ledger:
    """One value a key. What was asked for last and not answered may have been done or not; all else is certain."""

    confirmed: dict[str, Any] = field(default_factory=dict)
    open: tuple[str, Any] | None = None
    actions: int = 0
    """Confirmed so far."""

    def copy(self) -> "Ledger":
        """Give what is known now."""
        return Ledger(dict(self.confirmed), self.open, self.actions)

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

    async def live(self, actions: int | None = None) -> None:
        """Do one thing after the other: so many, or until the program is gone."""
        until = None if actions is None else self._ledger.actions + actions
        while self._ledger.actions != until:
            key, value, request = self._next()
            self._ledger.open = (key, value)
            try:
                answer = await self._client.send(request)
            except (httpx.TransportError, asyncio.CancelledError):
                return
            if answer.status_code not in (200, 201, 204):
                raise AssertionError(f"{request.method} {request.url}: {answer.status_code} {answer.text}")
            self._ledger.open = None
            self._ledger.actions += 1
            if value is None:
                self._ledger.confirmed.pop(key, None)
            else:
                self._ledger.confirmed[key] = value

    def _next(self) -> tuple[str, Any, httpx.Request]:
        build, chance = self._client.build_request, self._chance
        title = chance.choice(TITLES)
        body: dict[str, Any]
        match chance.randrange(4):
            case 0:
                at_s = round(chance.uniform(100, 3000), 1)
                body = {"position_s": at_s, "duration_s": LENGTH_S}
                return f"progress {title}", at_s, build("PUT", f"api/v1/progress/{title}", json=body)
            case 1:
                if f"wish {title}" in self._ledger.confirmed:
                    return f"wish {title}", None, build("DELETE", f"api/v1/watchlist/{title}")
                return f"wish {title}", True, build("PUT", f"api/v1/watchlist/{title}")
            case 2:
                thumb = chance.choice(["up", "down"])
                path = f"api/v1/ratings/{title}"
                return f"rating {title}", thumb, build("PUT", path, json={"thumb": thumb})
            case _:
                added = [key for key in self._ledger.confirmed if key.startswith("torrent ")]
                if len(added) > 5:
                    key = chance.choice(added)
                    return key, None, build("DELETE", f"api/v1/torrents/{key.removeprefix('torrent ')}")
                info_hash = chance.randbytes(20).hex()
                body = {"magnet": f"magnet:?xt=urn:btih:{info_hash}"}
                return f"torrent {info_hash}", True, build("POST", "api/v1/torrents", json=body)


async def state(client: Client, film: str) -> dict[str, Any]:
    """Read what is so now; ``film`` is the torrent that is not of the ledger."""
    answers = [
        (await client.client.get(f"api/v1/{path}")).raise_for_status().json()
        for path in ("library", "torrents")
    ]
    library, torrents = answers
    return {
        **{f"progress {one['title']}": one["position_s"] for one in library["progress"]},
        **{f"wish {one['title']}": True for one in library["watchlist"]},
        **{f"rating {one['title']}": one["thumb"] for one in library["rating"]},
        **{f"torrent {one['info_hash']}": True for one in torrents["torrents"] if one["info_hash"] != film},
    }
