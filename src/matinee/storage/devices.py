"""Remembers other screens that were let in. Holds hashes of their cookies alone, so that a copy of it opens nothing."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from matinee.errors import NotFound, StorageFailed
from matinee.models.device import Device, Role
from matinee.storage.database import Database
from matinee.tasks import Tasks
from matinee.types import DeviceId

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger(__name__)

SEEN_EVERY_S = 300.0
"""How often it is written down that a device was seen; what is said of it meanwhile is known in memory."""


class DeviceStore:
    """Answers from memory; letting in, changing and sending away are on the disk before they are confirmed.

    None is ever forgotten because a clock says so: there are few, and whoever is the owner sends them away.

    Args:
        database: where they are kept.
        now: Unix seconds, by which a cookie's time is over.
    """

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now
        self._devices: dict[DeviceId, Device] = {}
        self._hashes: dict[bytes, DeviceId] = {}
        self._written: dict[DeviceId, float] = {}
        self._writes = Tasks()

    async def load(self) -> None:
        """Read what is kept."""

        def work(connection: "Connection") -> list[tuple[bytes, Device]]:
            from sqlalchemy import select

            from matinee.storage.tables import devices as table

            return [
                (
                    bytes(row.hash),
                    Device(
                        DeviceId(row.id), row.name, Role(row.may), row.created_at, row.seen_at, row.expires_at,
                        row.address,
                    ),
                )
                for row in connection.execute(select(table))
            ]  # fmt: skip

        for cookie_hash, device in await self._database.run(work):
            self._devices[device.id] = device
            self._hashes[cookie_hash] = device.id

    def all(self) -> list[Device]:
        """Give every device that is let in, the one seen last first."""
        return sorted(self._devices.values(), key=lambda one: -one.seen_at)

    def by_cookie(self, cookie_hash: bytes) -> Device | None:
        """Give the device whose cookie this is, while it is good."""
        device = self._hashes.get(cookie_hash)
        return None if device is None else self.by_id(device)

    def by_id(self, device: DeviceId) -> Device | None:
        """Give a device that is let in."""
        found = self._devices.get(device)
        return found if found is not None and found.expires_at > self._now() else None

    def seen(self, device: DeviceId, address: str) -> None:
        """Note that a device asked for something."""
        now, before = time.time(), self._devices[device]
        self._devices[device] = replace(before, seen_at=now, address=address)
        if now - self._written.get(device, 0.0) >= SEEN_EVERY_S or before.address != address:
            self._written[device] = now
            self._writes.begin(self._keep(device))

    def renew(self, device: DeviceId, expires_at: float) -> None:
        """Let its cookie in until then, in Unix seconds, and never for shorter: a clock may be behind."""
        before = self._devices[device]
        self._devices[device] = replace(before, expires_at=max(expires_at, before.expires_at))
        self._writes.begin(self._keep(device))

    async def add(self, device: Device, cookie_hash: bytes) -> None:
        """Let a device in.

        Raises:
            StorageFailed: it cannot be kept; it is not let in then.
        """

        def work(connection: "Connection") -> None:
            from sqlalchemy import insert

            from matinee.storage.tables import devices as table

            connection.execute(insert(table).values(**_row(device), id=device.id, hash=cookie_hash))

        await self._database.run(work)
        self._devices[device.id] = device
        self._hashes[cookie_hash] = device.id

    async def change(self, device: DeviceId, name: str | None, may: Role | None) -> Device:
        """Give a device another name, or have it do more or less.

        Raises:
            NotFound: it is not let in.
            StorageFailed: it cannot be kept; nothing has changed then.
        """
        before = self._there(device)
        after = replace(before, name=name or before.name, may=may or before.may)
        await self._write(after)
        # It may have been seen, or sent away, meanwhile.
        if device in self._devices:
            self._devices[device] = replace(self._devices[device], name=after.name, may=after.may)
        return after

    async def remove(self, device: DeviceId) -> None:
        """Send a device away: at once, and on the disk when this returns.

        Raises:
            NotFound: it is not let in.
            StorageFailed: it cannot be kept: it is away until a restart.
        """
        self._there(device)
        await self._forget([device])

    async def remove_all(self) -> list[DeviceId]:
        """Send every device away; gives which there were. Raises as ``remove`` does."""
        gone = list(self._devices)
        await self._forget(gone)
        return gone

    async def close(self) -> None:
        """Wait until everything is kept."""
        await self._writes.done()

    async def _forget(self, gone: list[DeviceId]) -> None:
        for device in gone:
            self._devices.pop(device, None)
        self._hashes = {key: one for key, one in self._hashes.items() if one in self._devices}

        def work(connection: "Connection") -> None:
            from sqlalchemy import delete

            from matinee.storage.tables import devices as table

            connection.execute(delete(table).where(table.c.id.in_(gone)))

        await self._database.run(work)

    def _there(self, device: DeviceId) -> Device:
        found = self._devices.get(device)
        if found is None:
            raise NotFound("This device is not let in. Look at the list again.")
        return found

    async def _write(self, device: Device) -> None:
        def work(connection: "Connection") -> None:
            from sqlalchemy import update

            from matinee.storage.tables import devices as table

            # What was removed meanwhile is not there, and stays so.
            connection.execute(update(table).where(table.c.id == device.id).values(**_row(device)))

        await self._database.run(work)

    async def _keep(self, device: DeviceId) -> None:
        found = self._devices.get(device)
        if found is None:
            return
        try:
            await self._write(found)
        except StorageFailed as error:
            log.warning("When a device was seen last is not kept error=%s", error.message)


def _row(device: Device) -> dict[str, object]:
    return {
        "name": device.name, "may": device.may.value, "created_at": device.created_at, "seen_at": device.seen_at,
        "expires_at": device.expires_at, "address": device.address,
    }  # fmt: skip
