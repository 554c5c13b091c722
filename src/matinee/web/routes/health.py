"""``GET /api/v1/health``: whether the program answers."""

import json
from collections.abc import Callable

from matinee import __version__
from matinee.web.asgi import Receive, Reply, Scope, Send


class Health:
    """Says ``starting`` until what was stored has been loaded.

    Args:
        is_ready: asked for each request.
    """

    def __init__(self, is_ready: Callable[[], bool]) -> None:
        self._is_ready = is_ready

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = "ok" if self._is_ready() else "starting"
        body = json.dumps({"status": status, "version": __version__}).encode()
        await Reply(200, body, [("Content-Type", "application/json")])(scope, receive, send)
