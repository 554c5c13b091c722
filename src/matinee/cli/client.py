"""Speaks to a running Matinee over its own interface, as its owner."""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from matinee.data_folder import kept_token, running_address
from matinee.errors import Conflict, MatineeError, Unavailable

if TYPE_CHECKING:
    import httpx

ANSWER_S = 60.0
CONNECT_S = 10.0
SILENCE_S = 60.0
"""The event stream says something every 15 seconds."""


class Remote:
    """A running Matinee."""

    def __init__(self, address: str, token: str) -> None:
        self.address = address
        self._token = token

    def ask(self, method: str, path: str, **arguments: Any) -> Any:
        """Send a request and give its JSON, as ``send`` does, where no loop runs."""
        return asyncio.run(self.send(method, path, **arguments))

    async def send(self, method: str, path: str, *, patience_s: float = ANSWER_S, **arguments: Any) -> Any:
        """Send a request and give its JSON, or None when there is none.

        Raises:
            MatineeError: it refused, with its own sentence, or does not answer.
        """
        async with self._client(patience_s) as client:
            answer = await client.request(method, path, **arguments)
            if answer.is_success:
                return answer.json() if answer.content else None
            raise _refusal(answer)

    async def events(self) -> AsyncGenerator[tuple[str, dict[str, Any]], None]:
        """Give the event stream, by name and data: every torrent first, then what changes.

        Raises:
            Unavailable: the other Matinee has ended.
        """
        async with self._client(SILENCE_S) as client, client.stream("GET", "/api/v1/events") as answer:
            if not answer.is_success:
                await answer.aread()
                raise _refusal(answer)
            name = ""
            async for line in answer.aiter_lines():
                field, _, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    yield name, json.loads(value)
        raise Unavailable(f"The Matinee at {self.address} has ended.")

    async def lines(
        self, path: str, body: dict[str, Any], patience_s: float
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Post something, and give each line of JSON that comes, as it comes.

        Raises:
            MatineeError: it refused, with its own sentence, or does not answer.
        """
        async with self._client(patience_s) as client, client.stream("POST", path, json=body) as answer:
            if not answer.is_success:
                await answer.aread()
                raise _refusal(answer)
            async for line in answer.aiter_lines():
                yield json.loads(line)

    @contextlib.asynccontextmanager
    async def _client(self, patience_s: float) -> "AsyncIterator[httpx.AsyncClient]":
        import httpx

        try:
            async with httpx.AsyncClient(
                base_url=self.address,
                headers={"Authorization": f"Bearer {self._token}"},
                timeout=httpx.Timeout(patience_s, connect=CONNECT_S),
                trust_env=False,
            ) as client:
                yield client
        except httpx.HTTPError as error:
            reason = str(error) or "it took too long"
            raise Unavailable(f"Matinee at {self.address} does not answer: {reason}.") from error


def find(data_dir: Path) -> Remote | None:
    """Find the Matinee that uses a data folder; None when none does.

    Raises:
        Conflict: one does, but cannot be spoken to.
    """
    address = running_address(data_dir)
    if address is None:
        return None
    token = os.environ.get("MATINEE_TOKEN") or kept_token(data_dir)
    if token is None or not urlsplit(address).netloc:
        raise Conflict(
            "Matinee is running with this data folder, but its token cannot be read. Set MATINEE_TOKEN."
        )
    return Remote(address, token)


def _refusal(answer: "httpx.Response") -> MatineeError:
    try:
        sentence = str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        sentence = f"Matinee answered {answer.status_code}."
    return MatineeError(sentence)
