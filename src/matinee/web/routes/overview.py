"""``/api/v1/activity``: who can see this computer, over all torrents, as a FastAPI router."""

import json
from dataclasses import asdict

from fastapi import APIRouter, Response

from matinee.ports import Films
from matinee.web import overview_schemas as schemas
from matinee.web.bodies import json_response


def overview_router(films: Films) -> APIRouter:
    """Make the router."""
    router = APIRouter(prefix="/api/v1", tags=["activity"])

    @router.get("/activity", response_model=schemas.Overview)
    async def get_overview() -> Response:
        """Who can see this computer now, over all torrents; whom this program asked itself; what was given in all."""
        return json_response(json.dumps(asdict(await films.overview()), ensure_ascii=False))

    return router
