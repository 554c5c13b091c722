"""The description at ``/api/openapi.json``: FastAPI's own, and by hand the routes that are plain ASGI."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from matinee.web import (
    catalogue_schemas,
    device_schemas,
    library_schemas,
    overview_schemas,
    playback_schemas,
    publishing_schemas,
    schemas,
    settings_schemas,
    source_schemas,
    storage_schemas,
)

_DESCRIBED: tuple[type[BaseModel], ...] = (
    schemas.AddTorrent,
    playback_schemas.OpenPlayback,
    schemas.ChangeTorrent,
    schemas.ChangeFile,
    schemas.RightsStatement,
    schemas.TorrentEvent,
    schemas.BufferEvent,
    schemas.GoneEvent,
    schemas.PictureEvent,
    schemas.Health,
    catalogue_schemas.Shelves,
    catalogue_schemas.SearchFurther,
    catalogue_schemas.Answered,
    catalogue_schemas.TitleEvent,
    catalogue_schemas.Extras,
    playback_schemas.AddTitle,
    playback_schemas.AskForecast,
    source_schemas.SwitchSource,
    source_schemas.AddFeed,
    settings_schemas.ChangeSettings,
    settings_schemas.SettingEvent,
    playback_schemas.PlaybackEvent,
    overview_schemas.Glance,
    storage_schemas.StorageEvent,
    publishing_schemas.BeginUpload,
    publishing_schemas.PublishFilm,
    publishing_schemas.Publication,
    library_schemas.AddProfile,
    library_schemas.ChangeProfile,
    library_schemas.SetLock,
    library_schemas.OpenLock,
    library_schemas.LibraryFile,
    library_schemas.ChangeTaste,
    library_schemas.Rate,
    library_schemas.See,
    library_schemas.LibraryEvent,
    device_schemas.ChangeDevice,
    device_schemas.AnswerAsk,
    device_schemas.AskIn,
    device_schemas.Scan,
    device_schemas.WaitFor,
    device_schemas.Visitor,
    device_schemas.DevicesEvent,
    schemas.Link,
    schemas.Problem,
)
_PROBLEM = {
    "description": "A problem; its code is stable.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_SECURITY_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "The owner's token."},
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "matinee-8642",
        "description": "The port is in the name.",
    },
    "signature": {
        "type": "apiKey",
        "in": "query",
        "name": "sig",
        "description": "Of the addresses that players fetch.",
    },
}
_PLAYERS: list[dict[str, list[str]]] = [{"token": []}, {"cookie": []}, {"signature": []}]
_SIGNATURE_PARAMETERS = [
    {"name": "exp", "in": "query", "required": False, "schema": {"type": "integer"}},
    {"name": "sig", "in": "query", "required": False, "schema": {"type": "string"}},
]
_FILE_PARAMETERS = [
    {
        "name": "info_hash",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$"},
    },
    {"name": "file_index", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}},
    *_SIGNATURE_PARAMETERS,
]
_PARAMETERS: dict[str, dict[str, object]] = {
    "session": {"type": "string", "pattern": "^[A-Za-z0-9_-]{22}$"},
    "rendition": {"type": "string", "pattern": "^(v|[asf][0-9]+)$"},
    "track": {"type": "string", "pattern": "^[sfw][0-9]+$"},
    "index": {"type": "integer", "minimum": 0},
    "title_id": {"type": "string", "pattern": catalogue_schemas.TITLE_ID},
    "kind": {"type": "string", "enum": ["poster", "backdrop", "still"]},
    "key": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
    "width": {"type": "integer", "enum": [240, 480, 960, 1280]},
}
_M3U8, _VTT, _ASS = "application/vnd.apple.mpegurl", "text/vtt", "text/x-ssa"
_JSON = "application/json"
_TEXTS = (_M3U8, _VTT, _ASS)
_FETCHED = {
    "/hls/{session}/master.m3u8": ("The master playlist (RFC 8216).", _M3U8),
    "/hls/{session}/{rendition}/index.m3u8": ("A rendition's playlist, whole from the start.", _M3U8),
    "/hls/{session}/{rendition}/init.mp4": ("A rendition's initialisation segment.", "video/mp4"),
    "/hls/{session}/{rendition}/{index}.m4s": ("A segment, made when asked for.", "video/mp4"),
    "/hls/{session}/{rendition}/{index}.vtt": ("A segment of subtitles.", _VTT),
    "/subtitles/{session}/{track}.vtt": ("Subtitles from one second to another; a minute if not said.", _VTT),
    "/subtitles/{session}/{track}.ass": ("Styled subtitles, to be drawn with their styles.", _ASS),
    "/subtitles/{session}/{track}/{index}.png": ("A picture of subtitles that are pictures.", "image/png"),
    "/subtitles/{session}/offers/{index}.vtt": ("Subtitles that a provider has, whole.", _VTT),
    "/thumbnails/{session}.vtt": ("Which part of which sprite shows which moment.", _VTT),
    "/thumbnails/{session}/{index}.webp": ("A sprite of thumbnails.", "image/webp"),
    "/covers/{session}/{index}.webp": ("A picture that is attached to the film, made small.", "image/webp"),
    "/fonts/{session}": ("All fonts inside the film, also those that are not listed in the playback.", _JSON),
    "/fonts/{session}/{index}": ("A font inside the film.", "application/octet-stream"),
}
"""What players fetch of a playback."""


def describe(api: FastAPI) -> bytes:
    """Write the OpenAPI description of every route of the program."""
    document = api.openapi()
    components = document.setdefault("components", {})
    described = models_json_schema(
        [(shape, "validation") for shape in _DESCRIBED], ref_template="#/components/schemas/{model}"
    )[1]
    components["schemas"] = {**described["$defs"], **components.get("schemas", {})}
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    components["securitySchemes"] = _SECURITY_SCHEMES
    document["security"] = [{"token": []}, {"cookie": []}]
    document["paths"].update(_plain_paths())
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = _PROBLEM
    api.openapi_schema = None  # FastAPI would keep it too, at ten times the size of its text
    return json.dumps(document).encode()


def _plain_paths() -> dict[str, Any]:
    return {
        "/api/v1/health": {
            "get": {
                "summary": "Whether the program answers.",
                "security": [],
                "responses": {"200": _answer("application/json", {"$ref": "#/components/schemas/Health"})},
            }
        },
        "/metrics": {
            "get": {
                "summary": "The program's figures as Prometheus reads them; on this computer alone.",
                "responses": {"200": _answer("text/plain", {"type": "string"})},
            }
        },
        "/matinee-authority.crt": {
            "get": {
                "summary": "What a device installs to trust this computer; nothing where it has no authority.",
                "security": [],
                "responses": {
                    "200": _answer("application/x-x509-ca-cert", {"type": "string", "format": "binary"})
                },
            }
        },
        "/api/v1/shelves": {
            "get": {
                "summary": "The rows of the home page: what may be shared in the user's country.",
                "responses": {"200": _answer("application/json", {"$ref": "#/components/schemas/Shelves"})},
            }
        },
        "/api/v1/titles/{title_id}/extras": {
            "get": {
                "summary": "What is known of a title beside the film; an event says when there is more.",
                "parameters": [
                    {"name": "title_id", "in": "path", "required": True, "schema": _PARAMETERS["title_id"]},
                    {
                        "name": "ask",
                        "in": "query",
                        "required": False,
                        "schema": {"type": "boolean", "default": True},
                    },
                ],
                "responses": {"200": _answer("application/json", {"$ref": "#/components/schemas/Extras"})},
            }
        },
        "/api/v1/access": {
            "get": {
                "summary": "Who asks, and what they may do.",
                "security": [],
                "responses": {"200": _answer("application/json", {"$ref": "#/components/schemas/Visitor"})},
            },
            "post": {
                "summary": "Change a one-time link for a cookie.",
                "security": [],
                "requestBody": {"required": True, **_content({"$ref": "#/components/schemas/Link"})},
                "responses": {"204": {"description": "The cookie is in Set-Cookie."}},
            },
        },
        "/api/v1/access/links": {
            "post": {
                "summary": "Make a one-time link, which lets a browser in within a minute.",
                "responses": {"201": _answer("application/json", {"$ref": "#/components/schemas/Link"})},
            }
        },
        "/api/v1/events": {
            "get": {
                "summary": "Server-sent events; docs/api.md says which.",
                "responses": {"200": _answer("text/event-stream", {"type": "string"})},
            }
        },
        "/stream/{info_hash}/{file_index}": {
            "get": _stream("A file's bytes; waits for pieces."),
            "head": _stream("Its head."),
        },
        "/pictures/{title_id}/{kind}-{key}-{width}.webp": {
            "get": {
                "summary": "A poster or a backdrop, made small; an event says when one has come.",
                "parameters": [
                    {"name": name, "in": "path", "required": True, "schema": _PARAMETERS[name]}
                    for name in ("title_id", "kind", "key", "width")
                ],
                "responses": {
                    "200": _answer("image/webp", {"type": "string", "format": "binary"}),
                    "202": {"description": "It is not here, and may come."},
                    "304": {"description": "It is the one you have."},
                },
            }
        },
        **{path: {"get": _fetched(path, summary, kind)} for path, (summary, kind) in _FETCHED.items()},
    }


def _fetched(path: str, summary: str, media_type: str) -> dict[str, Any]:
    names = [name for name in _PARAMETERS if f"{{{name}}}" in path]
    window = ["from", "to"] if path.startswith("/subtitles/{session}/{track}.") else []
    schema = {"type": "string"} if media_type in _TEXTS else {"type": "string", "format": "binary"}
    schema = {"type": "object"} if media_type == _JSON else schema
    return {
        "summary": summary,
        "security": _PLAYERS,
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": _PARAMETERS[name]} for name in names),
            *(
                {"name": name, "in": "query", "required": False, "schema": {"type": "number"}}
                for name in window
            ),
            *_SIGNATURE_PARAMETERS,
        ],
        "responses": {"200": _answer(media_type, schema)},
    }


def _stream(summary: str) -> dict[str, Any]:
    data = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    return {
        "summary": summary,
        "security": _PLAYERS,
        "parameters": _FILE_PARAMETERS,
        "responses": {
            "200": {"description": "The whole file.", "content": data},
            "206": {"description": "One range, or several as multipart/byteranges.", "content": data},
            "304": {"description": "It is the file you have."},
            "412": {"description": "It is not the file you have."},
            "416": {"description": "No part of what was asked for exists; Content-Range says the length."},
        },
    }


def _answer(media_type: str, schema: Mapping[str, object]) -> dict[str, Any]:
    return {"description": "Done.", **_content(schema, media_type)}


def _content(schema: Mapping[str, object], media_type: str = "application/json") -> dict[str, Any]:
    return {"content": {media_type: {"schema": schema}}}
