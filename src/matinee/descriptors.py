"""How many files and connections the program may have open at once."""

import resource

WANTED = 8192
"""Films, peers, and a page or a player for each of some thousand connections."""


def have_enough() -> int:
    """Ask the system for as many descriptors as may be wanted, as far as it lets us; gives how many there are now.

    A login, and systemd's units, give 1024 of those that they allow: programs that cannot deal with more are spared.
    With so many 500 open pages would leave none for a film.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft == resource.RLIM_INFINITY or soft >= most:
        return WANTED if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    except (OSError, ValueError):
        return soft
    return most
