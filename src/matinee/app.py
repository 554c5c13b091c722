"""Puts the program together: the only place that knows every room. Kept quick to import, see docs/decisions/0002."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from matinee.allocator import give_back, keep_small
from matinee.cli.launch import Running
from matinee.clock import Clock
from matinee.config import Config
from matinee.data_folder import DataFolder
from matinee.descriptors import have_enough
from matinee.errors import StorageFailed
from matinee.events import Bus, DevicesChanged, PlaybackChanged, SettingChanged, TitleChanged

if TYPE_CHECKING:
    from matinee.catalogue.folder_later import FolderLater
    from matinee.catalogue.further import Further
    from matinee.catalogue.service import Catalogue
    from matinee.catalogue.sources import Sources
    from matinee.media.hardware import Hardware
    from matinee.playback.freeing import Freeing
    from matinee.playback.posters_later import PostersLater
    from matinee.playback.publishing_later import PublishingLater
    from matinee.playback.service import Service
    from matinee.playback.sessions import Sessions
    from matinee.playback.titles import Titles
    from matinee.playback.watchers import Watchers
    from matinee.playback.watching import Watching
    from matinee.settings import Settings
    from matinee.storage.cookies import CookieStore
    from matinee.storage.database import Database
    from matinee.storage.devices import DeviceStore
    from matinee.torrent.engine import Engine
    from matinee.web.app import WebApp
    from matinee.web.screens import Called, OtherScreens

log = logging.getLogger(__name__)

POOL_THREADS = 4
YOUNG_OBJECTS = 20_000


@dataclass(slots=True)
class _Core:
    """What lies behind the web."""

    service: "Service"
    playbacks: "Sessions"
    catalogue: "Catalogue"
    titles: "Titles"
    further: "Further"
    posters: "PostersLater"
    sources: "Sources"
    folder: "FolderLater"
    watching: "Watching"
    settings: "Settings"
    freeing: "Freeing"
    engine: "Engine"
    cookies: "CookieStore"
    devices: "DeviceStore"
    database: "Database"
    bus: Bus
    ready: asyncio.Event
    failed: "asyncio.Future[None]"
    hardware: "Hardware | None"
    watchers: "Watchers"
    publishing: "PublishingLater"


def main() -> None:
    """Run the command line."""
    # Nearly all that is made while a program starts stays: to look at it every 700 objects finds nothing.
    gc.set_threshold(YOUNG_OBJECTS)
    from matinee.cli.main import run

    run(serving)


@asynccontextmanager
async def serving(config: Config) -> AsyncIterator[Running]:
    """Run the program: the page answers when this is entered; films come back in the background.

    Raises:
        DataFolderInUse, DiskFailed, BadSetting, Conflict: it cannot start; the message says why.
    """
    from matinee.tls.keeper import Keeper
    from matinee.tls.names import own_names
    from matinee.web.app import Options, build
    from matinee.web.devices import Devices
    from matinee.web.protocol import limits_of
    from matinee.web.screens import OtherScreens
    from matinee.web.security import Gate
    from matinee.web.server import serve
    from matinee.web.signatures import Signer
    from matinee.web.upgrade import Upgrade
    from matinee.web.visits import Visits

    keep_small()
    descriptors = have_enough()
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(DataFolder(config.data_dir))
        folder.expect_films(config.films_dir)
        clock = Clock()
        core = await stack.enter_async_context(_core(config, clock))
        gate = Gate(
            token=config.token or folder.token(), store=core.cookies, devices=core.devices, names=own_names(),
            signer=Signer(folder.signing_key(), clock.later, clock.earlier), clock=clock.later,
        )  # fmt: skip
        visits, changed = Visits(), partial(core.bus.publish, DevicesChanged())
        keeper = Keeper.of(config)
        keeper.check()
        devices = Devices(core.devices, visits, changed, lambda: screens, clock=clock.later)
        options = Options(send_idle_limit_s=config.send_idle_limit_s)
        web = build(
            core.service,
            core.playbacks,
            core.titles,
            core.further,
            core.sources,
            core.watching,
            core.posters,
            core.settings,
            core.freeing,
            core.publishing,
            core.bus,
            gate,
            devices,
            visits,
            is_ready=core.ready.is_set,
            authority=lambda: keeper.authority,
            options=options,
        )
        limits = limits_of(descriptors)
        listening = await stack.enter_async_context(
            serve(web, config.host, config.port, or_next_port=not config.port_chosen, limits=limits)
        )
        screens = OtherScreens(
            listening, gate, changed, devices.pairing.shut, called=_network_name, keeper=keeper,
            plain=Upgrade(web, gate, lambda: keeper.authority is not None),
        )  # fmt: skip
        stack.push_async_callback(screens.close)
        core.settings.hold(screens.go_by)
        folder.announce(listening.url)
        works = (
            _prepare(core, web), _keep_folder(core), core.watchers.keep_telling(), core.publishing.sweep(),
            _let_in(core, screens),
        )  # fmt: skip
        await stack.enter_async_context(_background(core, *works))
        yield Running(
            listening.url,
            core.service,
            core.titles,
            core.further,
            core.sources,
            core.watching,
            gate.mint_link,
            gate.signer.stream_url,
            core.service.share,
            core.bus.subscribe,
            core.failed,
        )


@asynccontextmanager
async def _core(config: Config, clock: Clock) -> AsyncIterator[_Core]:
    from matinee.from_settings import (
        Live,
        asking_of,
        catalogue_of,
        engine_settings,
        hardware_of,
        keep_stills,
        picture_shop,
        policy_of,
        publishing_of,
        subtitle_provider,
        torrents_folder,
    )
    from matinee.settings import Settings
    from matinee.storage.database import Database

    # First of all, beside the imports below: it takes 60 ms, and the home page is asked for first (2026-11-26).
    database = Database.of(config.database_url, config.data_dir)
    pool = ThreadPoolExecutor(POOL_THREADS, "pool")
    catalogue = catalogue_of(config, database, pool)
    catalogue.start()

    from matinee.catalogue.completing import Completing
    from matinee.catalogue.further import Further
    from matinee.catalogue.providers import internet_archive
    from matinee.catalogue.providers.internet_archive import InternetArchive
    from matinee.catalogue.sources import Sources
    from matinee.library.service import Library
    from matinee.limits import Limits
    from matinee.outside.addresses import UrlKind
    from matinee.outside.contacts import ContactBook
    from matinee.outside.fetch import Fetcher
    from matinee.playback import web_films
    from matinee.playback.captions import Captions
    from matinee.playback.freeing import Freeing
    from matinee.playback.healing import Healer
    from matinee.playback.posters_later import PostersLater
    from matinee.playback.publishing_later import PublishingLater
    from matinee.playback.service import Service
    from matinee.playback.sessions import Sessions
    from matinee.playback.titles import Titles
    from matinee.playback.watchers import Watchers
    from matinee.playback.watching import Watching
    from matinee.storage.cookies import CookieStore
    from matinee.storage.devices import DeviceStore
    from matinee.storage.freed import FreedStore
    from matinee.storage.item_files import ItemFiles
    from matinee.storage.promises import PromiseStore
    from matinee.storage.receipts import ReceiptStore
    from matinee.torrent.engine import Engine
    from matinee.torrent.intake import Intake
    from matinee.torrent.metainfo import MAX_METAINFO_BYTES
    from matinee.torrent.publisher import Publisher
    from matinee.torrent.store import TorrentStore
    from matinee.torrent.web_hosts import MOST_BYTES, WebHosts

    bus, contacts = Bus(), ContactBook()
    cookies, devices = CookieStore(database, clock.earlier), DeviceStore(database, clock.earlier)
    policy = policy_of(config)
    async with Intake(policy) as intake:
        chosen = Settings(config, lambda key: bus.publish(SettingChanged(key)))
        limits = Limits(lambda: chosen.running, lambda: live.go_by(chosen.running, frozenset()))
        held = limits.of(config)
        settings = engine_settings(held)
        receipts = ReceiptStore(database)
        engine = Engine(settings, config.films_dir, TorrentStore(database), intake, bus, pool, receipts)
        publisher = Publisher(policy, config.films_dir, config.reserve_bytes, pool)
        engine.start()
        hosts = WebHosts(
            Fetcher(policy, max_bytes=MOST_BYTES, kind=UrlKind.WEB_SEED, note=contacts.note("films"))
            if settings.straight
            else None
        )
        fetcher = Fetcher(policy, max_bytes=MAX_METAINFO_BYTES, note=contacts.note("torrents"))
        archive = InternetArchive(fetcher, home=internet_archive.HOME) if settings.straight else None
        healer = Healer(archive)
        incoming = Fetcher(policy, timeout_s=web_films.IDLE_S, note=contacts.note("films"))
        on_the_web = web_films.WebFilms(
            incoming if settings.straight else None, config.films_dir / ".web", config.reserve_bytes, pool,
            bus.publish, patience_s=config.piece_timeout_s, limit_bytes_per_s=held.down_limit_bytes_per_s,
            receipts=receipts,
        )  # fmt: skip
        items = ItemFiles(database)
        service = Service(
            engine, intake, fetcher if settings.straight else None, publisher, hosts, healer, on_the_web, items,
            limits.view, contacts,
        )  # fmt: skip
        watchers = Watchers(bus, service.glance)
        contacts.on_asked = watchers.moved
        hardware = hardware_of(config)
        folder = torrents_folder(config, intake, catalogue, service)
        asking = partial(asking_of, policy, contacts, database, folder) if settings.straight else None
        sources = Sources(catalogue, policy, asking, pool)
        about_subtitles = contacts.note("subtitles")
        captions = Captions(
            catalogue, sources.asking, Fetcher(policy, max_bytes=MOST_BYTES, note=about_subtitles)
        )
        playbacks = Sessions(
            service,
            provider=subtitle_provider(config, about_subtitles),
            store=PromiseStore(database),
            hardware=hardware,
            captions=captions,
            changed=lambda session: bus.publish(PlaybackChanged(session)),
            keep_stills=lambda info_hash, index, made: keep_stills(watching, posters, info_hash, index, made),
        )
        posters = PostersLater(
            lambda: picture_shop(chosen.running, catalogue, service, bus, contacts.note("pictures"))
        )
        completing = Completing(
            catalogue, sources.asking if asking else None, lambda title: bus.publish(TitleChanged(title))
        )
        further = Further(catalogue, sources.asking, completing)
        titles = Titles(
            catalogue, service, offline=config.offline, promises=playbacks.promises, details=sources.details,
            completing=completing,
            trailer=posters.trailer,
        )  # fmt: skip
        watching = Watching(Library(database, bus), catalogue, service, items)
        service.on_renewed.append(titles.follow)
        freeing = on_the_web.space = service.space = Freeing(
            engine, service, playbacks, watching, bus, FreedStore(database)
        )
        publishing = PublishingLater(
            config.films_dir, lambda: publishing_of(config, service, catalogue, pool, bus)
        )
        service.on_removed.append(publishing.forget)
        live = Live(engine, catalogue, playbacks, posters, on_the_web, limits, about_subtitles, folder)
        chosen.hold(live.go_by)
        limits.watch()
        core = _Core(
            service, playbacks, catalogue, titles, further, posters, sources, folder, watching, chosen, freeing, engine,
            cookies, devices, database, bus,
            asyncio.Event(), asyncio.get_running_loop().create_future(), hardware, watchers, publishing,
        )  # fmt: skip
        try:
            async with healer, on_the_web, core.playbacks, posters, freeing, publishing, completing:
                yield core
        finally:
            limits.close()
            await engine.close()
            await cookies.close()
            await devices.close()
            await database.close()
            await asyncio.to_thread(pool.shutdown, wait=True)


async def _let_in(core: _Core, screens: "OtherScreens") -> None:
    """Let other screens in from the start, where that is set: who is let in is known then."""
    await core.ready.wait()
    await screens.go_by(core.settings.running, frozenset())


def _network_name(port: int) -> "Called":
    from matinee.web.mdns import NetworkName

    return NetworkName(port)


async def _keep_folder(core: _Core) -> None:
    """Follow the user's folder of torrents, whenever there is one."""
    await core.ready.wait()
    await core.folder.follow()


@asynccontextmanager
async def _background(core: _Core, *works: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Do some work beside the body, at most as long as that lasts.

    Not a TaskGroup: that would wrap what a command raises in a group, and its one clear sentence would be lost.
    """
    tasks = [asyncio.create_task(_or_fail(core, work)) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _or_fail(core: _Core, work: Coroutine[None, None, None]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - told to whoever runs the program, which ends it
        if not core.failed.done():
            core.failed.set_exception(error)


async def _prepare(core: _Core, web: "WebApp") -> None:
    """Do what the first answer need not wait for, and give back the memory that only this needed: 5 MB.

    The home page is written before everything else, or it would share its processor with half a second of imports.
    Where there is a graphics chip it is tried last of all: that starts processes.
    """
    await web.lay_out()
    await asyncio.gather(_load(core), _warm_up(web))
    await asyncio.to_thread(give_back)
    if core.hardware is not None:
        await core.hardware.look()


async def _load(core: _Core) -> None:
    """Bring back what was kept. The page answers meanwhile, and waits for this where it must."""
    await core.database.open()
    # Devices first: while cookies are not here nobody is told that they are not known.
    await core.devices.load()
    await core.cookies.load()
    await core.engine.restore()
    await core.service.restore_web_films()
    core.ready.set()
    try:
        await core.catalogue.settle()
        await core.sources.load()
        await core.database.keep_copy()
        await core.database.let_go()
    except StorageFailed as error:
        log.warning("%s", error.message)


async def _warm_up(web: "WebApp") -> None:
    """Import what is slow, and have the collector pass over all that was imported from now on.

    It would look at it each time, and hold the loop meanwhile: 40 ms (2026-11-26).
    """
    await web.warm_up()
    gc.freeze()
