"""``/api/v1/subtitles``: a person's own file of subtitles, read for the page, as a FastAPI router."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from matinee.languages import tag_of
from matinee.ports.playbacks import Playbacks

VTT = "text/vtt"
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


def subtitles_router(playbacks: Playbacks) -> APIRouter:
    """Make the router."""
    router = APIRouter(prefix="/api/v1/subtitles", tags=["subtitles"])

    @router.post(
        "",
        response_class=Response,
        responses={200: {"description": "WebVTT.", "content": {VTT: {"schema": {"type": "string"}}}}},
        openapi_extra=_BODY,
    )
    async def read_subtitles(
        request: Request,
        name: Annotated[str, Query(max_length=255)] = "",
        language: Annotated[str, Query(max_length=35)] = "",
    ) -> Response:
        """A file of subtitles of any kind and encoding, or a zip with one, as WebVTT; nothing of it is kept."""
        written = await playbacks.read_subtitles(await request.body(), name, tag_of(language))
        return Response(written, media_type=VTT)

    return router
