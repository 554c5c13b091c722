"""``/matinee-authority.crt``: what a device installs to trust this computer. ``/authority``: how, in words.

Both are public, and are answered in plain http too: who does not trust this computer yet must be able to read them.
The page has no script, and its style is a file: the policy allows nothing else.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from matinee.errors import NotFound
from matinee.web.asgi import Receive, Reply, Scope, Send, header
from matinee.web.authority_page import CSS, written
from matinee.web.routing import Access, Route

if TYPE_CHECKING:
    from matinee.tls.authority import Installed

CERTIFICATE, PAGE, STYLE = "/matinee-authority.crt", "/authority", "/authority.css"
PATHS = frozenset({CERTIFICATE, PAGE, STYLE})
KIND = "application/x-x509-ca-cert"

Find = Callable[[], "Installed | None"]


def authority_routes(find: Find) -> Iterator[Route]:
    """Make the routes; ``find`` gives what is installed now, or None where there is nothing."""
    yield Route("GET", CERTIFICATE, Access.OPEN, _Certificate(find))
    yield Route("GET", PAGE, Access.SHELL, _Page(find))
    yield Route("GET", STYLE, Access.SHELL, Reply(200, CSS, [("Content-Type", "text/css; charset=utf-8")]))


class _Certificate:
    def __init__(self, find: Find) -> None:
        self._find = find

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fields = [
            ("Content-Type", KIND),
            ("Content-Disposition", 'attachment; filename="matinee-authority.crt"'),
        ]
        await Reply(200, _found(self._find).der, fields)(scope, receive, send)


class _Page:
    def __init__(self, find: Find) -> None:
        self._find = find

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        french = (header(scope, b"accept-language") or "").strip().lower().startswith("fr")
        host = header(scope, b"host") or ""
        page = written("fr" if french else "en", _found(self._find).fingerprint, host, STYLE, CERTIFICATE)
        fields = [("Content-Type", "text/html; charset=utf-8"), ("Vary", "Accept-Language")]
        await Reply(200, page.encode(), fields)(scope, receive, send)


def _found(find: Find) -> "Installed":
    found = find()
    if found is None:
        raise NotFound("This computer has no authority of its own. `matinee tls` makes one.")
    return found
