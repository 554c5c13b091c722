"""When a film has been watched, and where one goes on with it. Pure.

Whoever leaves during the credits has seen the film. Where they begin a chapter may say; else they are taken to be the
last twentieth, and never more than six minutes: credits do not grow with a film's length for ever, and a film that has
hardly any ends within them all the same (docs/decisions/0021-library.md).
"""

CREDITS_PART = 0.05
LEAST_CREDITS_S = 5.0
MOST_CREDITS_S = 360.0
EARLIEST_CREDITS_PART = 0.6
"""A chapter that calls itself credits before this part of a film has the opening credits."""
HARDLY_BEGUN_S = 20.0
HARDLY_BEGUN_PART = 0.1
"""Of a film that is shorter than 200 s."""


def credits_at(duration_s: float, said_s: float | None = None) -> float:
    """Say where a film's credits begin.

    Args:
        duration_s: how long the film is; more than 0.
        said_s: where a chapter says that they do.
    """
    if said_s is not None and EARLIEST_CREDITS_PART * duration_s <= said_s <= duration_s:
        return said_s
    return max(0.0, duration_s - min(MOST_CREDITS_S, max(LEAST_CREDITS_S, CREDITS_PART * duration_s)))


def is_over(position_s: float, duration_s: float, said_s: float | None = None) -> bool:
    """Tell whether a film that was left at a place has been watched; never where its length is not known."""
    return duration_s > 0 and position_s >= credits_at(duration_s, said_s)


def is_begun(position_s: float, duration_s: float) -> bool:
    """Tell whether somebody who left a film there would want to go on rather than to begin."""
    least = HARDLY_BEGUN_S if duration_s <= 0 else min(HARDLY_BEGUN_S, HARDLY_BEGUN_PART * duration_s)
    return position_s > 0 and position_s >= least


def resume_s(position_s: float, duration_s: float) -> float:
    """Say where one goes on: at the beginning of what had hardly begun, or was over."""
    return position_s if is_begun(position_s, duration_s) and not is_over(position_s, duration_s) else 0.0
