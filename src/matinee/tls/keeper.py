"""Knows what other screens are shown, and has it made anew in time and when addresses change."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from matinee.config import Config
from matinee.confined.frames import WireError
from matinee.confined.process import kill, receive, spawn
from matinee.errors import BadSetting, MatineeError, Unavailable
from matinee.tls.authority import AuthorityFolder, Installed
from matinee.tls.certificates import Shown, load

log = logging.getLogger(__name__)

RENEW_S = 30 * 86_400.0
"""So long before its end a certificate is made anew: a third of its life."""
LOOK_S = 86_400.0
"""How often it is looked at, besides: a computer sleeps, and its clock may be set."""
ISSUE_S = 60.0

Issue = Callable[[AuthorityFolder, Sequence[str], Sequence[str]], Awaitable[None]]


class Keeper:
    """Has the certificate of a running program.

    Args:
        data_dir: the data folder, where an authority may be.
        own: certificate and key of the user's own, which come before any authority; the key is in the certificate's
            file where it is None.
        issue: has the authority make a certificate.
        clock: Unix seconds.
    """

    def __init__(
        self,
        data_dir: Path,
        own: tuple[Path, Path | None] | None = None,
        *,
        issue: Issue | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = AuthorityFolder(data_dir / "tls")
        self._own = own
        self._issue = issue or have_issued
        self._clock = clock
        self.shown: Shown | None = None
        """What clients are shown; None where nothing is encrypted."""
        self.authority: Installed | None = None
        """What devices install; None where there is nothing to install."""

    @classmethod
    def of(cls, config: Config) -> "Keeper":
        """Make what the settings say."""
        if not config.tls_cert:
            return cls(config.data_dir)
        return cls(config.data_dir, (Path(config.tls_cert), Path(config.tls_key) if config.tls_key else None))

    def check(self) -> None:
        """See at the start that a certificate of the user's own can be used; blocks. Raises BadSetting."""
        if self._own is not None:
            self.shown = load(*self._own)

    async def look(self, names: Sequence[str], addresses: Sequence[str]) -> None:
        """Have what fits this computer now.

        Raises:
            BadSetting, Unavailable: a certificate is wanted, and none can be had. What was shown before goes on.
        """
        if self._own is not None:
            self.shown = await asyncio.to_thread(load, *self._own)
        elif await asyncio.to_thread(self._folder.there):
            self.authority = await asyncio.to_thread(self._folder.read)
            self.shown = await self._leaf(names, addresses)
        else:
            self.shown = self.authority = None

    async def _leaf(self, names: Sequence[str], addresses: Sequence[str]) -> Shown:
        try:
            found = await asyncio.to_thread(load, self._folder.shown)
        except BadSetting:
            found = None  # there is none yet, or its life is over
        fit = found is not None and all(map(found.fits, [*names, *addresses]))
        if found is not None and fit and found.ends_at - self._clock() > RENEW_S:
            return found
        try:
            await self._issue(self._folder, names, addresses)
            made = await asyncio.to_thread(load, self._folder.shown)
        except MatineeError as error:
            if found is None:
                raise
            log.warning("This computer's certificate cannot be made anew error=%s", error.message)
            return found
        log.info("this computer's certificate was made anew ends_at=%d", made.ends_at)
        return made


async def have_issued(folder: AuthorityFolder, names: Sequence[str], addresses: Sequence[str]) -> None:
    """Have a process of its own make this computer's certificate.

    Raises:
        Unavailable: it could not; the sentence says why.
    """
    wrong: object
    try:
        async with asyncio.timeout(ISSUE_S):
            child = await spawn("matinee.tls.issuing", str(folder.path), ",".join(names), ",".join(addresses))
            try:
                wrong = (await receive(child))[0].get("wrong")
            finally:
                await kill(child)
    except (OSError, EOFError, WireError, TimeoutError) as error:
        wrong = f"the process that makes it failed ({type(error).__name__})"
    if wrong:
        raise Unavailable(
            f"No certificate could be made for this computer: {wrong}. `matinee tls --off` and `matinee tls` make an "
            "authority anew."
        )
