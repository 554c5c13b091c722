"""``Pictures`` in memory."""

from dataclasses import dataclass, field

from matinee.errors import NotFound, TitleNotFound
from matinee.models.extras import Beside, Extras
from matinee.models.title import PictureKind
from matinee.types import TitleId

KEY = "0123456789abcdef"


@dataclass
class FakePictures:
    """Has one poster, of every width; its backdrop may come."""

    asked: list[tuple[TitleId, PictureKind, str, int]] = field(default_factory=list)
    asked_extras: list[tuple[TitleId, bool]] = field(default_factory=list)

    async def get(self, title_id: TitleId, kind: PictureKind, key: str, width: int) -> bytes | None:
        self.asked.append((title_id, kind, key, width))
        if key != KEY:
            raise NotFound("This title has no such picture.")
        return b"a picture" if kind is PictureKind.POSTER else None

    async def extras(self, title_id: TitleId, *, ask: bool) -> Extras:
        self.asked_extras.append((title_id, ask))
        if title_id != "a-film-1922":
            raise TitleNotFound("There is no title of this name.", title_id=title_id)
        still = f"/pictures/{title_id}/still-{KEY}"
        return Extras((still,), (Beside("fr"), Beside("en", machine_made=True)), trailer=True)
