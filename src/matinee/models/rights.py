"""On which basis a torrent may be shared, as its user states it; what speaks for and against sharing a title.

Evidence is what somebody says, where, and when it was looked at. ``catalogue/rights.py`` makes a verdict of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from matinee.types import Country


class Basis(StrEnum):
    """Why this film may be shared."""

    OWN_WORK = "own-work"
    LICENCE = "licence"
    PUBLIC_DOMAIN = "public-domain"
    PERMISSION = "permission"


@dataclass(frozen=True, slots=True)
class Rights:
    """A statement of rights."""

    basis: Basis
    """The kind of reason."""
    licence: str | None
    """Licence identifier or address as stated, such as ``CC-BY-3.0``; None when the basis needs none."""
    stated_at: str
    """When it was stated: RFC 3339, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """Who says something, where, and when it was looked at. The claims below say what."""

    by: str
    """Who says so: a person, an institution or a page."""
    source: str
    """The https address where they say it; a person may open it, the program does not."""
    checked: date
    """The day on which somebody looked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(Attestation):
    """It was first published in that year, there."""

    year: int
    country: Country | None
    """None when only the year is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorDied(Attestation):
    """One of those whose life counts died in that year."""

    name: str
    role: str
    """director, writer, composer or author."""
    year: int
    nationality: Country | None = None
    """None when it is not known for certain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Licensed(Attestation):
    """Who holds the rights lets everybody share; or somebody put a public-domain mark on it."""

    licence: str
    """Identifier as in ``models/licences``."""
    url: str
    """Where the licence's text is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWork(Attestation):
    """Who shares it says that they made it. Only the user of this program says so, of what they publish here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GovernmentWork(Attestation):
    """It was made by the government of that country."""

    country: Country


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Attestation):
    """A list calls it free there."""

    name: str
    """The list, by its name in ``catalogue/lists``."""
    territory: Country


@dataclass(frozen=True, slots=True, kw_only=True)
class NoNotice(Attestation):
    """It was published in the US without the notice that its law asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRenewed(Attestation):
    """Its copyright in the US was not renewed in its 28th year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed(Attestation):
    """Against: its copyright in the US was renewed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceRevoked(Attestation):
    """Against: the licence was withdrawn, or given by somebody who could not give it."""

    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected(Attestation):
    """Against: it is protected there, whatever else is said; restored in the US in 1996, for one."""

    country: Country


Evidence: TypeAlias = (
    Published
    | AuthorDied
    | Licensed
    | OwnWork
    | GovernmentWork
    | Listed
    | NoNotice
    | NotRenewed
    | Renewed
    | LicenceRevoked
    | Protected
)


class Standing(StrEnum):
    """Whether a title may be shared in a country."""

    ALLOWED = "allowed"
    NOT_KNOWN = "not-known"
    NOT_ALLOWED = "not-allowed"


class Why(StrEnum):
    """A reason's stable code; ``docs/rights.md`` says what each means and which facts come with it."""

    LICENCE = "licence"
    OWN_WORK = "own-work"
    WITHOUT_MONEY = "without-money"
    UNCHANGED = "unchanged"
    MARKED = "marked"
    AGE = "age"
    AUTHORS_DEAD = "authors-dead"
    SHORTER_TERM = "shorter-term"
    GOVERNMENT = "government"
    NO_NOTICE = "no-notice"
    NOT_RENEWED = "not-renewed"
    LISTS = "lists"

    PROTECTED = "protected"
    LICENCE_REVOKED = "licence-revoked"
    RENEWED = "renewed"
    TERM_RUNS = "term-runs"
    AUTHOR_TERM_RUNS = "author-term-runs"

    NO_EVIDENCE = "no-evidence"
    LICENCE_UNKNOWN = "licence-unknown"
    YEARS_DISAGREE = "years-disagree"
    PUBLICATION_UNKNOWN = "publication-unknown"
    TERM_MAY_RUN = "term-may-run"
    FORMALITIES_DO_NOT_COUNT = "formalities-do-not-count"
    PERHAPS_RESTORED = "perhaps-restored"
    AUTHORS_INCOMPLETE = "authors-incomplete"
    PERHAPS_DIED_FOR_FRANCE = "perhaps-died-for-france"
    SHORTER_TERM_UNCERTAIN = "shorter-term-uncertain"
    GOVERNMENT_ELSEWHERE = "government-elsewhere"
    LISTS_TOO_FEW = "lists-too-few"
    COUNTRY_UNKNOWN = "country-unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, for a page to put into words."""

    why: Why
    facts: Mapping[str, str | int] = field(default_factory=dict)
    """What the sentence needs: years, names, a licence's identifier; which ones is said in ``docs/rights.md``."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules make of the evidence, for one country on one day."""

    country: Country
    standing: Standing
    reasons: tuple[Reason, ...]
    """Never empty. Allowed: each ground, the strongest first. Otherwise: what stands against it, or is missing."""
