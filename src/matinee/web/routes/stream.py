"""``GET /stream/{info_hash}/{file_index}``: the file's bytes."""

from matinee.ports import Films
from matinee.ports.playbacks import Playbacks
from matinee.web.asgi import Receive, Scope, Send, until_gone
from matinee.web.responses import SEND_IDLE_LIMIT_S, Portions, StreamResponse
from matinee.web.security import stream_params


class StreamFile:
    """Finds the file, waiting for a magnet link's list of files, and serves it.

    Args:
        films: knows the files.
        playbacks: learn what players take of them.
        send_idle_limit_s: see ``StreamResponse``.
    """

    def __init__(
        self, films: Films, playbacks: Playbacks, *, send_idle_limit_s: float = SEND_IDLE_LIMIT_S
    ) -> None:
        self._films = films
        self._playbacks = playbacks
        self._send_idle_limit_s = send_idle_limit_s
        self._portions = Portions()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        info_hash, file_index = stream_params(scope["matinee.match"])
        stream = await until_gone(receive, self._films.stream(info_hash, file_index))
        response = StreamResponse(
            stream, self._portions, send_idle_limit_s=self._send_idle_limit_s, sent=self._playbacks.sent
        )
        await response(scope, receive, send)
