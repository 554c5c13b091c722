"""Requests that nobody meant: by the description of the interface, and with what does not belong there. Pure."""

import json
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

WORDS = (
    "", " ", "a", "en", "0", "-1", "1e999", "true", "null", "A" * 3000, "\0", "\u202e", "\ud800", "é\u0301",
    "../../etc", "%2e%2e%2f", "%", "'; DROP TABLE titles; --", "<script>", "[", "\\", "\r\nX: y", "1926-02-30", "25:61",
    "A" * 22,
    "a" * 40, "magnet:?xt=urn:btih:", "http://127.0.0.1:1/", "file:///etc/passwd",
)  # fmt: skip
NUMBERS = (0, 1, -1, 7, 2**31, 2**63, 10**30, 0.5, -0.0, 1e308, math.nan, math.inf)
JUNK: tuple[Any, ...] = (None, True, [], {}, [[[[]]]], {"": {}}, *WORDS, *NUMBERS)
FIELDS = {
    "Range": (
        "bytes=0-",
        "bytes=-1",
        "bytes=-0",
        "bytes=5-2",
        "bytes=0-0,7-9,-3",
        "bytes=1e3-",
        f"bytes={10**30}-",
        "x=1-2",
        "",
    ),
    "If-None-Match": ("*", '"', 'W/"a"', '"a", "b"'),
    "If-Range": ('"a"', "Thu, 01 Jan 1970 00:00:00 GMT"),
    "If-Modified-Since": ("yesterday", "Thu, 99 Jan 1970 00:00:00 GMT"),
    "Accept-Language": ("de", "x" * 3000, ";q=,;q=9", "*"),
    "Accept-Encoding": ("br;q=0, gzip", "identity;q=0", ","),
    "Cookie": ("a", "=", "matinee=" + "A" * 3000, 'matinee="\\377"'),
    "Authorization": ("Bearer", "Basic Og==", "bearer \x80", "Bearer " + "A" * 3000),
    "Origin": ("null", "http://evil.example", "http://127.0.0.1", ""),
    "Host": ("evil.example", "127.0.0.1:1", "[::1", "localhost:99999", ""),
    "Sec-Fetch-Site": ("cross-site", "same-origin", "?"),
    "Content-Type": ("text/plain", "application/json; charset=utf-7", "multipart/form-data", "/", ""),
    "X-Forwarded-For": ("127.0.0.1", "::1"),
    "X-HTTP-Method-Override": ("DELETE",),
    "Expect": ("100-continue", "a miracle"),
    "Upgrade": ("websocket", "h2c"),
}
"""Fields of a request's head that are read, and some that must not be."""
STRANGE = 0.08
"""So often, at any place, comes what does not belong there."""
MEANT = 0.6
"""So often what is known comes where it belongs."""
DEEPEST = 6
SPEAKS_FOR_EVER = frozenset({"/api/v1/events"})

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """One request."""

    method: str
    path: str
    """With its query."""
    body: bytes | None
    media_type: str | None
    fields: Mapping[str, str]
    """Of its head, what does not belong there."""


class Requests:
    """Makes them, the same for the same chance.

    Args:
        description: the interface's own, as OpenAPI.
        known: by the names of parameters and fields, what is really there.
        chance: what is drawn.
    """

    def __init__(
        self, description: Schema, known: Mapping[str, tuple[str | int, ...]], chance: random.Random
    ) -> None:
        self._schemas: Schema = description["components"]["schemas"]
        self._paths: Schema = description["paths"]
        self._known = known
        self._chance = chance

    def rounds(self) -> Iterator[Request]:
        """Give one for each operation, those that take away last, again and again."""
        operations = [
            (method, path, operation)
            for path, methods in self._paths.items()
            for method, operation in methods.items()
            if path not in SPEAKS_FOR_EVER
        ]
        operations.sort(key=lambda one: one[0] == "delete")
        while True:
            for method, path, operation in operations:
                yield self._request(method.upper(), path, operation)

    def _request(self, method: str, path: str, operation: Schema) -> Request:
        asked: list[tuple[str, str]] = []
        for parameter in operation.get("parameters", ()):
            name = parameter["name"]
            value = self._written(parameter.get("schema", {}), name)
            if parameter["in"] == "path":
                path = path.replace(f"{{{name}}}", quote(value, safe="", errors="replace"))
            elif parameter["in"] == "query" and (parameter.get("required") or self._chance.random() < 0.5):
                asked.append((name, value))
        query = f"?{urlencode(asked, errors='replace')}" if asked else ""
        content = operation.get("requestBody", {}).get("content", {})
        if not content:
            return Request(method, path + query, None, None, self._fields())
        media_type = self._chance.choice(sorted(content))
        body = self._body(media_type, content[media_type])
        return Request(method, path + query, body, media_type, self._fields())

    def _fields(self) -> dict[str, str]:
        names = [name for name in FIELDS if self._chance.random() < STRANGE / 4]
        return {name: self._chance.choice(FIELDS[name]) for name in names}

    def _body(self, media_type: str, content: Schema) -> bytes:
        if media_type != "application/json":
            return self._chance.randbytes(self._chance.choice((0, 1, 900)))
        text = json.dumps(self.value(content.get("schema", {}), "")).encode()
        return text[: self._chance.randrange(len(text))] if self._chance.random() < STRANGE else text

    def _written(self, schema: Schema, name: str) -> str:
        """Give a value as it stands in an address."""
        value = self.value(schema, name)
        return value if isinstance(value, str) else json.dumps(value)

    def value(self, schema: Schema, name: str, depth: int = 0) -> Any:
        """Give a value for a schema, or what does not belong there; ``name`` is what it is called there."""
        chance = self._chance
        if depth > DEEPEST or chance.random() < STRANGE:
            return chance.choice(JUNK)
        if name in self._known and chance.random() < MEANT:
            return chance.choice(self._known[name])
        if "$ref" in schema:
            return self.value(self._schemas[schema["$ref"].rpartition("/")[2]], name, depth + 1)
        if "const" in schema or "enum" in schema:
            return chance.choice(schema.get("enum") or [schema["const"]])
        if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
            return self.value(chance.choice(choices), name, depth + 1)
        return self._plain(schema, name, depth)

    def _plain(self, schema: Schema, name: str, depth: int) -> Any:
        chance = self._chance
        match schema.get("type"):
            case "object":
                required = set(schema.get("required", ()))
                fields = {
                    key: self.value(field, key, depth + 1)
                    for key, field in schema.get("properties", {}).items()
                    if key in required or chance.random() < 0.5
                }
                return fields | (
                    {chance.choice(WORDS): chance.choice(JUNK)} if chance.random() < STRANGE else {}
                )
            case "array":
                return [
                    self.value(schema.get("items", {}), name, depth + 1) for _ in range(chance.randrange(4))
                ]
            case "integer" | "number":
                ends = [schema[end] for end in ("minimum", "maximum") if end in schema]
                return chance.choice([*NUMBERS, *ends, *(end + step for end in ends for step in (-1, 1))])
            case "boolean":
                return chance.random() < 0.5
            case "null":
                return None
            case _:
                return chance.choice(WORDS)
