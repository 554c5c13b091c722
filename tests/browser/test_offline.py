"""The installed page: it opens when the program is gone, says so, comes back by itself, and becomes a newer one."""

import asyncio
import json
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bench.clients.node import node
from playwright.async_api import Browser, Route, expect

from matinee.web.routes.static import FOLDER
from tests.browser.parts import UI, WAIT_MS, House, Screen, open_house
from tests.swarm.parts import free_port, matinee

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LOST = "Matinee is not answering."
NO_ANSWER = "Is it still running on this computer?"
POSTERS = "main a[data-place][href^='#/title/']"
PLACES = "all => [...new Set(all.map((one) => one.getAttribute('href').split('/title/')[1]))]"
KEPT = """async () => {
  const names = await caches.keys();
  const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return all.flat().map((one) => new URL(one.url)).map((url) => url.pathname + url.search);
}"""
KEPT_THERE = """async (path) => {
  while (navigator.serviceWorker.controller === null || await caches.match(path) === undefined) {
    await new Promise((go) => setTimeout(go, 50));
  }
}"""
ONE_SHELL = """async () => {
  while ((await caches.keys()).filter((name) => name.startsWith('shell-')).length !== 1) {
    await new Promise((go) => setTimeout(go, 50));
  }
}"""
CONTROLLED = "() => navigator.serviceWorker.controller !== null"
FORGET = """async () => {
  for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
  for (const name of await caches.keys()) await caches.delete(name);
}"""
NEWER = "first-newer000.js"


def _newer(folder: Path) -> Path:
    """Make a page of another version: its script has another name."""
    shutil.copytree(FOLDER, folder)
    (script,) = re.findall(r'src="/assets/([\w-]+\.js)"', (folder / "index.html").read_text())
    for file in [folder / "index.html", *folder.glob("assets/*.js")]:
        file.write_text(file.read_text().replace(script, NEWER))
    (folder / "assets" / script).rename(folder / "assets" / NEWER)
    tell = f"import({str(UI / 'make' / 'finish.mjs')!r}).then((step) => step.tell({str(folder)!r}))"
    subprocess.run([node(), "--eval", tell], check=True, timeout=60)
    return folder


def _program(folder: Path) -> tuple[str, str]:
    """Give a Matinee that serves another page."""
    lines = (
        "from pathlib import Path",
        "from matinee.web.routes import static",
        f"static.FOLDER = Path({str(folder)!r})",
        "from matinee.app import main",
        "main()",
    )
    return "-c", "\n".join(lines)


async def _wait(screen: Screen, is_so: str, path: str = "") -> None:
    """Wait until the browser has kept what it should."""
    async with asyncio.timeout(WAIT_MS / 1000):
        await screen.page.evaluate(is_so, path)


async def _open(house: House) -> Screen:
    """Open the page in a browser that may keep it, and wait until it has."""
    screen = await house.sit_down(service_workers="allow", reduced_motion="reduce")
    await expect(screen.page.locator(POSTERS).nth(1)).to_be_visible()
    await _wait(screen, KEPT_THERE, "/api/v1/shelves")
    return screen


async def test_answer_when_it_comes_once_the_worker_is_there_then_is_kept_all_the_same(hall: House) -> None:
    screen = await _open(hall)
    await screen.page.evaluate(FORGET)
    held: list[str] = []

    async def hold(route: Route) -> None:
        """Let what the page asked for by itself come when the worker stands before it."""
        held.append(urlsplit(route.request.url).path)
        await screen.page.wait_for_function(CONTROLLED, timeout=WAIT_MS)
        await route.continue_()

    await screen.page.route("**/api/v1/titles/*", hold)
    await screen.page.reload()
    await expect(screen.page.locator(POSTERS).nth(1)).to_be_visible()
    await _wait(screen, KEPT_THERE, "/api/v1/shelves")
    await _wait(screen, KEPT_THERE, held[0])
    assert not [said for said in screen.complaints if "Content Security Policy" in said]


async def test_page_when_the_server_is_gone_then_opens_with_its_shelf_and_becomes_the_one_that_comes(
    tmp_path: Path, chromium: Browser
) -> None:
    port = str(free_port())
    async with open_house(chromium, tmp_path, "--port", port) as house:
        screen = await _open(house)
        seen, unseen, *_ = await screen.page.locator(POSTERS).evaluate_all(PLACES)
        why = screen.page.get_by_role("heading", name="Why it may be shared")
        await screen.go(f"/title/{seen}")
        await expect(why).to_be_visible()
        await _wait(screen, KEPT_THERE, f"/api/v1/titles/{seen}")
        house.running.process.kill()
        await house.running.process.wait()

        await screen.page.reload()
        await screen.reads(LOST)
        await expect(why).to_be_visible()
        await screen.go("/")
        await expect(screen.page.locator(POSTERS).nth(1)).to_be_visible()
        await screen.go(f"/title/{unseen}")
        await screen.reads(NO_ANSWER)
        kept: list[str] = await screen.page.evaluate(KEPT)
        told = [
            path for path in kept if not re.fullmatch(r"/(assets/.+|[\w-]+\.(png|svg|js|webmanifest))?", path)
        ]
        assert {re.sub(r"^(/pictures)/.*", r"\1", path) for path in told} - {"/pictures"} == {
            "/api/v1/shelves", f"/api/v1/titles/{seen}"
        }  # fmt: skip

        await screen.go("/")
        async with matinee(
            tmp_path / "data", "--no-open", "--port", port, program=_program(_newer(tmp_path / "newer"))
        ):
            await screen.page.wait_for_function(
                f"() => document.querySelector('script[type=module]').src.endsWith({json.dumps(NEWER)})",
                timeout=WAIT_MS,
            )
            await expect(screen.page.locator(POSTERS).nth(1)).to_be_visible()
            await expect(screen.page.get_by_text(LOST)).to_have_count(0)
            await _wait(screen, KEPT_THERE, f"/assets/{NEWER}")
            await _wait(screen, ONE_SHELL)
    assert not [said for said in screen.complaints if "Content Security Policy" in said]
