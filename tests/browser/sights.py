"""Everything that can be seen of the page, each as one line: what is tested of all pages is tested of these."""

from dataclasses import dataclass, field
from typing import Protocol

from playwright.async_api import Locator, Page

FILM = f"/film/{1:040x}"
WAITING = f"/film/{4:040x}"
PLAY = f"{FILM}/play/0"
PAUSED_AT_S = 61.5

_STAND = """(at) => new Promise((done) => {
  const video = document.querySelector('video');
  video.pause();
  const drawn = () => requestAnimationFrame(() => requestAnimationFrame(done));
  video.addEventListener('seeked', drawn, { once: true });
  video.currentTime = at;
})"""


class Deed(Protocol):
    """Something done on a page."""

    async def possible(self, page: Page) -> bool:
        """Tell whether it can be done there now."""
        ...

    async def __call__(self, page: Page) -> None:
        """Do it."""
        ...


@dataclass(frozen=True, slots=True)
class Sight:
    """A place of the page, and what is done there."""

    name: str
    place: str
    shows: str
    """A selector of what stands there once the page is whole."""
    wishes: dict[str, str] = field(default_factory=dict)
    """What the made-up server is to be: `mock.ts` has them all."""
    deeds: tuple[Deed, ...] = ()
    then: str = ""
    """What stands there after the deeds."""

    @property
    def ends(self) -> str:
        """Give what stands there at last."""
        return self.then or self.shows


@dataclass(frozen=True, slots=True)
class Press:
    """Press a button."""

    name: str

    async def possible(self, page: Page) -> bool:
        """Tell whether it is there."""
        return await self._button(page).count() > 0

    async def __call__(self, page: Page) -> None:
        """Press it, wherever it stands; those of the player leave when nothing moves."""
        await self._button(page).dispatch_event("click")

    def _button(self, page: Page) -> Locator:
        return page.get_by_role("button", name=self.name, exact=True).first


@dataclass(frozen=True, slots=True)
class Open:
    """Unfold what is folded away."""

    name: str
    """How its line begins."""

    async def possible(self, page: Page) -> bool:
        """Tell whether it is there."""
        return await self._line(page).count() > 0

    async def __call__(self, page: Page) -> None:
        """Unfold it."""
        await self._line(page).dispatch_event("click")

    def _line(self, page: Page) -> Locator:
        return page.locator("summary", has_text=self.name).first


@dataclass(frozen=True, slots=True)
class Stand:
    """Pause, and have the picture of one place."""

    async def possible(self, page: Page) -> bool:
        """Tell whether a film is played."""
        return await page.locator("video[src]").count() > 0

    async def __call__(self, page: Page) -> None:
        """Wait for the film, then for the picture."""
        await page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")
        await page.evaluate(_STAND, PAUSED_AT_S)


NEW = {"first": "", "remember": "notice:"}
MUCH = {"remembered": "much"}
SEVERAL = {**MUCH, "people": "several"}
PLAYER = ".controls"
PANEL = "dialog.panel[open] .body"
DIALOG = "dialog[open]"

SIGHTS: tuple[Sight, ...] = (
    Sight("home", "/", "[data-place]"),
    Sight("home-much", "/", "[data-place]", MUCH),
    Sight("home-nowhere", "/", ".nowhere", {"country": ""}),
    Sight("home-failed", "/", ".failed", {"shelves": "away"}),
    Sight("browse", "/browse?kind=film", "[data-place]"),
    Sight("browse-search", "/browse?query=night", "[data-place]"),
    Sight("browse-nothing", "/browse?query=qqqqqq", "h2, h1"),
    Sight("title", "/title/the-general-1926", ".synopsis"),
    Sight("series", "/title/flash-gordon-conquers-the-universe-1940", ".synopsis"),
    Sight("series-sought", "/title/flash-gordon-conquers-the-universe-1940", ".nowhere", {"sought": ""}),
    Sight("title-gone", "/title/nothing", "main h1"),
    Sight("title-share", "/title/the-general-1926", ".synopsis", deeds=(Press("Pass it on"),), then=DIALOG),
    Sight("series-episode", "/title/flash-gordon-conquers-the-universe-1940/1/7", "li[aria-current]"),
    Sight("nowhere", "/nothing/at/all", "main h1"),
    Sight("own", "/own", "#wall"),
    Sight("own-empty", "/own", ".empty", {"films": "none"}),
    Sight("film", FILM, "#files"),
    Sight("film-rights", FILM, "#files", deeds=(Press("Change"),), then="form, fieldset"),
    Sight("film-remove", FILM, "#files", deeds=(Press("Remove"),), then=DIALOG),
    Sight("film-waiting", WAITING, "#files"),
    Sight(
        "film-unstated", WAITING, "#files", deeds=(Press("It may be shared"),), then=".problem:not(:empty)"
    ),
    Sight("film-gone", f"/film/{0:040x}", "main h1"),
    Sight("list", "/list", "main h1", MUCH),
    Sight("list-empty", "/list", "main h1"),
    Sight("history", "/history", "main h1", MUCH),
    Sight("history-clear", "/history", "main li", MUCH, (Press("Forget all of it"),), DIALOG),
    Sight("people", "/people", ".person", MUCH),
    Sight("people-asked", "/", ".person", SEVERAL),
    Sight("people-add", "/people", ".person", MUCH, (Press("Add somebody"),), DIALOG),
    Sight("transfers", "/transfers", "main h1"),
    Sight("transfers-quiet", "/transfers", "main h1", {"quiet": ""}),
    Sight(
        "transfers-details",
        "/transfers",
        "[data-transfer]",
        deeds=(Press("Details of Big Buck Bunny"),),
        then=".details .card",
    ),
    Sight(
        "transfers-remove",
        "/transfers",
        "[data-transfer]",
        deeds=(Press("Remove Big Buck Bunny"),),
        then=DIALOG,
    ),
    Sight("glass", "/glass", "main h1"),
    Sight("glass-crowd", "/glass", "main h1", {"glass": "crowd"}),
    Sight("glass-nobody", "/glass", "main h1", {"glass": "nobody"}),
    Sight("publish", "/publish", "main h1"),
    Sight("publish-failed", "/publish", "main h1", {"publish": "failed"}),
    Sight("publish-hashing", "/publish", "progress", {"publish": "hashing"}),
    Sight("publish-trackers", "/publish", "form", deeds=(Open("For those who know"),), then="textarea"),
    Sight("first", "/", DIALOG, NEW),
    Sight("first-sharing", "/", DIALOG, NEW, (Press("How films are shared"),), DIALOG),
    Sight(
        "first-films",
        "/",
        DIALOG,
        NEW,
        (Press("How films are shared"), Press("Where films are kept")),
        DIALOG,
    ),
    Sight("sources", "/sources", "#feeds"),
    Sight("settings", "/settings", "#group-place"),
    Sight("settings-line", "/settings/line", "details[open]"),
    Sight("settings-screens", "/settings", "[data-screens]", {"screens": "on"}),
    Sight("settings-tls", "/settings", "[data-screens] .print", {"screens": "tls"}),
    Sight("screens-add", "/settings", "[data-screens]", {"screens": "on"}, (Press("Add a device"),), DIALOG),
    Sight("pair", "/", "#pair-code", {"visitor": "out"}),
    Sight(
        "pair-waits",
        "/",
        "#pair-code",
        {"visitor": "out"},
        (Press("There is no code: ask at the computer"),),
        ".match",
    ),
    Sight("pair-over", "/pair=ended", ".problem:not(:empty)", {"visitor": "out", "scanned": ""}),
    Sight("receipt", "/receipt", "main li"),
    Sight("locked", "/", "h1", {"locked": ""}),
    Sight("notice", PLAY, DIALOG, NEW),
    Sight("player-refused", f"{WAITING}/play/0", "main h2"),
    Sight("player", PLAY, PLAYER, deeds=(Stand(),)),
    Sight("player-offline", PLAY, PLAYER, {"film": "/nothing.mp4"}, then="main h2"),
    Sight("player-subtitles", PLAY, PLAYER, deeds=(Stand(), Press("Subtitles")), then=PANEL),
    Sight("player-sound", PLAY, PLAYER, deeds=(Stand(), Press("Sound")), then=PANEL),
    Sight("player-more", PLAY, PLAYER, deeds=(Stand(), Press("More")), then=PANEL),
    Sight("player-look", PLAY, PLAYER, deeds=(Stand(), Press("Subtitles"), Press("Look")), then=PANEL),
    Sight("player-timing", PLAY, PLAYER, deeds=(Stand(), Press("Subtitles"), Press("Timing")), then=PANEL),
    Sight("player-keys", PLAY, PLAYER, deeds=(Stand(), Press("More"), Press("Keys")), then=DIALOG),
    Sight("player-others", PLAY, PLAYER, deeds=(Stand(), Press("More"), Press("Other players")), then=DIALOG),
)
