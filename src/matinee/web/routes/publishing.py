"""``/api/v1/publications`` and ``/api/v1/uploads``: films of one's own, as a FastAPI router."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from io import BytesIO
from ipaddress import ip_address
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.requests import ClientDisconnect

from matinee.errors import Refused, TooLarge
from matinee.models.licences import LICENCES
from matinee.models.publication import Order
from matinee.ports import Films
from matinee.ports.publishing import Publishing
from matinee.types import InfoHash
from matinee.web import publishing_schemas as schemas
from matinee.web.asgi import ClientGone
from matinee.web.bodies import json_body, json_response, read_json
from matinee.web.dispositions import content_disposition
from matinee.web.routing import PART_LIMIT_BYTES

TORRENT = "application/x-bittorrent"
QR_MOST_CHARS = 600
"""A longer link makes a square that no camera reads: the film's hash alone is enough to find it."""

Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{22}$")]
Hash = Annotated[str, Path(pattern=r"^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$")]
_PART = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


def publishing_router(films: Films, publishing: Callable[[], Publishing]) -> APIRouter:
    """Make the router."""
    router = APIRouter(prefix="/api/v1", tags=["publishing"])
    _add_uploads(router, publishing)
    _add_publications(router, publishing)
    _add_sharing(router, films, publishing)
    return router


def _add_uploads(router: APIRouter, publishing: Callable[[], Publishing]) -> None:
    @router.post(
        "/uploads",
        status_code=201,
        response_model=schemas.Upload,
        openapi_extra=json_body(schemas.BeginUpload),
    )
    async def begin_upload(request: Request) -> Response:
        """Make room for a film that will be sent."""
        asked = read_json(schemas.BeginUpload, await request.body())
        return _json(await publishing().begin_upload(asked.name, asked.length), 201)

    @router.get("/uploads/{upload}", response_model=schemas.Upload)
    async def get_upload(upload: Name) -> Response:
        """How much of it is here."""
        return _json(publishing().upload(upload))

    @router.put("/uploads/{upload}", response_model=schemas.Upload, openapi_extra=_PART)
    async def put_part(upload: Name, request: Request, start: Annotated[int, Query(ge=0)]) -> Response:
        """A part of it, 64 MiB at most, from the byte on that follows those that are here."""
        return _json(await publishing().receive(upload, start, _limited(request)))

    @router.delete("/uploads/{upload}", status_code=204)
    async def drop_upload(upload: Name) -> Response:
        """Forget it; nothing stays of it."""
        await publishing().drop_upload(upload)
        return Response(status_code=204)


def _add_publications(router: APIRouter, publishing: Callable[[], Publishing]) -> None:
    @router.get("/publications", response_model=schemas.Publishing)
    async def get_publishing(request: Request) -> Response:
        """What can be published, and what is."""
        here = await publishing().films_here() if _is_here(request) else None
        told = {
            "publications": [asdict(one) for one in publishing().publications()],
            "licences": [asdict(one) for one in LICENCES.values()],
            "paths": here is not None,
            "folder": None if here is None else here.folder,
            "films": [] if here is None else [asdict(one) for one in here.films],
        }
        return json_response(json.dumps(told, ensure_ascii=False))

    @router.post(
        "/publications",
        status_code=202,
        response_model=schemas.Publication,
        openapi_extra=json_body(schemas.PublishFilm),
    )
    async def publish(request: Request) -> Response:
        """Begin to publish a film that was sent, or one that lies on the computer that runs the program."""
        asked = read_json(schemas.PublishFilm, await request.body())
        if asked.path is not None and not _is_here(request):
            raise Refused(
                "A file is named by its path only at the computer that runs Matinee. Send it instead."
            )
        order = Order(asked.title, asked.year, asked.licence, asked.upload, asked.path, asked.trackers)
        return _json(await publishing().publish(order), 202)

    @router.get("/publications/{publication}", response_model=schemas.Publication)
    async def get_publication(publication: Name) -> Response:
        """One of this run."""
        return _json(publishing().publication(publication))

    @router.delete("/publications/{publication}", status_code=204)
    async def cancel(publication: Name) -> Response:
        """Give it up, if it is not shared yet; nothing stays of it then."""
        await publishing().cancel(publication)
        return Response(status_code=204)


def _add_sharing(router: APIRouter, films: Films, publishing: Callable[[], Publishing]) -> None:
    @router.get(
        "/torrents/{info_hash}/film.torrent",
        response_class=Response,
        responses={
            200: {
                "description": "It.",
                "content": {TORRENT: {"schema": {"type": "string", "format": "binary"}}},
            }
        },
    )
    async def get_metainfo(info_hash: Hash) -> Response:
        """The .torrent; of a film that was published here with its licence in it."""
        view = await films.torrent(InfoHash(info_hash.lower()))
        data = await publishing().metainfo(view.info_hash)
        named = content_disposition(f"{view.name}.torrent", "application/octet-stream")
        return Response(data, headers={"Content-Disposition": named}, media_type=TORRENT)

    @router.get(
        "/torrents/{info_hash}/qr.svg",
        response_class=Response,
        responses={200: {"description": "It.", "content": {"image/svg+xml": {"schema": {"type": "string"}}}}},
    )
    async def get_qr(info_hash: Hash) -> Response:
        """The magnet link as a QR code."""
        view = await films.torrent(InfoHash(info_hash.lower()))
        return Response(_drawn(view.magnet, view.info_hash), media_type="image/svg+xml")


def _drawn(magnet: str, info_hash: InfoHash) -> bytes:
    import segno

    kind = "urn:btmh:1220" if len(info_hash) == 64 else "urn:btih:"
    text = magnet if 0 < len(magnet) <= QR_MOST_CHARS else f"magnet:?xt={kind}{info_hash}"
    drawn = BytesIO()
    # Both colours are said: what is read by a camera is dark on light in a dark room too.
    segno.make_qr(text, error="m").save(
        drawn, kind="svg", border=4, dark="#1b1206", light="#fffbf2", xmldecl=False, omitsize=True
    )
    return drawn.getvalue()


async def _limited(request: Request) -> AsyncIterator[bytes]:
    """Give a part as it comes, and no more than a part may be."""
    came = 0
    try:
        async for chunk in request.stream():
            came += len(chunk)
            if came > PART_LIMIT_BYTES:
                raise TooLarge(f"A part has at most {PART_LIMIT_BYTES} bytes. Send the film in several.")
            yield chunk
    except ClientDisconnect as error:
        raise ClientGone from error


def _is_here(request: Request) -> bool:
    """Tell whether it is asked at this very computer, and not through somebody who passes requests on."""
    passed_on = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip", "via"))
    try:
        return not passed_on and request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _json(view: Any, status: int = 200) -> Response:
    return json_response(json.dumps(asdict(view), ensure_ascii=False), status)
