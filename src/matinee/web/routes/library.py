"""What is remembered of people, as a FastAPI router."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from matinee.models.library import FIRST, Kind, Profile, Rating, Record, Seen, Taste, Thumb, Wish, Work
from matinee.ports.library import Library, Watching
from matinee.types import FileIndex, ProfileId
from matinee.web import library_schemas as schemas
from matinee.web.bodies import json_body, json_response, read_json
from matinee.web.catalogue_schemas import TITLE_ID
from matinee.web.library_wire import (
    carded_data,
    going_data,
    profiles_data,
    record_data,
    records_data,
    title_of,
)

PROFILE = r"^[A-Za-z0-9_-]{1,22}$"
MOST_PROGRESS = 2_000
MOST_WISHES = 1_000
MOST_TASTES = 500
MOST_RATINGS = 1_000
A_PAGE = 60


def _profile(profile: Annotated[str, Query(pattern=PROFILE)] = FIRST) -> ProfileId:
    return ProfileId(profile)


def _title(title_id: Annotated[str, Path(pattern=TITLE_ID, max_length=200)]) -> str:
    return title_id


Who = Annotated[ProfileId, Depends(_profile)]
Which = Annotated[str, Depends(_title)]


def profiles_router(library: Library) -> APIRouter:
    """Make the router of profiles."""
    router = APIRouter(prefix="/api/v1/profiles", tags=["library"])

    async def listed() -> str:
        locked = await (await library.lock()).is_set()
        return json.dumps(profiles_data(await library.profiles(), locked=locked))

    def answer(profile: Profile, status: int = 200) -> Response:
        return json_response(json.dumps(asdict(profile)), status)

    @router.get("", response_model=schemas.Profiles)
    async def get_profiles() -> Response:
        """All profiles."""
        return json_response(await listed())

    @router.post(
        "", status_code=201, response_model=schemas.Profile, openapi_extra=json_body(schemas.AddProfile)
    )
    async def add_profile(request: Request) -> Response:
        """Make a profile."""
        asked = read_json(schemas.AddProfile, await request.body())
        return answer(await library.add_profile(asked.name, asked.colour, child=asked.child), 201)

    @router.put("/lock", response_model=schemas.Profiles, openapi_extra=json_body(schemas.SetLock))
    async def set_lock(request: Request) -> Response:
        """Choose the number without which nobody leaves a child's profile, or have none."""
        asked = read_json(schemas.SetLock, await request.body())
        # The gate has looked at it: who sends the owner's token has this computer's command line.
        is_owner = "authorization" in request.headers
        await (await library.lock()).set(asked.number, asked.old, is_owner=is_owner)
        return json_response(await listed())

    @router.post("/lock", status_code=204, openapi_extra=json_body(schemas.OpenLock))
    async def open_lock(request: Request) -> Response:
        """Ask whether a number is the right one."""
        asked = read_json(schemas.OpenLock, await request.body())
        await (await library.lock()).open(asked.number)
        return Response(status_code=204)

    @router.patch(
        "/{profile}", response_model=schemas.Profile, openapi_extra=json_body(schemas.ChangeProfile)
    )
    async def change_profile(profile: Annotated[str, Path(pattern=PROFILE)], request: Request) -> Response:
        """Change a profile."""
        asked = read_json(schemas.ChangeProfile, await request.body())
        return answer(await library.change_profile(ProfileId(profile), **asked.model_dump()))

    @router.delete("/{profile}", status_code=204)
    async def remove_profile(profile: Annotated[str, Path(pattern=PROFILE)]) -> Response:
        """Forget a profile and all that is remembered of it."""
        await library.remove_profile(ProfileId(profile))
        return Response(status_code=204)

    return router


def library_router(watching: Watching) -> APIRouter:
    """Make the router of what is remembered."""
    router = APIRouter(prefix="/api/v1", tags=["library"])
    library = watching.library
    _add_progress(router, watching)
    _add_history(router, watching)
    _add_lists(router, watching)

    async def carded(records: Sequence[Record]) -> list[dict[str, object]]:
        return carded_data(records, await watching.cards(map(title_of, records)))

    @router.get("/library", response_model=schemas.Library)
    async def get_library(profile: Who) -> Response:
        """What a page remembers of one profile while it is open."""
        most = {
            Kind.PROGRESS: MOST_PROGRESS,
            Kind.WATCHLIST: MOST_WISHES,
            Kind.RATING: MOST_RATINGS,
            Kind.TASTE: MOST_TASTES,
        }
        kinds = {kind: await library.records(profile, kind, count) for kind, count in most.items()}
        return json_response(json.dumps({"profile": profile, **records_data(kinds)}))

    @router.delete("/library", status_code=204)
    async def clear_library(profile: Who) -> Response:
        """Forget everything that is remembered of one profile."""
        await library.clear(profile)
        return Response(status_code=204)

    @router.get("/library/export", response_model=schemas.LibraryFile)
    async def export_library() -> Response:
        """Everything that is remembered of everybody, as one file."""
        name = {"Content-Disposition": 'attachment; filename="matinee-library.json"'}
        return json_response(json.dumps(await library.export(), ensure_ascii=False, indent=1), headers=name)

    @router.post(
        "/library/import", response_model=schemas.Taken, openapi_extra=json_body(schemas.LibraryFile)
    )
    async def import_library(request: Request) -> Response:
        """Bring in an exported library: what is not here is added, of each record the newest stays, nothing goes."""
        return json_response(json.dumps(asdict(await watching.take(await request.body()))))

    @router.put("/tastes", response_model=schemas.Taste, openapi_extra=json_body(schemas.ChangeTaste))
    async def put_taste(profile: Who, request: Request) -> Response:
        """Remember how a series, or one film, is to be played."""
        asked = read_json(schemas.ChangeTaste, await request.body())
        fields = asked.model_dump(exclude_unset=True)

        def changed(now: int, before: Record | None) -> Record:
            return replace(
                before if isinstance(before, Taste) else Taste(**fields, changed_ms=now),
                **fields,
                changed_ms=now,
            )

        taste = await library.put(profile, Kind.TASTE, asked.series, changed)
        return json_response(json.dumps(record_data(taste)))

    @router.get("/ratings", response_model=schemas.Ratings)
    async def get_ratings(profile: Who) -> Response:
        """What somebody thought of titles."""
        found = await library.records(profile, Kind.RATING, MOST_RATINGS)
        return json_response(json.dumps({"ratings": await carded(found)}))

    @router.get("/watchlist", response_model=schemas.Watchlist)
    async def get_watchlist(profile: Who) -> Response:
        """What somebody wants to see."""
        found = await library.records(profile, Kind.WATCHLIST, MOST_WISHES)
        return json_response(json.dumps({"watchlist": await carded(found)}))

    return router


def _add_lists(router: APIRouter, watching: Watching) -> None:
    library = watching.library

    @router.put("/watchlist/{title_id}", response_model=schemas.Wish)
    async def put_wish(profile: Who, title_id: Which) -> Response:
        """Put a title on the list."""
        name = await watching.name_of(title_id)
        wish = await library.put(
            profile, Kind.WATCHLIST, title_id, lambda now, _: Wish(title=title_id, name=name, changed_ms=now)
        )
        return json_response(json.dumps(record_data(wish)))

    @router.delete("/watchlist/{title_id}", status_code=204)
    async def drop_wish(profile: Who, title_id: Which) -> Response:
        """Take a title off the list."""
        await library.forget(profile, Kind.WATCHLIST, [title_id])
        return Response(status_code=204)

    @router.put("/ratings/{title_id}", response_model=schemas.Rating, openapi_extra=json_body(schemas.Rate))
    async def put_rating(profile: Who, title_id: Which, request: Request) -> Response:
        """Say what one thought of a title."""
        thumb = Thumb(read_json(schemas.Rate, await request.body()).thumb)
        name = await watching.name_of(title_id)
        rating = await library.put(
            profile,
            Kind.RATING,
            title_id,
            lambda now, _: Rating(title=title_id, thumb=thumb, name=name, changed_ms=now),
        )
        return json_response(json.dumps(record_data(rating)))

    @router.delete("/ratings/{title_id}", status_code=204)
    async def drop_rating(profile: Who, title_id: Which) -> Response:
        """Take that back."""
        await library.forget(profile, Kind.RATING, [title_id])
        return Response(status_code=204)


def _add_progress(router: APIRouter, watching: Watching) -> None:
    library = watching.library

    @router.get("/going-on", response_model=schemas.GoingOn)
    async def get_going_on(profile: Who) -> Response:
        """What to go on with: films that were left, next episodes."""
        going, cards = await watching.going_on(profile)
        return json_response(json.dumps({"going_on": going_data(going, cards)}))

    @router.get("/progress", response_model=schemas.ProgressList)
    async def get_progress(profile: Who) -> Response:
        """Where works were left."""
        found = await library.records(profile, Kind.PROGRESS, MOST_PROGRESS)
        return json_response(json.dumps({"progress": [record_data(one) for one in found]}))

    @router.put(
        "/progress/{title_id}", response_model=schemas.WorkProgress, openapi_extra=json_body(schemas.See)
    )
    async def put_progress(profile: Who, title_id: Which, request: Request) -> Response:
        """Say where one is in a title, or in a file of a torrent."""
        asked = read_json(schemas.See, await request.body())
        seen = Seen(asked.position_s, asked.duration_s, asked.credits_s, asked.watched)
        return json_response(
            json.dumps(record_data(await watching.see(profile, _work(title_id, asked), seen)))
        )

    @router.delete("/progress/{title_id}", status_code=204)
    async def drop_progress(profile: Who, title_id: Which) -> Response:
        """Forget where a title was left, with all its episodes."""
        found = await library.records(profile, Kind.PROGRESS, MOST_PROGRESS)
        keys = [one.key for one in found if one.key == title_id or one.key.startswith(f"{title_id}:")]
        await library.forget(profile, Kind.PROGRESS, keys)
        return Response(status_code=204)


def _add_history(router: APIRouter, watching: Watching) -> None:
    library = watching.library

    @router.get("/history", response_model=schemas.History)
    async def get_history(
        profile: Who,
        before: Annotated[int | None, Query(ge=0, lt=10**15)] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = A_PAGE,
    ) -> Response:
        """What was watched, the last first; of that before a moment in milliseconds, where one is given."""
        found = await library.records(profile, Kind.HISTORY, limit, before)
        cards = await watching.cards(map(title_of, found))
        more = found[-1].changed_ms if len(found) == limit else None
        return json_response(json.dumps({"history": carded_data(found, cards), "before": more}))

    @router.delete("/history", status_code=204)
    async def clear_history(profile: Who) -> Response:
        """Forget all of it."""
        await library.forget(profile, Kind.HISTORY)
        return Response(status_code=204)

    @router.delete("/history/{viewing}", status_code=204)
    async def drop_viewing(profile: Who, viewing: Annotated[str, Path(max_length=251)]) -> Response:
        """Forget one viewing."""
        await library.forget(profile, Kind.HISTORY, [viewing])
        return Response(status_code=204)


def _work(title_id: str, asked: schemas.See) -> Work:
    if asked.episode is not None:
        return Work(title_id, asked.episode.season, asked.episode.number)
    if asked.file_index is not None:
        return Work(title_id.lower(), file=FileIndex(asked.file_index))
    return Work(title_id)
