"""``/api/v1/storage``: what films take of the disk, as a FastAPI router."""

import json
from dataclasses import asdict

from fastapi import APIRouter, Response

from matinee.ports.disk import Disk
from matinee.web import storage_schemas as schemas
from matinee.web.bodies import json_response


def storage_router(disk: Disk) -> APIRouter:
    """Make the router."""
    router = APIRouter(prefix="/api/v1", tags=["storage"])

    @router.get("/storage", response_model=schemas.Storage)
    async def get_storage() -> Response:
        """What films take of the disk, what they may take, and which of them would make room next."""
        return json_response(json.dumps(asdict(await disk.view()), ensure_ascii=False))

    return router
