"""Which hosts and URLs may be contacted on a stranger's word."""

from ipaddress import IPv4Address, IPv6Address

import libtorrent as lt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.outside.addresses import AddressPolicy, Refusal, UrlKind, blocked_ranges

PUBLIC = AddressPolicy()
PRIVATE = AddressPolicy(allow_private=True)

PRIVATE_ADDRESSES = [
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "240.0.0.1",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
]
NEVER = [
    "0.0.0.0",
    "0.1.2.3",
    "224.0.0.1",
    "239.255.255.250",
    "255.255.255.255",
    "::",
    "ff02::1",
    "::ffff:0.0.0.1",
]
GLOBAL = ["8.8.8.8", "1.1.1.1", "9.255.255.255", "11.0.0.0", "198.17.255.255", "2606:4700::1111", "2a00::1"]


@pytest.mark.parametrize("address", PRIVATE_ADDRESSES)
def test_may_contact_when_private_then_only_by_the_users_word(address: str) -> None:
    assert not PUBLIC.may_contact(address)
    assert PRIVATE.may_contact(address)


@pytest.mark.parametrize("address", NEVER)
def test_may_contact_when_no_host_can_be_there_then_never(address: str) -> None:
    assert not PUBLIC.may_contact(address)
    assert not PRIVATE.may_contact(address)


@pytest.mark.parametrize("address", GLOBAL)
def test_may_contact_when_global_then_always(address: str) -> None:
    assert PUBLIC.may_contact(address)
    assert PRIVATE.may_contact(address)


@pytest.mark.parametrize(
    "text", ["", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "fe80::1%lo"]
)
def test_may_contact_when_not_a_plain_address_then_never(text: str) -> None:
    assert not PUBLIC.may_contact(text)
    assert not PRIVATE.may_contact(text)


addresses = st.one_of(
    st.integers(0, 2**32 - 1).map(IPv4Address),
    st.integers(0, 2**128 - 1).map(IPv6Address),
    st.integers(0x2000 << 112, (0x4000 << 112) - 1).map(IPv6Address),
    st.sampled_from(PRIVATE_ADDRESSES + NEVER + GLOBAL).map(
        lambda text: IPv6Address(text) if ":" in text else IPv4Address(text)
    ),
)


@given(addresses, st.booleans())
def test_blocked_ranges_when_given_to_libtorrent_then_its_filter_judges_as_we_do(
    address: IPv4Address | IPv6Address, allow_private: bool
) -> None:
    blocked = lt.ip_filter()
    for first, last in blocked_ranges(allow_private):
        blocked.add_rule(first, last, 1)
    assert (blocked.access(str(address)) == 0) == AddressPolicy(allow_private).may_contact(address)


@given(addresses)
def test_may_contact_when_python_says_private_then_we_do_too(address: IPv4Address | IPv6Address) -> None:
    assert not (
        PUBLIC.may_contact(address) and (address.is_private or address.is_multicast or address.is_reserved)
    )


@pytest.mark.parametrize(
    ("given_url", "clean"),
    [
        (
            "http://Tracker.Example.ORG:80/announce?key=a%20b&x=[1]",
            "http://tracker.example.org:80/announce?key=a%20b&x=[1]",
        ),
        ("udp://tracker.example.org:1337", "udp://tracker.example.org:1337"),
        ("https://tracker.example.org./announce", "https://tracker.example.org/announce"),
        ("https://xn--mgba3a4f16a.example/a", "https://xn--mgba3a4f16a.example/a"),
        ("http://8.8.8.8:08080/announce", "http://8.8.8.8:8080/announce"),
        ("http://[2606:4700:0:0::1111]/announce#part", "http://[2606:4700::1111]/announce"),
        (
            "https://example.org/films/Nosferatu – 1922.mkv".replace(" ", ""),
            "https://example.org/films/Nosferatu%E2%80%931922.mkv",
        ),
    ],
)
def test_clean_url_when_public_then_rebuilt_from_its_parts(given_url: str, clean: str) -> None:
    assert PUBLIC.clean_url(given_url, UrlKind.TRACKER) == clean


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/announce",
        "http://localhost/announce-anything?do=1",
        "http://localhost./announce",
        "http://LOCALHOST/announce",
        "http://tracker.localhost/announce",
        "http://printer.local/announce",
        "http://metadata.google.internal/announce",
        "http://router/announce",
        "http://[::1]/announce",
        "http://[::ffff:127.0.0.1]/announce",
        "http://[0:0:0:0:0:ffff:7f00:1]/announce",
        "http://0.0.0.0/announce",
        "http://192.168.0.1/announce",
        "udp://10.0.0.1:80/announce",
        "http://1.0.0.127.in-addr.arpa/announce",
    ],
)
def test_clean_url_when_host_is_private_then_refused(url: str) -> None:
    refusal = PUBLIC.clean_url(url, UrlKind.TRACKER)
    assert isinstance(refusal, Refusal)
    assert "private network" in refusal.reason


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://",
        "http:///announce",
        "//tracker.example.org/announce",
        "ftp://tracker.example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "wss://tracker.example.org",
        "http://2130706433/announce",
        "http://0x7f000001/announce",
        "http://0x7f.1/announce",
        "http://0177.0.0.1/announce",
        "http://127.1/announce",
        "http://8.8.8.8.8/announce",
        "http://1.2.3.999/announce",
        "http://a.0x/announce",
        "http://[::1%25lo]/announce",
        "http://[v1.example]/announce",
        "http://[127.0.0.1]/announce",
        "http://[::g]/announce",
        "http://[1:2]/announce",
        "http://[::1/announce",
        "http://a[::1]/announce",
        "http://user@tracker.example.org/announce",
        "http://user:secret@tracker.example.org/announce",
        "http://tracker.example.org\r\nHost: localhost/announce",
        "http://tracker.example.org/a b",
        "http://tracker.example.org/a\x00b",
        "http://tracker.example.org/a\u2028b".replace("\u2028", "\u0085"),
        "http://tracker.example.org/\ud800",
        "http:\\\\tracker.example.org\\announce",
        "http://tracker.example.org\\@127.0.0.1/",
        "http://trackér.example.org/announce",
        "http://tracker.example.org%2f@localhost/",
        "http://-tracker.example.org/announce",
        "http://tracker_1.example.org/announce",
        "http://tracker..example.org/announce",
        "http://.example.org/announce",
        f"http://{'a' * 64}.example.org/announce",
        f"http://{'a.' * 127}org/announce",
        "http://tracker.example.org:0/announce",
        "http://tracker.example.org:65536/announce",
        "http://tracker.example.org:x/announce",
        "http://tracker.example.org:/announce",
        "udp://tracker.example.org",
        "http://tracker.i2p/announce",
        "http://tracker.onion/announce",
        f"http://tracker.example.org/{'a' * 2048}",
        "http://\u2100.example.org/",
    ],
)
@pytest.mark.parametrize("policy", [PUBLIC, PRIVATE])
def test_clean_url_when_not_of_our_grammar_then_refused(policy: AddressPolicy, url: str) -> None:
    assert isinstance(policy.clean_url(url, UrlKind.TRACKER), Refusal)


@pytest.mark.parametrize(
    "url",
    ["http://localhost:8080/announce", "http://127.0.0.1:1/a", "http://[::1]:1/a", "http://router/announce"],
)
def test_clean_url_when_private_sources_are_allowed_then_private_hosts_pass(url: str) -> None:
    assert PRIVATE.clean_url(url, UrlKind.WEB_SEED) == url


@pytest.mark.parametrize(
    ("kind", "policy", "schemes"),
    [
        (UrlKind.TRACKER, PUBLIC, {"http", "https", "udp"}),
        (UrlKind.WEB_SEED, PUBLIC, {"http", "https"}),
        (UrlKind.TORRENT, PUBLIC, {"https"}),
        (UrlKind.TORRENT, PRIVATE, {"http", "https"}),
    ],
)
def test_clean_url_when_kinds_differ_then_so_do_the_schemes(
    kind: UrlKind, policy: AddressPolicy, schemes: set[str]
) -> None:
    tried = {"http", "https", "udp", "ws", "wss", "ftp", "file"}
    passed = {s for s in tried if isinstance(policy.clean_url(f"{s}://example.org:443/a", kind), str)}
    assert passed == schemes


@given(
    st.text(max_size=60)
    | st.from_regex(r"(http|udp)://[\w.:\[\]@%-]{0,30}(:\d{0,6})?/[ -~]{0,20}", fullmatch=True)
)
def test_clean_url_when_it_passes_then_it_passes_again_unchanged_and_is_plain(text: str) -> None:
    once = PUBLIC.clean_url(text, UrlKind.TRACKER)
    again = once if isinstance(once, Refusal) else PUBLIC.clean_url(once, UrlKind.TRACKER)
    assert again == once
    assert isinstance(once, Refusal) or (once.isascii() and once.isprintable() and " " not in once)


def test_keep_urls_when_many_then_cleaned_once_each_in_order_and_capped() -> None:
    texts = [
        "http://b.example/1",
        " http://a.example/ ",
        "http://127.0.0.1/",
        "HTTP://B.example/1",
        "http://c.example/",
    ]
    assert PUBLIC.keep_urls(texts, UrlKind.TRACKER, 64) == (
        "http://b.example/1",
        "http://a.example/",
        "http://c.example/",
    )
    assert PUBLIC.keep_urls(texts, UrlKind.TRACKER, 1) == ("http://b.example/1",)
