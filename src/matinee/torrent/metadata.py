"""Takes what peers sent of a magnet's torrent: its list of files, which our own reader reads before it is believed."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import libtorrent as lt

from matinee.errors import MatineeError
from matinee.models.torrent import Trouble
from matinee.torrent import adding
from matinee.torrent.contents import read_contents
from matinee.torrent.intake import Intake
from matinee.torrent.lane.caller import digests
from matinee.torrent.running import Runner
from matinee.torrent.shared import Shared
from matinee.torrent.torrent import Torrent
from matinee.torrent.torrents import Torrents


class MetadataTaker:
    """Lets torrents begin whose metadata has come, and gives up on those whose is late.

    Args:
        torrents: all that are here.
        intake: reads what a stranger wrote.
        shared: what they have in common.
        runner: makes them run.
        refresh: brings their snapshots up to date.
        changed: told of every torrent that is shown otherwise now.
    """

    def __init__(
        self,
        torrents: Torrents,
        intake: Intake,
        shared: Shared,
        runner: Runner,
        refresh: Callable[[], Awaitable[None]],
        changed: Callable[[Torrent], None],
    ) -> None:
        self._torrents = torrents
        self._intake = intake
        self._shared = shared
        self._runner = runner
        self._refresh = refresh
        self._changed = changed

    async def take(self, torrent: Torrent) -> None:
        """Read a magnet's metadata and let the torrent begin. What cannot be read is its trouble from now on."""
        loop, pool = asyncio.get_running_loop(), self._shared.pool
        info = await loop.run_in_executor(pool, torrent.handle.torrent_file)
        if info is None or torrent.film is not None:
            return
        # Everything is wanted by default. The flag against that would put what comes into a part file of libtorrent's.
        torrent.handle.prioritize_pieces([0] * info.num_pieces())
        try:
            metainfo = await self._intake.info(info.info_section())
        except MatineeError as error:
            torrent.trouble = Trouble(error.code, error.message)
            torrent.handle.pause()
            self._changed(torrent)
            return
        contents = await loop.run_in_executor(pool, partial(read_contents, info, metainfo))
        if torrent.handle not in self._torrents.by_handle:
            return
        self._torrents.name(torrent, info.info_hashes())
        if torrent.lane is not None:
            torrent.lane.answers = digests(info.info_hashes())
        torrent.change(name=metainfo.name, metainfo=adding.with_addresses(metainfo, torrent.record.magnet))
        torrent.begin(contents)
        if torrent.record.rights is not None:
            torrent.want_opening()
        self._runner.steer(torrent)
        torrent.handle.post_status(lt.torrent_handle.query_pieces)
        await self._shared.store.put(torrent.record)
        torrent.change(metainfo=None)
        self._changed(torrent)

    async def give_up(self, torrent: Torrent) -> None:
        """Say why it did not come in time; it is still looked for."""
        # Who is connected is asked only while somebody looks or reads; the sentence is about them.
        await self._refresh()
        torrent.give_up_metadata()
        self._changed(torrent)
