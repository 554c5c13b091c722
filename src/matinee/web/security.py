"""The one gate: who may do what. Default deny.

Loopback is not trusted by its address: other people, other programs and, through DNS rebinding or forged
requests, any page in the browser can reach it. ``docs/security.md`` says what went wrong elsewhere.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from matinee.errors import BadRequest, Misdirected, Refused, Starting, Unauthorised
from matinee.models.device import Device, Role
from matinee.types import DeviceId, FileIndex, InfoHash, SessionId
from matinee.web.asgi import Scope, header, header_values
from matinee.web.guesses import Guesses
from matinee.web.hosts import Hosts
from matinee.web.roles import needed
from matinee.web.routing import Access, Match, Route
from matinee.web.signatures import Signer, is_signed, signed_for
from matinee.web.visits import Pass

COOKIE_LIFE_S = 90 * 24 * 3600
RENEW_AFTER_S = 24 * 3600
"""How often a cookie that is in use gets its ninety days anew."""
LINK_LIFE_S = 60.0
MAX_LINKS = 3

_OUR_PAGE = frozenset({"same-origin", "none"})
"""``Sec-Fetch-Site`` of our own page and of an address somebody typed."""
_READING = frozenset({"GET", "HEAD"})


class AccessStore(Protocol):
    """Remembers browsers that were let in. Holds hashes alone, so that a copy of it opens nothing."""

    async def remember(self, cookie_hash: bytes, expires_at: float) -> None:
        """Let this cookie in until ``expires_at`` (Unix seconds): after a kill too, once this has returned.

        Raises:
            Starting: it cannot be kept yet; it is not let in.
        """

    def renew(self, cookie_hash: bytes, expires_at: float) -> None:
        """Let one that is let in stay until then."""

    def known(self, cookie_hash: bytes) -> bool:
        """Whether the cookie is let in now. Asked on every request: answer from memory.

        Raises:
            Starting: what is kept has not been read yet, so that a page that reconnects early is not sent away.
        """


class DeviceBook(Protocol):
    """Knows the devices that were let in, by the hash of their cookie. Answers from memory; see ``AccessStore``."""

    def by_cookie(self, cookie_hash: bytes) -> Device | None:
        """Give the device whose cookie this is, while it is good."""

    def by_id(self, device: DeviceId) -> Device | None:
        """Give a device that is let in."""

    def seen(self, device: DeviceId, address: str) -> None:
        """Note that it asked for something."""

    def renew(self, device: DeviceId, expires_at: float) -> None:
        """Let its cookie in until then (Unix seconds)."""


class Gate:
    """Judges requests, and hands out what opens it.

    Args:
        token: the owner's token.
        signer: makes and checks stream addresses.
        store: remembers the cookies of browsers at this computer.
        devices: knows other screens, and has them let in.
        names: names of this computer besides ``localhost``: ``tls.names.own_names()`` and configured ones.
        clock: wall clock in Unix seconds, for what outlives the process.
        monotonic: for what does not.
    """

    def __init__(
        self,
        *,
        token: str,
        signer: Signer,
        store: AccessStore,
        devices: DeviceBook,
        names: Iterable[str] = (),
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if not token:
            raise ValueError("the owner's token must not be empty")
        self.signer = signer
        self._token_hash = _digest(token)
        self._store = store
        self._devices = devices
        self.hosts = Hosts(names)
        self.entrances: frozenset[str] = frozenset()
        """The addresses at which other screens come in. Nobody is the owner there."""
        self._clock = clock
        self._monotonic = monotonic
        self.guesses = Guesses(monotonic)
        self._links: dict[bytes, float] = {}
        self._renewed: dict[bytes, float] = {}

    def mint_link(self) -> str:
        """Make the secret of a one-time link. The oldest open one ends when there are too many."""
        secret = secrets.token_urlsafe(32)
        while len(self._links) >= MAX_LINKS:
            del self._links[next(iter(self._links))]
        self._links[_digest(secret)] = self._monotonic() + LINK_LIFE_S
        return secret

    async def redeem(self, secret: str, jar: "Jar") -> str:
        """Change a one-time secret for the ``Set-Cookie`` of a new cookie, which is kept when this returns.

        Raises:
            Unauthorised: the secret is wrong, was used or has ended.
            Starting: the cookie cannot be kept yet; the secret is good still.
        """
        ends_at = self._links.pop(_digest(secret), None)
        if ends_at is None or self._monotonic() >= ends_at:
            raise Unauthorised(
                "This link was used already or is older than a minute. Ask Matinee for a new one."
            )
        value = new_cookie()
        try:
            await self._store.remember(_digest(value), self._clock() + COOKIE_LIFE_S)
        except Starting:
            self._links[_digest(secret)] = ends_at
            raise
        self._renewed[_digest(value)] = self._clock()
        return jar.line(value)

    def check_host(self, scope: Scope) -> None:
        """Refuse what was sent to somebody else's name.

        Raises:
            Misdirected: no, several or foreign ``Host``.
        """
        hosts = header_values(scope, b"host")
        if len(hosts) != 1 or not self.hosts.is_ours(
            hosts[0], scope["server"], secure=scope["scheme"] == "https"
        ):
            raise Misdirected(
                "This address is not one of Matinee's. Open the address that Matinee printed at start."
            )

    def admit(self, match: Match, scope: Scope) -> Pass:
        """Judge a request whose host and route are known.

        Raises:
            BadRequest: a body of a kind that this route does not take.
            Refused: a foreign page sent it, its signature is wrong or has ended, or the device may not do this.
            Unauthorised: nothing in it opens the gate.
        """
        route = match.route
        _check_body(route, scope)
        if route.access is Access.SHELL:
            return Pass()
        _check_origin(scope)
        if route.access is Access.OPEN:
            return Pass()
        passed = self._check_credentials(match, scope)
        if passed.role is None or not passed.role.may(needed(route.method, route.path)):
            raise Refused("This device may not do that. Whoever sits at the computer can let it do more.")
        return passed

    def is_entrance(self, scope: Scope) -> bool:
        """Whether a request came to an address for other screens."""
        return scope["server"][0] in self.entrances

    def visitor(self, scope: Scope) -> Pass | None:
        """Say who asks, by token or cookie; None when nobody knows.

        Raises:
            Unauthorised: a token that is not the owner's, or the owner's where nobody is the owner.
            Refused: too many wrong ones came from there.
            Starting: what is kept has not been read yet.
        """
        authorization = header(scope, b"authorization")
        if authorization is not None:
            if self.is_entrance(scope):
                raise Unauthorised(
                    "The owner's token opens nothing at this address. Use it at the computer itself."
                )
            if self.guesses.shut(client_of(scope)):
                raise Refused("Too many wrong tokens came from this address. Wait ten minutes.")
            if not self._is_token(authorization):
                self.guesses.wrong(client_of(scope))
                raise Unauthorised(
                    "This token is not the owner's. It is in the file 'token' in the data folder."
                )
            return Pass(Role.OWNER)
        jar = jar_of(scope)
        for value in _cookies(scope, jar.name):
            if not self.is_entrance(scope) and self._store.known(_digest(value)):
                return Pass(Role.OWNER, set_cookie=self._renewal(value, jar))
            device = self._devices.by_cookie(_digest(value))
            if device is not None:
                self._devices.seen(device.id, client_of(scope))
                return Pass(device.may, device.id, self._device_renewal(device.id, value, jar))
        return None

    def device(self, device: DeviceId) -> Device | None:
        """Give a device that is let in."""
        return self._devices.by_id(device)

    def _check_credentials(self, match: Match, scope: Scope) -> Pass:
        """Ask for the token, then the cookie, then the signature. A wrong token is final."""
        passed = self.visitor(scope)
        if passed is not None:
            if header(scope, b"authorization") is None and scope["method"] not in _READING:
                _check_our_page(scope)
            return passed
        query = scope["query_string"].decode("latin-1")
        if match.route.access is Access.SIGNED and is_signed(query):
            device = signed_for(query)
            if not self._is_signed_for(match, query) or (device and self._devices.by_id(device) is None):
                raise Refused("This stream address has ended or was changed. Ask for the torrent again.")
            return Pass(Role.WATCH, device)
        raise Unauthorised("Matinee does not know this browser. Open the link that Matinee prints at start.")

    def _is_signed_for(self, match: Match, query: str) -> bool:
        if "session" in match.params:
            return self.signer.is_session_fresh(SessionId(match.params["session"]), query)
        return self.signer.is_fresh(*stream_params(match), query)

    def _is_token(self, authorization: str) -> bool:
        scheme, _, token = authorization.partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(_digest(token.strip()), self._token_hash)

    def _device_renewal(self, device: DeviceId, value: str, jar: "Jar") -> str | None:
        digest, now = _digest(value), self._clock()
        # Who is new here, or came in before this start, gets its ninety days at once.
        if now - self._renewed.get(digest, 0.0) < RENEW_AFTER_S:
            return None
        self._renewed[digest] = now
        self._devices.renew(device, now + COOKIE_LIFE_S)
        return jar.line(value)

    def _renewal(self, value: str, jar: "Jar") -> str | None:
        digest, now = _digest(value), self._clock()
        if now - self._renewed.get(digest, 0.0) < RENEW_AFTER_S:
            return None
        self._store.renew(digest, now + COOKIE_LIFE_S)
        self._renewed[digest] = now
        return jar.line(value)


@dataclass(frozen=True, slots=True)
class Jar:
    """Where a cookie of ours stands in a browser.

    Browsers share cookies between the ports of a host, so the port is in its name; and a cookie that has crossed the
    network in plain text opens nothing where that is encrypted.
    """

    port: int
    secure: bool
    """Whether it only travels by TLS; then no page of plain http can put another in its place either (RFC 6265bis)."""

    @property
    def name(self) -> str:
        """The cookie's name."""
        return f"__Host-matinee-{self.port}" if self.secure else f"matinee-{self.port}"

    def line(self, value: str) -> str:
        """Write the ``Set-Cookie``."""
        secure = "; Secure" if self.secure else ""
        return f"{self.name}={value}; Max-Age={COOKIE_LIFE_S}; Path=/; HttpOnly; SameSite=Strict{secure}"


def jar_of(scope: Scope) -> Jar:
    """Say where the cookies of a request stand."""
    return Jar(scope["server"][1], scope["scheme"] == "https")


def new_cookie() -> str:
    """Draw the value of a cookie: 256 bits."""
    return secrets.token_urlsafe(32)


def cookie_hash(value: str) -> bytes:
    """Give what is kept of a cookie."""
    return _digest(value)


def shows_something(scope: Scope) -> bool:
    """Whether a request brings a token or a cookie of ours, be it good or not."""
    return header(scope, b"authorization") is not None or bool(_cookies(scope, jar_of(scope).name))


def client_of(scope: Scope) -> str:
    """Give the address of whoever asks."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def stream_params(match: Match) -> tuple[InfoHash, FileIndex]:
    """The file that a stream's address names."""
    return InfoHash(match.params["info_hash"].lower()), FileIndex(int(match.params["file_index"]))


def _check_body(route: Route, scope: Scope) -> None:
    """Take no body where none is wanted, and only kinds that the route reads: forms forge JSON as text."""
    lengths = header_values(scope, b"content-length")
    if not header_values(scope, b"transfer-encoding") and all(length.strip() == "0" for length in lengths):
        return
    media_type = (header(scope, b"content-type") or "").partition(";")[0].strip().lower()
    if not route.body_types:
        raise BadRequest(f"{route.method} on this address takes no body.")
    if media_type not in route.body_types:
        raise BadRequest(f"The body must be {' or '.join(route.body_types)}; Content-Type says otherwise.")


def _check_origin(scope: Scope) -> None:
    """Refuse what a foreign page sent; browsers say so, other programs send neither field.

    ``same-site`` is foreign too: a page of another program on another port of this computer.
    """
    site = header(scope, b"sec-fetch-site")
    origin = header(scope, b"origin")
    if (site is not None and site not in _OUR_PAGE) or (origin is not None and origin != _own_origin(scope)):
        raise Refused("Another web page asked for this. Only Matinee's own page may.")


def _check_our_page(scope: Scope) -> None:
    """Want proof that our own page sent it: a cookie comes along with forged requests too."""
    if header(scope, b"origin") is None or header(scope, b"x-matinee") != "1":
        raise Refused(
            "A change asked for with a cookie must carry Origin and 'X-Matinee: 1', as Matinee's page does."
        )


def _own_origin(scope: Scope) -> str:
    return f"{scope['scheme']}://{header_values(scope, b'host')[0].lower()}"


def _cookies(scope: Scope, name: str) -> list[str]:
    """Every value of the named cookie; a page on another port may have set a second one beside ours."""
    pairs = (
        pair.strip().partition("=") for line in header_values(scope, b"cookie") for pair in line.split(";")
    )
    return [value for key, _, value in pairs if key == name and value][:4]


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
