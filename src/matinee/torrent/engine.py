"""The engine: one libtorrent session, its torrents, and what is kept of them. Everything runs on the loop."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import libtorrent as lt

from matinee import __version__
from matinee.errors import BadTorrent, Conflict, DiskFailed, Starting, TorrentNotFound
from matinee.events import Bus
from matinee.models.rights import Rights
from matinee.models.torrent import Activity, Sharing, Take, TorrentChange
from matinee.storage.receipts import ReceiptStore
from matinee.tasks import Tasks
from matinee.torrent import adding, carrying, leaving, restoring
from matinee.torrent.activity import read_activities
from matinee.torrent.alerts import AlertPump
from matinee.torrent.carrying import Carry
from matinee.torrent.contents import Contents
from matinee.torrent.films_folder import FilmsFolder
from matinee.torrent.intake import Intake
from matinee.torrent.lane.caller import Caller
from matinee.torrent.ledger import Ledger
from matinee.torrent.magnet import Magnet
from matinee.torrent.metadata import MetadataTaker
from matinee.torrent.metainfo import Metainfo
from matinee.torrent.quota import Quota
from matinee.torrent.running import Runner
from matinee.torrent.settings import EngineSettings, OwnNetwork, live_settings, open_session
from matinee.torrent.shared import Shared, Snapshot
from matinee.torrent.store import Record, TorrentStore
from matinee.torrent.telling import Teller
from matinee.torrent.torrent import Torrent
from matinee.torrent.torrents import Torrents
from matinee.torrent.transfers import Transfers
from matinee.torrent.wiring import Wiring
from matinee.types import FileIndex, InfoHash

log = logging.getLogger(__name__)

CLOSE_S = 2.0
_USER_AGENT = f"Matinee/{__version__}"


class Engine:
    """All torrents of one data folder."""

    def __init__(
        self,
        settings: EngineSettings,
        folder: Path,
        store: TorrentStore,
        intake: Intake,
        bus: Bus,
        pool: Executor,
        receipts: ReceiptStore,
    ) -> None:
        self._settings = settings
        self._folder = FilmsFolder(folder)
        self.store = store
        self._intake = intake
        self._bus = bus
        self._pool = pool
        self._torrents = Torrents()
        self._tasks = Tasks()
        self.quota = Quota(settings, folder, store, pool, self.all, self._tasks.begin, self.changed)
        self._shared = Shared(settings, store, pool, self.quota.space)
        self._restored = asyncio.Event()
        self.ledger = Ledger(receipts, self.all, self.refresh)

    # -- life

    def start(self) -> None:
        """Open the session. Quick."""
        self._folder.open()
        own = OwnNetwork() if self._settings.lanes else None
        self._session = open_session(self._settings, own, _USER_AGENT)
        self._caller: Caller | None = None
        if own is not None:
            self._caller = Caller(self._session, self._settings, own, self._pool)
        torrents = self._torrents.by_handle
        self._teller = Teller(self._bus, self._session, torrents, self._pool)
        room, changed = self._settings.reserve_bytes, self._teller.changed
        self._runner = Runner(self._session, self._caller, torrents, self._folder, room, changed)
        self._taker = MetadataTaker(
            self._torrents, self._intake, self._shared, self._runner, self.refresh, self.changed
        )
        self._transfers = Transfers(
            self._shared, self.store, torrents, self._runner, self._teller.changed, self._tasks.begin
        )
        self._pump = AlertPump(self._session)
        self._wiring = Wiring(self._pump, torrents, self._caller, self)
        self._pump.start()

    async def restore(self) -> None:
        """Bring back every torrent that is kept, with its state and its rights."""
        self._tasks.begin(self.quota.measure(), "measuring")
        await restoring.bring_back(self.store.all(), self._prepare_again, self._enter_again)
        self._restored.set()

    async def _prepare_again(self, record: Record) -> tuple[adding.Prepared, DiskFailed | None]:
        if record.metainfo is not None:
            source: Metainfo | Magnet = await self._intake.metainfo(record.metainfo)
        else:
            source = await self._intake.magnet(record.magnet)
        folder = self._folder.path / record.info_hash

        def work() -> tuple[adding.Prepared, DiskFailed | None]:
            # Hundreds of folders are not looked at on the loop.
            return adding.prepare(source, folder, record.resume), self._runner.refusal(folder)

        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def _enter_again(self, record: Record, prepared: tuple[adding.Prepared, DiskFailed | None]) -> None:
        (parameters, contents), refusal = prepared
        self._runner.steer_looked_at(self._enter(record, parameters, contents), refusal)

    async def close(self) -> None:
        """Save everything and end the session."""
        self._teller.close()
        self._transfers.close()
        torrents = self.all()
        await leaving.hand_over(torrents)
        await self.ledger.close()
        self._session.pause()
        await leaving.save(torrents, CLOSE_S)
        self._tasks.cancel()
        await self._tasks.done()
        if self._caller is not None:
            await self._caller.close()
            self._caller = None
        for torrent in torrents:
            await torrent.end()
        self._pump.stop()
        self._torrents.clear()
        session, self._session = self._session, None  # type: ignore[assignment]  # nothing is asked of it any more
        # Its destructor waits for the trackers to hear that we stop: not on the loop.
        last = [session]
        del session
        await asyncio.get_running_loop().run_in_executor(self._pool, last.clear)

    def go_by(self, settings: EngineSettings) -> None:
        """Go by other settings, those that can be changed while it runs."""
        self._settings = self._shared.settings = settings
        self._session.apply_settings(live_settings(settings, _USER_AGENT))
        for torrent in self._torrents.all():
            torrent.limit_lane()
        self._transfers.settings_changed()
        self.quota.space.limit(settings.disk_cap_bytes)

    # -- finding

    async def ready(self) -> None:
        """Wait until the kept torrents are back.

        Raises:
            Starting: that takes too long.
        """
        try:
            async with asyncio.timeout(30):
                await self._restored.wait()
        except TimeoutError:
            raise Starting("Matinee is still loading its films. Try again in a moment.") from None

    def get(self, info_hash: InfoHash) -> Torrent:
        """Find a torrent by either of its hashes. Raises TorrentNotFound."""
        return self._torrents.get(info_hash)

    def all(self) -> list[Torrent]:
        """Give every torrent, the newest first."""
        return self._torrents.all()

    async def refresh(self) -> None:
        """Bring every snapshot up to date."""
        update = self._wiring.next_update()
        self._session.post_torrent_updates(0)
        await update

    # -- changing

    async def add(
        self, source: Metainfo | Magnet, rights: Rights | None, carry: Carry | None = None
    ) -> tuple[Torrent, bool]:
        """Add a torrent; the flag is False when it was here. It is kept when this returns.

        Args:
            source: what to add.
            rights: on which basis; None as long as nobody has stated one.
            carry: asked for what it takes over from torrents that are here, once its contents are known; what it
                raises ends the adding.

        Raises:
            DiskFull: there is no room left.
            DiskFailed: the folder cannot be used.
        """
        async with self._torrents.turn(source.info_hash, source.info_hash_v2):
            found = self._torrents.here(source)
            if found is None:
                found, is_new = await self._new(source, rights, carry)
                if is_new:
                    return found, True
            if isinstance(source, Magnet) and found.record.sharing is not Sharing.ARCHIVE_ONLY:
                self._call(found, source.peers)
            if rights is not None and found.record.rights is None:
                await self.state_rights(found, rights)
            return found, False

    async def _new(
        self, source: Metainfo | Magnet, rights: Rights | None, carry: Carry | None
    ) -> tuple[Torrent, bool]:
        work = partial(adding.prepare, source, self._folder.path / source.identity, None)
        parameters, contents = await asyncio.get_running_loop().run_in_executor(self._pool, work)
        record = adding.new_record(source, rights, self._settings, self._transfers.next_place)
        folder = self._folder.path / record.info_hash
        carried = carry(contents) if carry and contents else ()
        lies_there = folder.exists()  # published here, or left by one that was removed
        self._folder.check()
        adding.make_folder(self._folder.path, folder, self._settings.reserve_bytes)
        if carried and contents and carrying.fits(carried, self.quota.space):
            await carrying.bring(carried, contents, folder, self._settings.reserve_bytes, self._pool)
            lies_there = True
        if lies_there:
            await self.quota.measure_one(folder)
        torrent = self._enter(record, parameters, contents)
        if torrent.record.info_hash != record.info_hash:
            return torrent, False
        if rights is not None:
            torrent.want_opening()
        await self.store.put(record)
        return torrent, True

    async def state_rights(self, torrent: Torrent, rights: Rights) -> None:
        """Record on which basis a torrent may be shared, and let it begin."""
        first = torrent.record.rights is None
        torrent.change(rights=rights)
        self._runner.steer(torrent)
        if first:
            torrent.want_opening()
        await self.store.put(torrent.record)
        self.changed(torrent)

    async def change(self, torrent: Torrent, change: TorrentChange) -> None:
        """Pause, resume, limit, take, move, or change what is shared."""
        await self._transfers.change(torrent, change)
        self.changed(torrent)
        self.quota.space.reconsider()

    async def take(self, torrent: Torrent, index: FileIndex, take: Take) -> None:
        """Have a file fetched though nobody plays it, or not."""
        await self._transfers.take(torrent, index, take)
        self.changed(torrent)

    async def remove(
        self, torrent: Torrent, *, delete_files: bool, unless: Callable[[], bool] = lambda: False
    ) -> None:
        """Forget a torrent; its readers end. Its own folder is all that is ever deleted.

        Raises:
            Conflict: ``unless`` says at the last moment that it has to stay.
        """
        async with self._torrents.turn(*self._torrents.hashes(torrent)):
            await self.ledger.forget(torrent)
            if unless():
                raise Conflict("This film is needed now.", info_hash=torrent.record.info_hash)
            if self.get(torrent.record.info_hash) is torrent:  # somebody else may have removed it meanwhile
                await self._take_out(torrent, delete_files=delete_files)

    async def _take_out(self, torrent: Torrent, *, delete_files: bool) -> None:
        self._torrents.drop(torrent)
        self._transfers.forget(torrent)
        self._runner.forget(torrent)
        await torrent.end()
        if self._caller is not None and torrent.lane is not None:
            self._caller.forget(torrent.lane)
        removal = self._wiring.removal_of(torrent)
        self._session.remove_torrent(torrent.handle)
        await self.store.delete(torrent.record.info_hash)
        async with asyncio.timeout(CLOSE_S * 5):
            await removal
        if delete_files:
            await asyncio.get_running_loop().run_in_executor(self._pool, adding.delete_folder, torrent.folder)
        self.quota.space.drop(torrent.record.info_hash, deleted=delete_files)
        self._teller.gone(torrent.record.info_hash)

    async def activities(self, torrents: Sequence[Torrent]) -> list[Activity]:
        """Say who sees each torrent, and what was given and taken."""
        await self.refresh()
        return await read_activities(torrents, self._settings, self._caller, self._pool)

    @property
    def in_dht(self) -> bool:
        """Whether this computer is part of the DHT."""
        return self._settings.dht and not self._settings.offline

    # -- what the wiring tells (its Listener)

    def metadata_came(self, torrent: Torrent) -> None:
        """Read a magnet's metadata and let the torrent begin."""
        self._tasks.begin(self._taker.take(torrent), "metadata")

    def came_twice(self, torrent: Torrent, other: Torrent) -> None:
        """Two links were of one torrent: that whose list of files has come stays."""
        self._tasks.begin(self._join(torrent, other), "joining")

    def changed(self, torrent: Torrent) -> None:
        """Tell the page soon."""
        self._transfers.changed(torrent)
        self._teller.changed(torrent)
        self.ledger.moved(torrent)

    def completed(self, torrent: Torrent) -> None:
        """A film is whole: save, and stop sharing where that was the wish."""
        if torrent.film is not None:
            torrent.film.saver.arrived(1 << 62)
        self._transfers.completed(torrent)
        self._runner.rest_soon(torrent)

    def disk_trouble(self, torrent: Torrent) -> None:
        """Want nothing until the disk takes bytes again."""
        self._runner.disk_refused(torrent)

    # -- inside

    async def _join(self, torrent: Torrent, other: Torrent) -> None:
        with suppress(TorrentNotFound):  # somebody has removed it just now
            await self.remove(other, delete_files=False)
        if torrent.handle not in self._torrents.by_handle:
            return
        self._runner.go_on_with(torrent, other)
        if torrent.record.rights is None and other.record.rights is not None:
            await self.state_rights(torrent, other.record.rights)
        await self.store.put(torrent.record)

    def _call(self, torrent: Torrent, peers: Sequence[tuple[str, int]]) -> None:
        if self._caller is not None and torrent.lane is not None and torrent.runs:
            self._caller.call(torrent.lane, peers)
            return
        for peer in peers:
            torrent.handle.connect_peer(peer)

    def _enter(self, record: Record, parameters: lt.add_torrent_params, contents: Contents | None) -> Torrent:
        adding.apply_record(parameters, record, has_metadata=contents is not None)
        private = contents is not None and contents.private
        caller = self._caller if record.sharing is not Sharing.ARCHIVE_ONLY and not private else None
        runs = not bool(parameters.flags & lt.torrent_flags.paused)
        known = parameters.peers
        if caller is not None and runs:
            caller.rest()
            parameters.peers = []
        try:
            handle = self._session.add_torrent(parameters)
        except RuntimeError as error:
            raise BadTorrent(f"The engine would not take this torrent: {error}.") from error
        if handle in self._torrents.by_handle:
            # By a hybrid's other hash: the list of files that names both has come, and is being read.
            return self._torrents.by_handle[handle]
        lane = self._caller.lane(handle) if self._caller is not None and not private else None
        # Resume data most of all: what is kept is newer soon, and must not be written over with this.
        light = replace(record, metainfo=None, resume=None)
        folder = self._folder.path / record.info_hash
        torrent = Torrent(light, handle, self._shared, folder, lane)
        self.quota.enter(torrent)
        torrent.runs = runs
        torrent.snapshot = Snapshot(
            bytes_down=parameters.total_downloaded, bytes_up=parameters.total_uploaded
        )
        if caller is not None and lane is not None and runs:
            caller.expect(lane, known)
        torrent.on_readers_changed = lambda: self._readers_changed(torrent)
        torrent.on_metadata_late = partial(self._give_up_soon, torrent)
        self._torrents.put(torrent, handle.info_hashes())
        if contents is not None:
            torrent.begin(contents)
        else:
            torrent.expect_metadata()
        self.changed(torrent)
        return torrent

    def _give_up_soon(self, torrent: Torrent) -> None:
        self._tasks.begin(self._taker.give_up(torrent), "metadata late")

    def _readers_changed(self, torrent: Torrent) -> None:
        if torrent.complete and torrent.record.sharing is Sharing.WHILE_WATCHING:
            self._runner.rest_soon(torrent)
        self.quota.readers_changed(torrent)
        self._teller.readers_changed()
        self.changed(torrent)
