"""What becomes of torrents beside being played: their files, and the limits that hold now. A FastAPI router."""

import json
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from matinee.models.torrent import Take
from matinee.ports import Films
from matinee.types import FileIndex
from matinee.web import schemas
from matinee.web.bodies import json_body, json_response, read_json
from matinee.web.routes.torrents import Hash, Index
from matinee.web.wire import file_json

MOST_FILES = 500
"""In one answer."""


def transfers_router(films: Films) -> APIRouter:
    """Make the router."""
    router = APIRouter(prefix="/api/v1", tags=["torrents"])

    @router.get("/limits", response_model=schemas.LimitsNow)
    async def get_limits() -> Response:
        """The limits that hold at this hour, and until when."""
        return json_response(json.dumps(asdict(films.limits())))

    @router.get("/torrents/{info_hash}/files", response_model=schemas.FileStates)
    async def list_files(
        info_hash: Hash,
        start: Annotated[int, Query(ge=0, lt=10**9)] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST_FILES)] = MOST_FILES,
    ) -> Response:
        """Some of a torrent's files, each with how much of it is here and whether it is fetched."""
        states, total = await films.files(info_hash, start, limit)
        return json_response(json.dumps({"files": [file_json(state) for state in states], "total": total}))

    @router.patch(
        "/torrents/{info_hash}/files/{index}",
        response_model=schemas.FileState,
        openapi_extra=json_body(schemas.ChangeFile),
    )
    async def change_file(info_hash: Hash, index: Index, request: Request) -> Response:
        """Have a file fetched though nobody plays it, before or after others, or not."""
        take = Take(read_json(schemas.ChangeFile, await request.body()).take)
        return json_response(json.dumps(file_json(await films.take(info_hash, FileIndex(index), take))))

    return router
