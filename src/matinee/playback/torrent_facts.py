"""What a .torrent says of itself, for the catalogue, which knows no torrents."""

from matinee.models.provider import TorrentFacts
from matinee.torrent.adding import magnet_of
from matinee.torrent.metainfo import Metainfo


def facts_of(metainfo: Metainfo) -> TorrentFacts:
    """Give what counts of a torrent that was read with care."""
    return TorrentFacts(
        name=metainfo.name,
        title=metainfo.title,
        licence=metainfo.licence,
        comment=metainfo.comment,
        length_bytes=metainfo.length,
        magnet=magnet_of(metainfo).render(),
    )
