"""Which torrents the swarm may see now: makes libtorrent run and rest as each of them should.

STATES of a torrent: resting <-> running, by ``Torrent.should_run``; in trouble (the disk refused, or a link lies
where its files go) -> as it should, once the cause is gone or the user says so.
"""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

import libtorrent as lt

from matinee.errors import DiskFailed, DiskFull
from matinee.models.torrent import Sharing, Trouble
from matinee.torrent import adding
from matinee.torrent.films_folder import FilmsFolder
from matinee.torrent.lane.caller import Caller
from matinee.torrent.torrent import Torrent

DISK_RETRY_S = 10.0
"""After the disk refused: there is no event for free space."""
COUNTED_S = 2.0
"""libtorrent counts once a second."""


class Runner:
    """Runs all torrents of a session. Everything runs on the loop's thread."""

    def __init__(
        self,
        session: lt.session,
        caller: Caller | None,
        torrents: Mapping[lt.torrent_handle, Torrent],
        folder: FilmsFolder,
        reserve_bytes: int,
        changed: Callable[[Torrent], None],
    ) -> None:
        self._session = session
        self._caller = caller
        self._torrents = torrents
        self._folder = folder
        self._reserve_bytes = reserve_bytes
        self._changed = changed
        self._givers: dict[Torrent, None] = {}
        """Those that were given away when they were steered last; of some a piece may be missing by now."""
        self._givers_call = False

    def refusal(self, folder: Path) -> DiskFailed | None:
        """Say why nothing may be written into a torrent's folder: libtorrent would do so through a link that waits
        for it. Looks at all that lies there.
        """
        try:
            self._folder.check()
            adding.refuse_links(folder)
        except DiskFailed as error:
            return error
        return None

    def steer(self, torrent: Torrent) -> None:
        """Make libtorrent run or rest as the torrent should."""
        writes = torrent.should_run and not torrent.complete
        self.steer_looked_at(torrent, self.refusal(torrent.folder) if writes else None)

    def steer_looked_at(self, torrent: Torrent, refusal: DiskFailed | None) -> None:
        """Make it run or rest, whose folder was looked at just now: by a thread, where there are many."""
        if torrent.should_run and not torrent.complete and refusal is not None:
            torrent.trouble = Trouble(refusal.code, refusal.message)
            torrent.handle.pause()
            asyncio.get_running_loop().call_later(DISK_RETRY_S, self._retry_disk, torrent)
            return
        if torrent.should_run:
            may_call = torrent.record.sharing is not Sharing.ARCHIVE_ONLY
            if may_call and self._caller is not None and torrent.lane is not None and not torrent.runs:
                known, torrent.lane.called = tuple(torrent.lane.called), {}
                self._caller.expect(torrent.lane, known)
            torrent.runs = True
            if torrent.record.rights is not None:
                torrent.handle.unset_flags(lt.torrent_flags.upload_mode)
            torrent.handle.resume()
        else:
            torrent.runs = False
            torrent.handle.pause()
        if torrent.complete and torrent.should_run and torrent.handle in self._torrents:
            self._givers[torrent] = None
        else:
            self._givers.pop(torrent, None)
        self._let_givers_call()

    def forget(self, torrent: Torrent) -> None:
        """Note that a torrent is removed."""
        self._givers.pop(torrent, None)
        self._let_givers_call()

    def rest_soon(self, torrent: Torrent) -> None:
        """Let a torrent rest, but not before libtorrent has counted what came: it never counts for one that rests."""
        if torrent.should_run:
            self.steer(torrent)
        else:
            asyncio.get_running_loop().call_later(COUNTED_S, self._steer_if_here, torrent)

    def disk_refused(self, torrent: Torrent) -> None:
        """Want nothing until the disk takes bytes again, and try that now and then."""
        if torrent.film is not None:
            torrent.film.steering.pause(True)
            torrent.handle.post_status(lt.torrent_handle.query_pieces)
        self._changed(torrent)
        asyncio.get_running_loop().call_later(DISK_RETRY_S, self._retry_disk, torrent)

    def recover(self, torrent: Torrent) -> None:
        """Try again what went wrong."""
        torrent.trouble = None
        torrent.handle.clear_error()
        self.steer(torrent)
        if torrent.film is not None:
            torrent.film.steering.pause(False)
            torrent.handle.post_status(lt.torrent_handle.query_pieces)
        self._changed(torrent)

    def go_on_with(self, torrent: Torrent, other: Torrent) -> None:
        """Let a torrent run on, which has stopped because another was the same, by all that either link named."""
        link = adding.joined(torrent.record.magnet, other.record.magnet)
        torrent.change(magnet=link.render())
        adding.apply_sharing(torrent.handle, torrent.record.sharing, torrent.record.magnet)
        for seed in link.web_seeds:
            torrent.handle.add_url_seed(seed)
        if torrent.lane is not None and other.lane is not None:
            torrent.lane.called |= other.lane.called
            torrent.lane.answers += other.lane.answers
        # Its peers are gone: they are called anew.
        torrent.runs = False
        self.recover(torrent)

    def _steer_if_here(self, torrent: Torrent) -> None:
        if torrent.handle in self._torrents:
            self.steer(torrent)

    def _let_givers_call(self) -> None:
        """Have libtorrent call peers for a torrent that wants nothing only while some film is given away.

        One that waits for its player wants nothing either. Calling then costs its seeds: each of them hangs up on
        somebody who wants nothing as it does, and is not called again for long when the player comes.
        """
        # Not all torrents: each is steered, 500 of them at a start.
        while (first := next(iter(self._givers), None)) and not (first.complete and first.should_run):
            del self._givers[first]
        wanted = first is not None
        if wanted != self._givers_call:
            self._givers_call = wanted
            self._session.apply_settings({"seeding_outgoing_connections": wanted})

    def _retry_disk(self, torrent: Torrent) -> None:
        if torrent.handle not in self._torrents or torrent.trouble is None:
            return
        try:
            self._folder.check()
            adding.check_room(self._folder.path, self._reserve_bytes)
        except (DiskFull, DiskFailed):
            asyncio.get_running_loop().call_later(DISK_RETRY_S, self._retry_disk, torrent)
            return
        self.recover(torrent)
