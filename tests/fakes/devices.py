"""Other screens in memory."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from matinee.errors import NotFound
from matinee.events import Bus, DevicesChanged
from matinee.models.device import Device, Role
from matinee.types import DeviceId
from matinee.web.devices import Devices
from matinee.web.screens import Reached
from matinee.web.visits import Visits

REACHED = Reached(True, ("http://192.168.1.20:8642/",), None)


@dataclass
class FakeDoors:
    """What ``OtherScreens`` says, and how often it was asked to look again."""

    now: Reached
    renewed: int = 0

    async def renew(self) -> None:
        self.renewed += 1


class FakeDevices:
    """What ``storage/devices`` keeps, in memory alone."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.devices: dict[DeviceId, Device] = {}
        self.hashes: dict[bytes, DeviceId] = {}

    def all(self) -> list[Device]:
        return list(self.devices.values())

    def by_cookie(self, cookie_hash: bytes) -> Device | None:
        device = self.hashes.get(cookie_hash)
        return None if device is None else self.by_id(device)

    def by_id(self, device: DeviceId) -> Device | None:
        found = self.devices.get(device)
        return found if found is not None and found.expires_at > self._clock() else None

    def seen(self, device: DeviceId, address: str) -> None:
        self.devices[device] = replace(self.devices[device], seen_at=self._clock(), address=address)

    def renew(self, device: DeviceId, expires_at: float) -> None:
        self.devices[device] = replace(self.devices[device], expires_at=expires_at)

    async def add(self, device: Device, cookie_hash: bytes) -> None:
        self.devices[device.id] = device
        self.hashes[cookie_hash] = device.id

    async def change(self, device: DeviceId, name: str | None, may: Role | None) -> Device:
        if device not in self.devices:
            raise NotFound("This device is not let in.")
        before = self.devices[device]
        self.devices[device] = replace(before, name=name or before.name, may=may or before.may)
        return self.devices[device]

    async def remove(self, device: DeviceId) -> None:
        if device not in self.devices:
            raise NotFound("This device is not let in.")
        del self.devices[device]

    async def remove_all(self) -> list[DeviceId]:
        gone = list(self.devices)
        self.devices.clear()
        return gone


def made_devices(
    store: FakeDevices, bus: Bus, clock: Callable[[], float], reached: Reached = REACHED
) -> tuple[Visits, Devices]:
    """Give what lets devices in, as the program has it, over such a store."""
    visits = Visits()
    changed, doors = DevicesChanged(), FakeDoors(reached)
    devices = Devices(
        store, visits, lambda: bus.publish(changed), lambda: doors, clock=clock, monotonic=clock
    )
    return visits, devices
