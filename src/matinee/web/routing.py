"""Which addresses exist, who may use them, what they may be sent. What is not in the table is not there."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from matinee.web.asgi import App

JSON = "application/json"
MULTIPART = "multipart/form-data"
OCTETS = "application/octet-stream"
JSON_LIMIT_BYTES = 64 * 1024
PART_LIMIT_BYTES = 64 * 1024 * 1024
"""Of a part of a film that is sent here: it goes to the disk as it comes."""
SUBTITLES_LIMIT_BYTES = 8 * 1024 * 1024

_PATTERNS = {
    "info_hash": r"(?P<info_hash>[0-9a-fA-F]{40}|[0-9a-fA-F]{64})",
    "index": r"(?P<index>0|[1-9][0-9]{0,8})",
    "file_index": r"(?P<file_index>0|[1-9][0-9]{0,8})",
    "title_id": r"(?P<title_id>(?=.{1,200}$|[^/]{1,200}/)[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)",
    "profile": r"(?P<profile>[A-Za-z0-9_-]{1,22})",
    "viewing": r"(?P<viewing>\d{4}-\d\d-\d\d:[A-Za-z0-9_.:-]{1,240})",
    "provider": r"(?P<provider>[a-z0-9]{1,40}(?:-[a-z0-9]{1,40}){0,5})",
    "feed": r"(?P<feed>[0-9a-f]{12})",
    "device": r"(?P<device>[A-Za-z0-9_-]{22})",
    "code": r"(?P<code>[A-Za-z0-9_-]{22})",
    "ask": r"(?P<ask>[A-Za-z0-9_-]{22})",
    "upload": r"(?P<upload>[A-Za-z0-9_-]{22})",
    "publication": r"(?P<publication>[A-Za-z0-9_-]{22})",
    "session": r"(?P<session>[A-Za-z0-9_-]{22})",
    "rendition": r"(?P<rendition>v|[asfw](?:0|[1-9][0-9]{0,8}))",
    "kind": r"(?P<kind>poster|backdrop|still)",
    "key": r"(?P<key>[0-9a-f]{16})",
    "width": r"(?P<width>240|480|960|1280)",
    "track": r"(?P<track>[sfw](?:0|[1-9][0-9]{0,8})(?:-[1-9][0-9]?)?)",
}


class Access(Enum):
    """What opens a route."""

    SHELL = "shell"
    """Nothing is needed, and a link on a foreign page may lead here: the page's own files."""
    OPEN = "open"
    """Nothing is needed, but a foreign page may not ask."""
    OWNER = "owner"
    """The owner's token, or a cookie of somebody who may do this: ``roles`` says who."""
    SIGNED = "signed"
    """As OWNER, or a signature for the very file or playback."""


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one address."""

    method: str
    """GET includes HEAD."""
    path: str
    """Template: a name in braces stands for what ``_PATTERNS`` says."""
    access: Access
    app: App = field(repr=False, compare=False)
    body_types: tuple[str, ...] = ()
    """Media types a body may have; none means that no body is taken."""
    body_limit: int = 0
    """Bytes."""
    streamed: bool = False
    """Whether the body is handed on while it comes; who takes it holds it to the limit."""


@dataclass(frozen=True, slots=True)
class Match:
    """A route and what the address says."""

    route: Route
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WrongMethod:
    """The address exists, but not for this method."""

    allow: tuple[str, ...]
    """The methods it has."""


class RouteTable:
    """All routes. Paths are compared as sent: ours need no percent-encoding; one that has any is unknown."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        self._exact: dict[str, dict[str, Route]] = {}
        self._templates: dict[str, tuple[re.Pattern[str], dict[str, Route]]] = {}
        for route in self.routes:
            if "{" in route.path:
                methods = self._templates.setdefault(route.path, (_compile(route.path), {}))[1]
            else:
                methods = self._exact.setdefault(route.path, {})
            methods[route.method] = route
            if route.method == "GET":
                methods["HEAD"] = route

    def match(self, method: str, path: str) -> Match | WrongMethod | None:
        """Find the route; None when nothing is at this address."""
        methods, params = self._methods(path)
        if not methods:
            return None
        route = methods.get(method)
        return Match(route, params) if route else WrongMethod(tuple(sorted(methods)))

    def _methods(self, path: str) -> tuple[dict[str, Route], Mapping[str, str]]:
        if path in self._exact:
            return self._exact[path], {}
        for pattern, methods in self._templates.values():
            if found := pattern.fullmatch(path):
                return methods, found.groupdict()
        return {}, {}


def _compile(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    return re.compile(
        "".join(_PATTERNS[part] if odd % 2 else re.escape(part) for odd, part in enumerate(parts))
    )
