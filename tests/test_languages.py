"""What films and files call languages."""

import pytest

from matinee.languages import tag_of


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("eng", "en"), ("EN", "en"), ("English", "en"), ("fre", "fr"), ("français", "fr"), ("ger", "de"),
        ("pob", "pt-BR"),
        ("pt-br", "pt-BR"), ("pt_BR", "pt-BR"), ("en-US", "en-US"), ("es-419", "es-419"), ("zh-TW", "zh-Hant"),
        ("zh-hans", "zh-Hans"), ("sr-Latn", "sr-Latn"), ("chs", "zh-Hans"), ("iw", "he"), ("scc", "sr"), ("nb", "nb"),
        ("en-somewhere", "en"), ("", "und"), ("und", "und"), ("x", "und"), ("director", "und"), ("-", "und"),
    ],
)  # fmt: skip
def test_tag_of_when_named_in_any_way_then_bcp_47(name: str, tag: str) -> None:
    assert tag_of(name) == tag
