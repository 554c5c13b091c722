"""``/api/v1/providers`` and ``/api/v1/titles/further``: searching further than what is kept here."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing

from fastapi import APIRouter, Request, Response

from matinee.errors import MatineeError
from matinee.models.catalogue import Answered
from matinee.ports import Further
from matinee.web import catalogue_schemas as schemas
from matinee.web.asgi import (
    NOBODY_LISTENS,
    ClientGone,
    Receive,
    Scope,
    Send,
    abort,
    encode_headers,
    until_gone,
)
from matinee.web.bodies import json_body, json_response, read_json
from matinee.web.catalogue_wire import answered_json
from matinee.web.responses import SEND_IDLE_LIMIT_S
from matinee.web.routes.titles import query_of

LINES = "application/x-ndjson"
_LINE = {"schema": {"$ref": "#/components/schemas/Answered"}}


def further_router(further: Further) -> APIRouter:
    """Make the router."""
    router = APIRouter(prefix="/api/v1", tags=["titles"])

    @router.get("/providers", response_model=schemas.Providers)
    async def providers() -> Response:
        """Who is asked when a search goes further than what is kept here. Asks nobody."""
        found = await further.providers()
        listed = [{"id": one.id, "name": one.name, "home": one.home} for one in found]
        return json_response(json.dumps({"providers": listed}))

    # A POST: it sends what was typed to others, which no link or picture of another page may make a browser do.
    @router.post(
        "/titles/further",
        openapi_extra=json_body(schemas.SearchFurther),
        responses={200: {"description": "Lines of JSON, each an Answered.", "content": {LINES: _LINE}}},
        response_class=Response,
    )
    async def search_further(request: Request) -> Response:
        """Ask the providers; a line for each part of an answer, as it comes."""
        answers = further.search(query_of(read_json(schemas.SearchFurther, await request.body())))
        try:
            # What is wrong is a problem, as everywhere: nothing is sent before the first answer is here.
            first = await until_gone(request.receive, _next(answers))
        except ClientGone:
            return Response(status_code=NOBODY_LISTENS)
        return _Lines(first, answers)

    return router


async def _next(answers: AsyncGenerator[Answered, None]) -> Answered | None:
    return await anext(answers, None)


class _Lines(Response):
    """Writes answers as they come; who hangs up ends the asking."""

    def __init__(self, first: Answered | None, answers: AsyncGenerator[Answered, None]) -> None:
        super().__init__()
        self._first = first
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fields = encode_headers([("Content-Type", LINES), ("Cache-Control", "no-store")])
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        try:
            await until_gone(receive, self._tell(send))
        except ClientGone:
            return
        except (MatineeError, TimeoutError) as error:
            await abort(scope, receive, error)
            return
        await send({"type": "http.response.body", "body": b""})

    async def _tell(self, send: Send) -> None:
        async with aclosing(self._answers):
            answer = self._first
            while answer is not None:
                async with asyncio.timeout(SEND_IDLE_LIMIT_S):
                    line = f"{answered_json(answer)}\n".encode()
                    await send({"type": "http.response.body", "body": line, "more_body": True})
                answer = await _next(self._answers)
