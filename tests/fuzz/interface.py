"""The whole interface of the real program, asked what nobody means: who asks, and what is wrong with an answer."""

import json
import random
from itertools import islice
from pathlib import Path

import httpx

from tests.fuzz.requests import Request, Requests
from tests.swarm.parts import Client, matinee_here
from tests.torrent.made_torrents import single_v1, torrent

HANG_S = 30.0
"""Of one answer; on a computer that has ten other things to do, most take milliseconds."""
OPEN = frozenset({"/api/v1/access", "/api/v1/health"})
"""What everybody may ask."""
STRANGERS = 0.15
"""Of all requests, those of somebody who has no token."""
MEANT_TO_FAIL = {501, 502, 503, 504, 507}
"""Somebody else is away, it is not done yet, or there is no room: each says so by a code of its own."""


async def ask(folder: Path, cases: int, chance: random.Random) -> tuple[int, list[str]]:
    """Run the program offline on an empty folder, and ask it.

    Args:
        folder: of its data.
        cases: so many requests, in rounds of one for each operation.
        chance: what they are drawn by; the same asks the same.

    Returns:
        How many were answered well, that is not refused, and what is wrong with which: nobody without a token may be
        answered well, and the program has to answer at the end, too.
    """
    well, wrong = 0, []
    async with matinee_here(folder, offline=True) as running:
        description = (await running.client.get("api/openapi.json")).json()
        made = Requests(description, await _known(running), chance)
        async with httpx.AsyncClient(base_url=running.address, trust_env=False) as stranger:
            for one in islice(made.rounds(), cases):
                is_strange = chance.random() < STRANGERS
                status, said = await _answer(stranger if is_strange else running.client, one)
                well += status < 400
                wrong += [said] if said else []
                if is_strange and 0 < status < 400 and one.path.partition("?")[0] not in OPEN:
                    wrong.append(f"{one}: a stranger was answered {status}")
        health = await running.client.get("api/v1/health")
        wrong += [] if health.is_success else [f"in the end it answers {health.status_code}"]
    return well, wrong


async def _known(running: Client) -> dict[str, tuple[str | int, ...]]:
    """Give what is there: a film that may not be played, so that nothing waits for somebody who sends it."""
    info_hash = await running.upload(torrent(single_v1(900_000, b"film.mp4")), rights=False)
    return {
        "info_hash": (info_hash, info_hash.upper(), "0" * 40),
        "title_id": ("the-general-1926", "flash-gordon-conquers-the-universe-1940"),
        "profile": ("home",),
        "file_index": (0, 1),
        "index": (0, 1),
    }


async def _answer(client: httpx.AsyncClient, one: Request) -> tuple[int, str]:
    """Give the status of the answer, and what is wrong with it; empty when nothing is."""
    own = {} if one.media_type is None else {"Content-Type": one.media_type}
    headers = {name.encode(): value.encode() for name, value in (own | dict(one.fields)).items()}
    try:
        answer = await client.request(one.method, one.path, content=one.body, headers=headers, timeout=HANG_S)
    except httpx.HTTPError as error:
        return 0, f"{one}: {error!r}"
    return answer.status_code, _wrong(one, answer)


def _wrong(one: Request, answer: httpx.Response) -> str:
    status = answer.status_code
    if status >= 500 and status not in MEANT_TO_FAIL:
        return f"{one}: {status} {answer.text[:300]}"
    if status < 400 or one.method == "HEAD":
        return ""
    try:
        problem = json.loads(answer.content)
    except ValueError:
        return f"{one}: {status} without a problem: {answer.text[:300]}"
    says = isinstance(problem, dict) and problem.get("code") and problem.get("detail")
    return "" if says else f"{one}: {status} {problem}"
