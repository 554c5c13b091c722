"""``/api/v1/playback``: films that are being played, as a FastAPI router."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import StringConstraints

from matinee.languages import UNKNOWN, tag_of
from matinee.models.playback import PlaybackView
from matinee.ports import Titles
from matinee.ports.playbacks import Playbacks
from matinee.types import FileIndex, InfoHash, SessionId, TitleId
from matinee.web import playback_schemas as schemas
from matinee.web.asgi import NOBODY_LISTENS, ClientGone, until_gone
from matinee.web.bodies import json_body, json_response, read_json
from matinee.web.catalogue_schemas import WantedTitle
from matinee.web.playback_wire import offers_json, playback_json
from matinee.web.routes.titles import client_of, wanted_of
from matinee.web.signatures import Signer


def _session(session: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{22}$")]) -> SessionId:
    return SessionId(session)


MOST_LANGUAGES = 16

Language = Annotated[str, StringConstraints(max_length=35)]
Session = Annotated[SessionId, Depends(_session)]


def playback_router(playbacks: Playbacks, titles: Titles, signer: Signer) -> APIRouter:
    """Make the router."""
    router = APIRouter(prefix="/api/v1/playback", tags=["playback"])

    async def opened(asked: schemas.OpenPlayback) -> PlaybackView:
        if asked.title_id is not None:
            wanted = wanted_of(
                WantedTitle(episode=asked.episode, release=asked.release, trailer=asked.trailer)
            )
            info_hash, index = await titles.file(TitleId(asked.title_id), wanted, client_of(asked.client))
            return await playbacks.open(info_hash, index, client_of(asked.client), asked.start_s)
        assert asked.info_hash is not None  # noqa: S101 - the shape has one of both
        file_index = None if asked.file_index is None else FileIndex(asked.file_index)
        info_hash = InfoHash(asked.info_hash.lower())
        return await playbacks.open(info_hash, file_index, client_of(asked.client), asked.start_s)

    @router.post(
        "",
        status_code=201,
        response_model=schemas.Playback,
        openapi_extra=json_body(schemas.OpenPlayback),
    )
    async def open_playback(request: Request) -> Response:
        """Begin to play a film; waits for its first bytes."""
        asked = read_json(schemas.OpenPlayback, await request.body())
        try:
            view = await until_gone(request.receive, opened(asked))
        except ClientGone:
            return Response(status_code=NOBODY_LISTENS)
        location = {"Location": f"/api/v1/playback/{view.session}"}
        return json_response(playback_json(view, signer), status=201, headers=location)

    @router.get("/{session}", response_model=schemas.Playback)
    async def get_playback(session: Session) -> Response:
        """A playback as it is now."""
        return json_response(playback_json(await playbacks.view(session), signer))

    @router.delete("/{session}", status_code=204)
    async def close_playback(session: Session) -> Response:
        """End a playback."""
        await playbacks.close(session)
        return Response(status_code=204)

    @router.get("/{session}/offers", response_model=schemas.Offers)
    async def get_offers(
        request: Request,
        session: Session,
        language: Annotated[list[Language] | None, Query(max_length=MOST_LANGUAGES)] = None,
    ) -> Response:
        """Subtitles that a provider has for the film; it is asked now."""
        wanted = [tag for name in language or () if (tag := tag_of(name)) != UNKNOWN]
        try:
            found = await until_gone(request.receive, playbacks.offers(session, wanted))
        except ClientGone:
            return Response(status_code=NOBODY_LISTENS)
        return json_response(offers_json(session, found))

    return router
