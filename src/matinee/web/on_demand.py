"""An ASGI application that is built by a thread when it is first needed."""

import asyncio
from collections.abc import Callable

from matinee.web.asgi import App, Receive, Scope, Send


class OnDemand:
    """Stands for an application whose import is slow; requests wait until it is there.

    Args:
        build: imports and makes it; runs once, in a thread.
    """

    def __init__(self, build: Callable[[], App]) -> None:
        self._build = build
        self._app: App | None = None
        self._building: asyncio.Future[App] | None = None

    async def warm(self) -> None:
        """Build it now, or wait until it is built.

        A build that failed has failed for good: it is the program that is broken, not the request.
        """
        if self._building is None:
            self._building = asyncio.get_running_loop().run_in_executor(None, self._build)
        # Shielded: one impatient request must not cancel the build for all.
        self._app = await asyncio.shield(self._building)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            await self.warm()
        assert self._app is not None  # noqa: S101 - for the type checker; warm() sets it or raises
        if scope["method"] == "HEAD":
            # FastAPI's routes know no HEAD. The server keeps its own scope and drops the body by it.
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)
