"""What libtorrent is told of the wish, and that it lets go of what nobody wants."""

import time
from pathlib import Path

import libtorrent as lt
import pytest

from matinee.outside.addresses import AddressPolicy
from matinee.torrent.adding import prepare
from matinee.torrent.fetcher import LINGERING, SwarmFetcher
from matinee.torrent.metainfo import read_metainfo
from matinee.torrent.schedule import TOP, Change
from matinee.types import PieceIndex, Priority
from tests.torrent.made_torrents import PIECE, single_v1, torrent

SOUGHT, NEXT = PieceIndex(5), PieceIndex(6)
ANSWER_S = 60.0
TELL_WHEN_LET_GO = 1
"""libtorrent's ``alert_when_available``: it also tells when it gives a deadline up."""


@pytest.fixture
def session() -> lt.session:
    """A session without a network."""
    alone: lt.settings_pack = {
        "listen_interfaces": "", "enable_dht": False, "enable_lsd": False,
        "alert_mask": int(lt.alert_category.status | lt.alert_category.storage),
    }  # fmt: skip
    return lt.session(alone)


@pytest.fixture
def handle(session: lt.session, tmp_path: Path) -> lt.torrent_handle:
    """A torrent of ten pieces, none of which is here or wanted."""
    metainfo = read_metainfo(torrent(single_v1(10 * PIECE)), AddressPolicy())
    added = session.add_torrent(prepare(metainfo, tmp_path, None)[0])
    told(session, lt.torrent_checked_alert)
    return added


def told(session: lt.session, kind: type[lt.alert]) -> lt.alert:
    """Wait for an alert."""
    deadline_s = time.monotonic() + ANSWER_S
    while time.monotonic() < deadline_s:
        session.wait_for_alert(1000)
        for alert in session.pop_alerts():
            if type(alert) is kind:
                return alert
    raise TimeoutError


@pytest.mark.parametrize("left", [Priority(0), LINGERING])
def test_apply_when_what_was_sought_is_not_wanted_any_more_then_its_deadline_goes(
    left: Priority, session: lt.session, handle: lt.torrent_handle
) -> None:
    fetcher = SwarmFetcher(handle)
    fetcher.apply(Change(((SOUGHT, TOP), (NEXT, TOP)), cancel_for=SOUGHT))
    handle.set_piece_deadline(int(SOUGHT), 0, TELL_WHEN_LET_GO)
    fetcher.apply(Change(((NEXT, Priority(0)), (SOUGHT, left))))
    gone = told(session, lt.read_piece_alert)
    assert isinstance(gone, lt.read_piece_alert)
    assert (gone.piece, gone.error.message()) == (SOUGHT, "Operation canceled")
    assert handle.get_piece_priorities() == [left if piece == SOUGHT else 0 for piece in range(10)]
    assert fetcher.deadline is None


def test_apply_when_what_was_sought_is_still_wanted_then_its_deadline_stays(
    handle: lt.torrent_handle,
) -> None:
    fetcher = SwarmFetcher(handle)
    fetcher.apply(Change(((SOUGHT, TOP),), cancel_for=SOUGHT))
    fetcher.apply(Change(((NEXT, TOP),)))
    fetcher.apply(Change(((SOUGHT, Priority(5)),)))
    assert fetcher.deadline == SOUGHT
