"""The rules over all of the facts: 2 478 films that lists call free, with no word of their authors."""

from collections import Counter
from datetime import date

import pytest

from matinee.catalogue.rights import judge
from matinee.catalogue.shelf_check import FACTS, Film, read_facts
from matinee.models.rights import Evidence, Listed, Published, Standing, Why
from matinee.types import Country

TODAY = date(2026, 11, 26)
US, FR, GB = Country("US"), Country("FR"), Country("GB")

pytestmark = pytest.mark.skipif(not FACTS.is_file(), reason="the facts are not beside the sources")


def evidence_of(film: Film) -> list[Evidence]:
    """What the facts say of a film: its year, and the lists that have it."""
    source = "https://github.com/petterreinholdtsen/public-domain-free-imdb"
    found: list[Evidence] = [
        Listed(name=name, territory=US, by=name, source=source, checked=TODAY) for name in film["lists"]
    ]
    return found + [
        Published(year=int(year), country=None, by="the facts", source=source, checked=TODAY)
        for year in [film.get("year")]
        if isinstance(year, str)
    ]


def test_judge_over_all_the_facts_then_the_shares_are_those_of_the_documentation() -> None:
    cases = [evidence_of(film) for film in read_facts(FACTS).values()]
    american = [judge(evidence, US, TODAY) for evidence in cases]
    standings = Counter(verdict.standing for verdict in american)
    assert standings == {Standing.ALLOWED: 1683, Standing.NOT_KNOWN: 746, Standing.NOT_ALLOWED: 49}
    assert Counter(tuple(reason.why for reason in verdict.reasons) for verdict in american) == {
        (Why.AGE,): 290,
        (Why.AGE, Why.LISTS): 173,
        (Why.LISTS,): 1220,
        (Why.TERM_MAY_RUN,): 380,
        (Why.TERM_MAY_RUN, Why.LISTS_TOO_FEW): 356,
        (Why.PUBLICATION_UNKNOWN,): 10,
        (Why.TERM_RUNS,): 49,
    }
    for country in (FR, GB):
        assert {judge(evidence, country, TODAY).standing for evidence in cases} == {Standing.NOT_KNOWN}
