"""The page's files."""

from pathlib import Path

import pytest

from matinee.web.asgi import Reply
from matinee.web.routes.static import static_routes
from tests.web.conftest import House

SCRIPT = "/assets/index-Ab12Cd34.js"


@pytest.mark.parametrize(
    ("path", "media_type", "cache_control"),
    [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        ("/icon.svg", "image/svg+xml", "no-cache"),
        (SCRIPT, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
    ],
)
async def test_file_is_declared_and_kept_as_its_name_says(
    house: House, path: str, media_type: str, cache_control: str
) -> None:
    answer = await house.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == cache_control


async def test_file_that_the_browser_has_is_not_sent_again(house: House) -> None:
    first = await house.client.get("/")
    again = await house.client.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"
    other = await house.client.get("/", headers={"If-Match": '"old"'})
    assert other.status_code == 412


async def test_head_has_the_length_and_no_body(house: House) -> None:
    answer = await house.client.head(SCRIPT)
    assert (answer.headers["content-length"], answer.content) == ("9", b"")


async def test_file_that_came_after_the_start_is_not_served(house: House, tmp_path: Path) -> None:
    (tmp_path / "static" / "late.js").write_text("x")
    assert (await house.client.get("/late.js")).status_code == 404


def test_link_out_of_the_folder_is_not_in_the_table(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("secret")
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "index.html").write_text("x")
    (folder / "link.txt").symlink_to(secret)
    assert {route.path for route in static_routes(folder)} == {"/", "/index.html"}


def test_page_that_was_not_built_says_so(tmp_path: Path) -> None:
    (route,) = static_routes(tmp_path)
    assert isinstance(route.app, Reply)
    assert route.app.status == 503
