"""Whether a title may be shared in a country, and why: the rules of ``docs/rights.md``. Pure.

Each rule looks at the evidence and finds a ground, something that stands against it, or an open question. A ground
that is a judgement of somebody else (a list, a mark, a formality) gives way to anything that stands against it; a
licence and a term that is over do not, for nothing here contradicts them but ``Protected``, which ends all.
Rights end with a calendar year: what ran until 2025 is free on 1 January 2026. An archive's having a film is
nobody's statement, and there is no evidence for it to be.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from matinee.catalogue.lists import LISTS
from matinee.catalogue.terms import COMPARING, TERMS, Term
from matinee.models.licences import Licence, find_licence
from matinee.models.rights import (
    AuthorDied,
    Evidence,
    GovernmentWork,
    LicenceRevoked,
    Licensed,
    Listed,
    NoNotice,
    NotRenewed,
    OwnWork,
    Protected,
    Published,
    Reason,
    Renewed,
    Standing,
    Verdict,
    Why,
)
from matinee.models.title import Title
from matinee.types import Country

US = Country("US")
FR = Country("FR")
DE = Country("DE")
GB = Country("GB")

US_TERM_YEARS = 95
"""From publication, for everything published before 1978; 17 USC 304, 305."""
US_LAST_RENEWAL_YEAR = 1963
"""What was published later was renewed by law; 17 USC 304(a), Public Law 102-307."""
US_LAST_NOTICE_YEAR = 1977
"""From 1978 a missing notice could be mended within five years; 17 USC 405."""
US_FIRST_YEAR_WITHOUT_FORMALITIES = 1990
"""The year after notice was no longer asked for, on 1 March 1989."""
RESTORED_YEAR = 1996
"""In which foreign works got back what they had lost in the US, if they were still protected at home; 17 USC 104A."""
CROWN_TERM_YEARS = 50
"""From publication, for works of the British government; Copyright, Designs and Patents Act 1988, section 163."""
LISTS_WANTED = 2
WARS = ((1914, 1919), (1939, 1945))
"""Who died for France in them is protected for thirty years more; L123-10."""
MARKS = frozenset({"CC-PDM-1.0", "CC-PDDC"})
"""Not licences: somebody says that it is free, who need not be whoever could say so."""


class _Weight(StrEnum):
    LAW = "law"
    """A ground by itself."""
    WORD = "word"
    """A ground, unless something stands against it."""
    AGAINST = "against"
    ENDS_ALL = "ends-all"
    WITHDRAWN = "withdrawn"
    """Stands against what it withdraws only."""
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class _Finding:
    weight: _Weight
    reason: Reason


def _found(weight: _Weight, why: Why, **facts: str | int | None) -> _Finding:
    return _Finding(weight, Reason(why, {key: value for key, value in facts.items() if value is not None}))


@dataclass(frozen=True, slots=True)
class _Case:
    evidence: Sequence[Evidence]
    country: Country
    year: int
    """Today's."""
    made_in: tuple[Country, ...]
    authors_complete: bool

    @property
    def published(self) -> list[int]:
        return sorted(one.year for one in self.evidence if isinstance(one, Published))

    @property
    def origins(self) -> set[Country]:
        """Where it was first published, as far as anybody says; where it was made when nobody does."""
        said = {
            one.country for one in self.evidence if isinstance(one, Published) and one.country is not None
        }
        return said or set(self.made_in)

    @property
    def authors(self) -> list[AuthorDied]:
        return [one for one in self.evidence if isinstance(one, AuthorDied)]

    @property
    def governments(self) -> set[Country]:
        return {one.country for one in self.evidence if isinstance(one, GovernmentWork)}

    def crown_term_was_over(self, year: int) -> bool:
        """Whether the British government's copyright in it had ended when that year began."""
        return (
            GB in self.governments and bool(self.published) and self.published[-1] + CROWN_TERM_YEARS < year
        )

    def perhaps_restored(self) -> bool:
        """Whether it was first published abroad only, and may have been protected there when 1996 began."""
        abroad = bool(self.origins) and US not in self.origins
        return abroad and not (self.origins == {GB} and self.crown_term_was_over(RESTORED_YEAR))

    def us_term_is_over(self) -> bool:
        return bool(self.published) and self.published[-1] + US_TERM_YEARS < self.year


def judge(
    evidence: Sequence[Evidence],
    country: Country,
    today: date,
    *,
    made_in: tuple[Country, ...] = (),
    authors_complete: bool = False,
) -> Verdict:
    """Say whether what the evidence speaks of may be shared there on that day.

    Args:
        evidence: in any order.
        country: where it would be shared.
        today: the day, in that country.
        made_in: where it was made; counts when nobody says where it was first published.
        authors_complete: whether every author whose life counts is in the evidence.
    """
    case = _Case(evidence, country, today.year, made_in, authors_complete)
    findings = [*_protected(case), *_licences(case), *_terms(case), *_government(case), *_lists(case)]
    of: dict[_Weight, list[Reason]] = defaultdict(list)
    for one in findings:
        of[one.weight].append(one.reason)
    against = of[_Weight.AGAINST]
    grounds = [] if of[_Weight.ENDS_ALL] else of[_Weight.LAW] + ([] if against else of[_Weight.WORD])
    if grounds:
        return Verdict(country, Standing.ALLOWED, tuple(grounds))
    if stands := of[_Weight.ENDS_ALL] + of[_Weight.WITHDRAWN] + against:
        return Verdict(country, Standing.NOT_ALLOWED, tuple(stands))
    return Verdict(country, Standing.NOT_KNOWN, tuple(of[_Weight.OPEN]) or (Reason(Why.NO_EVIDENCE),))


def judge_title(title: Title, country: Country, today: date) -> Verdict:
    """Say whether a title may be shared there on that day."""
    return judge(
        title.evidence, country, today, made_in=title.countries, authors_complete=title.authors_complete
    )


def _protected(case: _Case) -> Iterator[_Finding]:
    for one in case.evidence:
        if isinstance(one, Protected) and one.country == case.country:
            yield _found(_Weight.ENDS_ALL, Why.PROTECTED, by=one.by)


def _licences(case: _Case) -> Iterator[_Finding]:
    revoked = {one.licence for one in case.evidence if isinstance(one, LicenceRevoked)}
    for one in case.evidence:
        if isinstance(one, LicenceRevoked):
            yield _found(_Weight.WITHDRAWN, Why.LICENCE_REVOKED, licence=one.licence, by=one.by)
        elif isinstance(one, OwnWork):
            yield _found(_Weight.LAW, Why.OWN_WORK, by=one.by)
        elif isinstance(one, Licensed):
            licence = find_licence(one.licence)
            if licence is None or find_licence(one.url) is not licence:
                yield _found(_Weight.OPEN, Why.LICENCE_UNKNOWN, licence=one.licence)
            elif licence.id not in revoked:
                yield from _licence(licence, one.by)


def _licence(licence: Licence, by: str) -> Iterator[_Finding]:
    if licence.id in MARKS:
        yield _found(_Weight.WORD, Why.MARKED, licence=licence.id, by=by)
        return
    yield _found(_Weight.LAW, Why.LICENCE, licence=licence.id, by=by)
    kinds = licence.id.split("-")
    if "NC" in kinds:
        yield _found(_Weight.LAW, Why.WITHOUT_MONEY, licence=licence.id)
    if "ND" in kinds:
        yield _found(_Weight.LAW, Why.UNCHANGED, licence=licence.id)


def _terms(case: _Case) -> Iterator[_Finding]:
    term = TERMS.get(case.country)
    if case.country == US:
        yield from _us_age(case)
        yield from _us_formalities(case)
    elif term is None:
        yield _found(_Weight.OPEN, Why.COUNTRY_UNKNOWN)
    else:
        yield from _life(case, term)


def _us_age(case: _Case) -> Iterator[_Finding]:
    if not case.published:
        yield _found(_Weight.OPEN, Why.PUBLICATION_UNKNOWN)
        return
    first, last = case.published[0], case.published[-1]
    if case.us_term_is_over():
        yield _found(
            _Weight.LAW, Why.AGE, year=last, years=US_TERM_YEARS, free_since=last + US_TERM_YEARS + 1
        )
    elif first + US_TERM_YEARS < case.year:
        yield _found(_Weight.OPEN, Why.YEARS_DISAGREE, first=first, last=last)
    elif first >= US_FIRST_YEAR_WITHOUT_FORMALITIES:
        yield _found(_Weight.AGAINST, Why.TERM_RUNS, year=last, until=last + US_TERM_YEARS)
    else:
        yield _found(_Weight.OPEN, Why.TERM_MAY_RUN, year=last, until=last + US_TERM_YEARS)


def _us_formalities(case: _Case) -> Iterator[_Finding]:
    last = case.published[-1] if case.published else None
    for one in case.evidence:
        if isinstance(one, Renewed):
            # A renewed work is as free as any other once its 95 years are over.
            if not case.us_term_is_over():
                yield _found(_Weight.AGAINST, Why.RENEWED, by=one.by, until=last and last + US_TERM_YEARS)
        elif isinstance(one, NotRenewed):
            yield _formality(case, Why.NOT_RENEWED, one.by, last, US_LAST_RENEWAL_YEAR)
        elif isinstance(one, NoNotice):
            yield _formality(case, Why.NO_NOTICE, one.by, last, US_LAST_NOTICE_YEAR)


def _formality(case: _Case, why: Why, by: str, year: int | None, last_year: int) -> _Finding:
    if year is None or not case.origins:
        return _found(_Weight.OPEN, Why.PUBLICATION_UNKNOWN)
    if case.origins != {US}:
        return _restored(case)
    if year > last_year:
        return _found(_Weight.OPEN, Why.FORMALITIES_DO_NOT_COUNT, year=year, last=last_year)
    return _found(_Weight.WORD, why, by=by, year=year)


def _restored(case: _Case) -> _Finding:
    return _found(_Weight.OPEN, Why.PERHAPS_RESTORED, countries=", ".join(sorted(case.origins)))


def _years(term: Term, author: AuthorDied) -> int:
    longer = term.composers_years if author.role == "composer" else None
    return longer or term.after_death_years


def _life(case: _Case, term: Term) -> Iterator[_Finding]:
    running = [one for one in case.authors if one.year + _years(term, one) >= case.year]
    if running:
        yield _running(case, max(running, key=lambda one: one.year + _years(term, one)), term)
    elif not case.authors_complete or not case.authors:
        yield _found(_Weight.OPEN, Why.AUTHORS_INCOMPLETE, known=len(case.authors))
    elif not case.published:
        yield _found(_Weight.OPEN, Why.PUBLICATION_UNKNOWN)
    elif case.published[-1] + term.after_publication_years >= case.year:
        until = case.published[-1] + term.after_publication_years
        yield _found(_Weight.OPEN, Why.TERM_MAY_RUN, year=case.published[-1], until=until)
    elif fallen := next((one for one in case.authors if _perhaps_died_for_france(case, one)), None):
        yield _found(_Weight.OPEN, Why.PERHAPS_DIED_FOR_FRANCE, name=fallen.name, year=fallen.year)
    else:
        last = max(case.authors, key=lambda one: one.year)
        yield _found(_Weight.LAW, Why.AUTHORS_DEAD, name=last.name, year=last.year, years=_years(term, last))


def _running(case: _Case, author: AuthorDied, term: Term) -> _Finding:
    until = author.year + _years(term, author)
    if _compared(case):
        return _found(_Weight.LAW, Why.SHORTER_TERM, origin=US, year=case.published[-1], years=US_TERM_YEARS)
    if _perhaps_compared(case):
        return _found(_Weight.OPEN, Why.SHORTER_TERM_UNCERTAIN, origin=US, name=author.name, until=until)
    return _found(_Weight.AGAINST, Why.AUTHOR_TERM_RUNS, name=author.name, year=author.year, until=until)


def _perhaps_died_for_france(case: _Case, author: AuthorDied) -> bool:
    french = author.nationality == FR or (author.nationality is None and FR in {*case.origins, *case.made_in})
    return case.country == FR and french and any(first <= author.year <= last for first, last in WARS)


def _compares_with_us(case: _Case) -> bool:
    # Germany does not: its treaty of 15 January 1892 with the US promises the German term.
    return case.country in COMPARING and case.country != DE and case.origins == {US}


def _compared(case: _Case) -> bool:
    """Whether the term has ended because that of the US has; known only when every author's nationality is."""
    foreign = all(one.nationality is not None and one.nationality not in COMPARING for one in case.authors)
    return _compares_with_us(case) and case.authors_complete and foreign and case.us_term_is_over()


def _perhaps_compared(case: _Case) -> bool:
    """Whether the term might have ended with that of the US: a nationality is missing, or the US term ended early.

    Whether a term that ended for a formality counts as ended is disputed.
    """
    own = any(one.nationality in COMPARING for one in case.authors)
    runs = not case.published or case.published[0] >= US_FIRST_YEAR_WITHOUT_FORMALITIES
    return _compares_with_us(case) and not own and not runs


def _government(case: _Case) -> Iterator[_Finding]:
    for one in case.evidence:
        if isinstance(one, GovernmentWork):
            american = one.country == case.country == US
            british = one.country == case.country == GB and case.crown_term_was_over(case.year)
            if american or british:
                yield _found(_Weight.LAW, Why.GOVERNMENT, country=one.country, by=one.by)
            else:
                yield _found(_Weight.OPEN, Why.GOVERNMENT_ELSEWHERE, country=one.country)


def _lists(case: _Case) -> Iterator[_Finding]:
    makers: dict[str, str] = {}
    for one in case.evidence:
        known = LISTS.get(one.name) if isinstance(one, Listed) and one.territory == case.country else None
        if known is not None and known.counts:
            makers.setdefault(known.by, known.name)
    names = ", ".join(sorted(makers))
    if len(makers) >= LISTS_WANTED:
        if case.country == US and case.perhaps_restored() and not case.us_term_is_over():
            yield _restored(case)
        else:
            yield _found(_Weight.WORD, Why.LISTS, lists=names, count=len(makers))
    elif makers:
        yield _found(_Weight.OPEN, Why.LISTS_TOO_FEW, lists=names, wanted=LISTS_WANTED)
