"""Where a web seed has a file, and when nobody may be asked straight."""

import pytest

from matinee.torrent.settings import EngineSettings
from matinee.torrent.web_hosts import address_of


@pytest.mark.parametrize(
    ("web_seed", "path", "address"),
    [
        (
            "https://archive.org/download/",
            "Item/Film.fr.srt",
            "https://archive.org/download/Item/Film.fr.srt",
        ),
        ("https://archive.org/download", "Item/Film.srt", "https://archive.org/download/Item/Film.srt"),
        ("https://host.example/film.mp4", "film.mp4", "https://host.example/film.mp4"),
        ("https://host.example/films/", "film.mp4", "https://host.example/films/film.mp4"),
        ("https://host.example/", "Item/ç a?#%.srt", "https://host.example/Item/%C3%A7%20a%3F%23%25.srt"),
    ],
)
def test_address_when_a_web_seed_has_the_file_then_as_bep_19_says(
    web_seed: str, path: str, address: str
) -> None:
    assert address_of(web_seed, path) == address


@pytest.mark.parametrize(
    ("settings", "straight"),
    [
        (EngineSettings(), True),
        (EngineSettings(encryption="required"), True),
        (EngineSettings(offline=True), False),
        (EngineSettings(proxy_kind="socks5", proxy_host="proxy.example", proxy_port=1080), False),
    ],
)
def test_straight_when_offline_or_behind_a_proxy_then_no_host_is_asked_by_ourselves(
    settings: EngineSettings, *, straight: bool
) -> None:
    assert settings.straight is straight
