"""What may be shared in one country today. Pure but for the clock it is given."""

from collections.abc import Callable
from datetime import date

from matinee.catalogue.rights import judge_title
from matinee.models.rights import Standing, Verdict
from matinee.models.title import Title
from matinee.types import Country


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
        return judge_title(title, self.country, self._today())

    def allows(self, title: Title) -> bool:
        """Tell whether a title may be shared; what is not known may not."""
        return self.verdict(title).standing is Standing.ALLOWED
