"""On which basis a title may be shared, as it is recorded with its torrent. Pure."""

from matinee.models.rights import Basis, Verdict, Why


def basis_of(verdict: Verdict) -> tuple[Basis, str | None]:
    """Give the basis and the licence of a verdict that allows; a licence that somebody gave comes first."""
    if any(reason.why is Why.OWN_WORK for reason in verdict.reasons):
        return Basis.OWN_WORK, None
    for why, basis in ((Why.LICENCE, Basis.LICENCE), (Why.MARKED, Basis.PUBLIC_DOMAIN)):
        for reason in verdict.reasons:
            if reason.why is why:
                return basis, str(reason.facts["licence"])
    return Basis.PUBLIC_DOMAIN, None
