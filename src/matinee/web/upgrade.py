"""Answers plain http where TLS is spoken: the way to https, and what a device needs to trust it. Nothing else."""

from collections.abc import Callable
from urllib.parse import quote

from matinee.errors import Misdirected
from matinee.web.asgi import App, Receive, Reply, Scope, Send, header_values
from matinee.web.door import NO_STORE, SECURITY_HEADERS
from matinee.web.problems import problem
from matinee.web.routes.authority import PATHS
from matinee.web.security import Gate

_AS_IT_IS = "/%:@!$&'()*+,;=-._~[]|"


class Upgrade:
    """An ASGI application for connections that are not encrypted.

    Args:
        app: answers what a device fetches before it trusts this computer.
        gate: knows our names.
        installs: whether there is anything to install.
    """

    def __init__(self, app: App, gate: Gate, installs: Callable[[], bool]) -> None:
        self._app = app
        self._gate = gate
        self._installs = installs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["method"] in ("GET", "HEAD") and scope["raw_path"].decode("latin-1") in PATHS
        if asked and self._installs():
            await self._app(scope, receive, send)
            return
        try:
            self._gate.check_host(scope)
            reply = _there(scope)
        except Misdirected as error:
            reply = problem(error)
        reply.headers += [*SECURITY_HEADERS, NO_STORE]
        await reply(scope, receive, send)


def _there(scope: Scope) -> Reply:
    """Say that the same is at https, for now: encryption may be turned off again, and no browser may remember this."""
    query = scope["query_string"]
    target = quote(scope["raw_path"], safe=_AS_IT_IS) + (
        f"?{quote(query, safe=_AS_IT_IS + '?')}" if query else ""
    )
    return Reply(307, headers=[("Location", f"https://{header_values(scope, b'host')[0]}{target}")])
