"""The outermost ASGI application: nothing is reached but through it, or leaves without its headers."""

import asyncio
import logging
from functools import partial

from matinee.errors import MatineeError, NotFound, Refused, TooLarge, Unauthorised
from matinee.web.asgi import (
    ClientGone,
    Headers,
    Message,
    Receive,
    Reply,
    Scope,
    Send,
    abort,
    encode_headers,
    header,
    read_body,
    replay,
)
from matinee.web.guesses import SLOW_S
from matinee.web.problems import internal_problem, plain_problem, problem
from matinee.web.refusals import REFUSED, Refusals
from matinee.web.routing import Match, Route, RouteTable, WrongMethod
from matinee.web.security import Gate, client_of, shows_something
from matinee.web.visits import PASSED, Pass, Visits

logger = logging.getLogger(__name__)

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
    "style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)

"""Machine code for WebAssembly is compiled for styled subtitles alone; text never becomes script: decision 0012."""

SECURITY_HEADERS: Headers = encode_headers(
    [
        ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("X-Frame-Options", "DENY"),
    ]
)
"""On every response, those of the server itself included. No CORS header is ever sent."""

NO_STORE = (b"cache-control", b"no-store")


class Door:
    """Judges each request by the gate, then hands it to its route; turns errors into problems.

    Args:
        gate: judges.
        table: all there is.
        visits: told of what devices have open.
        refusals: writes down what was refused.
    """

    def __init__(
        self, gate: Gate, table: RouteTable, visits: Visits, refusals: Refusals | None = None
    ) -> None:
        self._gate = gate
        self._visits = visits
        self._refusals = refusals or Refusals()
        self.table = table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"Matinee speaks http, not {scope['type']}")
        dressed = _Dressed(send)
        try:
            await self._answer(scope, receive, dressed)
        except ClientGone:
            return
        except MatineeError as error:
            await _fail(problem(error), error, scope, receive, dressed)
        except Exception as error:
            logger.exception("request failed method=%s path=%r", scope["method"], scope["path"])
            await _fail(internal_problem(), error, scope, receive, dressed)

    async def _answer(self, scope: Scope, receive: Receive, dressed: "_Dressed") -> None:
        passed = Pass()
        try:
            self._gate.check_host(scope)
            match = self.table.match(scope["method"], scope["raw_path"].decode("latin-1"))
            if isinstance(match, Match):
                passed = self._gate.admit(match, scope)
                dressed.set_cookie = passed.set_cookie
        except MatineeError as error:
            await self._refuse(error, scope)
            raise
        match match:
            case None:
                raise NotFound("Nothing is at this address.")
            case WrongMethod(allow):
                await _wrong_method(allow)(scope, receive, dressed)
            case Match(route, params):
                scope["path_params"] = dict(params)
                scope["matinee.match"], scope[PASSED] = match, passed
                # From here on, not once its body is here: who is cut off while sending is cut off.
                with self._visits.of(passed, scope):
                    await self._hand_on(route, scope, await _with_body(route, scope, receive), dressed)

    async def _hand_on(self, route: Route, scope: Scope, receive: Receive, dressed: "_Dressed") -> None:
        """Have a route answer; a wrong code or link that only the route knows to be one is written down too."""
        scope[REFUSED] = refuse = partial(self._refuse, scope=scope, shown=True)
        try:
            await route.app(scope, receive, dressed)
        except Refused as error:
            await refuse(error)
            raise

    async def _refuse(self, error: MatineeError, scope: Scope, *, shown: bool = False) -> None:
        """Write a refusal down, and let whoever guesses wait for it.

        Args:
            error: what is said.
            scope: of the request; its body is never written down.
            shown: whether it brought something that was to let it in, besides a token or a cookie.
        """
        address = client_of(scope)
        # A page that shows nothing is one that nobody has let in yet: it asks, and is told how to come in.
        alarming = isinstance(error, Refused) and (
            not isinstance(error, Unauthorised) or shown or shows_something(scope)
        )
        self._refusals.note(address, error.code, scope["method"], scope["path"], alarming=alarming)
        guessed = isinstance(error, Unauthorised) and header(scope, b"authorization") is not None
        if guessed and self._gate.guesses.many(address):
            await asyncio.sleep(SLOW_S)


class _Dressed:
    """A ``send`` that adds to the head of a response what every response must have."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False
        self.set_cookie: str | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            message = {**message, "headers": self._dress(message.get("headers", ()))}
        await self._send(message)

    def _dress(self, given: Headers) -> Headers:
        headers = [*given, *SECURITY_HEADERS]
        if not any(name == b"cache-control" for name, _ in given):
            headers.append(NO_STORE)
        if self.set_cookie is not None:
            headers.append((b"set-cookie", self.set_cookie.encode("ascii")))
        return headers


async def _with_body(route: Route, scope: Scope, receive: Receive) -> Receive:
    """Read the body before anybody parses it, and no further than the route's limit."""
    if not route.body_types:
        return receive
    declared = (header(scope, b"content-length") or "0")[:20]
    too_long = declared.isdigit() and int(declared) > route.body_limit
    if route.streamed and not too_long:
        return receive
    body = None if too_long else await read_body(receive, route.body_limit)
    if body is None:
        raise TooLarge(f"The body is longer than the {route.body_limit} bytes that are taken here.")
    return replay(body, receive)


def _wrong_method(allow: tuple[str, ...]) -> Reply:
    methods = ", ".join(allow)
    detail = f"This address takes {methods}."
    return plain_problem(405, "method-not-allowed", detail, [("Allow", methods)])


async def _fail(reply: Reply, error: Exception, scope: Scope, receive: Receive, dressed: _Dressed) -> None:
    if dressed.started:
        await abort(scope, receive, error)
        return
    await reply(scope, receive, dressed)
