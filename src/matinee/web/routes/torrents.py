"""``/api/v1/torrents``: everything one does with torrents, as a FastAPI router."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.datastructures import FormData, UploadFile

from matinee.errors import BadRequest, BadRights, TooLarge
from matinee.models.rights import Basis, Rights
from matinee.models.torrent import AS_SET, Sharing, Take, TorrentChange, TorrentView
from matinee.ports import Films
from matinee.types import FileIndex, InfoHash
from matinee.web import schemas
from matinee.web.asgi import Receive, Scope, Send
from matinee.web.bodies import json_body, json_response, read_json
from matinee.web.responses import SEND_IDLE_LIMIT_S
from matinee.web.routing import JSON_LIMIT_BYTES, MULTIPART
from matinee.web.wire import Text, Wire, activity_json, ranges_json


def _info_hash(
    info_hash: Annotated[
        str, Path(pattern=r"^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$", description="Hex, v1 or v2.")
    ],
) -> InfoHash:
    return InfoHash(info_hash.lower())


Hash = Annotated[InfoHash, Depends(_info_hash)]
Index = Annotated[int, Path(ge=0, lt=10**9)]

_JSON_OR_FILE = {
    "required": True,
    "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/AddTorrent"}},
        MULTIPART: {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {
                        "type": "string",
                        "format": "binary",
                        "description": "The .torrent, 10 MiB at most.",
                    },
                    "rights": {"type": "string", "description": "The JSON of RightsStatement."},
                },
            }
        },
    },
}


def torrents_router(films: Films, wire: Wire) -> APIRouter:
    """Make the router."""
    router = APIRouter(prefix="/api/v1/torrents", tags=["torrents"])
    _add_reading(router, films, wire)
    _add_changing(router, films, wire)
    return router


def _add_reading(router: APIRouter, films: Films, wire: Wire) -> None:
    @router.get("", response_model=schemas.Torrents)
    async def list_torrents() -> Response:
        """All torrents, the newest first."""
        return Written(await wire.torrents(await films.torrents()))

    @router.get("/{info_hash}", response_model=schemas.Torrent)
    async def get_torrent(info_hash: Hash) -> Response:
        """One torrent."""
        return Written(await wire.torrent(await films.torrent(info_hash)))

    @router.get("/{info_hash}/activity", response_model=schemas.Activity)
    async def get_activity(info_hash: Hash) -> Response:
        """Who sees this, and what was given."""
        return json_response(activity_json(await films.activity(info_hash)))

    @router.get("/{info_hash}/files/{index}/ranges", response_model=schemas.Ranges)
    async def get_ranges(info_hash: Hash, index: Index) -> Response:
        """Half-open byte ranges of a file that are here."""
        return json_response(ranges_json(await films.ranges(info_hash, FileIndex(index))))


def _add_changing(router: APIRouter, films: Films, wire: Wire) -> None:
    @router.post(
        "",
        status_code=201,
        response_model=schemas.Torrent,
        responses={200: {"model": schemas.Torrent, "description": "It was here already."}},
        openapi_extra={"requestBody": _JSON_OR_FILE},
    )
    async def add_torrent(request: Request) -> Response:
        """Add a torrent by magnet link, address or file."""
        view, is_new = await _add(films, request)
        location = {"Location": f"/api/v1/torrents/{view.info_hash}"}
        return Written(await wire.torrent(view), status=201 if is_new else 200, headers=location)

    @router.patch(
        "/{info_hash}", response_model=schemas.Torrent, openapi_extra=json_body(schemas.ChangeTorrent)
    )
    async def change_torrent(info_hash: Hash, request: Request) -> Response:
        """Pause, resume, limit, take, move, or change what is shared."""
        change = _change(read_json(schemas.ChangeTorrent, await request.body()))
        return Written(await wire.torrent(await films.change(info_hash, change)))

    @router.put(
        "/{info_hash}/rights",
        response_model=schemas.Torrent,
        openapi_extra=json_body(schemas.RightsStatement),
    )
    async def state_rights(info_hash: Hash, request: Request) -> Response:
        """State on which basis the torrent may be shared; it starts when it waited for that."""
        rights = _rights(read_json(schemas.RightsStatement, await request.body(), BadRights))
        return Written(await wire.torrent(await films.state_rights(info_hash, rights)))

    @router.delete("/{info_hash}", status_code=204)
    async def remove_torrent(
        info_hash: Hash, files: Annotated[Literal["keep", "delete"], Query()] = "keep"
    ) -> Response:
        """Remove a torrent; its files stay unless said otherwise."""
        await films.remove(info_hash, delete_files=files == "delete")
        return Response(status_code=204)


def _change(asked: schemas.ChangeTorrent) -> TorrentChange:
    fields = asked.model_dump(exclude={"sharing", "take"})
    for name in ("give_ratio_limit", "give_hours_limit"):
        if name in asked.model_fields_set and fields[name] is None:
            fields[name] = AS_SET
    return TorrentChange(
        **fields,
        sharing=Sharing(asked.sharing) if asked.sharing else None,
        take=Take(asked.take) if asked.take else None,
    )


async def _add(films: Films, request: Request) -> tuple[TorrentView, bool]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == MULTIPART:
        async with request.form(max_files=1, max_fields=4, max_part_size=JSON_LIMIT_BYTES) as form:
            return await _add_form(films, form)
    body = await request.body()
    if len(body) > JSON_LIMIT_BYTES:
        raise TooLarge(f"The JSON is longer than the {JSON_LIMIT_BYTES} bytes that are taken here.")
    asked = read_json(schemas.AddTorrent, body)
    rights = _rights(asked.rights) if asked.rights else None
    match asked.magnet, asked.url:
        case str(magnet), None:
            return await films.add_magnet(magnet, rights)
        case None, str(url):
            return await films.add_url(url, rights)
        case _:
            raise BadRequest("Send either a magnet link or a url.")


async def _add_form(films: Films, form: FormData) -> tuple[TorrentView, bool]:
    unknown = set(form) - {"file", "rights"}
    upload, stated = form.get("file"), form.get("rights")
    if unknown or not isinstance(upload, UploadFile) or isinstance(stated, UploadFile):
        raise BadRequest(
            "The form must have one file in the field 'file', and may have JSON in the field 'rights'."
        )
    rights = _rights(read_json(schemas.RightsStatement, stated.encode(), BadRights)) if stated else None
    return await films.add_metainfo(await upload.read(), rights)


def _rights(stated: schemas.RightsStatement) -> Rights:
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Rights(Basis(stated.basis), stated.licence, now)


class Written(Response):
    """Sends what the wire wrote, part by part."""

    def __init__(self, text: Text, status: int = 200, headers: dict[str, str] | None = None) -> None:
        length = {"Content-Length": str(sum(map(len, text)))}
        super().__init__(None, status, {**(headers or {}), **length}, "application/json")
        self._text = text

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        *parts, last = self._text
        for part in parts:
            async with asyncio.timeout(SEND_IDLE_LIMIT_S):
                await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": last})
