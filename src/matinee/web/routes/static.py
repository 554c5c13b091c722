"""The page's own files, from a table made at start: no part of an address ever becomes a path."""

import hashlib
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from matinee.web.asgi import Receive, Reply, Scope, Send, header
from matinee.web.preconditions import Outcome, evaluate
from matinee.web.routing import Access, Route

FOLDER = Path(__file__).parent.parent / "static"

_MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".ico": "image/vnd.microsoft.icon",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".txt": "text/plain; charset=utf-8",
    ".map": "application/json",
}
_OPAQUE = "application/octet-stream"

_HASHED = re.compile(r"assets/.+-[A-Za-z0-9_-]{8,}\.\w+")
"""How the build names a file whose name changes with its content."""

_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"

_NOT_BUILT = (
    b"<!doctype html><html lang=en><title>Matinee</title>"
    b"<p>Matinee runs, but its page has not been built. Run <code>make page</code> in the repository."
)


class Asset:
    """One file. It is read when first asked for, and kept.

    Args:
        path: where it is; found by listing the folder, not made from a request.
        cache_control: how long browsers may keep it.
    """

    def __init__(self, path: Path, cache_control: str) -> None:
        self._path = path
        self._cache_control = cache_control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, etag = self._content
        lasting = [("ETag", etag), ("Cache-Control", self._cache_control)]
        conditions = header(scope, b"if-match"), header(scope, b"if-none-match")
        match evaluate(scope["method"], *conditions, etag):
            case Outcome.NOT_MODIFIED:
                reply = Reply(304, headers=lasting)
            case Outcome.FAILED:
                reply = Reply(412, headers=lasting)
            case Outcome.PROCEED:
                media_type = _MEDIA_TYPES.get(self._path.suffix, _OPAQUE)
                reply = Reply(200, body, [*lasting, ("Content-Type", media_type)])
        await reply(scope, receive, send)

    @cached_property
    def _content(self) -> tuple[bytes, str]:
        body = self._path.read_bytes()
        return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def static_routes(folder: Path = FOLDER) -> Iterator[Route]:
    """List the folder once and make a route of each file; ``index.html`` is also ``/``."""
    if not (folder / "index.html").is_file():
        page = Reply(503, _NOT_BUILT, [("Content-Type", _MEDIA_TYPES[".html"])])
        yield Route("GET", "/", Access.SHELL, page)
        return
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        name = path.relative_to(folder).as_posix()
        asset = Asset(path, _FOREVER if _HASHED.fullmatch(name) else _ASK_AGAIN)
        yield Route("GET", f"/{name}", Access.SHELL, asset)
        if name == "index.html":
            yield Route("GET", "/", Access.SHELL, asset)
