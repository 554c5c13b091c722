"""Countries, and which one a computer's own settings name. Pure."""

import re
from collections.abc import Mapping

from matinee.types import Country

_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT "
    "BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH "
    "ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT "
    "HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS "
    "LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI "
    "NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG "
    "SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG "
    "UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "
)

COUNTRIES = frozenset(Country(code) for code in _CODES.split())
"""ISO 3166-1."""

FORMER_COUNTRIES = frozenset(Country(code) for code in ("CS", "DD", "SU", "YU"))
"""Czechoslovakia, the GDR, the Soviet Union and Yugoslavia, as ISO 3166 had them: films were made there."""

_LOCALE = re.compile(r"[A-Za-z]{2,3}_([A-Z]{2})([.@].*)?")


def country_of_locale(environment: Mapping[str, str]) -> Country | None:
    """Give the country that the locale names; None when it names none, as ``C`` does.

    Where several are named, that of money comes before that of the language: who reads English in France has
    ``LANG=en_GB`` and ``LC_MONETARY=fr_FR``.
    """
    for name in ("LC_ALL", "LC_MONETARY", "LANG"):
        named = _LOCALE.fullmatch(environment.get(name, ""))
        if named is not None and named[1] in COUNTRIES:
            return Country(named[1])
    return None
