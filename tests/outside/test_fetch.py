"""Fetching a .torrent from an address somebody named, without being led into the house."""

import gzip
import zlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from matinee.errors import BadSource, MatineeError, SourceLimited, SourceUnreachable, TooLarge
from matinee.outside.addresses import AddressPolicy, UrlKind
from matinee.outside.fetch import MAX_REDIRECTS, MOST_WAIT_S, Fetcher, retry_after_s, system_resolve
from tests.outside.authority import make_authority, server_trust
from tests.outside.hosts import TORRENT, hosting, ok, redirect

PUBLIC = AddressPolicy()
PRIVATE = AddressPolicy(allow_private=True)


def resolving(*addresses: str) -> Callable[[str, int], Awaitable[list[str]]]:
    async def resolve(host: str, port: int) -> list[str]:
        return list(addresses)

    return resolve


async def test_fetch_when_the_address_holds_a_torrent_then_its_bytes() -> None:
    async with hosting(lambda _: ok()) as host:
        fetcher = Fetcher(PRIVATE, resolve=resolving("127.0.0.1"))
        assert await fetcher.fetch(f" http://films.example:{host.port}/a%20b.torrent?c=d#e\n") == TORRENT
    (head,) = host.asked
    assert head.startswith("GET /a%20b.torrent?c=d HTTP/1.1\r\n")
    assert f"\r\nHost: films.example:{host.port}\r\n" in head
    assert "\r\nAccept-Encoding: identity\r\n" in head
    assert "cookie" not in head.lower()


async def test_fetch_when_a_numeric_address_is_given_then_contacted_without_a_name() -> None:
    async with hosting(lambda _: ok()) as host:
        assert await Fetcher(PRIVATE).fetch(f"http://127.0.0.1:{host.port}/") == TORRENT


@pytest.mark.parametrize(
    "url",
    [
        "",
        "magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a",
        "http://films.example/a.torrent",
        "ftp://films.example/a.torrent",
        "file:///etc/passwd",
        "https://films.example:8443/a.torrent",
        "https://films.example:80/a.torrent",
        "https://user@films.example/a.torrent",
        "https://localhost/a.torrent",
        "https://127.0.0.1/a.torrent",
        "https://[::1]/a.torrent",
        "https://2130706433/a.torrent",
        "https://0x7f.1/a.torrent",
        "https://192.168.1.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
    ],
)
async def test_fetch_when_the_address_may_not_be_contacted_then_bad_source(url: str) -> None:
    with pytest.raises(BadSource):
        await Fetcher(PUBLIC, resolve=resolving("8.8.8.8")).fetch(url)


@pytest.mark.parametrize(
    "addresses",
    [
        [],
        ["127.0.0.1"],
        ["8.8.8.8", "127.0.0.1"],
        ["::1"],
        ["169.254.169.254"],
        ["fe80::1%lo"],
        ["::ffff:10.0.0.1"],
    ],
)
async def test_fetch_when_the_name_leads_into_the_house_then_bad_source(addresses: list[str]) -> None:
    with pytest.raises(BadSource, match="private network"):
        await Fetcher(PUBLIC, resolve=resolving(*addresses)).fetch("https://films.example/a.torrent")


async def test_fetch_when_the_name_changes_after_the_check_then_the_checked_address_is_contacted() -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])

    async def resolve(host: str, port: int) -> list[str]:
        return next(answers)

    async with hosting(lambda _: ok()) as host:
        assert await Fetcher(PRIVATE, resolve=resolve).fetch(f"http://films.example:{host.port}/") == TORRENT
    assert next(answers) == ["127.0.0.2"]


async def test_fetch_when_the_first_address_is_down_then_the_next_is_tried() -> None:
    async with hosting(lambda _: ok()) as host:
        fetcher = Fetcher(PRIVATE, resolve=resolving("127.0.0.9", "127.0.0.1"))
        assert await fetcher.fetch(f"http://films.example:{host.port}/") == TORRENT


async def test_fetch_when_redirected_then_followed_relative_and_absolute() -> None:
    def answer(head: str) -> bytes:
        path = head.split()[1]
        return {"/a": redirect("b"), "/b": redirect(f"http://other.example:{host.port}/c"), "/c": ok()}[path]

    async with hosting(answer) as host:
        fetcher = Fetcher(PRIVATE, resolve=resolving("127.0.0.1"))
        assert await fetcher.fetch(f"http://films.example:{host.port}/a") == TORRENT
    assert f"Host: other.example:{host.port}" in host.asked[-1]


async def test_fetch_when_redirected_for_ever_then_bad_source() -> None:
    async with hosting(lambda _: redirect("/again")) as host:
        with pytest.raises(BadSource, match="passed on"):
            await Fetcher(PRIVATE).fetch(f"http://127.0.0.1:{host.port}/")
    assert len(host.asked) == 1 + MAX_REDIRECTS


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://films.example/", "magnet:?xt=a", "//user@films.example/"]
)
async def test_fetch_when_redirected_to_what_may_not_be_fetched_then_bad_source(target: str) -> None:
    async with hosting(lambda _: redirect(target)) as host:
        with pytest.raises(BadSource, match="not fetched"):
            await Fetcher(PRIVATE).fetch(f"http://127.0.0.1:{host.port}/")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", BadSource),
        (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", BadSource),
        (b"HTTP/1.1 204 No Content\r\n\r\n", BadSource),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", SourceUnreachable),
        (b"HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n", SourceUnreachable),
        (b"garbage\r\n\r\n", SourceUnreachable),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 10_000_000 + b"\r\n\r\n", SourceUnreachable),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", SourceUnreachable),
        (ok(b"x" * 2001), TooLarge),
        (ok(TORRENT, "Content-Encoding: br"), BadSource),
        (ok(b"not gzip", "Content-Encoding: gzip"), BadSource),
        (ok(gzip.compress(bytes(10_000_000)), "Content-Encoding: gzip"), TooLarge),
    ],
)
async def test_fetch_when_the_answer_is_no_torrent_then_a_clear_error(
    answer: bytes, kind: type[MatineeError]
) -> None:
    async with hosting(lambda _: answer) as host:
        with pytest.raises(kind) as error:
            await Fetcher(PRIVATE, max_bytes=2000).fetch(f"http://127.0.0.1:{host.port}/")
    assert error.value.message.endswith(".")


async def test_fetch_when_the_body_never_ends_then_too_large() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-bittorrent\r\n\r\n"
    async with hosting(lambda _: head, endless=bytes(65_536)) as host:
        with pytest.raises(TooLarge):
            await Fetcher(PRIVATE, max_bytes=100_000).fetch(f"http://127.0.0.1:{host.port}/")


async def test_fetch_when_nothing_comes_then_unreachable_within_the_time() -> None:
    async with hosting(lambda _: b"") as host:
        with pytest.raises(SourceUnreachable, match=r"within 0\.2 seconds"):
            await Fetcher(PRIVATE, timeout_s=0.2).fetch(f"http://127.0.0.1:{host.port}/")


async def test_fetch_when_nobody_listens_then_unreachable() -> None:
    async with hosting(lambda _: b"") as host:
        port = host.port
    with pytest.raises(SourceUnreachable, match="could not be reached"):
        await Fetcher(PRIVATE).fetch(f"http://127.0.0.1:{port}/")


async def test_fetch_when_the_name_is_unknown_then_unreachable() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(SourceUnreachable, match="could not be found"):
        await Fetcher(PRIVATE, resolve=resolve).fetch("http://films.example/")


@pytest.mark.parametrize("packed", [gzip.compress(TORRENT, mtime=0), zlib.compress(TORRENT, wbits=31)])
async def test_fetch_when_gzip_comes_unasked_then_unpacked(packed: bytes) -> None:
    async with hosting(lambda _: ok(packed, "Content-Encoding: GZIP")) as host:
        assert await Fetcher(PRIVATE).fetch(f"http://127.0.0.1:{host.port}/") == TORRENT


async def test_fetch_when_proxies_are_in_the_environment_then_they_are_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with hosting(lambda _: ok(b"proxy")) as proxy, hosting(lambda _: ok()) as host:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert await Fetcher(PRIVATE).fetch(f"http://127.0.0.1:{host.port}/") == TORRENT
    assert proxy.asked == []


async def test_system_resolve_when_asked_for_a_number_then_that_number() -> None:
    assert await system_resolve("127.0.0.1", 80) == ["127.0.0.1"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate authority of the test's own, and a certificate of its for films.example."""
    return make_authority(tmp_path_factory.mktemp("authority"), "films.example")


async def test_fetch_when_the_certificate_is_good_then_fetched_at_the_checked_address(
    authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "ca.pem"))
    async with hosting(lambda _: ok(), trust=server_trust(authority)) as host:
        fetcher = Fetcher(PRIVATE, resolve=resolving("127.0.0.1"))
        assert await fetcher.fetch(f"https://films.example:{host.port}/") == TORRENT


async def test_fetch_when_the_certificate_is_of_another_host_then_bad_source(
    authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "ca.pem"))
    async with hosting(lambda _: ok(), trust=server_trust(authority)) as host:
        with pytest.raises(BadSource, match="prove"):
            await Fetcher(PRIVATE, resolve=resolving("127.0.0.1")).fetch(
                f"https://other.example:{host.port}/"
            )
    assert host.asked == []


async def test_fetch_when_nobody_known_signed_the_certificate_then_bad_source(authority: Path) -> None:
    async with hosting(lambda _: ok(), trust=server_trust(authority)) as host:
        with pytest.raises(BadSource, match="prove"):
            await Fetcher(PRIVATE, resolve=resolving("127.0.0.1")).fetch(
                f"https://films.example:{host.port}/"
            )
    assert host.asked == []


async def test_fetch_when_a_web_seed_then_plain_http_too_and_we_say_who_we_are() -> None:
    async with hosting(lambda _: ok(b"lines")) as host:
        fetcher = Fetcher(PRIVATE, kind=UrlKind.WEB_SEED, max_bytes=10)
        assert await fetcher.fetch(f"http://127.0.0.1:{host.port}/film/film.srt") == b"lines"
    assert "\r\nUser-Agent: Matinee/" in host.asked[0]


@pytest.mark.parametrize("resolved", ["127.0.0.1", "192.168.1.1", "::1"])
async def test_fetch_when_a_web_seed_is_in_the_house_then_it_is_not_asked(resolved: str) -> None:
    async with hosting(lambda _: ok(b"lines")) as host:
        fetcher = Fetcher(PUBLIC, kind=UrlKind.WEB_SEED, resolve=resolving(resolved))
        for url in (f"http://127.0.0.1:{host.port}/film.srt", "http://archive.example.org/film.srt"):
            with pytest.raises(BadSource):
                await fetcher.fetch(url)
    assert host.asked == []


@pytest.mark.parametrize(
    ("said", "wait_s"),
    [
        ("120", 120.0),
        ("0", 1.0),
        ("99999999999", MOST_WAIT_S),
        ("Thu, 26 Nov 2026 10:01:00 GMT", 60.0),
        ("Thu, 26 Nov 2020 10:01:00 GMT", 1.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_when_said_in_any_way_then_seconds_within_bounds(said: str, wait_s: float | None) -> None:
    now_s = datetime(2026, 11, 26, 10, 0, tzinfo=UTC).timestamp()
    assert retry_after_s({"retry-after": said}, now_s) == wait_s


@pytest.mark.parametrize("status", [429, 503])
async def test_fetch_when_the_host_wants_to_be_left_alone_then_for_how_long(status: int) -> None:
    answer = f"HTTP/1.1 {status} Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n".encode()
    async with hosting(lambda _: answer) as host:
        with pytest.raises(SourceLimited) as error:
            await Fetcher(PRIVATE).fetch(f"http://127.0.0.1:{host.port}/")
    assert error.value.details == {"retry_after_s": 7.0}


async def test_get_when_a_span_is_asked_for_then_the_part_and_where_it_begins() -> None:
    part = b"HTTP/1.1 206 Partial\r\nContent-Range: bytes 2-4/9\r\nContent-Length: 3\r\nX-A: b\r\n\r\nabc"
    async with hosting(lambda _: part) as host:
        answer = await Fetcher(PRIVATE).get(f"http://127.0.0.1:{host.port}/", span=(2, 5), accept="video/mp4")
    assert (answer.body, answer.start, answer.length, answer.headers["x-a"]) == (b"abc", 2, 9, "b")
    assert "\r\nRange: bytes=2-4\r\n" in host.asked[0]
    assert "\r\nAccept: video/mp4\r\n" in host.asked[0]


async def test_get_when_the_host_gives_no_spans_then_the_whole_from_its_beginning() -> None:
    async with hosting(lambda _: ok(b"whole")) as host:
        answer = await Fetcher(PRIVATE).get(f"http://127.0.0.1:{host.port}/", span=(2, 4))
    assert (answer.body, answer.start, answer.length) == (b"whole", 0, None)


@pytest.mark.parametrize(
    ("head", "span"),
    [
        (b"", (0, 3)),
        (b"Content-Range: bytes */9\r\n", (0, 3)),
        (b"Content-Range: bytes 0-2/3\r\n", None),
    ],
)
async def test_get_when_a_part_comes_that_says_not_which_or_unasked_then_bad_source(
    head: bytes, span: tuple[int, int] | None
) -> None:
    part = b"HTTP/1.1 206 Partial\r\n" + head + b"Content-Length: 3\r\n\r\nabc"
    async with hosting(lambda _: part) as host:
        with pytest.raises(BadSource):
            await Fetcher(PRIVATE).get(f"http://127.0.0.1:{host.port}/", span=span)
