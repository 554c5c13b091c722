"""Every error the program raises on purpose, in one tree.

MatineeError
├── BadInput                 somebody gave us something that cannot be right
│   ├── BadMagnet            bad-magnet
│   ├── BadTorrent           bad-torrent
│   ├── BadFilm              bad-film             a film that cannot be opened or played
│   ├── BadSubtitles         bad-subtitles        a file in which no cue is found
│   ├── BadTitle             bad-title            a title of the shelf whose file is wrong
│   ├── BadSource            bad-source           an address that may not or cannot be fetched
│   ├── BadRights            bad-rights
│   ├── BadSetting           bad-setting
│   ├── BadLibrary           bad-library          a file that is not an exported library
│   ├── BadBackup            bad-backup           a backup that is damaged, or of a newer program
│   └── BadRequest           bad-request
├── TooLarge                 too-large
├── NotFound                 not-found
│   ├── TorrentNotFound      torrent-not-found
│   ├── FileNotFound         file-not-found
│   ├── PlaybackNotFound     playback-not-found
│   ├── TitleNotFound        title-not-found
│   └── ProfileNotFound      profile-not-found
├── Refused                  refused              the gate said no
│   ├── Unauthorised         unauthorised
│   └── Misdirected          misdirected          a Host that is not ours
├── Conflict                 conflict
│   ├── RightsUnconfirmed    rights-unconfirmed
│   ├── TorrentRemoved       torrent-removed
│   ├── DataFolderInUse      data-folder-in-use
│   └── TitleNotAllowed      title-not-allowed    may not be shared in the user's country
└── Unavailable              unavailable          it may work later
    ├── Starting             starting
    ├── MetadataTimeout      metadata-timeout
    ├── PieceTimeout         piece-timeout
    ├── SourceUnreachable    source-unreachable
    │   └── SourceLimited    source-limited       it wants to be left alone for a time
    ├── DiskFull             disk-full
    ├── CapReached           cap-reached          films take all of the disk that they may
    ├── DiskFailed           disk-failed
    └── StorageFailed        storage-failed

``code`` is stable and goes over the wire; the message says what happened and what to do next.
``details`` holds the ids involved, and what else a page needs to say why, as JSON has it.
``web/problems.py`` maps every class to a status, and a test proves it does.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class MatineeError(Exception):
    """The root. Never raised itself."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details: Mapping[str, Any] = details


class BadInput(MatineeError):
    """Somebody gave us something that cannot be right."""

    code = "bad-input"


class BadMagnet(BadInput):
    """A magnet link that does not name a torrent."""

    code = "bad-magnet"


class BadTorrent(BadInput):
    """Bytes that are not a torrent we are willing to open."""

    code = "bad-torrent"


class BadFilm(BadInput):
    """A film that cannot be opened or played: broken, lying, or of a kind that is not known."""

    code = "bad-film"


class BadSubtitles(BadInput):
    """A file that holds no subtitles, or none of a kind that is known."""

    code = "bad-subtitles"


class BadTitle(BadInput):
    """A title of the built-in shelf whose file is wrong; the message has a line for each fault."""

    code = "bad-title"


class BadSource(BadInput):
    """An address that may not be fetched, or did not hold what it should."""

    code = "bad-source"


class BadRights(BadInput):
    """A statement of rights that is not one of the known bases."""

    code = "bad-rights"


class BadSetting(BadInput):
    """A setting that is unknown, of the wrong type or out of its range."""

    code = "bad-setting"


class BadLibrary(BadInput):
    """A file that is not an exported library, or one of which something cannot be right."""

    code = "bad-library"


class BadBackup(BadInput):
    """A file that is no backup of ours, is damaged, or was made by a newer program."""

    code = "bad-backup"


class BadRequest(BadInput):
    """A request whose form or fields are wrong."""

    code = "bad-request"


class TooLarge(MatineeError):
    """More bytes, files or names than we take."""

    code = "too-large"


class NotFound(MatineeError):
    """Nothing is at this address."""

    code = "not-found"


class TorrentNotFound(NotFound):
    """No torrent with this info hash is here."""

    code = "torrent-not-found"


class FileNotFound(NotFound):
    """The torrent has no such file, or it is not one that is shown."""

    code = "file-not-found"


class PlaybackNotFound(NotFound):
    """The playback session has ended or never was."""

    code = "playback-not-found"


class TitleNotFound(NotFound):
    """The catalogue has no such title."""

    code = "title-not-found"


class ProfileNotFound(NotFound):
    """There is no such profile; it may have been removed on another screen."""

    code = "profile-not-found"


class Refused(MatineeError):
    """The gate refused: wrong origin, wrong form, or not allowed to do this."""

    code = "refused"


class Unauthorised(Refused):
    """No token, cookie or signature, or one that is not valid any more."""

    code = "unauthorised"


class Misdirected(Refused):
    """The Host header does not name this program."""

    code = "misdirected"


class Conflict(MatineeError):
    """It cannot be done in the present state."""

    code = "conflict"


class RightsUnconfirmed(Conflict):
    """Nobody has stated yet on which basis this torrent may be shared."""

    code = "rights-unconfirmed"


class TorrentRemoved(Conflict):
    """The torrent was removed while somebody was reading it."""

    code = "torrent-removed"


class DataFolderInUse(Conflict):
    """Another process of ours holds the data folder."""

    code = "data-folder-in-use"


class TitleNotAllowed(Conflict):
    """A title that may not be shared in the user's country, as far as anybody knows."""

    code = "title-not-allowed"


class Unavailable(MatineeError):
    """It may work later."""

    code = "unavailable"


class Starting(Unavailable):
    """The program has not finished starting."""

    code = "starting"


class MetadataTimeout(Unavailable):
    """Nobody sent the list of files in time."""

    code = "metadata-timeout"


class PieceTimeout(Unavailable):
    """Nobody sent the wanted piece in time."""

    code = "piece-timeout"


class SourceUnreachable(Unavailable):
    """An address could not be reached or did not answer in time."""

    code = "source-unreachable"


class SourceLimited(SourceUnreachable):
    """A service wants to be left alone for a time: ``details["retry_after_s"]`` seconds."""

    code = "source-limited"


class DiskFull(Unavailable):
    """There is no room left where films are kept."""

    code = "disk-full"


class CapReached(Unavailable):
    """Films take as much of the disk as their user has given them, and none of them may go."""

    code = "cap-reached"


class DiskFailed(Unavailable):
    """The folder where films are kept cannot be read or written."""

    code = "disk-failed"


class StorageFailed(Unavailable):
    """The database cannot be read or written."""

    code = "storage-failed"
