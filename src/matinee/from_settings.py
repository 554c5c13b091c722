"""What is made of settings: at the start, and again when one of them is changed while the program runs."""

import logging
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from matinee.config import Config
from matinee.events import Bus
from matinee.types import Country

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from matinee.catalogue.folder_later import FolderLater
    from matinee.catalogue.providers.asking import Asking
    from matinee.catalogue.providers.feeds import Feeds
    from matinee.catalogue.providers.torrent_folder import TorrentFolder
    from matinee.catalogue.service import Catalogue
    from matinee.catalogue.shelf import Shelf
    from matinee.catalogue.sources import Sources
    from matinee.limits import Limits
    from matinee.media.hardware import Hardware
    from matinee.models.provider import TorrentFacts
    from matinee.outside.addresses import AddressPolicy
    from matinee.outside.contacts import ContactBook, Note
    from matinee.playback.extras import TitleExtras
    from matinee.playback.posters import Posters
    from matinee.playback.posters_later import PostersLater
    from matinee.playback.publishing import Publishing
    from matinee.playback.service import Service
    from matinee.playback.sessions import Sessions
    from matinee.playback.watching import Watching
    from matinee.playback.web_films import WebFilms
    from matinee.ports import Films, SubtitleProvider
    from matinee.storage.database import Database
    from matinee.torrent.engine import Engine
    from matinee.torrent.intake import Intake
    from matinee.torrent.settings import EngineSettings
    from matinee.types import FileIndex, InfoHash


class Live:
    """Has the rooms go by what was changed while they run: all that ``config_keys`` says holds at once.

    Args:
        engine: its limits, how it finds people, what it does with a new film.
        catalogue: the country whose law it goes by.
        playbacks: whom to ask for subtitles.
        posters: whether makers' pictures are fetched.
        web_films: what films on the web may take.
        limits: which limits hold at this hour.
        note: told of whom is asked for subtitles.
        folder: the user's folder of torrents.
    """

    def __init__(
        self,
        engine: "Engine",
        catalogue: "Catalogue",
        playbacks: "Sessions",
        posters: "PostersLater",
        web_films: "WebFilms",
        limits: "Limits",
        note: "Note",
        folder: "FolderLater",
    ) -> None:
        self._folder = folder
        self._limits = limits
        self._web_films = web_films
        self._note = note
        self._engine = engine
        self._catalogue = catalogue
        self._playbacks = playbacks
        self._posters = posters

    async def go_by(self, config: Config, changed: frozenset[str]) -> None:
        """Go by changed settings, or by those that hold at this hour."""
        if "country" in changed:
            self._catalogue.move(Country(config.country))
        if "opensubtitles_key" in changed:
            self._playbacks.provider = subtitle_provider(config, self._note)
        if "log_level" in changed:
            logging.getLogger().setLevel(config.log_level.upper())
        if "torrents_dir" in changed:
            await self._folder.move(config.torrents_dir)
        if "pictures" in changed:
            await self._posters.renew()
        held = self._limits.of(config)
        self._web_films.limit(held.down_limit_bytes_per_s)
        self._engine.go_by(engine_settings(held))
        self._limits.watch()


def asking_of(
    policy: "AddressPolicy",
    contacts: "ContactBook",
    database: "Database",
    folder: "FolderLater",
    sources: "Sources",
) -> "tuple[Asking, Feeds]":
    """Make what asks the providers and the feeds: on a thread, for the list of installed packages is read."""
    from matinee.catalogue.answers import Answers
    from matinee.catalogue.providers.asking import Asking
    from matinee.catalogue.providers.feeds import Feeds
    from matinee.catalogue.providers.installed import installed
    from matinee.outside.fetch import Fetcher

    fetcher = Fetcher(policy, note=contacts.note("catalogue"))
    feeds = Feeds(fetcher, lambda: sources.feeds)
    return Asking((*installed(fetcher), feeds, folder()), Answers(database), enabled=sources.enabled), feeds


def picture_shop(
    config: Config, catalogue: "Catalogue", films: "Films", bus: Bus, note: "Note"
) -> "tuple[Posters, TitleExtras]":
    """Make what has the makers' posters, and what knows what else there is of titles; they ask nobody where that is not
    wanted, or nobody may be asked.
    """
    from matinee.catalogue.providers import internet_archive
    from matinee.media.picture import MOST_BYTES, Studio
    from matinee.outside.fetch import Fetcher
    from matinee.playback.extras import TitleExtras
    from matinee.playback.films_of import files_of
    from matinee.playback.picture_cache import PictureCache
    from matinee.playback.posters import Posters

    wanted = config.pictures == "fetch" and engine_settings(config).straight
    fetcher = Fetcher(policy_of(config), max_bytes=MOST_BYTES, note=note) if wanted else None
    archive = None
    if fetcher is not None:
        archive = internet_archive.InternetArchive(fetcher, home=internet_archive.HOME)
    cache = PictureCache(config.data_dir / "pictures")

    extras = TitleExtras(
        catalogue.title, partial(files_of, catalogue, films), catalogue.verdict_on, archive, cache, bus
    )
    return Posters(catalogue.title, fetcher, Studio(), cache, bus, extras.stills), extras


async def keep_stills(
    watching: "Watching",
    posters: "PostersLater",
    info_hash: "InfoHash",
    file_index: "FileIndex",
    made: "Sequence[bytes]",
) -> None:
    """Keep stills of a film that is played; of what is no title nobody would see them."""
    title = await watching.shown_in(info_hash, file_index)
    if title is None:
        return
    try:
        await posters.keep(title, made)
    except OSError as error:
        log.warning("Stills of a film cannot be kept title=%s error=%s", title, error)


def publishing_of(
    config: Config, service: "Service", catalogue: "Catalogue", pool: "Executor", bus: Bus
) -> "Publishing":
    """Make what publishes films of one's own."""
    from matinee.events import PublicationChanged
    from matinee.playback.own_films import OwnFilms
    from matinee.playback.publishing import Publishing
    from matinee.playback.uploads import Uploads

    uploads = Uploads(config.films_dir, config.reserve_bytes, pool)
    own = OwnFilms(catalogue)
    films, policy = config.films_dir, policy_of(config)
    return Publishing(
        service, uploads, own, policy, films, pool, lambda view: bus.publish(PublicationChanged(view))
    )


def hardware_of(config: Config) -> "Hardware | None":
    """Give what knows of hardware encoders: nothing where none is to be used."""
    if config.hardware_encoder == "off":
        return None
    from matinee.media.hardware import Hardware

    return Hardware()


def subtitle_provider(config: Config, note: "Note") -> "SubtitleProvider | None":
    """Give whom to ask for subtitles: nobody without a key, or when nobody is to be asked anything."""
    if not config.opensubtitles_key or config.offline:
        return None
    from matinee.providers.opensubtitles import OpenSubtitles

    return OpenSubtitles(config.opensubtitles_key, note=note)


def policy_of(config: Config) -> "AddressPolicy":
    """Say which addresses a stranger may name."""
    from matinee.outside.addresses import AddressPolicy

    return AddressPolicy(allow_private=config.allow_private_sources)


def engine_settings(config: Config) -> "EngineSettings":
    """Give the engine's part of the settings."""
    from matinee.models.torrent import Sharing, Take
    from matinee.torrent.giving import GiveLimits
    from matinee.torrent.settings import EngineSettings

    return EngineSettings(
        listen_port=config.listen_port,
        dht=config.dht,
        lsd=config.lsd,
        utp=config.utp,
        port_mapping=config.port_mapping,
        encryption=config.encryption,
        down_limit_bytes_per_s=config.down_limit_bytes_per_s,
        up_limit_bytes_per_s=config.up_limit_bytes_per_s,
        connections=config.connections,
        sharing=Sharing(config.sharing),
        take=Take.NORMAL if config.fetch == "whole" else Take.NOT,
        downloads_at_once=config.downloads_at_once,
        give=GiveLimits(config.give_ratio_limit, config.give_hours_limit),
        proxy_kind=config.proxy_kind,
        proxy_host=config.proxy_host,
        proxy_port=config.proxy_port,
        proxy_user=config.proxy_user,
        proxy_password=config.proxy_password,
        metadata_timeout_s=config.metadata_timeout_s,
        piece_timeout_s=config.piece_timeout_s,
        reserve_bytes=config.reserve_bytes,
        disk_cap_bytes=config.disk_cap_bytes,
        allow_private=config.allow_private_sources,
        offline=config.offline,
    )


def catalogue_of(config: Config, database: "Database", pool: "Executor") -> "Catalogue":
    """Make the catalogue; its shelf is read on a thread, for the start need not wait for it."""
    from matinee.catalogue.law import Law
    from matinee.catalogue.service import Catalogue

    def load() -> "Shelf":
        from matinee.catalogue.shelf import load

        return load()

    return Catalogue(database, Law(Country(config.country), date.today), load, pool)


def torrents_folder(
    config: Config, intake: "Intake", catalogue: "Catalogue", service: "Service"
) -> "FolderLater":
    """Give the user's folder of torrents, which is followed whenever they name one."""
    from matinee.catalogue.folder_later import FolderLater

    def make(path: "Path | None") -> "TorrentFolder":
        from matinee.catalogue.folder_shelf import TakenIn
        from matinee.catalogue.providers.torrent_folder import TorrentFolder
        from matinee.playback.torrent_facts import facts_of

        async def read(data: bytes) -> "TorrentFacts":
            return facts_of(await intake.metainfo(data))

        async def add(data: bytes) -> None:
            await service.add_metainfo(data, None)

        taken = TakenIn(catalogue, add, partial(service.add_magnet, rights=None))
        return TorrentFolder(path, read, taken)

    return FolderLater(config.torrents_dir, make, catalogue)
