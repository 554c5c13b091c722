"""Which providers there are: ours, and those that others have installed beside the program."""

import logging
from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import TypeAlias

from matinee.catalogue.providers.internet_archive import InternetArchive
from matinee.catalogue.providers.media_ccc import MediaCcc
from matinee.catalogue.providers.peertube import PeerTube
from matinee.catalogue.providers.wikimedia_commons import WikimediaCommons
from matinee.outside.fetch import Fetcher
from matinee.ports import CatalogueProvider

log = logging.getLogger(__name__)

GROUP = "matinee.catalogue"
"""Entry points of this group each name a ``Make``."""

Make: TypeAlias = Callable[[Fetcher], CatalogueProvider]
"""Makes a provider that fetches by the rules of the program, and in no other way. Asks nobody yet."""

OURS: tuple[Make, ...] = (InternetArchive, PeerTube, MediaCcc, WikimediaCommons)


def installed(fetcher: Fetcher, others: Iterable[EntryPoint] | None = None) -> tuple[CatalogueProvider, ...]:
    """Make all providers, ours first. One that cannot be made is left out, and the log says why.

    Reads the list of installed packages: for a thread.

    Args:
        fetcher: what they fetch with.
        others: None for those that are installed.
    """
    found = [make(fetcher) for make in OURS]
    for entry in entry_points(group=GROUP) if others is None else others:
        try:
            provider = entry.load()(fetcher)
            log.info("A provider of others is there name=%s id=%s", entry.name, provider.about.id)
        except Exception:  # somebody else's code: whatever it does, the program starts
            log.exception("A provider of others cannot be used name=%s", entry.name)
            continue
        found.append(provider)
    return tuple(found)
