"""Where ``play`` plays: in this process, or in a Matinee that runs already. Both answer the same questions."""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from matinee.catalogue.title_data import card_data
from matinee.cli.client import Remote
from matinee.cli.glimpse import Glimpse, of_json, of_view
from matinee.cli.launch import Running
from matinee.errors import (
    BadInput,
    FileNotFound,
    MatineeError,
    MetadataTimeout,
    RightsUnconfirmed,
    TorrentRemoved,
)
from matinee.events import TorrentChanged, TorrentGone
from matinee.models.catalogue import TitleQuery, Wanted
from matinee.models.rights import Rights
from matinee.models.torrent import FileEntry, TorrentView
from matinee.types import FileIndex, InfoHash, TitleId

LONGEST_S = 3700.0
"""No Matinee waits longer for a list of files: the setting allows an hour."""
UNCONFIRMED = "Say why this film may be shared: --rights own-work, licence, public-domain or permission."


class Place(Protocol):
    """A Matinee that plays."""

    async def add(self, source: str, rights: Rights | None) -> InfoHash:
        """Add what a person named, unless it is here, and state its rights where that has not been done.

        A title's are stated by its evidence.

        Raises:
            RightsUnconfirmed: nobody has stated them, and ``rights`` is None.
            MatineeError: what the program says about the source.
        """

    async def find(self, words: str) -> Sequence[Mapping[str, Any]]:
        """Find titles by words, as docs/api.md has them."""

    async def add_title(self, title_id: str, wanted: Wanted) -> tuple[InfoHash, int | None]:
        """Add a title's torrent, and give the film's index once the list of files is here."""

    async def files(self, info_hash: InfoHash) -> tuple[FileEntry, ...]:
        """Wait for the list of files. Raises MetadataTimeout."""

    def news(self, info_hash: InfoHash) -> AsyncIterator[Glimpse]:
        """Give what changes, without end."""

    async def address(self, info_hash: InfoHash, file: FileIndex) -> str:
        """Give the signed address of a file's stream."""

    def page(self, info_hash: InfoHash, file: FileIndex) -> str:
        """Give the address of the film's player for a browser; it lets that one in, where this can be done."""

    async def failed(self) -> None:
        """Wait for what makes going on useless, and raise it."""


class Here:
    """This process; a ``Place``."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._films = running.films

    async def add(self, source: str, rights: Rights | None) -> InfoHash:
        """Add, and state the rights of one that was here without."""
        torrent = await self._add(source, rights)
        if torrent.rights is None:
            if rights is None:
                raise RightsUnconfirmed(UNCONFIRMED)
            await self._films.state_rights(torrent.info_hash, rights)
        return torrent.info_hash

    async def _add(self, source: str, rights: Rights | None) -> TorrentView:
        if source.startswith("magnet:"):
            return (await self._films.add_magnet(source, rights))[0]
        if is_url(source):
            return (await self._films.add_url(source, rights))[0]
        if is_hash(source):
            return await self._films.torrent(InfoHash(source.lower()))
        return (await self._films.add_metainfo(await asyncio.to_thread(read, source), rights))[0]

    async def find(self, words: str) -> Sequence[Mapping[str, Any]]:
        """Search here."""
        page = await self._running.titles.find(TitleQuery(words=words))
        return [card_data(title) for title in page.titles]

    async def add_title(self, title_id: str, wanted: Wanted) -> tuple[InfoHash, int | None]:
        """Add it here."""
        added = await self._running.titles.add(TitleId(title_id), wanted)
        return added.torrent.info_hash, added.file

    async def files(self, info_hash: InfoHash) -> tuple[FileEntry, ...]:
        """Wait for the list of files."""
        with contextlib.suppress(FileNotFound):  # which file is asked for does not matter
            await self._films.stream(info_hash, FileIndex(0))
        return (await self._films.torrent(info_hash)).files

    async def news(self, info_hash: InfoHash) -> AsyncIterator[Glimpse]:
        """Listen to the bus; the engine looks each second while somebody does."""
        with self._running.news() as news:
            yield of_view(await self._films.torrent(info_hash))
            async for event in news:
                match event:
                    case TorrentChanged(torrent) if torrent.info_hash == info_hash:
                        yield of_view(torrent)
                    case TorrentGone(gone) if gone == info_hash:
                        raise TorrentRemoved("The torrent was removed.", info_hash=info_hash)

    async def address(self, info_hash: InfoHash, file: FileIndex) -> str:
        """Sign the address."""
        return self._running.address.rstrip("/") + self._running.sign_stream(info_hash, file)

    def page(self, info_hash: InfoHash, file: FileIndex) -> str:
        """Make a one-time link."""
        return f"{self._running.address}#t={self._running.mint_link()}&to=/film/{info_hash}/play/{file}"

    async def failed(self) -> None:
        """Wait for the program's end."""
        await self._running.ended()


class There:
    """A Matinee that runs already; a ``Place``."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote

    async def add(self, source: str, rights: Rights | None) -> InfoHash:
        """Add, and state the rights of one that was here without."""
        torrent = await self.bring(source, rights)
        info_hash = InfoHash(torrent["info_hash"])
        if torrent["rights"] is None:
            if rights is None:
                raise RightsUnconfirmed(UNCONFIRMED)
            await self._remote.send("PUT", f"{_TORRENTS}/{info_hash}/rights", json=_json(rights))
        return info_hash

    async def bring(self, source: str, rights: Rights | None = None) -> Mapping[str, Any]:
        """Add it, or find it where it is here, and ask nothing more: its page asks for the rights."""
        stated = {"rights": _json(rights)} if rights else {}
        if source.startswith("magnet:"):
            found = await self._remote.send("POST", _TORRENTS, json={"magnet": source, **stated})
        elif is_url(source):
            found = await self._remote.send("POST", _TORRENTS, json={"url": source, **stated})
        elif is_hash(source):
            found = await self._remote.send("GET", f"{_TORRENTS}/{source.lower()}")
        else:
            upload = {"file": ("film.torrent", await asyncio.to_thread(read, source))}
            form = {"rights": json.dumps(stated["rights"])} if rights else {}
            found = await self._remote.send("POST", _TORRENTS, files=upload, data=form)
        return dict(found)

    async def find(self, words: str) -> Sequence[Mapping[str, Any]]:
        """Have it search."""
        found = await self._remote.send("GET", _TITLES, params={"query": words})
        return list(found["titles"])

    async def add_title(self, title_id: str, wanted: Wanted) -> tuple[InfoHash, int | None]:
        """Have it added."""
        episode = (
            {"episode": {"season": wanted.season, "number": wanted.episode}}
            if wanted.episode is not None
            else {}
        )
        found = await self._remote.send("POST", f"{_TITLES}/{title_id}/torrent", json=episode)
        return InfoHash(found["info_hash"]), found["file_index"]

    async def files(self, info_hash: InfoHash) -> tuple[FileEntry, ...]:
        """Ask for a file's head: it comes once the list is here, or once nobody has sent it in time."""
        with contextlib.suppress(MatineeError):  # a head has no sentence: the torrent has it
            await self._remote.send("HEAD", f"/stream/{info_hash}/0", patience_s=LONGEST_S)
        torrent = await self._remote.send("GET", f"{_TORRENTS}/{info_hash}")
        if not torrent["files"] and torrent["trouble"]:
            raise MetadataTimeout(torrent["trouble"]["sentence"])
        return tuple(_entry(file) for file in torrent["files"])

    async def news(self, info_hash: InfoHash) -> AsyncIterator[Glimpse]:
        """Listen to the event stream, which shows every torrent first."""
        async with contextlib.aclosing(self._remote.events()) as events:
            async for name, data in events:
                if data.get("info_hash") != info_hash:
                    continue
                if name == "gone":
                    raise TorrentRemoved("The torrent was removed.", info_hash=info_hash)
                if name == "torrent":
                    yield of_json(data)

    async def address(self, info_hash: InfoHash, file: FileIndex) -> str:
        """Ask for the address that is signed there."""
        torrent = await self._remote.send("GET", f"{_TORRENTS}/{info_hash}")
        signed = next(one["stream_url"] for one in torrent["files"] if one["index"] == file)
        return self._remote.address.rstrip("/") + str(signed)

    def page(self, info_hash: InfoHash, file: FileIndex) -> str:
        """Name the player; the other process alone can make a link that lets in, and its browser is in already."""
        return f"{self._remote.address}#/film/{info_hash}/play/{file}"

    async def failed(self) -> None:
        """Never: the end of the other process shows as the end of its news."""
        await asyncio.Event().wait()


_TORRENTS = "/api/v1/torrents"
_TITLES = "/api/v1/titles"


def is_url(source: str) -> bool:
    """Tell whether a source is an address to fetch."""
    return source.startswith(("https://", "http://"))


def is_title(source: str) -> bool:
    """Tell whether a source names a title: it is nothing that is added by itself."""
    added = source.startswith("magnet:") or is_url(source) or is_hash(source)
    return not added and not source.endswith(".torrent") and not Path(source).exists()


def is_hash(text: str) -> bool:
    """Tell whether a source is an info hash."""
    return len(text) in (40, 64) and all(digit in "0123456789abcdefABCDEF" for digit in text)


def read(source: str) -> bytes:
    """Read a .torrent that a person named.

    Raises:
        BadInput: it cannot be read.
    """
    try:
        return Path(source).read_bytes()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise BadInput(
            f"{source} is neither a magnet link nor a torrent file that can be read: {reason}."
        ) from error


def _json(rights: Rights) -> dict[str, str | None]:
    return {"basis": rights.basis.value, "licence": rights.licence}


def _entry(file: Mapping[str, Any]) -> FileEntry:
    return FileEntry(FileIndex(file["index"]), file["path"], file["length"], 0, file["media_type"])
