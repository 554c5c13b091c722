"""Devices that were let in, on both databases."""

import time
from dataclasses import replace

import pytest

from matinee.errors import NotFound
from matinee.models.device import Device, Role
from matinee.storage.database import Database
from matinee.storage.devices import DeviceStore
from matinee.types import DeviceId

ID = DeviceId("d" * 22)
HASH = b"h" * 32


@pytest.fixture
def device() -> Device:
    """A device that came in a day ago."""
    now = time.time()
    return Device(ID, "Phone", Role.WATCH, now - 86_400, now - 86_400, now + 3600, "10.0.0.7")


async def _again(database: Database) -> DeviceStore:
    store = DeviceStore(database)
    await store.load()
    return store


async def test_device_when_let_in_and_changed_then_is_known_after_a_restart(
    database: Database, device: Device
) -> None:
    store = await _again(database)
    await store.add(device, HASH)
    await store.change(ID, "Tablet", Role.MANAGE)
    store.renew(ID, device.expires_at + 60)
    store.seen(ID, "10.0.0.8")
    await store.close()
    found = (await _again(database)).by_cookie(HASH)
    assert found is not None
    assert found.seen_at > device.seen_at
    assert replace(found, seen_at=0) == replace(
        device,
        name="Tablet",
        may=Role.MANAGE,
        seen_at=0,
        expires_at=device.expires_at + 60,
        address="10.0.0.8",
    )


async def test_device_when_sent_away_then_is_gone_also_after_a_restart(
    database: Database, device: Device
) -> None:
    store = await _again(database)
    await store.add(device, HASH)
    store.seen(ID, "10.0.0.8")
    await store.remove(ID)
    await store.close()
    for one in (store, await _again(database)):
        assert (one.by_cookie(HASH), one.by_id(ID), one.all()) == (None, None, [])
    with pytest.raises(NotFound):
        await store.remove(ID)
    with pytest.raises(NotFound):
        await store.change(ID, "x", None)


async def test_devices_when_all_are_sent_away_then_none_is_left(database: Database, device: Device) -> None:
    store = await _again(database)
    await store.add(device, HASH)
    await store.add(replace(device, id=DeviceId("e" * 22)), b"i" * 32)
    assert len(await store.remove_all()) == 2
    assert (await _again(database)).all() == []


async def test_device_when_its_time_is_over_then_is_not_let_in(database: Database, device: Device) -> None:
    store = await _again(database)
    await store.add(replace(device, expires_at=time.time() - 1), HASH)
    assert (store.by_cookie(HASH), store.by_id(ID)) == (None, None)
