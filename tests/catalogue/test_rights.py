"""The rules of sharing: each ground, each thing against it, each year's end."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.catalogue.basis import basis_of
from matinee.catalogue.lists import LISTS
from matinee.catalogue.rights import judge
from matinee.catalogue.terms import COMPARING, EUROPEAN_AREA, TERMS
from matinee.models.licences import LICENCES
from matinee.models.rights import (
    AuthorDied,
    Basis,
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
    Renewed,
    Standing,
    Verdict,
    Why,
)
from matinee.types import Country

SEEN = date(2026, 11, 26)
TODAY = date(2026, 11, 26)
US, FR, DE, GB, ES, MX, JP, BR = (Country(code) for code in ("US", "FR", "DE", "GB", "ES", "MX", "JP", "BR"))
NOWHERE = Country("ZZ")
ALLOWED, NOT_KNOWN, NOT_ALLOWED = Standing.ALLOWED, Standing.NOT_KNOWN, Standing.NOT_ALLOWED


def published(year: int, country: Country | None = US) -> Published:
    return Published(year=year, country=country, by="W", source="https://w/", checked=SEEN)


def died(
    year: int, nationality: Country | None = None, role: str = "director", name: str = "A"
) -> AuthorDied:
    return AuthorDied(
        name=name, role=role, year=year, nationality=nationality, by="W", source="https://w/", checked=SEEN
    )


def licensed(licence: str, url: str | None = None) -> Licensed:
    url = LICENCES[licence].url if url is None else url
    return Licensed(licence=licence, url=url, by="Maker", source="https://m/", checked=SEEN)


def listed(*names: str, territory: Country = US) -> list[Evidence]:
    return [
        Listed(name=name, territory=territory, by="L", source="https://l/", checked=SEEN) for name in names
    ]


def government(country: Country = US) -> GovernmentWork:
    return GovernmentWork(country=country, by="G", source="https://g/", checked=SEEN)


NO_NOTICE = NoNotice(by="N", source="https://n/", checked=SEEN)
NOT_RENEWED = NotRenewed(by="N", source="https://n/", checked=SEEN)
RENEWED = Renewed(by="N", source="https://n/", checked=SEEN)
TWO_LISTS = listed("fesfilm", "retrofilmvault")


def revoked(licence: str) -> LicenceRevoked:
    return LicenceRevoked(licence=licence, by="Maker", source="https://m/", checked=SEEN)


def protected(country: Country) -> Protected:
    return Protected(country=country, by="P", source="https://p/", checked=SEEN)


def told(verdict: Verdict) -> tuple[Standing, list[Why]]:
    return verdict.standing, [reason.why for reason in verdict.reasons]


@pytest.mark.parametrize("country", [US, FR, JP, NOWHERE])
@pytest.mark.parametrize(
    ("licence", "reasons"),
    [
        ("CC-BY-3.0", [Why.LICENCE]),
        ("CC0-1.0", [Why.LICENCE]),
        ("LAL-1.3", [Why.LICENCE]),
        ("CC-BY-NC-SA-4.0", [Why.LICENCE, Why.WITHOUT_MONEY]),
        ("CC-BY-ND-2.0", [Why.LICENCE, Why.UNCHANGED]),
        ("CC-BY-NC-ND-1.0", [Why.LICENCE, Why.WITHOUT_MONEY, Why.UNCHANGED]),
        ("CC-PDM-1.0", [Why.MARKED]),
        ("CC-PDDC", [Why.MARKED]),
    ],
)
def test_judge_when_a_licence_lets_everybody_share_then_allowed_everywhere(
    licence: str, reasons: list[Why], country: Country
) -> None:
    assert told(judge([licensed(licence)], country, TODAY)) == (ALLOWED, reasons)


@pytest.mark.parametrize("country", [US, FR, JP, NOWHERE])
def test_judge_when_its_maker_publishes_it_here_then_allowed_and_never_withdrawn_by_a_licence(
    country: Country,
) -> None:
    own = OwnWork(by="Its maker", source="", checked=SEEN)
    verdict = judge([own, published(2026)], country, TODAY)
    assert told(verdict) == (ALLOWED, [Why.OWN_WORK])
    assert basis_of(verdict) == (Basis.OWN_WORK, None)
    assert judge([own, protected(country)], country, TODAY).standing is NOT_ALLOWED


def test_judge_when_a_licensed_film_is_young_then_its_licence_counts_all_the_same() -> None:
    verdict = judge([licensed("CC-BY-3.0"), published(2010, DE), died(2020)], FR, TODAY)
    assert told(verdict) == (ALLOWED, [Why.LICENCE])
    assert verdict.reasons[0].facts == {"licence": "CC-BY-3.0", "by": "Maker"}


@pytest.mark.parametrize(
    ("evidence", "country", "expected"),
    [
        # A mark is somebody's word: it gives way to a term that surely runs.
        ([licensed("CC-PDM-1.0"), published(1995)], US, (NOT_ALLOWED, [Why.TERM_RUNS])),
        ([licensed("CC-PDM-1.0"), died(1980)], FR, (NOT_ALLOWED, [Why.AUTHOR_TERM_RUNS])),
        ([licensed("CC-PDM-1.0"), published(1950)], US, (ALLOWED, [Why.MARKED])),
        # A licence.
        ([licensed("CC-BY-3.0"), revoked("CC-BY-3.0")], US, (NOT_ALLOWED, [Why.LICENCE_REVOKED])),
        ([licensed("CC-BY-3.0"), licensed("CC0-1.0"), revoked("CC-BY-3.0")], US, (ALLOWED, [Why.LICENCE])),
        ([licensed("CC-BY-3.0"), protected(FR)], FR, (NOT_ALLOWED, [Why.PROTECTED])),
        ([licensed("CC-BY-3.0"), protected(FR)], GB, (ALLOWED, [Why.LICENCE])),
        ([licensed("CC-BY-3.0", "https://x.org/")], NOWHERE, (NOT_KNOWN, [Why.LICENCE_UNKNOWN, Why.COUNTRY_UNKNOWN])),
        # Nothing at all.
        ([], US, (NOT_KNOWN, [Why.PUBLICATION_UNKNOWN])),
        ([], FR, (NOT_KNOWN, [Why.AUTHORS_INCOMPLETE])),
        ([], NOWHERE, (NOT_KNOWN, [Why.COUNTRY_UNKNOWN])),
        # Age in the US.
        ([published(1930, DE)], US, (ALLOWED, [Why.AGE])),
        ([published(1930, None), RENEWED], US, (ALLOWED, [Why.AGE])),
        ([published(1930), published(1931)], US, (NOT_KNOWN, [Why.YEARS_DISAGREE])),
        ([published(1931)], US, (NOT_KNOWN, [Why.TERM_MAY_RUN])),
        ([published(1989)], US, (NOT_KNOWN, [Why.TERM_MAY_RUN])),
        ([published(1990)], US, (NOT_ALLOWED, [Why.TERM_RUNS])),
        ([published(1930), protected(US)], US, (NOT_ALLOWED, [Why.PROTECTED])),
        # Formalities in the US.
        ([NOT_RENEWED], US, (NOT_KNOWN, [Why.PUBLICATION_UNKNOWN, Why.PUBLICATION_UNKNOWN])),
        ([NOT_RENEWED, published(1950, None)], US, (NOT_KNOWN, [Why.TERM_MAY_RUN, Why.PUBLICATION_UNKNOWN])),
        ([NOT_RENEWED, published(1963)], US, (ALLOWED, [Why.NOT_RENEWED])),
        ([NOT_RENEWED, published(1964)], US, (NOT_KNOWN, [Why.TERM_MAY_RUN, Why.FORMALITIES_DO_NOT_COUNT])),
        ([NO_NOTICE, published(1977)], US, (ALLOWED, [Why.NO_NOTICE])),
        ([NO_NOTICE, published(1978)], US, (NOT_KNOWN, [Why.TERM_MAY_RUN, Why.FORMALITIES_DO_NOT_COUNT])),
        ([NO_NOTICE, published(1950, GB)], US, (NOT_KNOWN, [Why.TERM_MAY_RUN, Why.PERHAPS_RESTORED])),
        ([NOT_RENEWED, RENEWED, published(1950)], US, (NOT_ALLOWED, [Why.RENEWED])),
        ([RENEWED], US, (NOT_ALLOWED, [Why.RENEWED])),
        ([NOT_RENEWED, published(1950)], FR, (NOT_KNOWN, [Why.AUTHORS_INCOMPLETE])),
        # Lists.
        ([*TWO_LISTS, published(1950)], US, (ALLOWED, [Why.LISTS])),
        (TWO_LISTS, US, (ALLOWED, [Why.LISTS])),
        (TWO_LISTS, FR, (NOT_KNOWN, [Why.AUTHORS_INCOMPLETE])),
        (listed("fesfilm", "retrofilmvault", territory=NOWHERE), NOWHERE, (ALLOWED, [Why.LISTS])),
        ([*TWO_LISTS, published(1950, GB)], US, (NOT_KNOWN, [Why.TERM_MAY_RUN, Why.PERHAPS_RESTORED])),
        ([*TWO_LISTS, published(1925, GB)], US, (ALLOWED, [Why.AGE, Why.LISTS])),
        ([*TWO_LISTS, published(1995)], US, (NOT_ALLOWED, [Why.TERM_RUNS])),
        ([*TWO_LISTS, RENEWED], US, (NOT_ALLOWED, [Why.RENEWED])),
        (listed("fesfilm", "fesfilm-xls"), NOWHERE, (NOT_KNOWN, [Why.COUNTRY_UNKNOWN])),
        (listed("fesfilm", "fesfilm-xls"), US, (NOT_KNOWN, [Why.PUBLICATION_UNKNOWN, Why.LISTS_TOO_FEW])),
        (
            listed(*(one.name for one in LISTS.values() if not one.counts)), US,
            (NOT_KNOWN, [Why.PUBLICATION_UNKNOWN]),
        ),
        # A government's work.
        ([government(), published(1995)], US, (ALLOWED, [Why.GOVERNMENT])),
        ([government()], FR, (NOT_KNOWN, [Why.AUTHORS_INCOMPLETE, Why.GOVERNMENT_ELSEWHERE])),
        ([government(GB)], GB, (NOT_KNOWN, [Why.AUTHORS_INCOMPLETE, Why.GOVERNMENT_ELSEWHERE])),
        ([government(GB), published(1975, GB)], GB, (ALLOWED, [Why.GOVERNMENT])),
        ([government(GB), published(1976, GB)], GB, (NOT_KNOWN, [Why.AUTHORS_INCOMPLETE, Why.GOVERNMENT_ELSEWHERE])),
        ([government(GB), published(1945, GB), *TWO_LISTS], US, (ALLOWED, [Why.LISTS])),
        (
            [government(GB), published(1946, GB), *TWO_LISTS], US,
            (NOT_KNOWN, [Why.TERM_MAY_RUN, Why.GOVERNMENT_ELSEWHERE, Why.PERHAPS_RESTORED]),
        ),
    ],
)  # fmt: skip
def test_judge_when_evidence_speaks_for_and_against_then_weighs_it(
    evidence: Sequence[Evidence], country: Country, expected: tuple[Standing, list[Why]]
) -> None:
    assert told(judge(evidence, country, TODAY)) == expected


@pytest.mark.parametrize(
    ("evidence", "country", "expected"),
    [
        ([died(1955), published(1950, DE)], FR, (ALLOWED, [Why.AUTHORS_DEAD])),
        ([died(1955), died(1956), published(1950, DE)], FR, (NOT_ALLOWED, [Why.AUTHOR_TERM_RUNS])),
        ([died(1945), published(1930, DE)], ES, (ALLOWED, [Why.AUTHORS_DEAD])),
        ([died(1946), published(1930, DE)], ES, (NOT_ALLOWED, [Why.AUTHOR_TERM_RUNS])),
        ([died(1925), published(1922, DE)], MX, (ALLOWED, [Why.AUTHORS_DEAD])),
        ([died(1926), published(1922, DE)], MX, (NOT_ALLOWED, [Why.AUTHOR_TERM_RUNS])),
        ([died(1940, role="composer"), published(1930, DE)], FR, (ALLOWED, [Why.AUTHORS_DEAD])),
        ([died(1941, role="composer"), published(1930, DE)], FR, (NOT_ALLOWED, [Why.AUTHOR_TERM_RUNS])),
        ([died(1941, role="composer"), published(1930, DE)], DE, (ALLOWED, [Why.AUTHORS_DEAD])),
        ([died(1955)], FR, (NOT_KNOWN, [Why.PUBLICATION_UNKNOWN])),
        ([died(1930), published(1976, DE)], FR, (NOT_KNOWN, [Why.TERM_MAY_RUN])),
        ([died(1930), published(1975, DE)], FR, (ALLOWED, [Why.AUTHORS_DEAD])),
        ([died(1930), published(1956)], BR, (NOT_KNOWN, [Why.TERM_MAY_RUN])),
        ([], FR, (NOT_KNOWN, [Why.AUTHORS_INCOMPLETE])),
        # Died for France?
        ([died(1944), published(1930, FR)], FR, (NOT_KNOWN, [Why.PERHAPS_DIED_FOR_FRANCE])),
        ([died(1944, FR), published(1930, DE)], FR, (NOT_KNOWN, [Why.PERHAPS_DIED_FOR_FRANCE])),
        ([died(1944, DE), published(1930, FR)], FR, (ALLOWED, [Why.AUTHORS_DEAD])),
        ([died(1944), published(1930, FR)], GB, (ALLOWED, [Why.AUTHORS_DEAD])),
        ([died(1938), published(1930, FR)], FR, (ALLOWED, [Why.AUTHORS_DEAD])),
        # Terms compared.
        ([died(1960, US), published(1925)], FR, (ALLOWED, [Why.SHORTER_TERM])),
        ([died(1960, US), published(1925)], GB, (ALLOWED, [Why.SHORTER_TERM])),
        ([died(1960, US), published(1925)], DE, (NOT_ALLOWED, [Why.AUTHOR_TERM_RUNS])),
        ([died(1960, US), published(1925)], JP, (NOT_ALLOWED, [Why.AUTHOR_TERM_RUNS])),
        ([died(1960, US), published(1925, DE)], FR, (NOT_ALLOWED, [Why.AUTHOR_TERM_RUNS])),
        ([died(1960, US), published(1925), published(1925, DE)], FR, (NOT_ALLOWED, [Why.AUTHOR_TERM_RUNS])),
        ([died(1960, US), died(1950), published(1925)], FR, (NOT_KNOWN, [Why.SHORTER_TERM_UNCERTAIN])),
        ([died(1960, US), died(1950, FR), published(1925)], FR, (NOT_ALLOWED, [Why.AUTHOR_TERM_RUNS])),
        ([died(1977, GB), published(1925)], FR, (NOT_ALLOWED, [Why.AUTHOR_TERM_RUNS])),
        ([died(1960, US), published(1950), NOT_RENEWED], FR, (NOT_KNOWN, [Why.SHORTER_TERM_UNCERTAIN])),
        ([died(2005, US), published(1995)], FR, (NOT_ALLOWED, [Why.AUTHOR_TERM_RUNS])),
        ([died(1960, US)], FR, (NOT_ALLOWED, [Why.AUTHOR_TERM_RUNS])),
    ],
)  # fmt: skip
def test_judge_when_all_authors_are_known_then_counts_from_the_last_death(
    evidence: Sequence[Evidence], country: Country, expected: tuple[Standing, list[Why]]
) -> None:
    assert told(judge(evidence, country, TODAY, authors_complete=True)) == expected


def test_judge_when_an_author_is_missing_then_not_known_until_one_forbids_it() -> None:
    known: list[Evidence] = [died(1930), published(1925, DE)]
    assert told(judge(known, FR, TODAY)) == (NOT_KNOWN, [Why.AUTHORS_INCOMPLETE])
    verdict = judge([*known, died(1980, name="B")], FR, TODAY)
    assert told(verdict) == (NOT_ALLOWED, [Why.AUTHOR_TERM_RUNS])
    assert verdict.reasons[0].facts == {"name": "B", "year": 1980, "until": 2050}


def test_judge_when_nobody_says_where_it_was_published_then_where_it_was_made_counts() -> None:
    evidence: list[Evidence] = [NOT_RENEWED, published(1950, None)]
    assert judge(evidence, US, TODAY, made_in=(US,)).standing is ALLOWED
    assert judge(evidence, US, TODAY, made_in=(GB,)).standing is NOT_KNOWN
    assert judge([*evidence, published(1950)], US, TODAY, made_in=(GB,)).standing is ALLOWED


@pytest.mark.parametrize(
    ("evidence", "country", "last_day"),
    [
        ([published(1930)], US, date(2025, 12, 31)),
        ([died(1955), published(1940, DE)], FR, date(2025, 12, 31)),
        ([died(1955), published(1940, DE)], GB, date(2025, 12, 31)),
        ([died(1955), published(1940, DE)], ES, date(2035, 12, 31)),
        ([died(1955), published(1940, DE)], MX, date(2055, 12, 31)),
        ([died(1930), published(1960, DE)], JP, date(2030, 12, 31)),
    ],
)
def test_judge_when_a_term_ends_then_it_is_free_on_the_first_of_january(
    evidence: Sequence[Evidence], country: Country, last_day: date
) -> None:
    first_day = date(last_day.year + 1, 1, 1)
    assert judge(evidence, country, last_day, authors_complete=True).standing is not ALLOWED
    assert judge(evidence, country, first_day, authors_complete=True).standing is ALLOWED


def test_judge_when_allowed_by_age_then_says_since_when() -> None:
    (reason,) = judge([published(1922, DE)], US, TODAY).reasons
    assert reason.facts == {"year": 1922, "years": 95, "free_since": 2018}


def test_terms_then_each_has_a_law_and_those_who_compare_are_among_them() -> None:
    assert set(TERMS) >= COMPARING
    assert all(TERMS[country].after_death_years >= 70 for country in EUROPEAN_AREA)
    assert all(
        term.law and 50 <= term.after_publication_years <= term.after_death_years + 5
        for term in TERMS.values()
    )


def test_documentation_then_has_every_reason_and_every_term() -> None:
    page = (Path(__file__).parents[2] / "docs" / "rights.md").read_text()
    assert [why for why in Why if f"`{why}`" not in page] == []
    terms = page.partition("## The terms")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in terms.splitlines() if line.startswith("|")]
    said = {code: row[1:] for row in rows for code in row[0].split()}
    for country, term in TERMS.items():
        death, publication, law = said[country]
        assert death.split()[0] == str(term.after_death_years)
        assert (publication, law) == (str(term.after_publication_years), term.law)


countries = st.sampled_from([US, FR, DE, GB, ES, MX, JP, NOWHERE, Country("SU")])
years = st.integers(1890, 2040)
against = st.one_of(
    st.just(RENEWED),
    countries.map(protected),
    st.sampled_from(sorted(LICENCES)).map(revoked),
)
words = st.one_of(
    st.sampled_from(sorted(LICENCES)).map(licensed),
    st.builds(listed, st.sampled_from(sorted(LISTS)), territory=countries).map(lambda found: found[0]),
    st.builds(government, countries),
    st.sampled_from([NO_NOTICE, NOT_RENEWED]),
)
facts = st.one_of(
    st.builds(published, years, st.one_of(st.none(), countries)),
    st.builds(died, years, st.one_of(st.none(), countries), st.sampled_from(["director", "composer"])),
)
cases = st.lists(st.one_of(words, facts, against), max_size=6)
days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
RANKS = {NOT_ALLOWED: 0, NOT_KNOWN: 1, ALLOWED: 2}


@given(cases, words, countries, days, st.booleans())
def test_judge_when_a_word_for_it_is_added_then_never_says_less(
    evidence: list[Evidence], word: Evidence, country: Country, today: date, complete: bool
) -> None:
    before = judge(evidence, country, today, authors_complete=complete)
    after = judge([*evidence, word], country, today, authors_complete=complete)
    assert RANKS[after.standing] >= RANKS[before.standing]


@given(cases, countries, days, st.integers(102, 140), st.booleans())
def test_judge_when_an_old_date_is_added_then_allowed_never_becomes_not_allowed(
    evidence: list[Evidence], country: Country, today: date, age_years: int, complete: bool
) -> None:
    year = today.year - age_years
    before = judge(evidence, country, today, authors_complete=complete)
    for old in (published(year, None), died(year)):
        after = judge([*evidence, old], country, today, authors_complete=complete)
        assert (before.standing, after.standing) != (ALLOWED, NOT_ALLOWED)


@given(cases, against, countries, st.booleans())
def test_judge_when_something_against_it_is_added_then_never_says_more(
    evidence: list[Evidence], word: Evidence, country: Country, complete: bool
) -> None:
    before = judge(evidence, country, TODAY, authors_complete=complete)
    after = judge([*evidence, word], country, TODAY, authors_complete=complete)
    assert RANKS[after.standing] <= RANKS[before.standing]


@given(cases, countries, days, st.booleans())
def test_judge_then_gives_a_reason_and_the_order_of_evidence_does_not_matter(
    evidence: list[Evidence], country: Country, today: date, complete: bool
) -> None:
    verdict = judge(evidence, country, today, authors_complete=complete)
    turned = judge(evidence[::-1], country, today, authors_complete=complete)
    assert verdict.reasons
    assert (verdict.country, verdict.standing) == (country, turned.standing)
    assert {reason.why for reason in verdict.reasons} == {reason.why for reason in turned.reasons}


@given(cases, countries, days, st.booleans())
def test_judge_when_it_is_protected_then_nothing_helps(
    evidence: list[Evidence], country: Country, today: date, complete: bool
) -> None:
    verdict = judge([*evidence, protected(country)], country, today, authors_complete=complete)
    assert verdict.standing is NOT_ALLOWED
    assert verdict.reasons[0].why is Why.PROTECTED


@given(st.lists(facts, max_size=6), st.sampled_from(sorted(TERMS)), days)
def test_judge_when_an_author_is_unknown_then_no_country_that_counts_lives_allows_it(
    evidence: list[Evidence], country: Country, today: date
) -> None:
    assert judge(evidence, country, today).standing is not ALLOWED
