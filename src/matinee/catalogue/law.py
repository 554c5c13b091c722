"""What may be shared in one country today. Pure but for the clock it is given."""

from collections.abc import Callable
from datetime import date

from matinee.models.rights import Standing, Verdict
from matinee.models.title import Title
from matinee.types import Country

_WELL_KNOWN = Country("US")
"""Of this country most is known: its lists, and when its terms end."""


class Law:
    """The rules of ``rights``, for the user's country and for today.

    Args:
        country: where this computer is.
        today: gives the day there.
    """

    def __init__(self, country: Country, today: Callable[[], date]) -> None:
        self.country = country
        self._today = today

    @property
    def key(self) -> str:
        """Names what verdicts depend on besides the evidence: rights end with calendar years."""
        return f"{self.country}-{self._today().year}"

    def verdict(self, title: Title) -> Verdict:
        """Say whether a title may be shared, and why."""
        return self._judge(title, self.country)

    def shows(self, title: Title) -> bool:
        """Tell whether a title is in the catalogue here.

        Not what may not be shared, nor what nothing speaks for. What may be shared where it was made or in the US, and
        nobody knows for here, is shown as such: it plays when its user states a basis, as any torrent of theirs.
        """
        return self.shows_as(title) is not None

    def shows_as(self, title: Title) -> Standing | None:
        """Give as what a title is shown here: allowed, or not known; None when it is not."""
        standing = self.verdict(title).standing
        if standing is not Standing.NOT_KNOWN:
            return standing if standing is Standing.ALLOWED else None
        elsewhere = dict.fromkeys((_WELL_KNOWN, *title.countries))
        free = any(self._judge(title, country).standing is Standing.ALLOWED for country in elsewhere)
        return standing if free else None

    def _judge(self, title: Title, country: Country) -> Verdict:
        from matinee.catalogue.rights import judge_title  # the start need not wait for it

        return judge_title(title, country, self._today())
