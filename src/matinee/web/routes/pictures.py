"""``GET /pictures/{title_id}/{picture}``: posters and backdrops. Plain ASGI: walls are full of them."""

from matinee.models.title import PictureKind
from matinee.ports import Pictures
from matinee.types import TitleId
from matinee.web.asgi import Receive, Reply, Scope, Send, header
from matinee.web.preconditions import Outcome, evaluate

_FOREVER = "private, max-age=31536000, immutable"
"""What it is called changes with where it comes from."""


class PictureFile:
    """Sends a picture; 202 without a body when it is not here, and may come: an event says when it has.

    Not an error: a page full of posters that are drawn is as it should be.

    Args:
        pictures: has them.
    """

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        params = scope["path_params"]
        kind, key, width = PictureKind(params["kind"]), params["key"], int(params["width"])
        data = await self._pictures.get(TitleId(params["title_id"]), kind, key, width)
        if data is None:
            await Reply(202)(scope, receive, send)
            return
        etag = f'"{key}-{width}"'
        lasting = [("ETag", etag), ("Cache-Control", _FOREVER)]
        conditions = header(scope, b"if-match"), header(scope, b"if-none-match")
        match evaluate(scope["method"], *conditions, etag):
            case Outcome.NOT_MODIFIED:
                reply = Reply(304, headers=lasting)
            case Outcome.FAILED:
                reply = Reply(412, headers=lasting)
            case Outcome.PROCEED:
                reply = Reply(200, data, [*lasting, ("Content-Type", "image/webp")])
        await reply(scope, receive, send)
