"""Every error as ``application/problem+json`` (RFC 9457)."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from matinee import errors
from matinee.web.asgi import Reply

STATUSES: Mapping[type[errors.MatineeError], HTTPStatus] = {
    errors.MatineeError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.BadInput: HTTPStatus.BAD_REQUEST,
    errors.BadMagnet: HTTPStatus.BAD_REQUEST,
    errors.BadTorrent: HTTPStatus.BAD_REQUEST,
    errors.BadFilm: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.BadSubtitles: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.BadTitle: HTTPStatus.BAD_REQUEST,
    errors.BadSource: HTTPStatus.BAD_REQUEST,
    errors.BadRights: HTTPStatus.BAD_REQUEST,
    errors.BadBackup: HTTPStatus.BAD_REQUEST,
    errors.BadSetting: HTTPStatus.BAD_REQUEST,
    errors.BadLibrary: HTTPStatus.BAD_REQUEST,
    errors.BadRequest: HTTPStatus.BAD_REQUEST,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.TorrentNotFound: HTTPStatus.NOT_FOUND,
    errors.FileNotFound: HTTPStatus.NOT_FOUND,
    errors.PlaybackNotFound: HTTPStatus.NOT_FOUND,
    errors.TitleNotFound: HTTPStatus.NOT_FOUND,
    errors.ProfileNotFound: HTTPStatus.NOT_FOUND,
    errors.Refused: HTTPStatus.FORBIDDEN,
    errors.Unauthorised: HTTPStatus.UNAUTHORIZED,
    errors.Misdirected: HTTPStatus.MISDIRECTED_REQUEST,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.RightsUnconfirmed: HTTPStatus.CONFLICT,
    errors.TorrentRemoved: HTTPStatus.GONE,
    errors.DataFolderInUse: HTTPStatus.CONFLICT,
    errors.TitleNotAllowed: HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.Starting: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.MetadataTimeout: HTTPStatus.GATEWAY_TIMEOUT,
    errors.PieceTimeout: HTTPStatus.GATEWAY_TIMEOUT,
    errors.SourceUnreachable: HTTPStatus.BAD_GATEWAY,
    errors.SourceLimited: HTTPStatus.BAD_GATEWAY,
    errors.DiskFull: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.CapReached: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.DiskFailed: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.StorageFailed: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Every class of the tree has its own line; a test walks the tree."""

RETRY_AFTER_S = 5

_RESERVED = frozenset({"type", "title", "status", "code", "detail", "instance"})


def problem(error: errors.MatineeError) -> Reply:
    """Say an error of ours over the wire."""
    status = STATUSES[type(error)]
    headers = []
    if status == HTTPStatus.UNAUTHORIZED:
        headers.append(("WWW-Authenticate", "Bearer"))
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(("Retry-After", str(RETRY_AFTER_S)))
    return plain_problem(status, error.code, error.message, headers, error.details)


def internal_problem() -> Reply:
    """Say that something happened which nobody foresaw, without what is inside."""
    return plain_problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal",
        "Something went wrong inside Matinee. Try again; if it stays, the log of the program says more.",
    )


def plain_problem(
    status: int,
    code: str,
    detail: str,
    headers: list[tuple[str, str]] | None = None,
    details: Mapping[str, Any] | None = None,
) -> Reply:
    """Say a problem of HTTP itself, for which the program has no error class."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
    }
    body.update({key: value for key, value in (details or {}).items() if key not in _RESERVED})
    fields = [("Content-Type", "application/problem+json"), ("Cache-Control", "no-store"), *(headers or [])]
    return Reply(status, json.dumps(body).encode(), fields)
