"""``/api/v1/storage`` tells what films take of the disk, and which of them go."""

import json
from dataclasses import asdict

from matinee.events import SpaceChanged
from matinee.web.storage_schemas import Storage, StorageEvent
from matinee.web.wire import Wire
from tests.web.conftest import House


async def test_storage_says_what_is_used_and_which_films_would_go(house: House) -> None:
    answer = await house.client.get("/api/v1/storage")
    told = Storage.model_validate(answer.json())
    assert (answer.status_code, answer.json()) == (200, json.loads(json.dumps(asdict(house.disk.seen))))
    assert [film.standing for film in told.films] == ["watched", "kept"]


async def test_event_names_what_is_used_and_why_fetching_waits(house: House) -> None:
    name, text = await Wire(house.gate.signer).event(SpaceChanged(7, "cap-reached"), {})
    told = StorageEvent.model_validate_json(b"".join(text))
    assert (name, told.used_bytes, told.held) == ("storage", 7, "cap-reached")
