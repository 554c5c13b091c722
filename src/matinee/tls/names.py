"""What this computer is called in its own networks."""

import socket


def host_name() -> str:
    """Give its own name, one label in lower case; ``computer`` where it has none."""
    return socket.gethostname().partition(".")[0].lower() or "computer"


def own_names() -> frozenset[str]:
    """Give the names it goes by of itself: its host name, alone and with ``.local``."""
    name = socket.gethostname().partition(".")[0].lower()
    return frozenset({name, f"{name}.local"}) if name else frozenset()


def network_names() -> tuple[str, str]:
    """Give the names that Matinee makes known for it, without ``.local``: the first that nobody else there has."""
    return "matinee", f"matinee-{host_name()[:40]}"


def names_here() -> list[str]:
    """Give all of them, as a client would ask for them."""
    return sorted({*own_names(), *(f"{name}.local" for name in network_names())})
