"""``/api/v1/torrents``: every route, every wrong body."""

from typing import Any

import pytest

from matinee.models.rights import Basis, Rights
from matinee.models.torrent import Sharing, TorrentChange
from matinee.web import schemas
from matinee.web.app import UPLOAD_LIMIT_BYTES
from tests.web.conftest import FILM, HASH, WITHOUT_RIGHTS, House

TORRENTS = "/api/v1/torrents"
NEW = "e" * 40
MAGNET = f"magnet:?xt=urn:btih:{NEW}"
OWN_WORK = {"basis": "own-work"}


async def test_list_gives_all_the_newest_first(house: House) -> None:
    shape = schemas.Torrents.model_validate_json((await house.client.get(TORRENTS)).content, strict=True)
    assert [torrent.info_hash for torrent in shape.torrents] == [WITHOUT_RIGHTS, HASH]


async def test_torrent_has_exactly_the_fields_of_the_description(house: House) -> None:
    answer = await house.client.get(f"{TORRENTS}/{HASH.upper()}")
    torrent = schemas.Torrent.model_validate_json(answer.content, strict=True)
    assert torrent.rights is not None
    assert torrent.progress.fraction == 1.0
    assert [file.index for file in torrent.files] == [0, 1, 2]


async def test_stream_url_of_a_file_opens_without_token(house: House) -> None:
    torrent = (await house.client.get(f"{TORRENTS}/{HASH}")).json()
    del house.client.headers["Authorization"]
    answer = await house.client.get(torrent["files"][0]["stream_url"])
    assert (answer.status_code, answer.content) == (200, FILM)


async def test_activity_and_ranges_have_the_fields_of_the_description(house: House) -> None:
    activity = await house.client.get(f"{TORRENTS}/{HASH}/activity")
    ranges = await house.client.get(f"{TORRENTS}/{HASH}/files/0/ranges")
    assert schemas.Activity.model_validate_json(activity.content, strict=True).bytes_down == 40
    assert schemas.Ranges.model_validate_json(ranges.content).spans == [(0, len(FILM))]


@pytest.mark.parametrize("path", ["", "/activity", "/files/0/ranges"])
async def test_head_is_answered_where_get_is(house: House, path: str) -> None:
    answer = await house.client.head(f"{TORRENTS}/{HASH}{path}")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("path", ["", "/activity", "/files/0/ranges"])
async def test_unknown_torrent_is_a_problem(house: House, path: str) -> None:
    answer = await house.client.get(f"{TORRENTS}/{'f' * 64}{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "torrent-not-found")
    assert answer.json()["info_hash"] == "f" * 64
    assert answer.headers["content-type"] == "application/problem+json"


async def test_magnet_is_added_once(house: House) -> None:
    first = await house.client.post(TORRENTS, json={"magnet": MAGNET, "rights": OWN_WORK})
    again = await house.client.post(TORRENTS, json={"magnet": MAGNET})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.headers["location"] == f"{TORRENTS}/{NEW}"
    rights = house.films.given[0][2]
    assert isinstance(rights, Rights)
    assert (rights.basis, rights.licence) == (Basis.OWN_WORK, None)
    assert rights.stated_at.endswith("Z")


async def test_url_is_added(house: House) -> None:
    answer = await house.client.post(TORRENTS, json={"url": "https://films.example/x.torrent"})
    assert answer.status_code == 201
    assert house.films.given == [("url", "https://films.example/x.torrent", None)]


async def test_file_is_added_with_its_rights(house: House) -> None:
    files, data = (
        {"file": ("x.torrent", b"d4:infoe")},
        {"rights": '{"basis": "licence", "licence": "CC-BY-3.0"}'},
    )
    answer = await house.client.post(TORRENTS, files=files, data=data)
    assert answer.status_code == 201
    kind, metainfo, rights = house.films.given[0]
    assert (kind, metainfo) == ("metainfo", b"d4:infoe")
    assert isinstance(rights, Rights)
    assert rights.licence == "CC-BY-3.0"


async def test_file_as_long_as_allowed_is_added_and_a_longer_one_refused(house: House) -> None:
    longest = b"d" * (10 * 1024 * 1024)
    assert (await house.client.post(TORRENTS, files={"file": longest})).status_code == 201
    refused = await house.client.post(TORRENTS, files={"file": bytes(UPLOAD_LIMIT_BYTES)})
    assert (refused.status_code, refused.json()["code"]) == (413, "too-large")
    assert len(house.films.given) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "bad-request"),
        ({"magnet": MAGNET, "url": "https://x.example/"}, "bad-request"),
        ({"magnet": ""}, "bad-request"),
        ({"magnet": 1}, "bad-request"),
        ({"magnet": None}, "bad-request"),
        ({"magnet": MAGNET, "surprise": 1}, "bad-request"),
        ([], "bad-request"),
        ({"magnet": "magnet:?x"}, "bad-magnet"),
        ({"magnet": MAGNET, "rights": {"basis": "because"}}, "bad-rights"),
        ({"magnet": MAGNET, "rights": {}}, "bad-rights"),
        ({"magnet": MAGNET, "rights": {"basis": "licence", "licence": "x" * 201}}, "bad-rights"),
        ({"magnet": MAGNET, "rights": "own-work"}, "bad-rights"),
    ],
)
async def test_wrong_json_is_refused_and_not_repeated(house: House, body: Any, code: str) -> None:
    answer = await house.client.post(TORRENTS, json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert "because" not in answer.text


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"NaN", b"[" * 60_000, b'{"magnet": "\\ud800"}'])
async def test_what_is_no_json_is_refused(house: House, body: bytes) -> None:
    answer = await house.client.post(TORRENTS, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


async def test_json_that_is_too_long_is_refused(house: House) -> None:
    answer = await house.client.post(TORRENTS, json={"magnet": "x" * 70_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def _form(*parts: str) -> bytes:
    return "".join(f"--b\r\n{part}\r\n" for part in parts).encode() + b"--b--\r\n"


FILE = 'Content-Disposition: form-data; name="file"; filename="x"\r\n\r\nd'
FIELD = 'Content-Disposition: form-data; name="{}"\r\n\r\n{}'


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "bad-request"),
        (b"nonsense", "bad-request"),
        (_form(), "bad-request"),
        (_form(FIELD.format("file", "d")), "bad-request"),
        (_form(FILE, FILE), "bad-request"),
        (_form(FILE, FIELD.format("other", "x")), "bad-request"),
        (_form(*[FIELD.format("rights", "{}")] * 1000), "bad-request"),
        (_form(*[FIELD.format(at, "") for at in range(100_000)]), "bad-request"),
        (_form(FILE, FILE.replace('"file"', '"rights"')), "bad-request"),
        (_form(FILE, FIELD.format("rights", "{")), "bad-rights"),
        (_form(FILE, FIELD.format("rights", "x" * 70_000)), "bad-request"),
        (_form("X: " + "y" * 100_000 + "\r\n\r\n"), "bad-request"),
    ],
)
async def test_wrong_form_is_refused(house: House, body: bytes, code: str) -> None:
    fields = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await house.client.post(TORRENTS, content=body, headers=fields)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert house.films.given == []


async def test_form_without_boundary_is_refused(house: House) -> None:
    answer = await house.client.post(
        TORRENTS, content=_form(FILE), headers={"Content-Type": "multipart/form-data"}
    )
    assert answer.status_code == 400


async def test_change_passes_on_what_was_said(house: House) -> None:
    asked = {"paused": True, "sharing": "keep", "down_limit_bytes_per_s": 0, "kept": True}
    answer = await house.client.patch(f"{TORRENTS}/{HASH}", json=asked)
    assert (answer.status_code, answer.json()["state"], answer.json()["sharing"]) == (200, "paused", "keep")
    change = TorrentChange(paused=True, sharing=Sharing.KEEP, down_limit_bytes_per_s=0, kept=True)
    assert house.films.given == [("change", HASH, change)]


@pytest.mark.parametrize(
    "body",
    [
        {"paused": "yes"},
        {"paused": 1},
        {"kept": 1},
        {"own": True},
        {"sharing": "all"},
        {"down_limit_bytes_per_s": -1},
        {"down_limit_bytes_per_s": 1.5},
        {"up_limit_bytes_per_s": "9"},
        {"up_limit_bytes_per_s": 10**13},
        {"name": "x"},
        [],
        None,
    ],
)
async def test_wrong_change_is_refused(house: House, body: Any) -> None:
    answer = await house.client.patch(f"{TORRENTS}/{HASH}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")


async def test_rights_are_stated_and_the_stream_opens(house: House) -> None:
    stream = f"/stream/{WITHOUT_RIGHTS}/0"
    assert (await house.client.get(stream)).status_code == 409
    answer = await house.client.put(f"{TORRENTS}/{WITHOUT_RIGHTS}/rights", json={"basis": "public-domain"})
    assert answer.json()["rights"]["basis"] == "public-domain"
    assert (await house.client.get(stream)).status_code == 200


@pytest.mark.parametrize("body", [{}, {"basis": "because"}, {"basis": "licence", "stated_at": "x"}, None, []])
async def test_wrong_rights_are_refused(house: House, body: Any) -> None:
    answer = await house.client.put(f"{TORRENTS}/{HASH}/rights", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-rights")


@pytest.mark.parametrize(("query", "deletes"), [("", False), ("?files=keep", False), ("?files=delete", True)])
async def test_remove_keeps_files_unless_told(house: House, query: str, deletes: bool) -> None:
    answer = await house.client.delete(f"{TORRENTS}/{HASH}{query}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert house.films.given == [("remove", HASH, deletes)]


async def test_remove_with_a_wrong_word_removes_nothing(house: House) -> None:
    answer = await house.client.delete(f"{TORRENTS}/{HASH}?files=all")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")
    assert house.films.given == []


async def test_upload_that_breaks_off_changes_nothing(house: House) -> None:
    fields = ["Content-Type: application/json", "Content-Length: 100"]
    _, writer = await house.connect()
    writer.write(house.request(TORRENTS, *fields, method="POST") + b'{"magnet"')
    await writer.drain()
    writer.transport.abort()
    assert (await house.client.get(TORRENTS)).status_code == 200
    assert house.films.given == []
