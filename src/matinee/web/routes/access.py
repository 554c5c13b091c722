"""``POST /api/v1/access``: a one-time link becomes a cookie. ``POST /api/v1/access/links``: its owner asks for one.
``GET /api/v1/access``: who asks, and what they may do.
"""

import json

from matinee.errors import BadRequest, Unauthorised
from matinee.web.asgi import Receive, Reply, Scope, Send, read_body
from matinee.web.routing import JSON_LIMIT_BYTES
from matinee.web.security import Gate, jar_of


class Exchange:
    """Takes ``{"link": SECRET}`` and answers 204 with the cookie.

    Args:
        gate: made the link.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive, JSON_LIMIT_BYTES)
        if self._gate.is_entrance(scope):
            raise Unauthorised(
                "A link of the computer's own opens nothing here. Have this device let in instead."
            )
        cookie = await self._gate.redeem(_link(body or b""), jar_of(scope))
        await Reply(204, headers=[("Set-Cookie", cookie)])(scope, receive, send)


class Links:
    """Answers 201 with ``{"link": SECRET}``: whoever is in already lets a browser in.

    Args:
        gate: makes it.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        made = json.dumps({"link": self._gate.mint_link()}).encode()
        await Reply(201, made, [("Content-Type", "application/json")])(scope, receive, send)


class WhoAsks:
    """Answers who asks: the owner, a device that is let in, or nobody that is known.

    Args:
        gate: knows.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        passed = self._gate.visitor(scope)
        device = None if passed is None else self._gate.device(passed.device)
        told = {
            "may": passed.role.value if passed is not None and passed.role is not None else None,
            "device": device.id if device is not None else None,
            "name": device.name if device is not None else None,
            "other_screen": self._gate.is_entrance(scope),
        }
        await Reply(200, json.dumps(told).encode(), [("Content-Type", "application/json")])(
            scope, receive, send
        )


def _link(body: bytes) -> str:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        fields = None
    link = fields.get("link") if isinstance(fields, dict) else None
    if not isinstance(link, str) or len(link) > 200:
        raise BadRequest(
            'Send {"link": "..."} with the secret behind "#t=" of the address that Matinee printed.'
        )
    return link
