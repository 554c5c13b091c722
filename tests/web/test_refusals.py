"""What is refused is seen in the log of a default install: each once, and no more than fits."""

import logging
import time

import httpx
import pytest

from matinee.web.guesses import MOST_WRONG, SLOW_S
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


SECRET, NUMBER = "a-secret-that-nobody-made", "31415926"


@pytest.mark.parametrize(
    ("path", "bodies", "code", "status"),
    [
        ("/api/v1/access", [{"link": f"{SECRET}-{n}"} for n in range(3)], "unauthorised", 401),
        (
            "/api/v1/pairing",
            [{"name": "TV", "code": NUMBER}, {"name": "TV2", "code": NUMBER}],
            "refused",
            403,
        ),
        (
            "/api/v1/pairing/scan",
            [{"name": "TV", "secret": f"{SECRET[:21]}{n}"} for n in "ab"],
            "refused",
            403,
        ),
        ("/api/v1/pairing/wait", [{"ask": SECRET}, {"ask": SECRET}], "refused", 403),
    ],
)
async def test_refusal_when_a_link_or_a_code_is_wrong_then_is_a_warning_once_and_holds_nothing_of_it(
    house: House,
    caplog: pytest.LogCaptureFixture,
    path: str,
    bodies: list[dict[str, str]],
    code: str,
    status: int,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with httpx.AsyncClient(base_url=f"http://{house.authority}", trust_env=False) as stranger:
        answers = [await stranger.post(path, json=body) for body in bodies]
    assert [answer.status_code for answer in answers] == [status] * len(bodies)
    assert warnings(caplog) == [f"request refused code={code} method=POST path={path!r} address=127.0.0.1"]
    written = [line.getMessage() for line in caplog.records]
    assert len([line for line in written if line.startswith("request refused")]) == len(bodies)
    assert [line for line in written if SECRET[:21] in line or NUMBER in line] == []


async def test_refusal_when_a_link_and_a_code_are_right_then_nothing_is_written(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    number = (await house.client.post("/api/v1/devices/codes")).json()["number"]
    async with httpx.AsyncClient(base_url=f"http://{house.authority}", trust_env=False) as browser:
        answer = await browser.post("/api/v1/access", json={"link": house.gate.mint_link()})
        assert answer.status_code == 204
        assert (await browser.post("/api/v1/pairing", json={"name": "TV", "code": number})).status_code == 202
    assert warnings(caplog) == []


async def test_refusal_when_a_wrong_token_only_asks_who_it_is_then_is_a_warning_and_slowed_too(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async with httpx.AsyncClient(base_url=f"http://{house.authority}", trust_env=False) as stranger:
        wrong = {"Authorization": "Bearer wrong-token-0123456789"}
        for _ in range(MOST_WRONG):
            begun = time.monotonic()
            assert (await stranger.get("/api/v1/access", headers=wrong)).status_code == 401
    assert time.monotonic() - begun >= SLOW_S
    assert warnings(caplog) == [
        "request refused code=unauthorised method=GET path='/api/v1/access' address=127.0.0.1"
    ]


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
