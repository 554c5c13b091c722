"""What is promised of films, and what came of it, as a FastAPI router."""

import json
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from matinee.playback.promise import error
from matinee.ports.playbacks import Playbacks
from matinee.types import FileIndex, InfoHash
from matinee.web import playback_schemas as schemas
from matinee.web.bodies import json_response

SHOWN = 50


def promises_router(playbacks: Playbacks) -> APIRouter:
    """Make the router."""
    router = APIRouter(prefix="/api/v1", tags=["promises"])

    @router.get("/torrents/{info_hash}/promise", response_model=schemas.Promise)
    async def get_promise(
        info_hash: Annotated[str, Path(pattern=r"^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$")],
        file_index: Annotated[int | None, Query(ge=0)] = None,
    ) -> Response:
        """When a film would start were it wanted now, and whether it would play without a stall."""
        index = None if file_index is None else FileIndex(file_index)
        return json_response(json.dumps(asdict(await playbacks.promise(InfoHash(info_hash.lower()), index))))

    @router.get("/promises", response_model=schemas.Promises)
    async def get_promises() -> Response:
        """What was promised and what came of it, and how far the two are apart."""
        outcomes = await playbacks.outcomes()
        newest = [asdict(one) for one in reversed(outcomes[-SHOWN:])]
        return json_response(json.dumps({"promises": newest, "error": asdict(error(outcomes))}))

    return router
