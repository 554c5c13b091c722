"""Titles of films that were published here: in the catalogue with what their maker says of them, as any other title.

That somebody's own work may be shared is their word, and counts here alone: a title of this source is joined with no
other, or it would speak for what it does not know (``catalogue/joining``).
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from matinee.catalogue.providers.reading import title_id
from matinee.catalogue.service import Catalogue
from matinee.catalogue.title_data import record_of
from matinee.models.catalogue import OWN, Wanted
from matinee.models.licences import find_licence
from matinee.models.media import MediaInfo
from matinee.models.publication import Order
from matinee.models.rights import Evidence, Licensed, OwnWork
from matinee.models.title import Kind, MagnetLink, Release, Title
from matinee.models.torrent import TorrentView
from matinee.types import InfoHash, TitleId

BY = "Whoever published it on this computer"


class OwnFilms:
    """Keeps them.

    Args:
        catalogue: where they are kept.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    async def keep(self, order: Order, name: str, view: TorrentView, info: MediaInfo) -> TitleId:
        """Make a title of a film that is shared now, and of its torrent the one that plays it.

        Args:
            order: what its maker said.
            name: of its file.
            view: its torrent.
            info: what it is made of.

        Raises:
            Starting, StorageFailed: the catalogue is not to be had.
        """
        title = _title(order, name, view, info)
        store = await self._catalogue.store()
        await store.put(OWN, [title])
        judged = await self._catalogue.title(title.id)
        await store.record(view.info_hash, title.id, Wanted(), record_of(judged))
        return title.id

    async def forget(self, info_hash: InfoHash) -> None:
        """Have a title go with its torrent; of a torrent that is not of one's own there is nothing to forget."""
        await (await self._catalogue.store()).drop(OWN, [id_of(info_hash)])


def id_of(info_hash: InfoHash) -> TitleId:
    """Give the title's name, by its torrent's."""
    return title_id(OWN, info_hash)


def _title(order: Order, name: str, view: TorrentView, info: MediaInfo) -> Title:
    picture = info.video[0]
    sound: Sequence[str] = tuple(dict.fromkeys(track.codec for track in info.audio))
    minutes = None if info.duration_s is None else max(1, round(info.duration_s / 60))
    release = Release(
        MagnetLink(view.magnet),
        file=name,
        length_bytes=view.length or None,
        duration_s=info.duration_s,
        width=picture.width,
        height=picture.height,
        codecs=(picture.codec, *sound),
    )
    return Title(
        id=id_of(view.info_hash),
        kind=Kind.FILM,
        title=order.title,
        year=order.year,
        countries=(),
        languages=(),
        minutes=minutes,
        releases=(release,),
        evidence=(_evidence(order.licence),),
    )


def _evidence(licence: str | None) -> Evidence:
    today = datetime.now(UTC).date()
    known = None if licence is None else find_licence(licence)
    if known is None:
        return OwnWork(by=BY, source="", checked=today)
    return Licensed(licence=known.id, url=known.url, by=BY, source=known.url, checked=today)
