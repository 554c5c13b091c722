"""Where titles come from, as plain data: for the wire, as ``docs/api.md`` has it, and for the command line. Pure."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from matinee.models.provider import FeedEntry, ProviderEntry, SourceList, Trouble


def sources_data(found: SourceList) -> dict[str, Any]:
    """Give everybody."""
    return {
        "asked": found.asked,
        "providers": [_provider(one) for one in found.providers],
        "feeds": [feed_data(one) for one in found.feeds],
    }


def _provider(one: ProviderEntry) -> dict[str, Any]:
    return {
        "id": one.about.id,
        "name": one.about.name,
        "home": one.about.home,
        "features": sorted(one.about.features),
        "asks": one.about.asks,
        "enabled": one.enabled,
        "answered_at": _moment(one.state.answered_at),
        "kept_at": _moment(one.state.kept_at),
        "trouble": _trouble(one.state.trouble),
    }


def feed_data(one: FeedEntry) -> dict[str, Any]:
    """Give a feed."""
    return {
        "id": one.feed.id,
        "address": one.feed.address,
        "name": one.state.name,
        "enabled": one.feed.enabled,
        "items": one.state.items,
        "titles": one.state.titles,
        "answered_at": _moment(one.state.answered_at),
        "trouble": _trouble(one.state.trouble),
    }


def _trouble(trouble: Trouble | None) -> dict[str, Any] | None:
    return None if trouble is None else asdict(trouble)


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")
