"""``GET /api/v1/activity`` and the event ``activity``."""

import json

from matinee.events import ActivityChanged
from matinee.models.overview import Glance
from matinee.web import overview_schemas as schemas
from tests.fakes.films import RECEIPT
from tests.web.conftest import HASH, WITHOUT_RIGHTS, House


async def test_overview_has_the_fields_of_the_description_and_adds_up(house: House) -> None:
    answer = await house.client.get("/api/v1/activity")
    shape = schemas.Overview.model_validate_json(answer.content, strict=True)
    assert {film.info_hash for film in shape.films} == {HASH, WITHOUT_RIGHTS}
    # The same peer, tracker and host are seen by both films.
    assert (shape.now.people, shape.now.swarms, shape.now.trackers, shape.now.web_hosts) == (1, 2, 1, 1)
    assert sum(one.people for one in shape.clients) == shape.now.people
    assert shape.now.contacts == len(shape.contacts.hosts) + shape.contacts.more
    assert shape.total.bytes_up == sum(entry.bytes_up for entry in RECEIPT.entries)


async def test_event_when_others_see_this_computer_then_tells_the_sums(house: House) -> None:
    now = Glance(12, 3, 2, True, 3, 0, 1, 4, 900, 40)
    async with house.client.stream("GET", "/api/v1/events") as answer:
        lines = answer.aiter_lines()
        said = ""
        while not said.startswith("data: "):
            said = await anext(lines)
        house.bus.publish(ActivityChanged(now))
        while said != "event: activity":
            said = await anext(lines)
        told = schemas.Glance.model_validate(json.loads((await anext(lines)).removeprefix("data: ")))
    assert (told.people, told.swarms, told.dht, told.contacts) == (12, 3, True, 4)
