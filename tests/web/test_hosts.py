"""Which names are ours."""

import pytest

from matinee.tls.names import own_names
from matinee.web.hosts import Hosts

LOCAL = ("127.0.0.1", 8642)

FOREIGN = [
    "evil.example",
    "evil.example:8642",
    "127.0.0.1.nip.io:8642",
    "localhost.evil:8642",
    "evil.localhost:8642",
    "192.168.1.9:8642",
    "127.0.0.2:8642",
    "",
    ":8642",
    "127.0.0.1",
    "127.0.0.1:80",
    "127.0.0.1:8643",
    "127.0.0.1:08642x",
    "localhost.:8642",
    "user@localhost:8642",
    "user:pass@localhost:8642",
    "localhost:8642@evil.example",
    "localhost:8642, evil.example",
    "localhost:8642/evil",
    "http://localhost:8642",
    "[::1]:8642",
    "0.0.0.0:8642",
    "2130706433:8642",
    "0177.0.0.1:8642",
    "127.1:8642",
    "localhost:8642 ",
    " localhost:8642",
    "localhost\x00:8642",
    "l\u00f6calhost:8642",
    "\uff11\uff12\uff17.0.0.1:8642",
    "[127.0.0.1:8642",
]
"""F35 of the fault list and relatives."""


@pytest.mark.parametrize("authority", FOREIGN)
def test_is_ours_of_a_foreign_host_is_false(authority: str) -> None:
    assert not Hosts(["box.local"]).is_ours(authority, LOCAL)


@pytest.mark.parametrize(
    ("authority", "local"),
    [
        ("127.0.0.1:8642", LOCAL),
        ("localhost:8642", LOCAL),
        ("LocalHost:8642", LOCAL),
        ("box.local:8642", LOCAL),
        ("Box.LOCAL:8642", LOCAL),
        ("[::1]:8642", ("::1", 8642)),
        ("[0:0:0:0:0:0:0:1]:8642", ("::1", 8642)),
        ("127.0.0.1:8642", ("::ffff:127.0.0.1", 8642)),
        ("[fe80::1]:8642", ("fe80::1%eth0", 8642)),
        ("192.168.1.9:8642", ("192.168.1.9", 8642)),
        ("localhost", ("127.0.0.1", 80)),
    ],
)
def test_is_ours_of_our_own_host_is_true(authority: str, local: tuple[str, int]) -> None:
    assert Hosts(["box.local"]).is_ours(authority, local)


def test_own_names_has_the_name_on_the_house_network() -> None:
    assert any(name.endswith(".local") for name in own_names())
