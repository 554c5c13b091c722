"""Settings while the program runs: what a change writes, who goes by it, and what is refused."""

import asyncio
import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.config import Config, edited, load, without
from matinee.config_keys import SECRETS, SETTINGS, Holds, Value
from matinee.errors import BadSetting, Conflict, DiskFailed
from matinee.models.settings import SettingView
from matinee.settings import Settings

MINE = """# what I like
country = "BE"   # where I live
up_limit_bytes_per_s = 500_000

"port_mapping" = true
films_dir = '''
/media/films'''
"""


class Heard:
    """Somebody who goes by settings, and a screen that is told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.changes: list[tuple[frozenset[str], Config]] = []

    async def apply(self, config: Config, changed: frozenset[str]) -> None:
        self.changes.append((changed, config))


def settings_of(
    folder: Path, environment: Mapping[str, str] | None = None, **command_line: Value
) -> tuple[Settings, Heard]:
    """Give the settings of a data folder, and who hears of changes."""
    heard = Heard()
    config = load({"data_dir": str(folder), **command_line}, environment or {})
    settings = Settings(config, heard.told.append)
    settings.hold(heard.apply)
    return settings, heard


def view(settings: Settings, key: str) -> SettingView:
    """Give one of them."""
    return next(one for one in settings.all().settings if one.key == key)


def kept(folder: Path) -> dict[str, Any]:
    """Give what a start would find in the file."""
    return tomllib.loads((folder / "config.toml").read_text())


async def test_change_when_it_holds_at_once_then_is_written_and_gone_by_and_told(tmp_path: Path) -> None:
    settings, heard = settings_of(tmp_path, {"LANG": "en_GB.UTF-8"})
    before = view(settings, "country")
    assert (before.value, before.in_force, before.is_set, before.set_in) == ("", "GB", False, "default")
    await settings.change({"country": "FR", "up_limit_bytes_per_s": 250_000})
    assert kept(tmp_path) == {"country": "FR", "up_limit_bytes_per_s": 250_000}
    (changed, now), *more = heard.changes
    assert (set(changed), more) == ({"country", "up_limit_bytes_per_s"}, [])
    assert (now.country, now.up_limit_bytes_per_s) == ("FR", 250_000)
    assert sorted(heard.told) == ["country", "up_limit_bytes_per_s"]
    after = view(settings, "country")
    assert (after.value, after.in_force, after.set_in, after.waits) == ("FR", "FR", "file", False)
    await settings.change({"country": None})
    assert kept(tmp_path) == {"up_limit_bytes_per_s": 250_000}
    assert (heard.changes[-1][1].country, view(settings, "country").in_force) == ("GB", "GB")


async def test_change_when_it_needs_a_restart_then_waits_for_one(tmp_path: Path) -> None:
    settings, heard = settings_of(tmp_path)
    await settings.change({"listen_port": 7000, "films_dir": str(tmp_path / "new" / "films")})
    port, films = view(settings, "listen_port"), view(settings, "films_dir")
    assert (port.value, port.in_force, port.waits) == (7000, 6881, True)
    assert (films.in_force, films.waits) == (str(tmp_path / "films"), True)
    assert (heard.changes[0][0], settings.running.listen_port) == (frozenset(), 6881)
    again, _ = settings_of(tmp_path)
    assert again.running.films_dir == tmp_path / "new" / "films"
    assert (view(again, "listen_port").in_force, view(again, "listen_port").waits) == (7000, False)
    await settings.change({"listen_port": 6881})
    assert not view(settings, "listen_port").waits


async def test_change_when_it_is_a_secret_then_only_its_owner_can_read_it_and_it_never_comes_out(
    tmp_path: Path,
) -> None:
    (tmp_path / "config.toml").write_text("dht = false\n")
    (tmp_path / "config.toml").chmod(0o644)
    settings, heard = settings_of(tmp_path)
    shown = await settings.change({"opensubtitles_key": "my own key"})
    assert stat.S_IMODE((tmp_path / "config.toml").stat().st_mode) == 0o600
    assert kept(tmp_path) == {"dht": False, "opensubtitles_key": "my own key"}
    key = view(settings, "opensubtitles_key")
    assert (key.kind, key.value, key.in_force, key.is_set) == ("secret", None, None, True)
    assert "my own key" not in f"{shown}{heard.told}"
    assert {one.key for one in shown.settings if one.kind == "secret"} == set(SECRETS)


@pytest.mark.parametrize("place", ["environment", "command-line"])
async def test_change_when_it_is_fixed_then_is_shown_so_and_refused(tmp_path: Path, place: str) -> None:
    if place == "environment":
        settings, heard = settings_of(tmp_path, {"MATINEE_DHT": "no"})
    else:
        settings, heard = settings_of(tmp_path, dht=False)
    dht = view(settings, "dht")
    assert (dht.value, dht.set_in, dht.changeable) == (False, place, False)
    with pytest.raises(Conflict) as error:
        await settings.change({"lsd": False, "dht": True})
    assert error.value.details == {"setting": "dht"}
    assert (heard.told, heard.changes, (tmp_path / "config.toml").exists()) == ([], [], False)


async def test_change_when_only_a_hand_may_do_it_then_is_refused(tmp_path: Path) -> None:
    settings, _ = settings_of(tmp_path)
    by_hand = {one.key for one in SETTINGS if one.holds is Holds.BY_HAND}
    assert by_hand == {"host", "database_url", "allow_private_sources", "log_file", "tls_cert", "tls_key"}
    for key in by_hand:
        assert not view(settings, key).changeable
        with pytest.raises(Conflict, match="by hand alone"):
            await settings.change({key: None})


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"country": "UK"}, "country"),
        ({"country": "fr"}, "country"),
        ({"country": 1}, "country"),
        ({"dht": 1}, "dht"),
        ({"up_limit_bytes_per_s": True}, "up_limit_bytes_per_s"),
        ({"up_limit_bytes_per_s": -1}, "up_limit_bytes_per_s"),
        ({"up_limit_bytes_per_s": 1 << 31}, "up_limit_bytes_per_s"),
        ({"up_limit_bytes_per_s": 10**400}, "up_limit_bytes_per_s"),
        ({"piece_timeout_s": 10**400}, "piece_timeout_s"),
        ({"piece_timeout_s": float("nan")}, "piece_timeout_s"),
        ({"piece_timeout_s": float("inf")}, "piece_timeout_s"),
        ({"pictures": "maybe"}, "pictures"),
        ({"opensubtitles_key": "one\nX-Header: two"}, "opensubtitles_key"),
        ({"opensubtitles_key": "a\x00b"}, "opensubtitles_key"),
        ({"opensubtitles_key": "\ud800"}, "opensubtitles_key"),
        ({"opensubtitles_key": "k" * 3000}, "opensubtitles_key"),
        ({"films_dir": "films"}, "films_dir"),
        ({"films_dir": "/dev/null/films"}, "films_dir"),
        ({"proxy_kind": "socks5"}, "proxy_kind"),
        ({"lsd": False, "nonsense": None}, "nonsense"),
        ({"data_dir": "/tmp"}, "data_dir"),
        ({"__class__": True}, "__class__"),
    ],
)
async def test_change_when_a_value_cannot_be_then_names_it_and_nothing_is_written(
    tmp_path: Path, changes: Mapping[str, Value | None], key: str
) -> None:
    settings, heard = settings_of(tmp_path)
    with pytest.raises(BadSetting) as error:
        await settings.change({"utp": False, **changes})
    assert error.value.details == {"setting": key}
    assert (heard.told, heard.changes, list(tmp_path.iterdir())) == ([], [], [])
    assert view(settings, "utp").in_force is True


async def test_change_when_a_proxy_is_whole_then_is_taken(tmp_path: Path) -> None:
    settings, _ = settings_of(tmp_path)
    await settings.change({"proxy_kind": "socks5", "proxy_host": "10.0.0.1", "proxy_port": 1080})
    assert kept(tmp_path)["proxy_kind"] == "socks5"
    with pytest.raises(BadSetting):
        await settings.change({"proxy_host": None})


async def test_change_when_the_file_was_written_by_hand_meanwhile_then_all_of_it_stays(
    tmp_path: Path,
) -> None:
    settings, heard = settings_of(tmp_path)
    (tmp_path / "config.toml").write_text(MINE)
    await settings.change({"country": "FR", "lsd": False})
    text = (tmp_path / "config.toml").read_text()
    assert text.startswith(
        '# what I like\ncountry = "FR"\nup_limit_bytes_per_s = 500_000\n\n"port_mapping" = true\n'
    )
    assert kept(tmp_path) == {**tomllib.loads(MINE), "country": "FR", "lsd": False}
    assert heard.changes[0][0] == {"country", "lsd", "up_limit_bytes_per_s", "port_mapping"}


async def test_change_when_the_file_was_broken_by_hand_then_says_so_and_leaves_it(tmp_path: Path) -> None:
    settings, heard = settings_of(tmp_path)
    for broken in ("country = ", "nonsense = 1", "dht = 'yes'"):
        (tmp_path / "config.toml").write_text(broken)
        with pytest.raises(BadSetting, match=r"config\.toml"):
            await settings.change({"lsd": False})
        assert (tmp_path / "config.toml").read_text() == broken
    assert heard.changes == []


async def test_change_when_the_file_is_a_link_then_it_stays_one(tmp_path: Path) -> None:
    elsewhere = tmp_path / "dotfiles"
    elsewhere.mkdir()
    (elsewhere / "matinee.toml").write_text("lsd = false\n")
    (tmp_path / "config.toml").symlink_to(elsewhere / "matinee.toml")
    settings, _ = settings_of(tmp_path)
    await settings.change({"lsd": None})
    assert (tmp_path / "config.toml").is_symlink()
    assert (elsewhere / "matinee.toml").read_text() == ""


async def test_change_when_it_cannot_be_written_then_nothing_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    settings, heard = settings_of(tmp_path)
    (tmp_path / "config.toml").write_text("lsd = false\n")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFailed, match="No space left"):
        await settings.change({"utp": False})
    assert kept(tmp_path) == {"lsd": False}
    assert (heard.told, heard.changes) == ([], [])


async def test_change_when_many_come_at_once_then_none_is_lost(tmp_path: Path) -> None:
    settings, _ = settings_of(tmp_path)
    switches = ["dht", "lsd", "utp", "offline"]
    await asyncio.gather(*(settings.change({key: not view(settings, key).value}) for key in switches))
    assert kept(tmp_path) == {"dht": False, "lsd": False, "utp": False, "offline": True}


VALUES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
    st.booleans(),
    st.integers(0, 1 << 40),
)
FILES = st.dictionaries(st.sampled_from([one.key for one in SETTINGS]), VALUES, max_size=6)


@given(before=FILES, changes=FILES, gone=st.sets(st.sampled_from([one.key for one in SETTINGS]), max_size=4))
def test_edited_then_says_what_was_there_and_what_was_changed(
    before: dict[str, Value], changes: dict[str, Value], gone: set[str]
) -> None:
    text = edited("# mine\n", before)
    assert tomllib.loads(text) == before
    wanted: dict[str, Value | None] = {**changes, **dict.fromkeys(gone)}
    after = tomllib.loads(edited(text, wanted))
    assert after == {key: value for key, value in {**before, **wanted}.items() if value is not None}


@pytest.mark.parametrize(
    "text",
    [
        'films_dir = """\ncountry = "x"\n"""\n',
        "country =\t'DE'",
        "  'country'='DE'  # here\nlsd = false",
        '"coun\\u0074ry" = "DE"\n',
    ],
)
def test_edited_when_a_key_is_written_oddly_then_is_changed_all_the_same(text: str) -> None:
    before = tomllib.loads(text)
    assert tomllib.loads(edited(text, {"country": "FR"})) == {**before, "country": "FR"}
    assert tomllib.loads(without(text, ["country"])) == {
        key: before[key] for key in before if key != "country"
    }
