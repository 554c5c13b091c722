"""``/api/v1/devices``, for the owner, and ``/api/v1/pairing``, for whoever is not in yet, as FastAPI routers."""

import json
from dataclasses import asdict
from io import BytesIO
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel

from matinee.models.device import Role
from matinee.types import DeviceId
from matinee.web import device_schemas as schemas
from matinee.web.asgi import NOBODY_LISTENS, ClientGone, until_gone
from matinee.web.bodies import json_body, json_response, read_json
from matinee.web.devices import Devices
from matinee.web.screens import Reached
from matinee.web.security import jar_of

Key = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{22}$")]


def devices_router(devices: Devices) -> APIRouter:
    """Make the owner's router."""
    router = APIRouter(prefix="/api/v1/devices", tags=["devices"])

    @router.get("", response_model=schemas.DeviceList)
    async def get_devices() -> Response:
        """Who is let in, who asks, and where other screens find this computer."""
        found = devices.all()
        reached = found.reached
        told = {
            **_reached(reached), "locked": found.locked,
            "devices": [asdict(one) for one in found.devices], "asks": [asdict(one) for one in found.asks],
        }  # fmt: skip
        return json_response(json.dumps(told, ensure_ascii=False))

    @router.delete("", status_code=204, response_class=Response)
    async def remove_devices() -> Response:
        """Send every device away; what they play ends now."""
        await devices.remove_all()
        return Response(status_code=204)

    @router.patch(
        "/{device}", response_model=schemas.DeviceState, openapi_extra=json_body(schemas.ChangeDevice)
    )
    async def change_device(device: Key, request: Request) -> Response:
        """Give a device another name, or have it do more or less."""
        wanted = read_json(schemas.ChangeDevice, await request.body())
        may = None if wanted.may is None else Role(wanted.may)
        changed = await devices.change(DeviceId(device), wanted.name, may)
        return json_response(json.dumps(asdict(changed), ensure_ascii=False))

    @router.delete("/{device}", status_code=204, response_class=Response)
    async def remove_device(device: Key) -> Response:
        """Send a device away; what it plays ends now."""
        await devices.remove(DeviceId(device))
        return Response(status_code=204)

    @router.post("/encryption", response_model=schemas.Reach)
    async def look_again() -> Response:
        """Go by the certificates that there are now; `matinee tls` asks for it."""
        return json_response(json.dumps(_reached(await devices.look_again()), ensure_ascii=False))

    @router.post("/codes", status_code=201, response_model=schemas.DeviceCode)
    async def open_code() -> Response:
        """Make a code that lets one device in: seen by its camera, or typed on it."""
        code, links = devices.open_code()
        told = {
            "id": code.id, "number": code.number, "ends_in_s": code.ends_in_s,
            "links": [{"url": link.partition("#")[0], "link": link, "qr": _drawn(link)} for link in links],
        }  # fmt: skip
        return json_response(json.dumps(told), status=201)

    @router.delete("/codes/{code}", status_code=204, response_class=Response)
    async def close_code(code: Key) -> Response:
        """End a code before its time."""
        devices.pairing.close(code)
        return Response(status_code=204)

    @router.post(
        "/asks/{ask}", status_code=204, response_class=Response, openapi_extra=json_body(schemas.AnswerAsk)
    )
    async def answer_ask(ask: Key, request: Request) -> Response:
        """Let a device in, or send it away."""
        may = read_json(schemas.AnswerAsk, await request.body()).may
        devices.pairing.answer(ask, None if may is None else Role(may))
        return Response(status_code=204)

    return router


def pairing_router(devices: Devices) -> APIRouter:
    """Make the router of whoever is not in yet."""
    router = APIRouter(prefix="/api/v1/pairing", tags=["devices"])

    @router.post(
        "",
        status_code=202,
        response_model=schemas.Asking,
        openapi_extra=_open(schemas.AskIn),
    )
    async def ask_in(request: Request) -> Response:
        """Ask to be let in; somebody at the computer answers."""
        asked = read_json(schemas.AskIn, await request.body())
        number = None if asked.code is None else asked.code.replace(" ", "")
        told = devices.ask(asked.name, _address(request), number)
        return json_response(
            json.dumps({"ask": told.secret, "match": told.match, "ends_in_s": told.ends_in_s}), status=202
        )

    @router.post("/wait", response_model=schemas.Waited, openapi_extra=_open(schemas.WaitFor))
    async def wait(request: Request) -> Response:
        """Wait for the answer, for twenty seconds; the cookie comes with it."""
        secret = read_json(schemas.WaitFor, await request.body()).ask
        try:
            cookie = await until_gone(
                request.receive, devices.wait(secret, _address(request), jar_of(request.scope))
            )
        except ClientGone:
            return Response(status_code=NOBODY_LISTENS)
        return _answer(cookie)

    @router.post("/scan", response_model=schemas.Waited, openapi_extra=_open(schemas.Scan))
    async def scan(request: Request) -> Response:
        """Come in at once with what a camera saw."""
        seen = read_json(schemas.Scan, await request.body())
        return _answer(await devices.scan(seen.secret, seen.name, _address(request), jar_of(request.scope)))

    return router


def _reached(reached: Reached) -> dict[str, Any]:
    return {
        "on": reached.on, "urls": reached.urls, "trouble": reached.trouble, "encrypted": reached.encrypted,
        "authority": None if reached.authority is None else asdict(reached.authority),
    }  # fmt: skip


def _open(shape: type[BaseModel]) -> dict[str, Any]:
    """Describe a body that anybody may send."""
    return {**json_body(shape), "security": []}


def _answer(cookie: str | None) -> Response:
    fields = {} if cookie is None else {"Set-Cookie": cookie}
    return json_response(json.dumps({"let_in": cookie is not None}), headers=fields)


def _drawn(link: str) -> str:
    import segno

    drawn = BytesIO()
    # Both colours are said: what is read by a camera is dark on light in a dark room too.
    segno.make_qr(link, error="m").save(
        drawn, kind="svg", border=4, dark="#1b1206", light="#fffbf2", xmldecl=False, omitsize=True
    )
    return drawn.getvalue().decode()


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
