"""Which files of torrents that are here are a title's."""

from matinee.catalogue.service import Catalogue
from matinee.errors import TorrentNotFound
from matinee.models.torrent import FileEntry
from matinee.ports import Films
from matinee.types import TitleId


async def files_of(catalogue: Catalogue, films: Films, title: TitleId) -> tuple[FileEntry, ...]:
    """Give the files of all torrents that were added for a title and are still here."""
    found: list[FileEntry] = []
    for info_hash in await (await catalogue.store()).added_for(title):
        try:
            found += (await films.torrent(info_hash)).files
        except TorrentNotFound:
            continue
    return tuple(found)
