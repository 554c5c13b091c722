"""``/api/v1/settings``: what is set, and changing it."""

import json
from typing import Any

import pytest

from matinee.events import SettingChanged
from matinee.web import settings_schemas as schemas
from matinee.web.wire import Wire
from tests.web.conftest import House

PATH = "/api/v1/settings"


async def change(house: House, body: Any) -> tuple[int, Any]:
    headers = {"Content-Type": "application/json", "X-Matinee": "1"}
    content = body if isinstance(body, str) else json.dumps(body)
    answer = await house.client.patch(PATH, content=content, headers=headers)
    return answer.status_code, answer.json()


async def test_settings_have_the_fields_of_the_description(house: House) -> None:
    answer = await house.client.get(PATH)
    found = schemas.Settings.model_validate_json(answer.content, strict=True)
    country, dht, key = found.settings
    assert (country.key, country.value, country.holds, country.changeable) == ("country", "", "at-once", True)
    assert (dht.value, dht.set_in, dht.changeable) == (False, "environment", False)
    assert (key.kind, key.value, key.is_set) == ("secret", None, False)
    assert (found.file, found.data_dir) == ("/data/config.toml", "/data")


async def test_settings_are_changed_and_a_secret_stays_inside(house: House) -> None:
    status, told = await change(house, {"country": "FR", "opensubtitles_key": "abc"})
    assert status == 200
    country, _, key = schemas.Settings.model_validate(told).settings
    assert (country.value, key.value, key.is_set) == ("FR", None, True)
    assert house.settings.secrets == ["abc"]
    assert "abc" not in (await house.client.get(PATH)).text


@pytest.mark.parametrize(
    ("body", "status", "code", "setting"),
    [
        ({"country": "UK"}, 400, "bad-setting", "country"),
        ({"country": True}, 400, "bad-setting", "country"),
        ({"dht": True}, 409, "conflict", "dht"),
        ({"country": ["FR"]}, 400, "bad-setting", None),
        ({"country": {"in": "FR"}}, 400, "bad-setting", None),
        ({"Country": "FR"}, 400, "bad-setting", None),
        ({"k" * 5000: "FR"}, 400, "bad-setting", None),
        ({"": "FR"}, 400, "bad-setting", None),
        ([], 400, "bad-setting", None),
        ("country=FR", 400, "bad-setting", None),
        ('{"country": "\\ud800"}', 400, "bad-setting", None),
    ],
)
async def test_what_cannot_be_is_refused_with_its_name(
    house: House, body: Any, status: int, code: str, setting: str | None
) -> None:
    answered, problem = await change(house, body)
    assert (answered, problem["code"], problem.get("setting")) == (status, code, setting)
    assert len(problem["detail"]) < 400
    assert house.settings.all().settings[0].value == ""


async def test_settings_are_the_owners_alone(house: House) -> None:
    for method in ("GET", "PATCH"):
        answer = await house.client.request(
            method, PATH, headers={"Authorization": "Bearer somebody", "Content-Type": "application/json"}
        )
        assert answer.status_code == 401


async def test_event_names_the_setting_and_no_value(house: House) -> None:
    name, text = await Wire(house.gate.signer).event(SettingChanged("opensubtitles_key"), {})
    assert (name, json.loads(b"".join(text))) == ("setting", {"key": "opensubtitles_key"})
    schemas.SettingEvent.model_validate_json(b"".join(text))
