"""What each alert means for which torrent. The only place that reads libtorrent's alerts."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

import libtorrent as lt

from matinee.errors import BadTorrent, DiskFailed, DiskFull
from matinee.models.torrent import Peers, Rates, Trouble
from matinee.names import clean_name
from matinee.torrent.alerts import AlertPump
from matinee.torrent.lane.caller import Caller
from matinee.torrent.shared import Snapshot
from matinee.torrent.torrent import Torrent
from matinee.types import PieceIndex

log = logging.getLogger(__name__)

_CHECKING = (
    lt.torrent_status.states.checking_files,
    lt.torrent_status.states.checking_resume_data,
)
_FULL = 28  # ENOSPC
_BAD_METADATA = ("libtorrent", 14)
"""Its ``invalid_swarm_metadata``: the category and the number; this binding names none."""
_TWICE = ("libtorrent", 19)
"""Its ``duplicate_torrent``."""


class Listener(Protocol):
    """What the engine wants to hear beyond what a torrent does with it."""

    def metadata_came(self, torrent: Torrent) -> None:
        """A magnet's metadata has come."""

    def came_twice(self, torrent: Torrent, other: Torrent) -> None:
        """Two torrents are one, as the first one's list of files says; both have stopped."""

    def changed(self, torrent: Torrent) -> None:
        """Something that is shown has changed."""

    def completed(self, torrent: Torrent) -> None:
        """Every shown file is here now."""

    def disk_trouble(self, torrent: Torrent) -> None:
        """The disk refused."""


class Wiring:
    """Connects the pump to the torrents, and to who calls their peers."""

    def __init__(
        self,
        pump: AlertPump,
        torrents: Mapping[lt.torrent_handle, Torrent],
        caller: Caller | None,
        listener: Listener,
    ) -> None:
        self._torrents = torrents
        self._caller = caller
        self._listener = listener
        self._updates: list[asyncio.Future[None]] = []
        self._removed: dict[lt.torrent_handle, asyncio.Future[None]] = {}
        for kind, handler in self._handlers().items():
            pump.on(kind, handler)

    def _handlers(self) -> dict[type[lt.alert], Callable[..., None]]:
        return {
            lt.read_piece_alert: self._read_piece,
            lt.piece_finished_alert: self._piece_finished,
            lt.metadata_received_alert: self._metadata_received,
            lt.state_update_alert: self._state_update,
            lt.state_changed_alert: self._state_changed,
            lt.torrent_checked_alert: self._checked,
            lt.save_resume_data_alert: self._resume_data,
            lt.save_resume_data_failed_alert: self._resume_refused,
            lt.cache_flushed_alert: self._flushed,
            lt.file_error_alert: self._file_error,
            lt.torrent_error_alert: self._torrent_error,
            lt.tracker_error_alert: self._tracker_error,
            lt.tracker_reply_alert: self._tracker_reply,
            lt.dht_reply_alert: self._dht_reply,
            lt.peer_snubbed_alert: self._peer_failed,
            lt.peer_disconnected_alert: self._peer_gone,
            lt.peer_error_alert: self._peer_failed,
            lt.torrent_removed_alert: self._torrent_removed,
            lt.torrent_deleted_alert: self._torrent_deleted,
            lt.torrent_delete_failed_alert: self._delete_failed,
            lt.fastresume_rejected_alert: self._resume_rejected,
            lt.metadata_failed_alert: self._metadata_failed,
            lt.torrent_conflict_alert: self._conflict,
            lt.listen_succeeded_alert: self._listen_succeeded,
            lt.listen_failed_alert: self._listen_failed,
            lt.alerts_dropped_alert: self._dropped,
        }

    # -- questions that an alert answers

    def next_update(self) -> asyncio.Future[None]:
        """Give a future for the next status update of the session."""
        self._updates.append(asyncio.get_running_loop().create_future())
        return self._updates[-1]

    def removal_of(self, torrent: Torrent) -> asyncio.Future[None]:
        """Give a future for the moment in which libtorrent has let go of a torrent."""
        self._removed[torrent.handle] = asyncio.get_running_loop().create_future()
        return self._removed[torrent.handle]

    # -- pieces

    def _read_piece(self, alert: lt.read_piece_alert) -> None:
        torrent = self._torrents.get(alert.handle)
        if torrent is None or torrent.film is None:
            return
        failure = alert.error.message() if alert.error.value() else None
        torrent.film.pieces.on_read(PieceIndex(alert.piece), b"" if failure else alert.buffer, failure)

    def _piece_finished(self, alert: lt.piece_finished_alert) -> None:
        torrent = self._torrents.get(alert.handle)
        if torrent is None:
            return
        was_complete = torrent.complete
        torrent.piece_arrived(PieceIndex(alert.piece_index))
        self._listener.changed(torrent)
        if torrent.complete and not was_complete:
            self._listener.completed(torrent)

    # -- state

    def _metadata_received(self, alert: lt.metadata_received_alert) -> None:
        torrent = self._torrents.get(alert.handle)
        if torrent is not None:
            self._listener.metadata_came(torrent)

    def _state_update(self, alert: lt.state_update_alert) -> None:
        for status in alert.status:
            torrent = self._torrents.get(status.handle)
            if torrent is not None:
                torrent.snapshot = _snapshot(status)
                if status.pieces and not torrent.snapshot.checking:
                    self._claimed(torrent, status.pieces)
                self._listener.changed(torrent)
        updates, self._updates = self._updates, []
        for waiting in updates:
            if not waiting.done():
                waiting.set_result(None)

    def _claimed(self, torrent: Torrent, pieces: list[bool]) -> None:
        torrent.claimed(pieces)
        if torrent.complete:
            self._listener.completed(torrent)

    def _state_changed(self, alert: lt.state_changed_alert) -> None:
        torrent = self._torrents.get(alert.handle)
        if torrent is not None:
            torrent.snapshot = replace(torrent.snapshot, checking=alert.state in _CHECKING)
            self._listener.changed(torrent)

    def _checked(self, alert: lt.torrent_checked_alert) -> None:
        torrent = self._torrents.get(alert.handle)
        if torrent is None or torrent.film is None:
            return
        # The answer is a state update with the pieces in it; it comes in order with the pieces that finish.
        alert.handle.post_status(lt.torrent_handle.query_pieces)

    def _resume_data(self, alert: lt.save_resume_data_alert) -> None:
        # The parameters live only as long as their alert.
        params = alert.params
        known = [(str(host), int(port)) for host, port in params.peers]
        if self._caller is not None:
            self._caller.told(alert.handle, known)
        torrent = self._torrents.get(alert.handle)
        if torrent is not None and torrent.film is not None:
            if torrent.lane is not None:
                # libtorrent knows those that we called by an address inside this computer.
                spoke = [peer.address for peer in torrent.lane.peers if peer.spoke]
                params.peers = list(dict.fromkeys([*known, *spoke]))
            torrent.film.saver.on_claim(params)

    def _resume_refused(self, alert: lt.save_resume_data_failed_alert) -> None:
        torrent = self._torrents.get(alert.handle)
        if torrent is not None and torrent.film is not None:
            torrent.film.saver.on_refusal(alert.error.message())

    def _resume_rejected(self, alert: lt.fastresume_rejected_alert) -> None:
        log.warning(
            "Resume data did not fit the files, which are checked instead error=%s", alert.error.message()
        )

    def _flushed(self, alert: lt.cache_flushed_alert) -> None:
        torrent = self._torrents.get(alert.handle)
        if torrent is not None and torrent.film is not None:
            torrent.film.saver.on_flushed()

    # -- trouble

    def _file_error(self, alert: lt.file_error_alert) -> None:
        self._disk_trouble(alert.handle, alert.error)

    def _torrent_error(self, alert: lt.torrent_error_alert) -> None:
        if (alert.error.category().name(), alert.error.value()) in (_BAD_METADATA, _TWICE):
            return  # no fault of the disk's, and told by ``_metadata_failed`` and ``_conflict``
        self._disk_trouble(alert.handle, alert.error)

    def _disk_trouble(self, handle: lt.torrent_handle, error: lt.error_code) -> None:
        torrent = self._torrents.get(handle)
        if torrent is None:
            return
        reason = error.message()
        if torrent.film is not None:
            torrent.film.saver.on_refusal(reason)
            torrent.film.pieces.doubt()
        if error.value() == _FULL:
            trouble = Trouble(DiskFull.code, "The disk is full. Make room; the film goes on by itself then.")
        else:
            trouble = Trouble(
                DiskFailed.code,
                f"The folder where films are kept cannot be used: {reason}. Check it; then resume.",
            )
        if torrent.trouble == trouble:
            return  # every block that was on its way says so
        torrent.trouble = trouble
        log.error("The disk refused info_hash=%s error=%s", torrent.record.info_hash, reason)
        self._listener.disk_trouble(torrent)

    def _metadata_failed(self, alert: lt.metadata_failed_alert) -> None:
        torrent = self._torrents.get(alert.handle)
        if torrent is None:
            return
        log.warning("A list of files was refused info_hash=%s", torrent.record.info_hash)
        torrent.trouble = Trouble(
            BadTorrent.code,
            "The list of files that came is broken or far too long. This torrent cannot be opened.",
        )
        self._listener.changed(torrent)

    def _conflict(self, alert: lt.torrent_conflict_alert) -> None:
        """Two links to a hybrid, one by each hash: libtorrent stops both when the first has its list of files."""
        torrent, other = self._torrents.get(alert.handle), self._torrents.get(alert.conflicting_torrent)
        if torrent is not None and other is not None:
            self._listener.came_twice(torrent, other)

    def _listen_succeeded(self, alert: lt.listen_succeeded_alert) -> None:
        if alert.socket_type == lt.socket_type_t.tcp and self._caller is not None:
            self._caller.listening(str(alert.address), int(alert.port))

    def _listen_failed(self, alert: lt.listen_failed_alert) -> None:
        log.warning("A port for peers could not be opened error=%s", alert.error.message())

    def _dropped(self, alert: lt.alerts_dropped_alert) -> None:
        log.error("The engine's alerts came faster than they were read; some are lost")

    # -- trackers and peers

    def _tracker_error(self, alert: lt.tracker_error_alert) -> None:
        torrent = self._torrents.get(alert.handle)
        if torrent is None:
            return
        reason = clean_name(alert.failure_reason() or alert.error.message(), "no answer")
        torrent.tracker_errors[alert.url] = reason
        torrent.trackers_working.discard(alert.url)

    def _dht_reply(self, alert: lt.dht_reply_alert) -> None:
        if self._caller is not None:
            self._caller.heard(alert.handle)

    def _tracker_reply(self, alert: lt.tracker_reply_alert) -> None:
        if self._caller is not None:
            self._caller.heard(alert.handle)
        torrent = self._torrents.get(alert.handle)
        if torrent is not None:
            torrent.tracker_errors.pop(alert.url, None)
            torrent.trackers_working.add(alert.url)

    def _peer_failed(self, alert: lt.torrent_alert) -> None:
        torrent = self._torrents.get(alert.handle)
        if torrent is not None:
            torrent.peer_failed()

    def _peer_gone(self, alert: lt.peer_disconnected_alert) -> None:
        if alert.error.value():
            self._peer_failed(alert)

    # -- removal

    def _torrent_removed(self, alert: lt.torrent_removed_alert) -> None:
        waiting = self._removed.pop(alert.handle, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def _torrent_deleted(self, alert: lt.torrent_deleted_alert) -> None:
        log.info("Files were deleted info_hash=%s", alert.info_hashes.get_best())

    def _delete_failed(self, alert: lt.torrent_delete_failed_alert) -> None:
        log.warning("Files could not be deleted error=%s", alert.error.message())


def _snapshot(status: lt.torrent_status) -> Snapshot:
    # Its mean over some time takes a minute to fade, and says that a film arrives from nobody.
    rates = (
        Rates(status.download_payload_rate, status.upload_payload_rate) if status.num_peers else Rates(0, 0)
    )
    return Snapshot(
        rates=rates,
        # What a tracker tells of all seeds (BEP 48, and its answers to announces) is -1 before it has.
        peers=Peers(status.num_peers, max(status.num_seeds, status.num_complete), status.list_peers),
        checking=status.state in _CHECKING,
        bytes_down=status.all_time_download,
        bytes_up=status.all_time_upload,
        counted=True,
        homes_known=status.num_seeds > 0 or status.num_complete >= 0,
    )
