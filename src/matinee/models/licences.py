"""Licences under which a film may be shared by anybody, by their SPDX identifiers.

All of them allow giving unchanged copies to others without asking; some forbid selling or changing. Sources:
the SPDX licence list, Creative Commons, Copyleft Attitude.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence that allows sharing."""

    id: str
    """SPDX identifier."""
    name: str
    url: str
    """Where its text is; a person may open it, the program does not."""


_CC = "https://creativecommons.org"

_KINDS = {
    "BY": "Attribution",
    "BY-SA": "Attribution-ShareAlike",
    "BY-ND": "Attribution-NoDerivatives",
    "BY-NC": "Attribution-NonCommercial",
    "BY-NC-SA": "Attribution-NonCommercial-ShareAlike",
    "BY-NC-ND": "Attribution-NonCommercial-NoDerivatives",
}

_DEEDS = (
    Licence("CC0-1.0", "CC0 1.0 Universal", f"{_CC}/publicdomain/zero/1.0/"),
    Licence("CC-PDM-1.0", "Public Domain Mark 1.0", f"{_CC}/publicdomain/mark/1.0/"),
    Licence("CC-PDDC", "Public Domain Dedication and Certification", f"{_CC}/licenses/publicdomain/"),
    Licence("LAL-1.3", "Free Art License 1.3", "https://artlibre.org/licence/lal/en/"),
)


def _creative_commons(kind: str, version: str) -> Licence:
    # Version 1.0 named the parts of this one in another order.
    path = "by-nd-nc" if (kind, version) == ("BY-NC-ND", "1.0") else kind.lower()
    name = f"Creative Commons {_KINDS[kind]} {version}"
    return Licence(f"CC-{kind}-{version}", name, f"{_CC}/licenses/{path}/{version}/")


LICENCES: dict[str, Licence] = {
    licence.id: licence
    for licence in (
        *_DEEDS,
        *(
            _creative_commons(kind, version)
            for kind in _KINDS
            for version in ("4.0", "3.0", "2.5", "2.0", "1.0")
        ),
    )
}
"""By identifier, the usual ones first."""

_BY_LOWER = {key.lower(): licence for key, licence in LICENCES.items()} | {
    "cc0": LICENCES["CC0-1.0"],
    "pdm": LICENCES["CC-PDM-1.0"],
    "pdm-1.0": LICENCES["CC-PDM-1.0"],
    "public-domain": LICENCES["CC-PDM-1.0"],
}
_BY_ADDRESS = {
    licence.url.removeprefix("https://").removesuffix("/"): licence for licence in LICENCES.values()
}
_SCHEME = re.compile(r"(https?:)?//(www\.)?")
_KIND_AND_VERSION = re.compile(r"creativecommons\.org/(licenses/[a-z-]+/[0-9.]+|publicdomain/[a-z]+/[0-9.]+)")
_PORT_AND_TEXT = re.compile(r"(/[a-z]{2,3}(-[a-z]{2})?|/scotland|/igo)?(/(deed|legalcode)[a-z._-]*)?/?")


def find_licence(text: str) -> Licence | None:
    """Find a licence by its identifier in any case, or by its address; None when it is not in the table.

    An address may be that of a port to a country's law or to international organisations, and that of the deed
    or of the full text in any language.
    """
    wanted = text.strip().lower()
    if wanted in _BY_LOWER:
        return _BY_LOWER[wanted]
    address = _SCHEME.sub("", wanted, count=1) if _SCHEME.match(wanted) else wanted
    address = address.partition("?")[0].partition("#")[0]
    whole = _BY_ADDRESS.get(address.removesuffix("/"))
    named = _KIND_AND_VERSION.match(address)
    if whole is not None or named is None or not _PORT_AND_TEXT.fullmatch(address, named.end()):
        return whole
    return _BY_ADDRESS.get(named[0])
