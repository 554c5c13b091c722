"""The way out of a child's profile: a number that the owner chose. It keeps honest hands off, and says so."""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from matinee.errors import BadRequest, Refused
from matinee.storage.database import Database

if TYPE_CHECKING:
    from sqlalchemy import Connection

_KEY = "child-lock"
DIGITS = range(4, 9)
FREE_TRIES = 5
FIRST_REST_S = 15.0
LONGEST_REST_S = 900.0
_COST = {"n": 2**14, "r": 8, "p": 1}
"""16 MB and some 50 ms a try: ten thousand numbers are tried in minutes by whoever has the database."""


class Lock:
    """A number, kept as its hash; whoever guesses waits longer and longer.

    Args:
        database: where the hash is.
        tell: called when it was set or taken away.
        monotonic: gives seconds.
    """

    def __init__(
        self, database: Database, tell: Callable[[], None], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._tell = tell
        self._monotonic = monotonic
        self._wrong = 0
        self._rest_until = 0.0

    async def is_set(self) -> bool:
        """Whether there is a number."""
        return await self._kept() is not None

    async def set(self, number: str | None, old: str | None, *, is_owner: bool = False) -> None:
        """Choose a number, or have none; who has this computer's command line need not know the old one.

        Raises:
            Refused: there is one, and ``old`` is another.
            BadRequest: it is no number of 4 to 8 digits.
        """
        if number is not None and not (len(number) in DIGITS and number.isascii() and number.isdigit()):
            raise BadRequest("Choose a number of 4 to 8 digits.")
        if not is_owner and await self.is_set():
            await self.open(old or "")
        hashed = None if number is None else await asyncio.to_thread(_hashed, number, secrets.token_bytes(16))

        def work(connection: "Connection") -> None:
            from matinee.library import store

            store.put_state(connection, _KEY, hashed)

        await self._database.run(work)
        self._tell()

    async def open(self, number: str) -> None:
        """Let somebody out who knows the number, or everybody when there is none.

        Raises:
            Refused: it is another one, or there were too many wrong ones; the message says how long to wait.
        """
        kept = await self._kept()
        if kept is None:
            return
        rest_s = self._rest_until - self._monotonic()
        if rest_s > 0:
            raise Refused(
                f"Too many wrong numbers. Try again in {rest_s:.0f} seconds.", retry_after_s=round(rest_s)
            )
        # Counted before it is known to be wrong: many at once are many tries.
        self._wrong += 1
        if self._wrong >= FREE_TRIES:
            rest_s = min(LONGEST_REST_S, FIRST_REST_S * 2 ** (self._wrong - FREE_TRIES))
            self._rest_until = self._monotonic() + rest_s
        if not await asyncio.to_thread(partial(_is, number, kept)):
            raise Refused("That is not the number.")
        self._wrong, self._rest_until = 0, 0.0

    async def _kept(self) -> str | None:
        def work(connection: "Connection") -> str | None:
            from matinee.library import store

            return store.state(connection, _KEY)

        return await self._database.read(work)


def _hashed(number: str, salt: bytes) -> str:
    digest = hashlib.scrypt(number.encode("utf-8", "surrogatepass"), salt=salt, **_COST)
    return f"{salt.hex()} {digest.hex()}"


def _is(number: str, kept: str) -> bool:
    return hmac.compare_digest(_hashed(number[:64], bytes.fromhex(kept.partition(" ")[0])), kept)
