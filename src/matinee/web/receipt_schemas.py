"""The wire's shapes of receipts, as pydantic models; ``models/receipt`` says what each field means."""

from matinee.web.catalogue_schemas import TitleEvidence, TitleReason
from matinee.web.shape import Shape


class ReceiptBasis(Shape):
    """A basis that was stated."""

    stated_at: str
    basis: str
    licence: str | None
    licence_url: str | None


class ReceiptTitle(Shape):
    """The title a torrent was added for, and what spoke for sharing it then."""

    id: str
    name: str | None
    year: int | None
    season: int | None
    episode: int | None
    recorded_at: str
    country: str
    reasons: list[TitleReason]
    evidence: list[TitleEvidence]


class ReceiptDay(Shape):
    """What moved on one day, UTC."""

    day: str
    first_at: str
    last_at: str
    bytes_down: int
    bytes_up: int


class ReceiptEntry(Shape):
    """A torrent from when it was added to when it was removed."""

    info_hash: str
    name: str
    added_at: str
    recorded_from: str
    removed_at: str | None
    title: ReceiptTitle | None
    stated: list[ReceiptBasis]
    before_down: int | None
    before_up: int | None
    days: list[ReceiptDay]
    bytes_down: int
    bytes_up: int
    seeds: int | None
    seeds_on: str | None


class Receipt(Shape):
    """All that is on record."""

    made_at: str
    version: str
    entries: list[ReceiptEntry]
