"""How long films are protected outside the US, country by country. Pure.

Each number is the longest that the country's law can ask for, so that who waits for it is on the safe side: where a
law counts a film from its publication and its script from the author's death, both must be over.
"""

from dataclasses import dataclass

from matinee.types import Country


@dataclass(frozen=True, slots=True)
class Term:
    """One country's term. It ends with the calendar year."""

    after_death_years: int
    """After the death of the last of director, authors of script and dialogue, composer of music made for it."""
    after_publication_years: int
    """After publication: of the film itself, or of the rights beside the authors'."""
    law: str
    composers_years: int | None = None
    """After the death of a composer, where that is longer."""


EUROPEAN_UNION = frozenset(
    Country(code)
    for code in (
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
        "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    )
)  # fmt: skip
EUROPEAN_AREA = EUROPEAN_UNION | {Country("IS"), Country("LI"), Country("NO")}
"""The European Economic Area, which the directive binds."""
COMPARING = EUROPEAN_AREA | {Country("GB")}
"""Who compares a foreign work's term with that of its country of origin. No author from any of them may be among its
authors: Britons counted as nationals until 2020, and whether what they had by then ended with it is not settled."""

_DIRECTIVE = "Directive 2006/116/EC, Articles 1, 2, 3 and 7"
_EUROPEAN = Term(70, 50, _DIRECTIVE)

TERMS: dict[Country, Term] = {
    **dict.fromkeys(sorted(EUROPEAN_AREA), _EUROPEAN),
    # Music had 70 years in France before the rest, and keeps the years added for the two wars.
    Country("FR"): Term(
        70, 50, f"{_DIRECTIVE}; Code de la propriété intellectuelle, L123-1, L123-2, L123-7 to L123-12",
        composers_years=85,
    ),
    # Its treaty of 1892 with the US rules out comparing terms with that country: see rights.py.
    Country("DE"): Term(70, 50, f"{_DIRECTIVE}; Urheberrechtsgesetz, sections 64, 65, 94 and 121"),
    Country("ES"): Term(
        80, 50, f"{_DIRECTIVE}; Ley de Propiedad Intelectual, fourth transitional provision: deaths before 1987-12-07",
    ),
    Country("GB"): Term(70, 50, "Copyright, Designs and Patents Act 1988, sections 12 and 13B"),
    Country("CH"): Term(70, 50, "Urheberrechtsgesetz, Articles 29, 30 and 39"),
    Country("AR"): Term(70, 50, "Ley 11.723, Articles 5 and 34"),
    Country("AU"): Term(70, 70, "Copyright Act 1968, sections 33 and 94"),
    Country("BR"): Term(70, 70, "Lei 9.610/1998, Articles 41 and 44"),
    Country("CA"): Term(70, 75, "Copyright Act, sections 6, 9 and 11.1"),
    Country("CL"): Term(70, 70, "Ley 17.336, Articles 10 and 13"),
    Country("CN"): Term(50, 50, "Copyright Law, Article 23"),
    Country("CO"): Term(80, 80, "Ley 23 de 1982, Articles 21 to 27"),
    Country("DZ"): Term(50, 50, "Ordonnance 03-05, Articles 54 to 60"),
    Country("HK"): Term(50, 50, "Copyright Ordinance (Cap. 528), section 19"),
    Country("IL"): Term(70, 70, "Copyright Act 2007, sections 38 to 43"),
    Country("IN"): Term(60, 60, "Copyright Act 1957, sections 22 and 26"),
    Country("JP"): Term(70, 70, "Copyright Act, Articles 51 to 57"),
    Country("KR"): Term(70, 70, "Copyright Act, Articles 39 to 44"),
    Country("MA"): Term(70, 70, "Loi 2-00 as amended by 34-05, Articles 25 to 29"),
    Country("MX"): Term(100, 100, "Ley Federal del Derecho de Autor, Article 29"),
    Country("NZ"): Term(70, 70, "Copyright Act 1994, sections 22 and 23: 50 years, which treaties will make 70"),
    Country("PE"): Term(70, 70, "Decreto Legislativo 822, Articles 52 to 56"),
    # 70 years, and four more for who worked or fought between 1941 and 1945.
    Country("RU"): Term(74, 74, "Civil Code, Articles 1281 and 1282"),
    Country("SG"): Term(70, 70, "Copyright Act 2021, Part 3"),
    Country("TN"): Term(50, 50, "Loi 94-36 as amended by 2009-33"),
    Country("TR"): Term(70, 70, "Law 5846, Articles 26 and 27"),
    Country("TW"): Term(50, 50, "Copyright Act, Articles 30 to 35"),
    Country("ZA"): Term(50, 50, "Copyright Act 98 of 1978, section 3"),
}  # fmt: skip
"""Those whose law was looked up. Every other country is not known."""
