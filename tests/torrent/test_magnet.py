"""Magnet links, read strictly and written anew."""

from urllib.parse import quote

import libtorrent as lt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import BadMagnet
from matinee.outside.addresses import AddressPolicy
from matinee.torrent.magnet import (
    MAX_MAGNET_CHARS,
    MAX_PEERS,
    MAX_TRACKERS,
    MAX_WEB_SEEDS,
    Magnet,
    parse_magnet,
)

PUBLIC = AddressPolicy()
PRIVATE = AddressPolicy(allow_private=True)
V1 = "c12fe1c06bba254a9dc9f519b335aa7c1367a88a"
V2 = "d8dd32ac93357c368556af3ac1d95c9d76bd0dff6fa9833ecdac3d53134efabb"
BASE32 = "YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK"
LINK = f"magnet:?xt=urn:btih:{V1}"


@pytest.mark.parametrize(
    ("text", "v1", "v2"),
    [
        (LINK, V1, None),
        (f"  {LINK}\n", V1, None),
        (f"MAGNET:?XT=URN:BTIH:{V1.upper()}", V1, None),
        (f"magnet:?xt=urn:btih:{BASE32}", V1, None),
        (f"magnet:?xt=urn:btih:{BASE32.lower()}", V1, None),
        (f"magnet:?xt=urn:btmh:1220{V2.upper()}", None, V2),
        (f"magnet:?dn=a&xt.1=urn:btmh:1220{V2}&xt.2=urn:btih:{V1}", V1, V2),
        (f"magnet:?xt=urn%3Abtih%3A{V1}&xt=urn:btih:{V1}&xt=urn:ed2k:1", V1, None),
    ],
)
def test_parse_magnet_when_it_names_a_torrent_then_its_hashes_are_read(
    text: str, v1: str | None, v2: str | None
) -> None:
    magnet = parse_magnet(text, PUBLIC)
    assert (magnet.info_hash, magnet.info_hash_v2) == (v1, v2)
    assert magnet.identity == (v1 or v2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "magnet:",
        "magnet:?",
        "magnet:?dn=Nosferatu",
        V1,
        f"http://example.org/?xt=urn:btih:{V1}",
        "magnet:?xt=urn:btih:",
        f"magnet:?xt=urn:btih:{V1[:-1]}",
        f"magnet:?xt=urn:btih:{V1}a",
        f"magnet:?xt=urn:btih:{V1[:-1]}g",
        f"magnet:?xt=urn:btih:{BASE32[:-1]}1",
        f"magnet:?xt=urn:btih:{'0' * 40}",
        f"magnet:?xt=urn:btmh:1220{V2[:-1]}",
        f"magnet:?xt=urn:btmh:1114{V2}",
        f"magnet:?xt=urn:btmh:1220{'0' * 64}",
        f"{LINK}&xt=urn:btih:{'1' * 40}",
        f"magnet:?xt=urn:btmh:1220{V2}&xt=urn:btmh:1220{'1' * 64}",
        f"magnet:?xt=urn:sha1:{BASE32}",
        LINK + "&x=" + "a" * MAX_MAGNET_CHARS,
    ],
)
def test_parse_magnet_when_it_names_none_or_two_then_a_sentence_says_what_to_do(text: str) -> None:
    with pytest.raises(BadMagnet) as error:
        parse_magnet(text, PUBLIC)
    assert error.value.message.count(".") + error.value.message.count(":") >= 1


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ("&dn=Nosferatu+%281922%29", "Nosferatu (1922)"),
        ("&dn=%ff%fe", "Torrent c12fe1c0"),
        ("", "Torrent c12fe1c0"),
        ("&dn=", "Torrent c12fe1c0"),
        ("&dn=a%0d%0ab%00c", "a b c"),
        ("&dn=first&dn=second", "first"),
        ("&dn=<script>%e2%80%aefdp", "<script>fdp"),
        ("&DN=Amélie", "Amélie"),
    ],
)
def test_parse_magnet_when_the_name_is_odd_then_it_is_cleaned(fields: str, name: str) -> None:
    assert parse_magnet(LINK + fields, PUBLIC).name == name


def test_parse_magnet_when_it_points_into_the_house_then_only_the_rest_is_kept() -> None:
    trackers = [
        "udp://tracker.example.org:80",
        "http://127.0.0.1/announce",
        "file:///etc/passwd",
        "http://localhost/a",
    ]
    seeds = [
        "https://archive.example.org/a b/".replace(" ", "%20"),
        "ftp://example.org/",
        "http://[::1]/",
        "javascript:1",
    ]
    peers = [
        "8.8.8.8:6881",
        "127.0.0.1:22",
        "[::1]:22",
        "[2606:4700::1]:80",
        "example.org:80",
        "8.8.8.8:0",
        "8.8.8.8:70000",
        "8.8.8.8",
    ]
    text = LINK + "".join(
        [f"&tr={quote(url, safe='')}" for url in trackers]
        + [f"&ws={quote(url, safe='')}" for url in seeds]
        + [f"&x.pe={peer}" for peer in peers]
    )
    magnet = parse_magnet(text, PUBLIC)
    assert magnet.trackers == ("udp://tracker.example.org:80",)
    assert magnet.web_seeds == ("https://archive.example.org/a%20b/",)
    assert magnet.peers == (("8.8.8.8", 6881), ("2606:4700::1", 80))
    assert parse_magnet(text, PRIVATE).peers[1:3] == (("127.0.0.1", 22), ("::1", 22))


def test_parse_magnet_when_it_names_very_many_hosts_then_they_are_capped() -> None:
    text = LINK + "".join(
        [f"&tr.{n}=udp://t{n}.example.org:80" for n in range(100)]
        + [f"&ws=http://w{n}.example.org/" for n in range(100)]
        + [f"&x.pe=8.8.8.{n}:80" for n in range(100)]
    )
    magnet = parse_magnet(text, PUBLIC)
    assert (len(magnet.trackers), len(magnet.web_seeds), len(magnet.peers)) == (
        MAX_TRACKERS,
        MAX_WEB_SEEDS,
        MAX_PEERS,
    )


def test_render_when_only_one_version_then_no_trace_of_the_other() -> None:
    assert parse_magnet(f"magnet:?xt=urn:btmh:1220{V2}", PUBLIC).render() == f"magnet:?xt=urn:btmh:1220{V2}"
    assert parse_magnet(LINK, PUBLIC).render() == LINK


hosts = st.from_regex(r"[a-z]{1,8}\.example", fullmatch=True)
magnets = st.builds(
    lambda v1, v2, name, trackers, seeds, peers: (v1, v2, name, trackers, seeds, peers),
    st.none() | st.from_regex(r"[1-9a-f][0-9a-f]{39}", fullmatch=True),
    st.from_regex(r"[1-9a-f][0-9a-f]{63}", fullmatch=True),
    st.text(max_size=40),
    st.lists(hosts.map(lambda host: f"udp://{host}:80/announce?a=1&b=%2F"), max_size=4),
    st.lists(hosts.map(lambda host: f"http://{host}/films/"), max_size=4),
    st.lists(st.sampled_from(["8.8.8.8:1", "[2606:4700::1]:65535", "127.0.0.1:22"]), max_size=4),
)


@given(magnets)
def test_render_when_parsed_again_then_the_same_and_libtorrent_reads_it_too(
    given_magnet: tuple[str | None, str, str, list[str], list[str], list[str]],
) -> None:
    v1, v2, name, trackers, seeds, peers = given_magnet
    v1_field = [f"xt=urn:btih:{v1}"] * (v1 is not None)
    fields = [
        *v1_field,
        f"xt=urn:btmh:1220{v2}",
        f"dn={quote(name.encode('utf-8', 'replace'))}",
        *(f"tr={quote(url, safe='')}" for url in trackers),
        *(f"ws={quote(url, safe='')}" for url in seeds),
        *(f"x.pe={peer}" for peer in peers),
    ]
    magnet = parse_magnet("magnet:?" + "&".join(fields), PUBLIC)
    assert parse_magnet(magnet.render(), PUBLIC) == magnet
    params = lt.parse_magnet_uri(magnet.render())
    assert str(params.info_hashes.v2) == magnet.info_hash_v2
    assert tuple(params.trackers) == magnet.trackers
    assert {host for host, _ in params.peers} <= {"8.8.8.8", "2606:4700::1"}
    assert params.name == ("" if magnet.name.startswith("Torrent ") else magnet.name)


@given(
    st.text(max_size=200)
    | st.text("&=%:.?xtdnrwspe0123456789abcdef", max_size=200).map(lambda text: LINK + text)
)
def test_parse_magnet_when_anything_then_a_magnet_or_a_clear_error(text: str) -> None:
    try:
        magnet = parse_magnet(text, PUBLIC)
    except BadMagnet as error:
        assert error.message  # noqa: PT017 - both ends are right
    else:
        assert isinstance(magnet, Magnet)
        assert parse_magnet(magnet.render(), PUBLIC) == magnet
