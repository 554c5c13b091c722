"""The wire's shapes of other screens, as pydantic models; ``models/device`` says what each field means."""

from typing import Annotated, Literal

from pydantic import Field

from matinee.web.shape import Shape

May = Literal["watch", "manage"]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Secret = Annotated[str, Field(min_length=1, max_length=100)]


class DeviceState(Shape):
    """A device that is let in. Moments are Unix seconds."""

    id: str
    name: str
    may: May
    created_at: float
    seen_at: float
    expires_at: float
    address: str


class DeviceAsk(Shape):
    """A device that waits for an answer."""

    id: str
    name: str
    match: str
    address: str
    with_code: bool
    ends_in_s: float


class Authority(Shape):
    """What a device installs to trust this computer: how it is known, and the address that says how."""

    fingerprint: str
    page: str


class Reach(Shape):
    """Where this computer is found; encrypted, and by whose word."""

    on: bool
    urls: list[str]
    trouble: str | None
    encrypted: bool
    authority: Authority | None


class DeviceList(Reach):
    """Who is in, who asks, and where this computer is found."""

    devices: list[DeviceState]
    asks: list[DeviceAsk]
    locked: bool


class ChangeDevice(Shape):
    """What of a device becomes something else."""

    name: Name | None = None
    may: May | None = None


class AnswerAsk(Shape):
    """What a device that asks may do; null sends it away."""

    may: May | None


class CodeLink(Shape):
    """The address that lets a device in, and the same as a picture for its camera."""

    url: str
    link: str
    qr: str


class DeviceCode(Shape):
    """What lets one device in, once."""

    id: str
    number: str
    ends_in_s: float
    links: list[CodeLink]


class AskIn(Shape):
    """What a device says that wants in; with the number if one was typed on it."""

    name: Name
    code: Annotated[str, Field(pattern=r"^[0-9 ]{8,20}$")] | None = None


class Asking(Shape):
    """What it is told: the secret with which it waits, and what both screens show."""

    ask: str
    match: str
    ends_in_s: float


class Scan(Shape):
    """The secret that a camera saw."""

    secret: Secret
    name: Name


class WaitFor(Shape):
    """The secret with which a device waits."""

    ask: Secret


class Waited(Shape):
    """Whether it was let in; else it asks again."""

    let_in: bool


class Visitor(Shape):
    """Who asks: what may be done, and whether this is an address for other screens. Null for who is not let in."""

    may: Literal["watch", "manage", "owner"] | None
    device: str | None
    name: str | None
    other_screen: bool


class DevicesEvent(Shape):
    """The event ``devices``: the list has changed. Only the owner may ask for it."""
