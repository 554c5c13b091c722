"""What is refused is seen in the log of a default install: each once, and no more than fits."""

import logging

import httpx
import pytest

from matinee.web.refusals import MOST, MOST_FROM_ONE, MOST_PATH_CHARS, WINDOW_S, Refusals
from tests.web.conftest import HASH, Clock, House

TORRENTS = "/api/v1/torrents"


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Give what a default install writes down."""
    return [line.getMessage() for line in caplog.records if line.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    ("path", "fields", "code"),
    [
        (TORRENTS, {"Host": "evil.example"}, "misdirected"),
        (TORRENTS, {"Origin": "https://evil.example"}, "refused"),
        (TORRENTS, {"Authorization": "Bearer wrong-token-0123456789"}, "unauthorised"),
        (TORRENTS, {"Cookie": "matinee-{port}=sent-away"}, "unauthorised"),
        (f"/stream/{HASH}/0?exp=1&sig=forged", {}, "refused"),
    ],
)
async def test_refusal_when_of_security_then_is_a_warning_once_and_holds_no_secret(
    house: House, caplog: pytest.LogCaptureFixture, path: str, fields: dict[str, str], code: str
) -> None:
    sent = {key: value.replace("{port}", str(house.port)) for key, value in fields.items()}
    async with httpx.AsyncClient(base_url=f"http://{house.authority}", trust_env=False) as stranger:
        answers = [(await stranger.get(path, headers=sent)).status_code for _ in range(3)]
    assert set(answers) <= {401, 403, 421}
    bare = path.partition("?")[0]
    assert warnings(caplog) == [f"request refused code={code} method=GET path={bare!r} address=127.0.0.1"]


async def test_refusal_when_a_page_shows_nothing_yet_then_no_warning(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async with httpx.AsyncClient(base_url=f"http://{house.authority}", trust_env=False) as page:
        assert (await page.get(TORRENTS, headers={"Cookie": "another=one"})).status_code == 401
    assert warnings(caplog) == []


def test_refusals_when_one_address_floods_then_a_few_lines_and_others_are_still_heard(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = Clock()
    refusals = Refusals(clock)
    for number in range(1000):
        refusals.note("10.0.0.1", "refused", "GET", f"/{number}", alarming=True)
    assert len(warnings(caplog)) == MOST_FROM_ONE + 1
    refusals.note("10.0.0.2", "refused", "GET", "/", alarming=True)
    assert "address=10.0.0.2" in warnings(caplog)[-1]
    caplog.clear()
    clock.now += WINDOW_S
    refusals.note("10.0.0.1", "refused", "GET", "/0", alarming=True)
    assert len(warnings(caplog)) == 1


def test_refusals_when_everybody_floods_then_what_is_written_and_kept_stays_small(
    caplog: pytest.LogCaptureFixture,
) -> None:
    refusals = Refusals(Clock())
    for number in range(5 * MOST):
        refusals.note(
            f"10.0.{number // 256}.{number % 256}", "refused", "GET", "/" + "x" * 60_000, alarming=True
        )
    assert len(warnings(caplog)) == MOST
    assert max(map(len, warnings(caplog))) < MOST_PATH_CHARS + 100
