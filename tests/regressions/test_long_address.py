"""An address that grew when it was quoted was kept once, and refused after the next restart (found by fuzzing)."""

from matinee.outside.addresses import URL_MAX_CHARS, AddressPolicy, Refusal, UrlKind


def test_clean_url_when_it_grows_too_long_by_quoting_then_is_refused_at_once() -> None:
    policy = AddressPolicy(allow_private=False)
    fits = "https://films.example/" + "\u00e9" * 100
    kept = policy.clean_url(fits, UrlKind.WEB_SEED)
    assert isinstance(kept, str)
    assert policy.clean_url(kept, UrlKind.WEB_SEED) == kept
    long = "https://films.example/" + "\u00e9" * (URL_MAX_CHARS // 2)
    assert isinstance(policy.clean_url(long, UrlKind.WEB_SEED), Refusal)
