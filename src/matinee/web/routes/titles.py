"""``/api/v1/titles``: the catalogue, as a FastAPI router."""

import json
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from matinee.errors import BadRequest
from matinee.models.catalogue import Sort, TitleQuery, Wanted
from matinee.models.licences import LICENCES
from matinee.models.playback import ClientSupport, Decoding
from matinee.models.rights import Standing
from matinee.models.title import GENRES, SHELVES, Kind
from matinee.ports import Titles
from matinee.types import Country, TitleId
from matinee.web import catalogue_schemas as schemas
from matinee.web import playback_schemas
from matinee.web.asgi import NOBODY_LISTENS, ClientGone, until_gone
from matinee.web.bodies import json_body, json_response, read_json
from matinee.web.catalogue_wire import filters_json, page_json, title_json
from matinee.web.client_schemas import Client


def _title_id(title_id: Annotated[str, Path(pattern=schemas.TITLE_ID)]) -> TitleId:
    return TitleId(title_id)


Id = Annotated[TitleId, Depends(_title_id)]


def titles_router(titles: Titles) -> APIRouter:
    """Make the router."""
    router = APIRouter(prefix="/api/v1/titles", tags=["titles"])

    @router.get("", response_model=schemas.Titles)
    async def find_titles(request: Request, asked: Annotated[schemas.TitlesQuery, Query()]) -> Response:
        """Find titles that may be shared here."""
        names = [name for name, _ in request.query_params.multi_items()]
        if len(set(names)) < len(names):
            raise BadRequest("The query says something twice.")
        page = await titles.find(query_of(asked))
        return json_response(page_json(page, first=asked.cursor is None))

    @router.get("/filters", response_model=schemas.Filters)
    async def find_filters(asked: Annotated[schemas.FiltersQuery, Query()]) -> Response:
        """What titles may be narrowed by: the languages, lengths and subtitles that there are."""
        return json_response(filters_json(await titles.filters(children=asked.children == "true")))

    @router.get(
        "/{title_id}",
        response_model=schemas.Title,
        responses={
            451: {"model": schemas.TitleProblem, "description": "It may not be shared here; why not."}
        },
    )
    async def get_title(title_id: Id) -> Response:
        """One title, its releases, and why it may be shared here."""
        return json_response(title_json(await titles.title(title_id)))

    # A POST: others hear of it that somebody looks at this title, which no link of another page may have them do.
    @router.post("/{title_id}/complete", response_model=schemas.Title)
    async def complete_title(title_id: Id) -> Response:
        """The title, and others begin to be asked for what it lacks; the event ``title`` tells what they have."""
        return json_response(title_json(await titles.complete(title_id)))

    @router.post(
        "/{title_id}/torrent",
        status_code=201,
        response_model=schemas.TitleTorrent,
        responses={200: {"model": schemas.TitleTorrent, "description": "It was here already."}},
        openapi_extra=json_body(playback_schemas.AddTitle),
    )
    async def add_title(title_id: Id, request: Request) -> Response:
        """Add the torrent of a title on the basis that its evidence gives."""
        asked = read_json(playback_schemas.AddTitle, await request.body())
        client = None if asked.client is None else client_of(asked.client)
        try:
            added = await until_gone(request.receive, titles.add(title_id, wanted_of(asked), client))
        except ClientGone:
            return Response(status_code=NOBODY_LISTENS)
        info_hash = added.torrent.info_hash
        confirmed = added.torrent.rights is not None
        text = json.dumps({"info_hash": info_hash, "file_index": added.file, "confirmed": confirmed})
        location = {"Location": f"/api/v1/torrents/{info_hash}"}
        return json_response(text, status=201 if added.new else 200, headers=location)

    @router.post(
        "/{title_id}/forecast",
        response_model=playback_schemas.Forecast,
        openapi_extra=json_body(playback_schemas.AskForecast),
    )
    async def forecast(title_id: Id, request: Request) -> Response:
        """What pressing Play would do: which release, why, when it starts and how it plays. Nobody else is asked."""
        asked = read_json(playback_schemas.AskForecast, await request.body())
        found = await titles.forecast(title_id, wanted_of(asked), client_of(asked.client))
        return json_response(json.dumps(asdict(found)))

    return router


def client_of(stated: Client) -> ClientSupport:
    """Give what a player says of itself."""
    return ClientSupport(
        frozenset(stated.containers),
        frozenset(stated.video),
        frozenset(stated.audio),
        hdr=stated.hdr,
        max_height=stated.max_height,
        screen_height=stated.screen_height,
        decoding=tuple(Decoding(**dict(one)) for one in stated.decoding),
    )


def wanted_of(asked: schemas.WantedTitle) -> Wanted:
    """Give what of a title is wanted. Raises BadRequest."""
    episode = asked.episode
    if asked.trailer:
        if episode is not None or asked.release is not None:
            raise BadRequest("body.trailer: a trailer has no episodes and no releases.")
        return Wanted(trailer=True)
    if episode is None:
        return Wanted(release=asked.release)
    return Wanted(episode.season, episode.number, asked.release)


def query_of(asked: schemas.TitlesQuery) -> TitleQuery:
    """Give what is looked for.

    Raises:
        BadRequest: there is no such genre, shelf or licence.
    """
    for key, value, known in (
        ("genre", asked.genre, GENRES),
        ("shelf", asked.shelf, SHELVES),
        ("licence", asked.licence, tuple(LICENCES)),
    ):
        if value is not None and value not in known:
            raise BadRequest(f"query.{key}: must be one of: {', '.join(known)}.")
    return TitleQuery(
        words=asked.query,
        kind=None if asked.kind is None else Kind(asked.kind),
        genre=asked.genre,
        decade=asked.decade,
        years=(asked.year_from, asked.year_to),
        minutes=(asked.minutes_from, asked.minutes_to),
        country=None if asked.country is None else Country(asked.country),
        licence=asked.licence,
        standing=None if asked.standing is None else Standing(asked.standing),
        playable=asked.playable == "true",
        language=asked.language,
        children=asked.children == "true",
        subtitled=asked.subtitled == "true",
        shelf=asked.shelf,
        sort=None if asked.sort is None else Sort(asked.sort),
        limit=asked.limit,
        cursor=asked.cursor,
    )
