"""The gate in front of every route. The routes come from the table itself, so a new one is tested too."""

import asyncio
import logging

import httpx
import pytest

from matinee.errors import Starting
from matinee.types import FileIndex, InfoHash
from matinee.web.door import SECURITY_HEADERS
from matinee.web.guesses import WINDOW_S
from matinee.web.routing import Access, Route
from matinee.web.security import COOKIE_LIFE_S, RENEW_AFTER_S, Gate
from matinee.web.signatures import Signer
from tests.fakes.devices import FakeDevices
from tests.web.conftest import HASH, TOKEN, Clock, FakeStore, House
from tests.web.test_hosts import FOREIGN

FILM_URL = f"/stream/{HASH}/0"
TORRENTS = "/api/v1/torrents"
CHANGES = {"POST", "PUT", "PATCH", "DELETE"}


def _address(route: Route) -> str:
    return route.path.format(
        info_hash=HASH,
        index=0,
        file_index=0,
        session="x" * 22,
        upload="x" * 22,
        device="x" * 22,
        code="x" * 22,
        ask="x" * 22,
        publication="x" * 22,
        rendition="v",
        track="s2",
        title_id="a-film-1922",
        profile="home",
        viewing="2026-11-26:a-film-1922",
        provider="tea-house",
        feed="0" * 12,
        kind="poster",
        key="0" * 16,
        width=480,
    )


def _ask(house: House, route: Route, *fields: str, host: str | None = None, body: str = "") -> bytes:
    """Make a raw request for a route with exactly these header fields and a ``Host``."""
    hosts = [f"Host: {house.authority if host is None else host}"]
    content = (
        [f"Content-Type: {route.body_types[0]}", f"Content-Length: {len(body)}"] if route.body_types else []
    )
    lines = [
        f"{route.method} {_address(route)} HTTP/1.1",
        *hosts,
        *fields,
        *content,
        "Connection: close",
        "",
        body,
    ]
    return "\r\n".join(lines).encode("utf-8")


def _status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def _closed(house: House) -> list[Route]:
    return [route for route in house.app.table.routes if route.access in (Access.OWNER, Access.SIGNED)]


async def test_every_route_under_a_foreign_host_is_refused(house: House) -> None:
    for route in house.app.table.routes:
        # The parser takes white space around a field's value away, as RFC 9112 section 5.1 says.
        for host in (host for host in FOREIGN if host == host.strip()):
            foreign = host.replace("8642", str(house.port))
            answer = await house.raw(_ask(house, route, f"Authorization: Bearer {TOKEN}", host=foreign))
            assert _status(answer) in (400, 421), (route, host)
            assert b"A film" not in answer


@pytest.mark.parametrize(
    "request_line_and_hosts",
    [
        "GET {path} HTTP/1.1",
        "GET {path} HTTP/1.0",
        "GET {path} HTTP/1.1\r\nHost: {ours}\r\nHost: {ours}",
        "GET {path} HTTP/1.1\r\nHost: {ours}\r\nHost: evil.example",
        "GET http://evil.example{path} HTTP/1.1\r\nHost: {ours}",
        "GET http://{ours}{path} HTTP/1.1\r\nHost: {ours}",
        "GET //evil.example{path} HTTP/1.1\r\nHost: {ours}",
        "GET *{path} HTTP/1.1\r\nHost: {ours}",
    ],
)
async def test_request_with_no_or_two_hosts_is_refused(house: House, request_line_and_hosts: str) -> None:
    head = request_line_and_hosts.format(path=TORRENTS, ours=house.authority)
    answer = await house.raw(f"{head}\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n\r\n".encode())
    assert 400 <= _status(answer) < 500
    assert b"A film" not in answer


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "box.local"])
async def test_request_to_one_of_our_names_is_answered(house: House, host: str) -> None:
    answer = await house.client.get(TORRENTS, headers={"Host": f"{host}:{house.port}"})
    assert answer.status_code == 200


BAD_CREDENTIALS = [
    [],
    ["Authorization: Bearer"],
    ["Authorization: Bearer wrong-token-0123456789"],
    ["Authorization: Basic dGhlOnRva2Vu"],
    [f"Authorization: {TOKEN}"],
    [f"Authorization: Bearer {TOKEN}x"],
    [f"Authorization: Bearer {TOKEN[:-1]}"],
    ["Authorization: Bearer \u00e9\u0142"],
    ["Cookie: matinee-0=x"],
    ["Cookie: matinee-{port}="],
    ["Cookie: matinee-{port}=forged; x=y"],
]


async def test_every_closed_route_without_good_credentials_is_refused(house: House) -> None:
    assert len(_closed(house)) > 8
    for route in _closed(house):
        house.clock.now += WINDOW_S  # or the wrong tokens of all routes together would be slowed
        for fields in BAD_CREDENTIALS:
            named = [field.replace("{port}", str(house.port)) for field in fields]
            answer = await house.raw(_ask(house, route, *named))
            assert _status(answer) == 401, (route, fields)
            assert b"www-authenticate: Bearer" in answer


async def test_every_closed_route_with_the_token_is_open(house: House) -> None:
    for route in _closed(house):
        # HEAD where there is a GET, because the event stream has no end.
        method = "HEAD" if route.method == "GET" else route.method
        answer = await house.client.request(method, _address(route), json={} if route.body_types else None)
        assert answer.status_code not in (401, 403, 405, 421, 500), route


async def test_every_open_route_is_open_to_a_stranger(house: House) -> None:
    for route in house.app.table.routes:
        if route.access is Access.SHELL or route.path == "/api/v1/health":
            assert _status(await house.raw(_ask(house, route))) == 200


FOREIGN_PAGES = [
    ["Origin: http://evil.example"],
    ["Origin: null"],
    ["Origin: https://{ours}"],
    ["Origin: http://127.0.0.1"],
    ["Origin: http://{ours}", "Origin: http://evil.example"],
    ["Sec-Fetch-Site: cross-site"],
    ["Sec-Fetch-Site: same-site"],
    ["Origin: http://{ours}", "Sec-Fetch-Site: cross-site"],
]


async def test_every_route_but_the_shell_refuses_a_foreign_page_even_with_the_token(house: House) -> None:
    for route in house.app.table.routes:
        if route.access is Access.SHELL:
            continue
        for fields in FOREIGN_PAGES:
            named = [field.replace("{ours}", house.authority) for field in fields]
            answer = await house.raw(_ask(house, route, f"Authorization: Bearer {TOKEN}", *named, body="{}"))
            assert _status(answer) == 403, (route, fields)


async def _cookie(house: House) -> dict[str, str]:
    """Let a browser in, and give the header field it sends from then on."""
    answer = await house.client.post("/api/v1/access", json={"link": house.gate.mint_link()})
    assert answer.status_code == 204
    house.client.cookies.clear()
    return {"Cookie": answer.headers["set-cookie"].partition(";")[0]}


@pytest.fixture
async def browser(house: House) -> httpx.AsyncClient:
    """A client that has the cookie and no token."""
    del house.client.headers["Authorization"]
    house.client.headers.update(await _cookie(house))
    return house.client


async def test_browser_may_read(browser: httpx.AsyncClient) -> None:
    assert (await browser.get(TORRENTS)).status_code == 200
    assert (await browser.get(FILM_URL, headers={"Sec-Fetch-Site": "same-origin"})).status_code == 200


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 403),
        ({"X-Matinee": "1"}, 403),
        ({"Origin": "http://{ours}"}, 403),
        ({"Origin": "http://{ours}", "X-Matinee": "0"}, 403),
        ({"Origin": "http://evil.example", "X-Matinee": "1"}, 403),
        ({"Origin": "http://{ours}", "X-Matinee": "1"}, 200),
        ({"Origin": "http://{ours}", "X-Matinee": "1", "Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
async def test_browser_may_change_only_from_our_own_page(
    house: House, browser: httpx.AsyncClient, fields: dict[str, str], status: int
) -> None:
    named = {name: value.replace("{ours}", house.authority) for name, value in fields.items()}
    answer = await browser.patch(f"{TORRENTS}/{HASH}", json={"paused": True}, headers=named)
    assert answer.status_code == status


async def test_every_change_with_the_cookie_alone_is_refused(
    house: House, browser: httpx.AsyncClient
) -> None:
    cookie = f"Cookie: {browser.headers['cookie']}"
    for route in _closed(house):
        if route.method in CHANGES:
            assert _status(await house.raw(_ask(house, route, cookie, body="{}"))) == 403, route
    assert house.films.given == []


async def test_revoked_cookie_is_refused_at_once(house: House, browser: httpx.AsyncClient) -> None:
    assert (await browser.get(TORRENTS)).status_code == 200
    house.store.cookies.clear()
    assert (await browser.get(TORRENTS)).status_code == 401


async def test_cookie_before_the_store_was_read_is_asked_to_wait(
    house: House, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_yet(cookie_hash: bytes) -> bool:
        raise Starting("Matinee is starting. Try again in a moment.")

    monkeypatch.setattr(house.store, "known", not_yet)
    answer = await browser.get(TORRENTS)
    assert (answer.status_code, answer.json()["code"]) == (503, "starting")
    assert "retry-after" in answer.headers


async def test_second_cookie_of_the_same_name_hides_ours_not(house: House) -> None:
    cookie = (await _cookie(house))["Cookie"]
    del house.client.headers["Authorization"]
    tossed = f"matinee-{house.port}=tossed; {cookie}"
    assert (await house.client.get(TORRENTS, headers={"Cookie": tossed})).status_code == 200


async def test_cookie_in_use_gets_its_ninety_days_anew_once_a_day(
    house: House, browser: httpx.AsyncClient
) -> None:
    assert "set-cookie" not in (await browser.get(TORRENTS)).headers
    house.clock.now += RENEW_AFTER_S + 1
    renewed = (await browser.get(TORRENTS)).headers["set-cookie"]
    assert f"Max-Age={COOKIE_LIFE_S}" in renewed
    assert max(house.store.cookies.values()) == house.clock.now + COOKIE_LIFE_S
    browser.cookies.clear()
    assert "set-cookie" not in (await browser.get(TORRENTS)).headers


async def test_signature_opens_its_own_file_alone(house: House) -> None:
    del house.client.headers["Authorization"]
    url = house.gate.signer.stream_url(InfoHash(HASH), FileIndex(0))
    query = url.partition("?")[2]
    assert (await house.client.get(url)).status_code == 200
    assert (await house.client.head(url)).status_code == 200
    assert (await house.client.get(f"/stream/{HASH}/1?{query}")).status_code == 403
    assert (await house.client.get(f"{TORRENTS}?{query}")).status_code == 401
    assert (await house.client.post(url)).status_code == 405


async def test_signature_after_its_end_is_refused_but_the_cookie_still_opens(house: House) -> None:
    url = house.gate.signer.stream_url(InfoHash(HASH), FileIndex(0))
    cookie = await _cookie(house)
    del house.client.headers["Authorization"]
    house.clock.now += 13 * 3600
    refused = await house.client.get(url)
    assert (refused.status_code, refused.json()["code"]) == (403, "refused")
    assert (await house.client.get(url, headers=cookie)).status_code == 200


ODD_PATHS = [
    "/..%2f..%2fetc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/../etc/passwd",
    "/assets/../../secret",
    "/assets/..%5c..%5csecret",
    "/assets/%252e%252e/secret",
    "/assets//index-Ab12Cd34.js",
    "/assets/index-Ab12Cd34.js/",
    "/assets/index-Ab12Cd34.js;x",
    "/index.html%00.js",
    "//etc/passwd",
    "/assets",
    "/assets/",
    "/token",
    f"/stream/{HASH}/0/",
    f"/stream/{HASH}/00",
    f"/stream/{HASH}/-1",
    f"/stream/{HASH}/1e3",
    f"/stream/{HASH}/%30",
    f"/stream/{HASH}x/0",
    f"/stream/{HASH[:-1]}/0",
    f"/stream/{HASH}/99999999999999999999",
    "/stream/../api/v1/torrents/0",
    "/api/v1/torrents/",
    "/api/v1/torrents/%2e%2e",
    "/api/v1/torrents/..%2f..%2fx",
    "/api/v1/",
    "/api/docs",
    "/docs",
    "/openapi.json",
]


@pytest.mark.parametrize("path", ODD_PATHS)
async def test_odd_path_is_not_there(house: House, path: str) -> None:
    answer = await house.raw(house.request(path))
    assert _status(answer) == 404
    assert b"application/problem+json" in answer


@pytest.mark.parametrize("path", ["/\u00e4", "/a b", "/\x00", "/%zz", "/a\rb"])
async def test_malformed_path_is_refused(house: House, path: str) -> None:
    assert _status(await house.raw(house.request(path))) in (400, 404)


async def test_wrong_method_names_the_right_ones(house: House) -> None:
    for route in house.app.table.routes:
        for method in ("OPTIONS", "TRACE", "PROPFIND"):
            answer = await house.client.request(method, _address(route))
            assert answer.status_code == 405
            assert route.method in answer.headers["allow"]


async def test_every_response_has_the_headers_and_no_cors(house: House) -> None:
    answers = [await house.raw(_ask(house, route)) for route in house.app.table.routes]
    answers += [
        await house.raw(house.request("/nothing")),
        await house.raw(house.request("/", method="POST")),
        await house.raw(house.request(FILM_URL, "Range: bytes=0-9")),
        await house.raw(house.request(FILM_URL, "Range: bytes=999999999-")),
        await house.raw(house.request(FILM_URL, "Host: evil.example")),
        await house.raw(b"nonsense\r\n\r\n"),
        await house.raw(b"GET http://x/ HTTP/1.1\r\n\r\n"),
        await house.raw(b"GET / HTTP/1.1\r\nX: " + b"y" * 100_000 + b"\r\n\r\n"),
    ]
    for answer in answers:
        head = answer.partition(b"\r\n\r\n")[0].lower()
        missing = [name for name, value in SECURITY_HEADERS if name + b": " + value.lower() not in head]
        assert missing == [], answer
        assert b"access-control-" not in head
        assert b"server:" not in head


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        (["Content-Type: text/plain", "Content-Length: 2"], "{}"),
        (["Content-Type: application/x-www-form-urlencoded", "Content-Length: 2"], "{}"),
        (["Content-Length: 2"], "{}"),
        (["Transfer-Encoding: chunked"], "2\r\n{}\r\n0\r\n\r\n"),
    ],
)
async def test_change_with_a_body_of_another_kind_is_refused(
    house: House, fields: list[str], body: str
) -> None:
    request = house.request(TORRENTS, *fields, method="POST") + body.encode()
    assert _status(await house.raw(request)) == 400
    assert house.films.given == []


async def test_reading_with_a_body_is_refused(house: House) -> None:
    assert _status(await house.raw(house.request(TORRENTS, "Content-Length: 2") + b"{}")) == 400


async def test_websocket_is_answered_as_if_it_had_not_asked(house: House) -> None:
    upgrade = [
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    answer = await house.raw(house.request(TORRENTS, *upgrade, "Origin: http://evil.example"))
    assert _status(answer) == 403


async def test_refusal_is_logged_once_and_cannot_forge_a_line(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "matinee"):
        await house.raw(house.request("/%0d%0aforged", "Host: evil.example"))
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 1
    assert "\n" not in lines[0]
    assert TOKEN not in lines[0]


async def test_unforeseen_error_is_a_plain_500_logged_once(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(info_hash: object, file_index: object) -> None:
        raise ZeroDivisionError("a secret of ours")

    monkeypatch.setattr(house.films, "stream", fail)
    answer = await house.client.get(FILM_URL)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "a secret of ours" not in answer.text
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1


def test_gate_with_an_empty_token_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        Gate(token="", signer=Signer(b"k" * 32), store=FakeStore(), devices=FakeDevices(Clock()))


async def test_store_never_sees_a_cookie_itself(house: House) -> None:
    value = (await _cookie(house))["Cookie"].partition("=")[2]
    assert value.encode() not in house.store.cookies
    assert all(len(key) == 32 for key in house.store.cookies)


async def test_many_requests_at_once_are_judged_alone(house: House) -> None:
    good = [house.client.get(TORRENTS) for _ in range(20)]
    bad = [house.client.get(TORRENTS, headers={"Authorization": "Bearer x"}) for _ in range(20)]
    answers = await asyncio.gather(*good, *bad)
    assert [answer.status_code for answer in answers] == [200] * 20 + [401] * 20
