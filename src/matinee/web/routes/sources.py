"""``/api/v1/sources``: where titles come from beside the shelf, as a FastAPI router."""

import json
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from matinee.catalogue.source_data import feed_data, sources_data
from matinee.ports import Sources
from matinee.web import source_schemas as schemas
from matinee.web.asgi import NOBODY_LISTENS, ClientGone, until_gone
from matinee.web.bodies import json_body, json_response, read_json

ProviderId = Annotated[str, Path(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
FeedId = Annotated[str, Path(pattern=r"^[0-9a-f]{12}$")]


def sources_router(sources: Sources) -> APIRouter:
    """Make the router."""
    router = APIRouter(prefix="/api/v1/sources", tags=["sources"])

    @router.get("", response_model=schemas.SourceList)
    async def get_sources() -> Response:
        """Who there is, who is asked, and what came of it when somebody was."""
        return json_response(json.dumps(sources_data(await sources.all()), ensure_ascii=False))

    @router.put(
        "/providers/{provider}",
        status_code=204,
        response_class=Response,
        openapi_extra=json_body(schemas.SwitchSource),
    )
    async def switch_provider(provider: ProviderId, request: Request) -> Response:
        """Have a provider asked, or not."""
        await sources.switch(provider, read_json(schemas.SwitchSource, await request.body()).enabled)
        return Response(status_code=204)

    @router.post(
        "/feeds", status_code=201, response_model=schemas.FeedSource, openapi_extra=json_body(schemas.AddFeed)
    )
    async def add_feed(request: Request) -> Response:
        """Read a feed, and keep its address."""
        url = read_json(schemas.AddFeed, await request.body()).url
        try:
            added = await until_gone(request.receive, sources.add_feed(url))
        except ClientGone:
            return Response(status_code=NOBODY_LISTENS)
        return json_response(json.dumps(feed_data(added), ensure_ascii=False), status=201)

    @router.put(
        "/feeds/{feed}",
        status_code=204,
        response_class=Response,
        openapi_extra=json_body(schemas.SwitchSource),
    )
    async def switch_feed(feed: FeedId, request: Request) -> Response:
        """Have a feed asked, or not."""
        await sources.switch_feed(feed, read_json(schemas.SwitchSource, await request.body()).enabled)
        return Response(status_code=204)

    @router.delete("/feeds/{feed}", status_code=204, response_class=Response)
    async def remove_feed(feed: FeedId) -> Response:
        """Forget a feed."""
        await sources.remove_feed(feed)
        return Response(status_code=204)

    return router
