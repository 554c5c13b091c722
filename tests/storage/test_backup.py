"""Backups of either database into either, and every way in which one may be wrong: nothing is lost then."""

import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, inspect, select, text

from matinee.catalogue.search import Search
from matinee.catalogue.store import TitleStore
from matinee.errors import BadBackup, BadSetting, DiskFailed, MatineeError, StorageFailed
from matinee.models.catalogue import TitleQuery
from matinee.storage import backup, snapshot
from matinee.storage.database import HEAD, Database, upgrade
from matinee.storage.devices import DeviceStore
from matinee.storage.promises import PromiseStore
from matinee.storage.restore import restore
from matinee.storage.tables import metadata
from tests.conftest import _postgresql_url, _sqlite_url
from tests.fakes.playbacks import OUTCOMES
from tests.fakes.titles import LAW
from tests.storage.filled import COOKIE, DEVICE, KEPT, empty_tables, filled

SETTINGS = 'country = "FR"  # mine\nopensubtitles_key = "key-of-mine"\ndatabase_url = "postgresql://me:password-of-mine@host/x"\n'


@pytest.fixture
def sqlite_place(request: pytest.FixtureRequest) -> str:
    """The address of an empty SQLite database."""
    return _sqlite_url(request)


@pytest.fixture(params=[_sqlite_url, _postgresql_url], ids=["to-sqlite", "to-postgresql"])
def target_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of another empty database, once of each kind."""
    folder = tmp_path / "target"
    folder.mkdir()
    if request.param is _sqlite_url:
        return Database.url_in(folder)
    return str(request.param(request))


def rows(connection: Connection) -> dict[str, Any]:
    """Give every row of every table but the one that differs on purpose."""
    left_out = ("catalogue_state",)
    return {
        table.name: sorted(map(repr, connection.execute(select(table))))
        for table in metadata.sorted_tables
        if table.name not in left_out
    }


def everything(folder: Path) -> dict[str, bytes]:
    """Give what lies in a folder."""
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


async def test_backup_of_either_when_restored_into_either_then_has_every_row_and_every_word(
    database_url: str, target_url: str, tmp_path: Path
) -> None:
    await filled(database_url)
    backup.write(tmp_path, database_url, tmp_path / "kept.zip", secrets=True)
    _, aside = restore(tmp_path / "kept.zip", tmp_path / "target", target_url)
    first, second = Database(database_url), Database(target_url)
    await first.open()
    await second.open()
    store = TitleStore(second, LAW)
    await store.reword()
    await store.reword()
    search = Search(second, store, LAW)
    found = [await search.find(TitleQuery(words=words)) for words in ("film 119", "cinquieme")]
    await PromiseStore(second).add(OUTCOMES[1])
    promises = await PromiseStore(second).load(9)
    left_empty = await empty_tables(first)
    before, after = await first.run(rows), await second.run(rows)
    devices = DeviceStore(second)
    await devices.load()
    phone = devices.by_cookie(DEVICE)
    for database in (first, second):
        await database.close()
    assert aside is None
    assert left_empty == []
    assert phone is not None
    assert {**before, "promises": []} == {**after, "promises": []}
    assert promises == [OUTCOMES[0], OUTCOMES[1]]
    assert [[title.id for title in page.titles] for page in found] == [["film-119"], ["elsewhere.5"]]


async def test_backup_when_secrets_are_left_out_then_none_is_in_it(sqlite_place: str, tmp_path: Path) -> None:
    await filled(sqlite_place)
    (tmp_path / "config.toml").write_text(SETTINGS)
    (tmp_path / "token").write_text("token-of-mine")
    (tmp_path / "signing-key").write_bytes(b"signature-of-mine")
    backup.write(tmp_path, sqlite_place, tmp_path / "without.zip", secrets=False)
    backup.write(tmp_path, sqlite_place, tmp_path / "with.zip", secrets=True)
    unpacked = {}
    for name in ("without", "with"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip") as archive:
            unpacked[name] = b"".join(archive.read(one) for one in archive.namelist())
    secrets = (b"key-of-mine", b"token-of-mine", b"signature-of-mine", COOKIE, DEVICE)
    assert not any(secret in unpacked["without"] for secret in secrets)
    assert all(secret in unpacked["with"] for secret in secrets)
    assert all(b"password-of-mine" not in one and b'country = "FR"' in one for one in unpacked.values())
    assert (tmp_path / "with.zip").stat().st_mode & 0o777 == 0o600


async def test_restore_when_something_is_there_then_it_is_put_aside_and_its_database_stays_named(
    sqlite_place: str, tmp_path: Path
) -> None:
    await filled(sqlite_place)
    (tmp_path / "config.toml").write_text('country = "US"\n')
    backup.write(tmp_path, sqlite_place, tmp_path / "kept.zip", secrets=True)
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "matinee.sqlite").write_bytes(b"damaged")
    for ending in ("-wal", "-shm"):
        (folder / f"matinee.sqlite{ending}").write_bytes(b"left by a crash")
    (folder / "matinee.copy").write_bytes(b"the last good one")
    (folder / "config.toml").write_text(SETTINGS)
    (folder / "token").write_text("stays")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    _, aside = restore(tmp_path / "kept.zip", folder, Database.url_in(folder))
    _, second = restore(tmp_path / "kept.zip", folder, Database.url_in(folder))
    assert aside is not None
    assert second is not None
    del before["token"]  # the backup has none, so this one is not replaced
    assert {path.name: path.read_bytes() for path in aside.iterdir()} == before
    assert (folder / "token").read_text() == "stays"
    settings = (folder / "config.toml").read_text()
    assert settings.startswith('country = "US"\n')
    assert 'database_url = "postgresql://me:password-of-mine@host/x"' in settings
    assert snapshot.version_of(folder / "matinee.sqlite") == HEAD
    assert not (folder / "matinee.copy").exists()


async def test_restore_into_postgresql_when_something_is_there_then_a_backup_of_it_is_put_aside(
    postgresql: str, request: pytest.FixtureRequest, sqlite_place: str, tmp_path: Path
) -> None:
    url = _postgresql_url(request)
    await filled(url)
    other = Database(sqlite_place)
    await other.open()
    await other.close()
    backup.write(tmp_path, sqlite_place, tmp_path / "empty.zip", secrets=False)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE of_somebody_else (x integer)"))
    folder = tmp_path / "there"
    folder.mkdir()
    _, aside = restore(tmp_path / "empty.zip", folder, url)
    with engine.connect() as connection:
        emptied = connection.execute(text("SELECT count(*) FROM torrents")).scalar()
        names = inspect(connection).get_table_names()
    assert aside is not None
    restore(aside / "postgresql.zip", folder, url)
    with engine.connect() as connection:
        back = connection.execute(text("SELECT name FROM torrents")).scalar()
    engine.dispose()
    assert (emptied, back, "of_somebody_else" in names) == (0, KEPT.name, True)


async def test_restore_of_an_older_programs_backup_then_the_start_brings_it_forward(
    target_url: str, sqlite_place: str, tmp_path: Path
) -> None:
    engine = create_engine(sqlite_place)
    with engine.begin() as connection:
        upgrade(connection, "0002")
        connection.execute(text("INSERT INTO catalogue_state VALUES ('key', 'value')"))
    engine.dispose()
    made = backup.write(tmp_path, sqlite_place, tmp_path / "old.zip", secrets=True)
    restore(tmp_path / "old.zip", tmp_path / "target", target_url)
    database = Database.of(target_url, tmp_path / "target")
    await database.open()
    kept = await TitleStore(database, LAW).state("key")
    await database.close()
    assert (made.database, kept) == ("0002", "value")
    assert len(list((tmp_path / "target").glob("*.version-0002"))) == 1


def remade(file: Path, change: Callable[[dict[str, bytes], dict[str, Any]], None]) -> None:
    """Change a backup as somebody would who knows how they are made."""
    with zipfile.ZipFile(file) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(inside.pop("manifest.json"))
    change(inside, manifest)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"manifest.json": json.dumps(manifest).encode(), **inside}.items():
            archive.writestr(name, data)


def _changed(inside: dict[str, bytes], manifest: dict[str, Any]) -> None:
    inside["matinee.sqlite"] = inside["matinee.sqlite"].replace(b"Film 7", b"Film 8")


def _bomb(inside: dict[str, bytes], manifest: dict[str, Any]) -> None:
    inside["matinee.sqlite"] += bytes(100_000_000)


def _outside(inside: dict[str, bytes], manifest: dict[str, Any]) -> None:
    inside["../outside"] = b"x"
    manifest["files"].append({"name": "../outside", "length": 1, "sha256": hashlib.sha256(b"x").hexdigest()})


def _unlisted(inside: dict[str, bytes], manifest: dict[str, Any]) -> None:
    inside["token"] = b"x"


def _without_database(inside: dict[str, bytes], manifest: dict[str, Any]) -> None:
    del inside["matinee.sqlite"]
    manifest["files"].clear()


def _newer_database(inside: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["database"] = "9999"


def _newer_format(inside: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["format"] = 2


def _of_nothing(inside: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest.clear()


def _negative(inside: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["files"][0]["length"] = -1


def _relisted(inside: dict[str, bytes], manifest: dict[str, Any]) -> None:
    data = inside["matinee.sqlite"]
    manifest["files"] = [
        {"name": "matinee.sqlite", "length": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    ]


def _no_database(inside: dict[str, bytes], manifest: dict[str, Any]) -> None:
    inside["matinee.sqlite"] = b"no database"
    _relisted(inside, manifest)


def _another_version(inside: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["database"] = "0001"


def _trap(inside: dict[str, bytes], manifest: dict[str, Any]) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(inside["matinee.sqlite"])
        connection.execute("CREATE TRIGGER trap AFTER INSERT ON torrents BEGIN DELETE FROM torrents; END")
        inside["matinee.sqlite"] = connection.serialize()
    _relisted(inside, manifest)


CHANGES = (
    _changed, _bomb, _outside, _unlisted, _without_database, _newer_database, _newer_format, _of_nothing, _negative,
    _no_database, _another_version, _trap,
)  # fmt: skip


@pytest.fixture
async def made(sqlite_place: str, tmp_path: Path) -> Path:
    """A good backup."""
    await filled(sqlite_place)
    backup.write(tmp_path, sqlite_place, tmp_path / "kept.zip", secrets=False)
    return tmp_path / "kept.zip"


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Path]:
    """A data folder with something in it; a test leaves it as it is."""
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "matinee.sqlite").write_bytes(b"what was there")
    before = everything(tmp_path / "there")
    yield folder
    assert everything(folder) == before


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: str(change.__name__).strip("_"))
async def test_restore_when_the_backup_is_not_as_it_was_made_then_says_so_and_touches_nothing(
    change: Callable[[dict[str, bytes], dict[str, Any]], None], made: Path, there: Path
) -> None:
    remade(made, change)
    with pytest.raises(BadBackup) as refused:
        restore(made, there, Database.url_in(there))
    newer = change in (_newer_database, _newer_format)
    assert ("newer Matinee" in refused.value.message) == newer


async def test_restore_when_any_byte_is_damaged_or_missing_then_says_so_or_is_right(
    made: Path, there: Path
) -> None:
    whole = made.read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]):
            made.write_bytes(damaged)
            try:
                with backup.opened(made, there) as (manifest, _):
                    assert manifest.database == HEAD  # the byte was one that says nothing, such as a time
            except MatineeError as error:
                assert isinstance(error, BadBackup), error  # noqa: PT017 - one of two is right


async def test_restore_when_its_settings_mean_nothing_here_then_says_so_and_touches_nothing(
    made: Path, there: Path
) -> None:
    def change(inside: dict[str, bytes], manifest: dict[str, Any]) -> None:
        inside["config.toml"] = b"colour = 'red'\n"
        data = inside["config.toml"]
        manifest["files"].append(
            {"name": "config.toml", "length": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        )

    remade(made, change)
    with pytest.raises(BadSetting, match="colour"):
        restore(made, there, Database.url_in(there))


async def test_backup_when_it_cannot_be_made_then_says_why_and_leaves_nothing(
    made: Path, tmp_path: Path
) -> None:
    before = sorted(tmp_path.iterdir())
    url = Database.url_in(tmp_path)
    with pytest.raises(DiskFailed, match="there already"):
        backup.write(tmp_path, url, made, secrets=False)
    with pytest.raises(DiskFailed, match="cannot be written"):
        backup.write(tmp_path, url, tmp_path / "none" / "kept.zip", secrets=False)
    with pytest.raises(StorageFailed, match="no database"):
        backup.write(tmp_path, Database.url_in(tmp_path / "none"), tmp_path / "new.zip", secrets=False)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("where", ["server", "file"])
async def test_backup_of_what_is_none_of_ours_then_says_so(
    where: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = _postgresql_url(request) if where == "server" else Database.url_in(tmp_path)
    if where == "file":
        (tmp_path / "matinee.sqlite").write_bytes(b"no database at all" * 99)
    with pytest.raises(StorageFailed, match=r"nothing of Matinee|cannot be copied|damaged"):
        backup.write(tmp_path, url, tmp_path / "new.zip", secrets=False)
    assert list(tmp_path.glob("*new.zip*")) == []
