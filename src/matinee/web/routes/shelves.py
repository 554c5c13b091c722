"""``GET /api/v1/shelves``: the rows of the home page. Plain ASGI: they are shown before FastAPI is imported."""

from matinee.models.catalogue import ShelfRows
from matinee.ports import Titles
from matinee.web.asgi import Receive, Reply, Scope, Send
from matinee.web.catalogue_wire import shelves_json


class Shelves:
    """Writes them once for each day's answer.

    Args:
        titles: knows them.
    """

    def __init__(self, titles: Titles) -> None:
        self._titles = titles
        self._written: tuple[ShelfRows | None, bytes] = None, b""

    async def written(self) -> bytes:
        """Give the answer, and write it where it is not there yet."""
        found = await self._titles.shelves()
        if self._written[0] is not found:
            self._written = found, shelves_json(found).encode()
        return self._written[1]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Reply(200, await self.written(), [("Content-Type", "application/json")])(scope, receive, send)
