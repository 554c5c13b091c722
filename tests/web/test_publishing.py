"""``/api/v1/uploads`` and ``/api/v1/publications``: a film of one's own is sent, looked into, and published."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from matinee.models.licences import LICENCES
from matinee.models.rights import Basis
from matinee.types import InfoHash
from matinee.web import publishing_schemas as schemas
from matinee.web.routing import PART_LIMIT_BYTES
from tests.fakes.publishing import PUBLISHED, TITLE
from tests.media.films import made
from tests.web.conftest import DEADLINE_S, HASH, House
from tests.web.squares import read_square

BASE = "/api/v1"
SECONDS = ("-f", "lavfi", "-i", "testsrc=size=320x180:rate=10:duration=2", "-pix_fmt", "yuv420p")


@pytest.fixture(scope="module")
def small() -> Path:
    """A film of two seconds."""
    return made("own.mp4", *SECONDS)


async def send(house: House, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    fields = {"X-Matinee": "1"} | ({} if body is None else {"Content-Type": "application/json"})
    content = None if body is None else json.dumps(body)
    answer = await house.client.request(method, f"{BASE}{path}", content=content, headers=fields)
    return answer.status_code, answer.json() if answer.content else None


async def send_part(house: House, upload: str, start: int, data: bytes) -> tuple[int, Any]:
    fields = {"X-Matinee": "1", "Content-Type": "application/octet-stream"}
    path = f"{BASE}/uploads/{upload}?start={start}"
    answer = await house.client.put(path, content=data, headers=fields)
    return answer.status_code, answer.json()


async def uploaded(house: House, data: bytes, name: str = "film.mp4") -> str:
    status, upload = await send(house, "POST", "/uploads", {"name": name, "length": len(data)})
    assert status == 201
    status, upload = await send_part(house, upload["id"], 0, data)
    assert (status, upload["received"]) == (200, len(data))
    return str(upload["id"])


async def over(house: House, order: dict[str, Any]) -> dict[str, Any]:
    """Publish, and give what came of it."""
    async with asyncio.timeout(DEADLINE_S):
        with house.bus.subscribe() as heard:
            status, view = await send(house, "POST", "/publications", order)
            assert status == 202, view
            while view["step"] not in ("done", "failed"):
                await heard.next()
                _, view = await send(house, "GET", f"/publications/{view['id']}")
    return dict(schemas.Publication.model_validate(view))


async def test_film_when_sent_in_two_parts_then_is_published_with_its_title(
    house: House, small: Path
) -> None:
    data = small.read_bytes()
    _, upload = await send(house, "POST", "/uploads", {"name": "../Mon film.mp4", "length": len(data)})
    assert schemas.Upload.model_validate(upload).name == "Mon film.mp4"
    assert (await send_part(house, upload["id"], 0, data[:1000]))[1]["received"] == 1000
    assert (await send_part(house, upload["id"], 5, data))[0] == 409
    status, here = await send(house, "GET", f"/uploads/{upload['id']}")
    assert (status, here["received"]) == (200, 1000)
    await send_part(house, upload["id"], 1000, data[1000:])
    found = await over(
        house, {"upload": upload["id"], "title": "Mon\u202e film", "year": 2026, "licence": "cc-by-4.0"}
    )
    assert (found["step"], found["info_hash"], found["title_id"]) == ("done", PUBLISHED, TITLE)
    ((path, shared, licence, title, ours),) = house.publishing.sharing.shared
    assert (path.name, shared, licence, title, ours) == ("Mon film.mp4", data, "CC-BY-4.0", "Mon film", True)
    ((order, _, info),) = house.publishing.own.kept
    assert (order.year, info.video[0].width) == (2026, 320)
    assert info.duration_s == pytest.approx(2, abs=0.2)
    # What was sent was taken or is gone.
    assert (await send(house, "GET", f"/uploads/{upload['id']}"))[0] == 404
    assert list((path.parent.parent).iterdir()) == []


async def test_film_when_it_lies_on_this_computer_then_is_chosen_or_named(house: House, small: Path) -> None:
    folder = Path(str((await send(house, "GET", "/publications"))[1]["folder"]))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mine.mp4").write_bytes(small.read_bytes())
    (folder / "notes.txt").write_text("no film")
    (folder / "link.mp4").symlink_to("/etc/passwd")
    (folder / ".hidden.mp4").write_bytes(b"x")
    _, told = await send(house, "GET", "/publications")
    shape = schemas.Publishing.model_validate(told)
    assert shape.paths
    assert [film.name for film in shape.films] == ["mine.mp4"]
    assert [one.id for one in shape.licences] == list(LICENCES)
    trackers = [" udp://Tracker.example:1337/announce", "udp://tracker.example:1337/announce"]
    order = {"path": shape.films[0].path, "title": "Mine", "year": 2025, "licence": None}
    found = await over(house, order | {"trackers": trackers})
    assert house.publishing.sharing.trackers == ("udp://tracker.example:1337/announce",)
    assert found["step"] == "done"
    view = await house.films.torrent(PUBLISHED)
    assert view.rights is not None
    assert (view.rights.basis, view.rights.licence) == (Basis.OWN_WORK, None)
    assert not house.publishing.sharing.shared[0][4]
    assert (folder / "mine.mp4").exists()


@pytest.mark.parametrize("via", ["Forwarded", "X-Forwarded-For", "Via"])
async def test_path_when_somebody_else_asks_then_refused(house: House, small: Path, via: str) -> None:
    fields = {"X-Matinee": "1", via: "for=203.0.113.7"}
    told = (await house.client.get(f"{BASE}/publications", headers=fields)).json()
    assert (told["paths"], told["folder"], told["films"]) == (False, None, [])
    body = {"path": str(small), "title": "x", "year": 2026}
    answer = await house.client.post(f"{BASE}/publications", json=body, headers=fields)
    assert (answer.status_code, answer.json()["code"]) == (403, "refused")


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"#!/bin/sh\n" * 100, "film.mp4"), (b"<html>" * 99, "x.html"), (bytes(5000), "film.mkv")],
)
async def test_file_when_it_is_no_film_then_says_so_and_nothing_stays(
    house: House, data: bytes, name: str
) -> None:
    found = await over(house, {"upload": await uploaded(house, data, name), "title": "x", "year": 2026})
    assert (found["step"], found["code"]) == ("failed", "bad-film")
    assert "not a film" in str(found["message"])
    assert house.publishing.sharing.shared == []
    assert house.publishing.uploads._uploads == {}


async def test_sound_when_there_is_no_picture_then_is_no_film(house: House) -> None:
    sound = made("own.m4a", "-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac")
    found = await over(house, {"path": str(sound), "title": "x", "year": 2026})
    assert (found["step"], found["code"]) == ("failed", "bad-film")


@pytest.mark.parametrize("path", ["/nowhere/at/all.mp4", "/etc", "/dev/zero"])
async def test_path_when_no_film_lies_there_then_failed(house: House, path: str) -> None:
    found = await over(house, {"path": path, "title": "x", "year": 2026})
    assert (found["step"], found["code"]) == ("failed", "bad-source")


@pytest.mark.parametrize(
    ("order", "status"),
    [
        ({"title": "x", "year": 2026}, 400),
        ({"title": "x", "year": 2026, "path": "/a", "upload": "b"}, 400),
        ({"title": "\u200b ", "year": 2026, "path": "/a.mp4"}, 400),
        ({"title": "x", "year": 1, "path": "/a.mp4"}, 400),
        ({"title": "x", "year": "2026", "path": "/a.mp4"}, 400),
        ({"title": "x", "year": 2026, "path": "a.mp4"}, 400),
        ({"title": "x", "year": 2026, "path": "/a.mp4", "trackers": ["file:///etc/passwd"]}, 400),
        ({"title": "x", "year": 2026, "path": "/a.mp4", "trackers": ["http://127.0.0.1/a"]}, 400),
        ({"title": "x", "year": 2026, "path": "/a.mp4", "trackers": ["udp://t.example:1"] * 21}, 400),
        ({"title": "x", "year": 2026, "path": "/a.mp4", "licence": "all mine"}, 400),
        ({"title": "x", "year": 2026, "upload": "A" * 22}, 404),
        ({"title": "x", "year": 2026, "upload": "../../etc/passwd"}, 404),
    ],
)
async def test_order_when_it_makes_no_sense_then_refused(
    house: House, order: dict[str, Any], status: int
) -> None:
    found, answer = await send(house, "POST", "/publications", order)
    assert found == status, answer


async def test_upload_when_it_is_not_here_whole_or_dropped_then_cannot_be_published(house: House) -> None:
    _, upload = await send(house, "POST", "/uploads", {"name": "film.mp4", "length": 100})
    order = {"upload": upload["id"], "title": "x", "year": 2026}
    assert (await send(house, "POST", "/publications", order))[0] == 409
    assert (await send(house, "DELETE", f"/uploads/{upload['id']}"))[0] == 204
    assert (await send(house, "POST", "/publications", order))[0] == 404
    assert (await send_part(house, upload["id"], 0, b"x"))[0] == 404


async def test_part_when_it_is_longer_than_one_may_be_then_refused_before_it_is_read(house: House) -> None:
    _, upload = await send(house, "POST", "/uploads", {"name": "film.mp4", "length": 2**30})
    request = house.request(
        f"{BASE}/uploads/{upload['id']}?start=0",
        "Content-Type: application/octet-stream",
        f"Content-Length: {PART_LIMIT_BYTES + 1}",
        method="PUT",
    )
    assert (await house.raw(request + b"x" * 1000)).startswith(b"HTTP/1.1 413 ")
    assert (await send(house, "GET", f"/uploads/{upload['id']}"))[1]["received"] == 0


async def test_part_when_its_sender_hangs_up_then_what_came_stays(house: House) -> None:
    data = bytes(range(256)) * 12_000
    _, upload = await send(house, "POST", "/uploads", {"name": "film.mp4", "length": len(data)})
    request = house.request(
        f"{BASE}/uploads/{upload['id']}?start=0",
        "Content-Type: application/octet-stream",
        f"Content-Length: {len(data)}",
        method="PUT",
    )
    _, writer = await house.connect()
    writer.write(request + data[:-1000])
    async with asyncio.timeout(DEADLINE_S):
        while not (here := await send(house, "GET", f"/uploads/{upload['id']}"))[1]["received"]:
            assert here[0] == 200
        writer.transport.abort()
        # Who goes on is refused until the one before has let go.
        status = 409
        while status == 409:
            _, here_now = await send(house, "GET", f"/uploads/{upload['id']}")
            start = here_now["received"]
            status, whole = await send_part(house, upload["id"], start, data[start:])
    assert (status, whole["received"]) == (200, len(data))
    assert start >= 1024 * 1024
    assert (await house.publishing.uploads.take(upload["id"])).read_bytes() == data


async def test_publication_when_cancelled_then_is_forgotten_with_what_was_sent(
    house: House, small: Path
) -> None:
    upload = await uploaded(house, small.read_bytes())
    _, view = await send(house, "POST", "/publications", {"upload": upload, "title": "x", "year": 2026})
    assert (await send(house, "POST", "/publications", {"path": str(small), "title": "y", "year": 2026}))[
        0
    ] == 409
    assert (await send(house, "DELETE", f"/publications/{view['id']}"))[0] == 204
    assert (await send(house, "GET", f"/publications/{view['id']}"))[0] == 404
    assert (await send(house, "GET", f"/uploads/{upload}"))[0] == 404
    assert house.publishing.sharing.shared == []


async def test_torrent_when_it_is_to_be_passed_on_then_has_its_file_and_its_square(
    house: House, small: Path
) -> None:
    await over(house, {"path": str(small), "title": "Mine", "year": 2026})
    file = await house.client.get(f"{BASE}/torrents/{PUBLISHED}/film.torrent")
    assert (file.status_code, file.content) == (200, b"d4:infodee")
    assert file.headers["content-type"] == "application/x-bittorrent"
    assert file.headers["content-disposition"].startswith("attachment; filename=")
    square = await house.client.get(f"{BASE}/torrents/{PUBLISHED}/qr.svg")
    assert (square.status_code, square.headers["content-type"]) == (200, "image/svg+xml")
    assert (
        read_square(square.text) == (await house.client.get(f"{BASE}/torrents/{PUBLISHED}")).json()["magnet"]
    )
    # A torrent without a link of its own is found by its hash; one that is not here is not found.
    by_hash = await house.client.get(f"{BASE}/torrents/{HASH}/qr.svg")
    assert read_square(by_hash.text) == f"magnet:?xt=urn:btih:{HASH}"
    assert (await house.client.get(f"{BASE}/torrents/{HASH}/film.torrent")).status_code == 404
    assert (await house.client.get(f"{BASE}/torrents/{'d' * 40}/qr.svg")).status_code == 404


async def test_title_when_its_torrent_is_removed_then_is_forgotten(house: House) -> None:
    await house.publishing.forget(InfoHash(HASH))
    assert house.publishing.own.forgotten == [HASH]
