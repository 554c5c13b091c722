"""What the command line says of bad words and bad settings, and with which exit code it ends."""

from pathlib import Path

import pytest

from matinee import __version__
from tests.cli.processes import run, started

MAGNET = "magnet:?xt=urn:btih:" + "ab" * 20
NOBODY = "cd" * 20


def test_version_when_asked_then_is_printed() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"Matinee {__version__}\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("stream",), "stream"),
        (("serve", "--colour"), "--colour"),
        (("serve", "--port", "many"), "'--port'"),
        (("serve", "--port", "70000"), "must lie between 0 and 65535"),
        (("play",), "source"),
        (("play", MAGNET, "--rights", "because"), "own-work, licence, public-domain, permission"),
        (("play", MAGNET, "--player", "totem"), "browser, mpv, vlc, none"),
        (("remove", NOBODY, "--files", "shred"), "keep or delete"),
        (("share", "film.mp4"), "--licence"),
        (("share", "film.mp4", "--licence", "CC0-1.0", "--own-work"), "--own-work"),
        (("share", "film.mp4", "--licence", "CC0-1.0", "--out", "film.mp4"), ".torrent"),
        (("share", "film.mp4", "--licence", "CC0-1.0", "--out", "/nowhere/a.torrent"), "/nowhere"),
    ],
)
def test_wrong_usage_then_ends_with_two_and_says_which(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = run(*words, MATINEE_DATA_DIR=str(tmp_path / "data"))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("colour = 'red'", "There is no setting 'colour' (in config.toml)"),
        ("port = 'many'", "'port' (in config.toml) must be a whole number"),
        ("port = 99999", "'port' (in config.toml) must lie between 0 and 65535"),
        ("encryption = 'some'", "must be one of: allowed, required, off"),
        ("port = ", "The settings in config.toml are not TOML"),
    ],
)
def test_bad_settings_file_then_ends_with_two_and_one_sentence(
    settings: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text(settings)
    done = run("serve", "--data-dir", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_bad_environment_then_ends_with_two_and_one_sentence(tmp_path: Path) -> None:
    done = run("serve", "--data-dir", tmp_path, MATINEE_DHT="perhaps")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "matinee: The setting 'dht' (in the environment) must be true or false.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("play", "nowhere.torrent", "--rights", "licence"), "nowhere.torrent is neither a magnet link nor"),
        (("play", "magnet:?dn=nothing", "--rights", "licence"), "magnet"),
        (("play", "http://127.0.0.1/film.torrent", "--rights", "licence"), "https"),
        (("play", MAGNET), "Say why this film may be shared"),
        (("play", NOBODY), "No torrent with this info hash is here"),
        (("remove", NOBODY), "No torrent with this info hash is here"),
        (("share", "nowhere.mp4", "--licence", "CC0-1.0"), "nothing to publish"),
    ],
)
def test_what_cannot_be_done_then_ends_with_one_and_one_sentence(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = run(*words, MATINEE_DATA_DIR=str(tmp_path / "data"), MATINEE_DHT="false", MATINEE_PORT="0")
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_data_folder_that_is_a_file_then_says_so(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    done = run("serve", "--data-dir", tmp_path / "data")
    assert (done.returncode, done.stdout) == (1, "")
    assert "cannot be used" in done.stderr


async def test_port_that_somebody_chose_and_is_taken_then_says_so(tmp_path: Path) -> None:
    async with started("serve", "--port", "0", "--no-dht", "--data-dir", tmp_path / "one") as first:
        port = (await first.line()).rstrip("/").rsplit(":", 1)[1]
        done = run("serve", "--port", port, "--data-dir", tmp_path / "two")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"Port {port}" in done.stderr
