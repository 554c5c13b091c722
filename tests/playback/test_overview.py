"""The sums of who sees this computer: each person, tracker and host counts once, and they add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.models.overview import ClientCount, Contact, Contacts, Given, HostSeen, TrackerSeen
from matinee.models.torrent import (
    Activity,
    PeerActivity,
    Peers,
    Progress,
    Rates,
    Sharing,
    State,
    TorrentView,
    TrackerActivity,
)
from matinee.playback.overview import glance, overview, program_of
from matinee.types import InfoHash

NOBODY = Contacts((), 0)
NOTHING = Given(0, 0, 0)


def peer(address: str, client: str = "Transmission 3.00", down: int = 0) -> PeerActivity:
    return PeerActivity(address, client, "peer", down, 0, 0.5)


def host(address: str, down: int = 0) -> PeerActivity:
    return PeerActivity(address, "", "web-host", down, 0, 1.0)


def seen(
    number: int,
    *peers: PeerActivity,
    hosts: tuple[PeerActivity, ...] = (),
    trackers: tuple[tuple[str, str], ...] = (),
    active: bool = True,
) -> tuple[TorrentView, Activity]:
    info_hash = InfoHash(f"{number:040x}")
    view = TorrentView(
        info_hash, f"film {number}", State.DOWNLOADING, None, None, Sharing.KEEP, 1, 1, (), Progress(0, 1),
        Rates(100, 10), Peers(len(peers), 0, 0), "", "",
    )  # fmt: skip
    told = tuple(TrackerActivity(url, state, "") for url, state in trackers)
    return view, Activity(info_hash, told, active, False, active, peers, hosts, 5, 3, active)


def test_glance_when_one_person_is_in_two_swarms_and_has_two_connections_then_counts_once() -> None:
    now = glance(
        [
            seen(1, peer("192.0.2.1:1"), peer("192.0.2.1:2")),
            seen(2, peer("192.0.2.1:3"), peer("[2001:db8::1]:4")),
        ],
        Contacts((Contact("a.example", ("pictures",), 1, 2, ""),), 3),
        dht=True,
    )
    assert (now.people, now.swarms, now.dht, now.dht_films, now.lsd_films) == (2, 2, True, 2, 0)
    assert (now.contacts, now.down_bytes_per_s, now.up_bytes_per_s) == (4, 200, 20)


def test_overview_when_a_film_rests_then_nobody_sees_it() -> None:
    told = (("udp://t.example", "working"),)
    film = seen(1, peer("192.0.2.1:1"), hosts=(host("a.example:80"),), trackers=told, active=False)
    found = overview([film], NOBODY, NOTHING, dht=False)
    assert (found.now.people, found.now.swarms, found.now.trackers, found.now.web_hosts) == (0, 0, 0, 0)
    assert (found.clients, found.trackers, found.web_hosts) == ((), (), ())
    (only,) = found.films
    assert (only.active, only.people, only.trackers, only.web_hosts) == (False, 0, 0, 0)
    assert (only.bytes_down, only.bytes_up) == (5, 3)


def test_overview_when_a_tracker_has_several_films_then_says_the_best_of_it() -> None:
    found = overview(
        [
            seen(1, trackers=(("udp://t.example", "failed"), ("udp://gone.example", "failed"))),
            seen(2, trackers=(("udp://t.example", "working"), ("udp://t.example", "waiting"))),
        ],
        NOBODY,
        NOTHING,
        dht=False,
    )
    assert found.trackers == (
        TrackerSeen("udp://t.example", "working", 2),
        TrackerSeen("udp://gone.example", "failed", 1),
    )
    assert found.now.trackers == 1


def test_overview_when_hosts_send_films_then_each_is_named_without_its_port() -> None:
    found = overview(
        [
            seen(1, hosts=(host("192.0.2.7:80", 10), host("[2001:db8::7]:443", 1))),
            seen(2, hosts=(host("192.0.2.7:443", 20), host("films.example"))),
        ],
        NOBODY,
        NOTHING,
        dht=False,
    )
    assert found.web_hosts == (
        HostSeen("192.0.2.7", 2, 30),
        HostSeen("2001:db8::7", 1, 1),
        HostSeen("films.example", 1, 0),
    )


@pytest.mark.parametrize(
    ("client", "program"),
    [
        ("Transmission 3.00", "Transmission"),
        ("qBittorrent/4.5.2", "qBittorrent"),
        ("libtorrent (Rasterbar) 2.1.1", "libtorrent (Rasterbar)"),
        ("µTorrent 3.5.5", "µTorrent"),
        ("aria2-1.36.0", "aria2"),
        ("WebTorrent v2", "WebTorrent"),
        ("unknown", "unknown"),
        ("7", "7"),
        ("KTorrent", "KTorrent"),
    ],
)
def test_program_when_a_client_names_its_version_then_goes_without(client: str, program: str) -> None:
    assert program_of(client) == program


_PEERS = st.lists(
    st.builds(
        peer,
        st.integers(0, 9).map(lambda n: f"192.0.2.{n}:{n}"),
        st.sampled_from(["aria2 1", "aria2 2", "other", "third 0.1"]),
    ),
    max_size=8,
).map(tuple)


@given(st.lists(st.tuples(_PEERS, st.booleans()), max_size=6))
def test_overview_when_made_of_anything_then_adds_up(
    swarms: list[tuple[tuple[PeerActivity, ...], bool]],
) -> None:
    films = [seen(n, *peers, active=active) for n, (peers, active) in enumerate(swarms)]
    found = overview(films, NOBODY, NOTHING, dht=True)
    assert sum(one.people for one in found.clients) == found.now.people
    assert found.clients == tuple(sorted(found.clients, key=lambda one: (-one.people, one.client)))
    assert len(found.films) == len(swarms)
    assert sum(film.people > 0 for film in found.films) == found.now.swarms
    assert max((film.people for film in found.films), default=0) <= found.now.people
    assert found.now.people <= sum(film.people for film in found.films)
    assert sum(film.dht for film in found.films) == found.now.dht_films


def test_clients_when_several_versions_are_there_then_are_one_program() -> None:
    two = seen(1, peer("192.0.2.1:1", "aria2 1.36"), peer("192.0.2.2:1", "aria2 1.37"))
    found = overview([two], NOBODY, NOTHING, dht=False)
    assert found.clients == (ClientCount("aria2", 2),)
