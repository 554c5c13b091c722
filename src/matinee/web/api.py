"""The FastAPI application: the routes that need checking of bodies, and the description of all of them.

Imported on first need, in a thread: FastAPI and pydantic cost more than the whole rest of the start.
"""

from collections.abc import Callable
from functools import cache, partial

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.responses import Response

from matinee import __version__
from matinee.errors import BadRequest, MatineeError, Refused
from matinee.ports import Films, Further, Settings, Sources, Titles
from matinee.ports.disk import Disk
from matinee.ports.library import Watching
from matinee.ports.playbacks import Playbacks
from matinee.ports.publishing import Publishing
from matinee.web.asgi import Reply
from matinee.web.devices import Devices
from matinee.web.openapi import describe
from matinee.web.problems import plain_problem, problem
from matinee.web.refusals import REFUSED
from matinee.web.routes.devices import devices_router, pairing_router
from matinee.web.routes.further import further_router
from matinee.web.routes.library import library_router, profiles_router
from matinee.web.routes.overview import overview_router
from matinee.web.routes.playback import playback_router
from matinee.web.routes.promises import promises_router
from matinee.web.routes.publishing import publishing_router
from matinee.web.routes.receipt import receipt_router
from matinee.web.routes.settings import settings_router
from matinee.web.routes.sources import sources_router
from matinee.web.routes.storage import storage_router
from matinee.web.routes.subtitles import subtitles_router
from matinee.web.routes.titles import titles_router
from matinee.web.routes.torrents import torrents_router
from matinee.web.routes.transfers import transfers_router
from matinee.web.wire import Wire

NO_TELEMETRY: TelemetryConfig = {
    "auto_configure": False, "tracing": False, "metrics": False, "logs": False, "operation_spans": False,
}  # fmt: skip
"""What is watched is nobody's: FastAPI would send it to whatever collector the environment names."""


def build_api(
    films: Films,
    playbacks: Playbacks,
    titles: Titles,
    further: Further,
    sources: Sources,
    watching: Watching,
    settings: Settings,
    disk: Disk,
    publishing: Callable[[], Publishing],
    devices: Devices,
    wire: Wire,
) -> FastAPI:
    """Make the application. Its documentation pages are off: they would fetch scripts from elsewhere."""
    api = FastAPI(
        title="Matinee",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry=NO_TELEMETRY,
    )
    api.include_router(torrents_router(films, wire))
    api.include_router(transfers_router(films))
    api.include_router(playback_router(playbacks, titles, wire.signer))
    api.include_router(promises_router(playbacks))
    api.include_router(subtitles_router(playbacks))
    api.include_router(further_router(further))
    api.include_router(titles_router(titles))
    api.include_router(sources_router(sources))
    api.include_router(receipt_router(films))
    api.include_router(overview_router(films))
    api.include_router(publishing_router(films, publishing))
    api.include_router(settings_router(settings))
    api.include_router(storage_router(disk))
    api.include_router(profiles_router(watching.library))
    api.include_router(library_router(watching))
    api.include_router(devices_router(devices))
    api.include_router(pairing_router(devices))
    description = cache(partial(describe, api))

    @api.get("/api/openapi.json", include_in_schema=False)
    def openapi() -> Response:
        # Written when first somebody asks: it takes 0.2 s and 3 MB, and players never do.
        return Response(description(), media_type="application/json")

    api.add_exception_handler(MatineeError, _on_error)
    api.add_exception_handler(HTTPException, _on_http)
    api.add_exception_handler(RequestValidationError, _on_invalid)
    return api


async def _on_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, MatineeError)  # noqa: S101 - Starlette's signature is wider than what it does
    if isinstance(error, Refused):
        await request.scope[REFUSED](error)
    return _respond(problem(error))


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    if error.status_code == 400:
        return _respond(problem(BadRequest(f"{error.detail}.")))
    return _respond(plain_problem(error.status_code, "http", str(error.detail)))


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return _respond(problem(BadRequest(f"{place}: {first['msg']}.")))


def _respond(reply: Reply) -> Response:
    response = Response(reply.body, reply.status)
    response.raw_headers = reply.headers
    return response
