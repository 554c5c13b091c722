"""How a device comes in: codes that live for two minutes, and questions that wait for somebody at this computer.

All time is the monotonic clock's: a clock that jumps ends nothing and lengthens nothing. Secrets are kept as hashes and
compared without telling how much of them was right. ``docs/decisions/0040-devices.md`` says why the limits are so.
"""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from matinee.errors import Conflict, NotFound, Refused
from matinee.models.device import MOST_NAME_CHARS, Ask, Code, Role
from matinee.names import clean_name

CODE_LIFE_S = 120.0
MOST_CODES = 3
MOST_TRIES = 5
"""Of one code, whoever tries."""
WINDOW_S = 600.0
MOST_IN_WINDOW = 20
"""Wrong codes, and questions of whoever just opened the address, within a window; then all is shut until the owner
presses again."""
ASK_LIFE_S = 120.0
MOST_ASKS = 3
"""Of devices that have typed no code."""
WAIT_S = 20.0
"""How long one request waits for the answer."""
FALLBACK_NAME = "Device"


@dataclass(slots=True)
class _Open:
    """A code."""

    id: str
    secret: bytes
    number: bytes
    """Both as hashes."""
    ends_at: float
    tries: int = 0


@dataclass(slots=True)
class _Waiting:
    """A device that has asked."""

    id: str
    secret: bytes
    name: str
    match: str
    address: str
    with_code: bool
    ends_at: float
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    may: Role | None = None
    """What it may do, once somebody has said yes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a device is told that has asked."""

    secret: str
    match: str
    ends_in_s: float


@dataclass(frozen=True, slots=True)
class LetIn:
    """What somebody said yes to."""

    name: str
    may: Role


class Pairing:
    """Open codes, and devices that wait.

    Args:
        changed: told when who sits at this computer has something new to see.
        monotonic: seconds.
    """

    def __init__(
        self, changed: Callable[[], None] = lambda: None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._changed = changed
        self._now = monotonic
        self._codes: list[_Open] = []
        self._waiting: list[_Waiting] = []
        self._wrong: deque[float] = deque(maxlen=MOST_IN_WINDOW)
        self._asked: deque[float] = deque(maxlen=MOST_IN_WINDOW)
        self._locked = False

    @property
    def locked(self) -> bool:
        """Whether nobody can come in until the owner presses again."""
        return self._locked

    def open(self) -> Code:
        """Make a code. The oldest open one ends when there are too many; what was shut is open again."""
        self._sweep()
        self._locked = False
        self._wrong.clear()
        self._asked.clear()
        secret, number = secrets.token_urlsafe(16), f"{secrets.randbelow(10**8):08d}"
        code = _Open(secrets.token_urlsafe(16), _digest(secret), _digest(number), self._now() + CODE_LIFE_S)
        self._codes = [*self._codes, code][-MOST_CODES:]
        return Code(code.id, secret, number, CODE_LIFE_S)

    def close(self, code: str) -> None:
        """End a code; harmless when it has ended."""
        self._codes = [one for one in self._codes if one.id != code]

    def scan(self, secret: str) -> None:
        """Use up the code whose secret was seen by a camera.

        Raises:
            Refused: no open code has it.
        """
        self._use(secret, lambda code: code.secret)

    def ask(self, name: str, address: str, number: str | None) -> Asked:
        """Have a device wait for somebody at this computer.

        Raises:
            Refused: no open code has the number, or all is shut.
            Conflict: enough devices ask already.
        """
        self._sweep()
        if number is not None:
            self._use(number, lambda code: code.number)
        else:
            self._may_ask()
        secret = secrets.token_urlsafe(32)
        waiting = _Waiting(
            secrets.token_urlsafe(16),
            _digest(secret),
            clean_name(name, FALLBACK_NAME, MOST_NAME_CHARS),
            f"{secrets.randbelow(100):02d}",
            address,
            number is not None,
            self._now() + ASK_LIFE_S,
        )
        self._waiting.append(waiting)
        self._changed()
        return Asked(secret, waiting.match, ASK_LIFE_S)

    def asks(self) -> list[Ask]:
        """Give who waits for an answer."""
        self._sweep()
        now = self._now()
        return [
            Ask(one.id, one.name, one.match, one.address, one.with_code, one.ends_at - now)
            for one in self._waiting
            if not one.answered.is_set()
        ]

    def answer(self, ask: str, may: Role | None) -> None:
        """Let a device in, or send it away (None).

        Raises:
            NotFound: it does not wait any more.
        """
        self._sweep()
        waiting = next((one for one in self._waiting if one.id == ask and not one.answered.is_set()), None)
        if waiting is None:
            raise NotFound("This device does not ask any more. Have it ask again.")
        waiting.may = may
        waiting.answered.set()
        self._changed()

    async def wait(self, secret: str, limit_s: float = WAIT_S) -> LetIn | None:
        """Wait for the answer to a device; None when there is none yet. An answer is given once.

        Raises:
            Refused: it was sent away, or waited too long.
        """
        self._sweep()
        digest = _digest(secret)
        found = [one for one in self._waiting if hmac.compare_digest(one.secret, digest)]
        if not found:
            raise Refused("Nobody answered in time, or this question was answered already. Ask again.")
        waiting = found[0]
        try:
            async with asyncio.timeout(min(limit_s, max(0.0, waiting.ends_at - self._now()))):
                await waiting.answered.wait()
        except TimeoutError:
            return None
        if waiting not in self._waiting:
            raise Refused("This question was answered already.")
        self._waiting.remove(waiting)
        if waiting.may is None:
            raise Refused("Somebody at the computer said no.")
        return LetIn(waiting.name, waiting.may)

    def shut(self) -> None:
        """End everything: other screens are off."""
        self._codes.clear()
        for waiting in self._waiting:
            waiting.answered.set()
        self._waiting.clear()
        self._changed()

    def _use(self, given: str, of: Callable[[_Open], bytes]) -> None:
        self._sweep()
        if self._locked:
            raise Refused(_SHUT)
        digest = _digest(given)
        # Every code is compared, so that time does not tell which of them was nearly right.
        right = [code for code in self._codes if hmac.compare_digest(of(code), digest)]
        if right:
            self._codes.remove(right[0])
            self._changed()
            return
        for code in self._codes:
            code.tries += 1
        self._codes = [code for code in self._codes if code.tries < MOST_TRIES]
        self._count(self._wrong)
        raise Refused(_SHUT if self._locked else _WRONG)

    def _may_ask(self) -> None:
        if self._locked:
            raise Refused(_SHUT)
        if sum(not one.with_code and not one.answered.is_set() for one in self._waiting) >= MOST_ASKS:
            raise Conflict("Other devices ask already. Try again in two minutes, or type a code.")
        self._count(self._asked)
        if self._locked:
            raise Refused(_SHUT)

    def _count(self, moments: deque[float]) -> None:
        """Note one more, and shut everything when there were too many within the window."""
        moments.append(self._now())
        if len(moments) == MOST_IN_WINDOW and moments[-1] - moments[0] < WINDOW_S:
            self._locked = True
            self._codes.clear()
            self._changed()

    def _sweep(self) -> None:
        now = self._now()
        self._codes = [code for code in self._codes if now < code.ends_at]
        # Whoever was answered is kept a little longer: its device may just be asking again.
        self._waiting = [
            one for one in self._waiting if now < one.ends_at + (ASK_LIFE_S if one.answered.is_set() else 0)
        ]


_WRONG = "This code is wrong or has ended. Look at the computer for the one it shows now."
_SHUT = "There were too many tries. Press 'Add a device' at the computer, then try again."


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
