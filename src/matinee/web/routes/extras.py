"""``GET /api/v1/titles/{title_id}/extras``: what there is beside a film. Plain ASGI: the home page asks for it."""

import json
from dataclasses import asdict

from matinee.errors import BadRequest
from matinee.ports import Pictures
from matinee.types import TitleId
from matinee.web.asgi import Receive, Reply, Scope, Send

_ASK = {b"": True, b"ask=true": True, b"ask=false": False}


class TitleExtras:
    """Says it as far as it is known; an event says when there is more.

    Args:
        pictures: knows it.
    """

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ask = _ASK.get(scope["query_string"])
        if ask is None:
            raise BadRequest("The query may be ask=true or ask=false.")
        found = await self._pictures.extras(TitleId(scope["path_params"]["title_id"]), ask=ask)
        body = json.dumps(asdict(found)).encode()
        await Reply(200, body, [("Content-Type", "application/json")])(scope, receive, send)
