"""``/api/v1/receipt``: what was taken and given, when, and on what basis, as a FastAPI router."""

import json
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Response

from matinee.ports import Films
from matinee.web import receipt_schemas as schemas
from matinee.web.bodies import json_response
from matinee.web.catalogue_schemas import TITLE_ID


def receipt_router(films: Films) -> APIRouter:
    """Make the router."""
    router = APIRouter(prefix="/api/v1", tags=["receipt"])

    @router.get("/receipt", response_model=schemas.Receipt)
    async def get_receipt(
        title_id: Annotated[str | None, Query(pattern=TITLE_ID)] = None,
        info_hash: Annotated[str | None, Query(pattern=r"^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$")] = None,
    ) -> Response:
        """What was taken and given, when, and on what basis: of everything, of a title, or of a torrent."""
        data = asdict(await films.receipt())
        data["entries"] = [
            entry
            for entry in data["entries"]
            if (title_id is None or (entry["title"] or {}).get("id") == title_id)
            and (info_hash is None or entry["info_hash"] == info_hash.lower())
        ]
        return json_response(json.dumps(data, ensure_ascii=False))

    return router
