"""Settings: where each may come from, which comes first, and what is said of a wrong one."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from matinee.config import Config, default_data_dir, load, short_token
from matinee.config_keys import BIG, DEFAULT_PORT, SETTINGS, Value
from matinee.errors import BadSetting

NOTHING: Mapping[str, str] = {}


def load_from(folder: Path, **given: Value) -> Config:
    """Load with a data folder, and nothing in the environment."""
    return load({"data_dir": str(folder), **given}, NOTHING)


def test_load_when_nothing_is_said_then_gives_the_defaults(tmp_path: Path) -> None:
    config = load_from(tmp_path)
    found = {setting.key: getattr(config, setting.key) for setting in SETTINGS if setting.key != "films_dir"}
    assert found == {setting.key: setting.default for setting in SETTINGS if setting.key != "films_dir"}
    assert (config.data_dir, config.films_dir, config.token) == (tmp_path, tmp_path / "films", None)
    assert not config.port_chosen


def test_load_when_no_folder_is_named_then_takes_the_platforms() -> None:
    assert load({}, NOTHING).data_dir == default_data_dir()


@pytest.mark.parametrize(
    ("file", "environment", "command_line", "expected"),
    [
        ("", {}, {}, DEFAULT_PORT),
        ("port = 1001", {}, {}, 1001),
        ("port = 1001", {"MATINEE_PORT": "1002"}, {}, 1002),
        ("port = 1001", {"MATINEE_PORT": "1002"}, {"port": 1003}, 1003),
        ("port = 1001", {"MATINEE_PORT": "1002"}, {"port": None}, 1002),
    ],
)
def test_load_when_said_in_several_places_then_the_nearest_counts(
    file: str,
    environment: Mapping[str, str],
    command_line: Mapping[str, Value | None],
    expected: int,
    tmp_path: Path,
) -> None:
    (tmp_path / "config.toml").write_text(file)
    config = load({"data_dir": str(tmp_path), **command_line}, environment)
    assert config.port == expected
    assert config.port_chosen == (expected != DEFAULT_PORT)


def test_load_when_the_default_port_is_named_then_it_is_chosen(tmp_path: Path) -> None:
    assert load_from(tmp_path, port=DEFAULT_PORT).port_chosen


def test_load_when_the_environment_names_folder_and_token_then_takes_them(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("dht = false")
    config = load({}, {"MATINEE_DATA_DIR": str(tmp_path), "MATINEE_TOKEN": "long enough", "HOME": "/nowhere"})
    assert (config.data_dir, config.token, config.dht) == (tmp_path, "long enough", False)


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("true", True), ("YES", True), ("0", False), ("no", False)]
)
def test_load_when_a_switch_is_in_the_environment_then_reads_it(
    text: str, value: bool, tmp_path: Path
) -> None:
    assert load({"data_dir": str(tmp_path)}, {"MATINEE_LSD": text}).lsd is value


def test_load_when_a_whole_number_stands_for_seconds_then_takes_it(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("piece_timeout_s = 30")
    config = load({"data_dir": str(tmp_path)}, {"MATINEE_METADATA_TIMEOUT_S": "2.5"})
    assert (config.piece_timeout_s, config.metadata_timeout_s) == (30.0, 2.5)


@pytest.mark.parametrize(
    ("file", "environment", "country"),
    [
        ("", {"LANG": "fr_FR.UTF-8"}, "FR"),
        ("", {"LANG": "en_GB.UTF-8", "LC_MONETARY": "fr_FR.UTF-8"}, "FR"),
        ("", {"LANG": "en_GB", "LC_ALL": "de_AT@euro"}, "AT"),
        ("", {"LANG": "en_GB", "LC_ALL": "C.UTF-8"}, "GB"),
        ("", {"LANG": "C.UTF-8"}, ""),
        ("", {"LANG": "eo"}, ""),
        ("", {"LANG": "en_ZZ"}, ""),
        ("country = 'BE'", {"LANG": "fr_FR.UTF-8"}, "BE"),
        ("country = ''", {"LANG": "fr_FR.UTF-8"}, "FR"),
        ("country = 'BE'", {"MATINEE_COUNTRY": "CH"}, "CH"),
    ],
)
def test_load_when_no_country_is_named_then_takes_the_locales(
    file: str, environment: Mapping[str, str], country: str, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text(file)
    assert load({"data_dir": str(tmp_path)}, environment).country == country


def test_load_when_the_folder_of_films_is_named_then_is_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_from(tmp_path, films_dir="else/where").films_dir == tmp_path / "else" / "where"


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("prt = 1", "There is no setting 'prt' (in config.toml). Did you mean 'port'?"),
        (
            "brightness = 1",
            "There is no setting 'brightness' (in config.toml). docs/settings.md lists them all.",
        ),
        ("[dht]\non = true", "The setting 'dht' (in config.toml) must be true or false."),
        ("dht = 1", "The setting 'dht' (in config.toml) must be true or false."),
        ("port = true", "The setting 'port' (in config.toml) must be a whole number."),
        ("port = 1.5", "The setting 'port' (in config.toml) must be a whole number."),
        ("port = -1", "The setting 'port' (in config.toml) must lie between 0 and 65535."),
        (
            "piece_timeout_s = nan",
            "The setting 'piece_timeout_s' (in config.toml) must lie between 1 and 3600.",
        ),
        ("piece_timeout_s = '3'", "The setting 'piece_timeout_s' (in config.toml) must be a number."),
        ("reserve_bytes = -5", "The setting 'reserve_bytes' (in config.toml) must be 0 or more."),
        (
            "country = 'UK'",
            "The setting 'country' (in config.toml) must be two capitals of ISO 3166-1, such as FR or GB.",
        ),
        ("country = 'SU'", "must be two capitals of ISO 3166-1"),
        ("host = 1", "The setting 'host' (in config.toml) must be a text."),
        ("log_level = 'loud'", "must be one of: debug, info, warning, error."),
        ("token = 'secret'", "There is no setting 'token' (in config.toml)."),
        ("data_dir = '/x'", "There is no setting 'data_dir' (in config.toml)."),
        ("port = 1\nport = 2", "The settings in config.toml are not TOML"),
    ],
)
def test_load_when_the_file_is_wrong_then_says_what(file: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(file)
    with pytest.raises(BadSetting) as error:
        load_from(tmp_path)
    assert sentence in error.value.message


def test_load_when_the_file_is_no_text_then_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadSetting, match="not TOML"):
        load_from(tmp_path)


def test_load_when_the_file_cannot_be_read_then_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(BadSetting, match="cannot be read: Is a directory"):
        load_from(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("MATINEE_PROT", "1", "There is no setting 'prot' (in the environment). Did you mean 'port'?"),
        ("MATINEE_PORT", "http", "The setting 'port' (in the environment) must be a whole number."),
        ("MATINEE_PORT", "", "The setting 'port' (in the environment) must be a whole number."),
        ("MATINEE_PIECE_TIMEOUT_S", "inf", "must lie between 1 and 3600."),
        ("MATINEE_OPEN", "maybe", "The setting 'open' (in the environment) must be true or false."),
    ],
)
def test_load_when_the_environment_is_wrong_then_says_what(
    name: str, text: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(BadSetting) as error:
        load({"data_dir": str(tmp_path)}, {name: text})
    assert sentence in error.value.message


def test_settings_then_each_default_is_one_of_its_own_values() -> None:
    for setting in SETTINGS:
        assert not setting.choices or setting.default in setting.choices
        assert setting.low is None or setting.low <= float(setting.default) <= (setting.high or BIG)
        assert setting.sentence.endswith(".")


@pytest.mark.parametrize("token", ["1", "1234567", " 1      "])
def test_load_when_the_token_is_short_enough_to_guess_then_refused_beyond_this_computer(
    token: str, tmp_path: Path
) -> None:
    told = {"MATINEE_DATA_DIR": str(tmp_path), "MATINEE_TOKEN": token}
    assert short_token(load({}, told))
    with pytest.raises(BadSetting, match="MATINEE_TOKEN can be guessed: it should have 8 characters"):
        load({"host": "0.0.0.0"}, told)
    assert not short_token(load({"host": "0.0.0.0"}, told | {"MATINEE_TOKEN": "long enough"}))
