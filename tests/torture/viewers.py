"""People who watch without a pause: they add films, play them in every way, seek, go away and take them out."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from urllib.parse import urljoin

import httpx

from tests.swarm.parts import TOKEN, Matinee, Seeded
from tests.torrent.made_torrents import single_v1, torrent
from tests.torture.ledger import LENGTH_S, TITLES

CLIENT = {"containers": ["mp4", "webm"], "video": ["h264", "vp9", "av1"], "audio": ["aac", "mp3", "opus"]}
GONE = (404, 409)
"""What is answered of a film that somebody took out a moment ago."""
LOOK_BYTES = 2_000_000
"""The most that is read in one place."""
SEEKS = 4
REST_S = 1.0
BY_BYTES = 0.6
"""Of all viewings, those of the film's own bytes; the others open a playback as the page does."""
LEFT_OPEN = 0.1
"""Of all playbacks, those that nobody ends: a page that is closed in a crash."""
EACH_S = {"remove": 8.0, "stranger": 3.0, "look": 0.5}
"""How often a film is taken out, a torrent comes that nobody watches, and somebody looks around."""


async def fill(running: Matinee, count: int) -> None:
    """Have so many torrents there, with rights, that nobody else has."""
    for number in range(count):
        await running.upload(torrent(single_v1(50_000_000, f"film {number}.mkv".encode())), rights=True)


class People:
    """All of them. What they did is counted; what no answer should be is in ``wrong``."""

    def __init__(self, running: Matinee, films: list[Seeded], chance: random.Random) -> None:
        self._running, self._films, self._chance = running, films, chance
        self.did: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._left_open: list[str] = []
        """Playbacks that nobody has ended."""

    async def live(self, viewers: int, seconds: float) -> None:
        """Live for so long, then go home: every connection is closed, all that came meanwhile is taken out."""
        async with self._client() as client:
            before = set(await self._listed(client))
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
                for work in (*(self._watch for _ in range(viewers)), self._take_out, self._bring, self._look):
                    group.create_task(work())
        async with self._client() as client:
            for info_hash in set(await self._listed(client)) - before:
                await self._remove(client, info_hash, "delete")
            # By itself such a playback lets go of its process after two minutes, which is seen elsewhere.
            for session in self._left_open:
                await self._ask(client, "DELETE", f"api/v1/playback/{session}")
            self._left_open.clear()

    # -- viewers

    async def _watch(self) -> None:
        """Come with a page open, watch something, and go, again and again."""
        while True:
            async with self._client() as client, self._page(client):
                film = self._chance.choice(self._films)
                await self._offer(client, film)
                by_bytes = self._chance.random() < BY_BYTES
                await (self._read if by_bytes else self._play)(client, film)
            await asyncio.sleep(self._chance.uniform(0, REST_S))

    async def _offer(self, client: httpx.AsyncClient, film: Seeded) -> None:
        rights = {"basis": "licence", "licence": "CC-BY-3.0"}
        await self._ask(client, "POST", "api/v1/torrents", json={"magnet": film.magnet, "rights": rights})
        self.did["added"] += 1

    async def _read(self, client: httpx.AsyncClient, film: Seeded) -> None:
        """Read here and there, as a player does that seeks, and hang up in the middle."""
        for _ in range(self._chance.randint(1, SEEKS)):
            start = self._chance.randrange(40_000_000)
            await self._look_into(client, f"stream/{film.info_hash}/0", start)

    async def _play(self, client: httpx.AsyncClient, film: Seeded) -> None:
        """Open a playback as the page does."""
        answer = await self._ask(
            client, "POST", "api/v1/playback", json={"info_hash": film.info_hash, "client": CLIENT}
        )
        if answer is None:
            return
        opened = answer.json()
        self.did[f"played ({opened['kind']})"] += 1
        self._left_open.append(opened["session"])
        for _ in range(self._chance.randint(1, SEEKS)):
            if opened["kind"] == "hls":
                await self._segment(client, opened["url"])
            else:
                await self._look_into(client, opened["url"], self._chance.randrange(40_000_000))
        if self._chance.random() > LEFT_OPEN:
            await self._ask(client, "DELETE", f"api/v1/playback/{opened['session']}")
            self._left_open.remove(opened["session"])

    async def _segment(self, client: httpx.AsyncClient, master: str) -> None:
        """Fetch the playlists, then a segment somewhere."""
        listed = await self._ask(client, "GET", master)
        if listed is None:
            return
        playlist = urljoin(master, listed.text.splitlines()[-1])
        found = await self._ask(client, "GET", playlist)
        if found is None:
            return
        segments = [line for line in found.text.splitlines() if line and not line.startswith("#")]
        if await self._ask(client, "GET", urljoin(playlist, self._chance.choice(segments))) is not None:
            self.did["segments"] += 1

    async def _look_into(self, client: httpx.AsyncClient, address: str, start: int) -> None:
        wanted, came = self._chance.randrange(64 * 1024, LOOK_BYTES), 0
        with self._may_be_cut_off():
            async with client.stream("GET", address, headers={"Range": f"bytes={start}-"}) as answer:
                if answer.status_code not in (206, *GONE):
                    self._unexpected("GET", address, answer)
                    return
                async for data in answer.aiter_raw():
                    came += len(data)
                    if came >= wanted:
                        break
        self.did["seeks"] += 1
        self.did["kB read"] += came // 1000

    # -- the others

    async def _take_out(self) -> None:
        """Take a film out, whoever watches it; its file stays, or goes."""
        async with self._client() as client:
            while True:
                await asyncio.sleep(EACH_S["remove"])
                film = self._chance.choice(self._films)
                await self._remove(client, film.info_hash, self._chance.choice(["keep", "delete"]))
                self.did["removed"] += 1

    async def _listed(self, client: httpx.AsyncClient) -> list[str]:
        found = (await client.get("api/v1/torrents")).raise_for_status().json()["torrents"]
        return [one["info_hash"] for one in found]

    async def _remove(self, client: httpx.AsyncClient, info_hash: str, files: str) -> None:
        await self._ask(client, "DELETE", f"api/v1/torrents/{info_hash}", params={"files": files})

    async def _bring(self) -> None:
        """Bring torrents and links that nobody ever saw before and nobody has, and take them out again."""
        async with self._client() as client:
            while True:
                name = self._chance.randbytes(8).hex()
                if self._chance.random() < 0.5:
                    link = f"magnet:?xt=urn:btih:{self._chance.randbytes(20).hex()}&dn={name}"
                    answer = await self._ask(client, "POST", "api/v1/torrents", json={"magnet": link})
                else:
                    made = torrent(single_v1(5_000_000, f"{name}.mkv".encode()))
                    files = {"file": ("film.torrent", made)}
                    answer = await self._ask(client, "POST", "api/v1/torrents", files=files)
                await asyncio.sleep(EACH_S["stranger"])
                if answer is not None:
                    await self._remove(client, answer.json()["info_hash"], "delete")
                    self.did["strangers"] += 1

    async def _look(self) -> None:
        """Look around, search, and leave a mark where one has come to."""
        async with self._client() as client:
            while True:
                title = self._chance.choice(TITLES)
                await self._ask(client, "GET", "api/v1/shelves")
                await self._ask(client, "GET", "api/v1/titles", params={"query": title[:6], "limit": 24})
                place = {"position_s": self._chance.uniform(100, 3000), "duration_s": LENGTH_S}
                await self._ask(client, "PUT", f"api/v1/progress/{title}", json=place)
                await self._ask(client, "GET", "api/v1/activity")
                self.did["looks"] += 1
                await asyncio.sleep(EACH_S["look"])

    # -- how they ask

    async def _ask(
        self, client: httpx.AsyncClient, method: str, address: str, **words: object
    ) -> httpx.Response | None:
        """Ask; None where what was asked about is gone."""
        with self._may_be_cut_off():
            answer = await client.request(method, address, **words)  # type: ignore[arg-type]  # handed on as it is
            if answer.is_success:
                return answer
            if answer.status_code not in GONE:
                self._unexpected(method, address, answer)
        return None

    @contextmanager
    def _may_be_cut_off(self) -> Iterator[None]:
        """Count it where a connection is dropped, as that of a film which is taken out is."""
        try:
            yield
        except httpx.TransportError as error:
            self.did[f"cut off ({type(error).__name__})"] += 1

    def _unexpected(self, method: str, address: str, answer: httpx.Response) -> None:
        self.did[f"answered {answer.status_code}"] += 1
        if answer.status_code >= 500 and answer.status_code != 503:
            self.wrong.append(f"{method} {address}: {answer.status_code}")

    def _client(self) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return httpx.AsyncClient(base_url=self._running.address, headers=headers, timeout=60, trust_env=False)

    @asynccontextmanager
    async def _page(self, client: httpx.AsyncClient) -> AsyncIterator[None]:
        """Listen to what the server tells a page, while the context lasts."""

        async def listen() -> None:
            async with client.stream("GET", "api/v1/events") as answer:
                async for _ in answer.aiter_raw():
                    pass

        listening = asyncio.create_task(listen())
        try:
            yield
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
