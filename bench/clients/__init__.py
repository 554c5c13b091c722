"""The clients that are compared: one file each, one line here."""

from __future__ import annotations

from bench.clients.base import Client
from bench.clients.matinee import Matinee, MatineeClicked, MatineeOpened, MatineeSegments
from bench.clients.peerflix import Peerflix
from bench.clients.plain import Plain
from bench.clients.webtorrent import WebTorrent

CLIENTS: dict[str, Client] = {
    client.name: client
    for client in (
        Matinee(),
        MatineeSegments(),
        MatineeOpened(),
        MatineeClicked(),
        Peerflix(),
        WebTorrent(),
        Plain(),
    )
}
"""Every client by name, in the order in which the table shows them."""
