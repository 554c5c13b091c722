"""Licences known by identifier, and by every address under which they are found."""

import pytest

from matinee.models.licences import LICENCES, find_licence


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        ("cc-by-sa-4.0", "CC-BY-SA-4.0"),
        (" CC0 ", "CC0-1.0"),
        ("https://creativecommons.org/licenses/by/3.0/", "CC-BY-3.0"),
        ("http://creativecommons.org/licenses/by/3.0", "CC-BY-3.0"),
        ("//www.creativecommons.org/licenses/by/3.0/", "CC-BY-3.0"),
        ("https://creativecommons.org/licenses/by-nc-nd/2.0/deed.fr", "CC-BY-NC-ND-2.0"),
        ("https://creativecommons.org/licenses/by-nc-nd/4.0/legalcode.pt-br", "CC-BY-NC-ND-4.0"),
        ("https://creativecommons.org/licenses/by-nc-nd/4.0/legalcode.zh-hans", "CC-BY-NC-ND-4.0"),
        ("https://creativecommons.org/licenses/by-sa/2.5/fr/", "CC-BY-SA-2.5"),
        ("https://creativecommons.org/licenses/by-sa/2.5/scotland/deed", "CC-BY-SA-2.5"),
        ("http://creativecommons.org/licenses/by/3.0/igo/legalcode", "CC-BY-3.0"),
        ("https://creativecommons.org/licenses/by-nd-nc/1.0/", "CC-BY-NC-ND-1.0"),
        ("https://creativecommons.org/licenses/by/3.0/?ref=chooser#terms", "CC-BY-3.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/legalcode.txt", "CC0-1.0"),
        ("http://creativecommons.org/publicdomain/mark/1.0/deed.de", "CC-PDM-1.0"),
        ("http://creativecommons.org/licenses/publicdomain/", "CC-PDDC"),
        ("https://artlibre.org/licence/lal/en/", "LAL-1.3"),
    ],
)
def test_find_licence_when_named_in_any_way_then_found(text: str, licence: str) -> None:
    assert find_licence(text) == LICENCES[licence]


@pytest.mark.parametrize(
    "text",
    [
        "", "cc", "all rights reserved", "https://creativecommons.org/", "https://creativecommons.org/licenses/by/9.0/",
        "https://creativecommons.org/licenses/sampling+/1.0/", "https://creativecommons.org/licenses/devnations/2.0/",
        "https://creativecommons.org.example.org/licenses/by/3.0/", "https://example.org/creativecommons.org/licenses/by/3.0/",
        "https://creativecommons.org/licenses/by/3.0/../../by-nc/3.0/", "https://creativecommons.org/licenses/by/3.01/",
        "https://creativecommons.org/licenses/by/3.0/us/other", "ftp://creativecommons.org/licenses/by/3.0/",
    ],
)  # fmt: skip
def test_find_licence_when_it_is_another_text_then_none(text: str) -> None:
    assert find_licence(text) is None
