"""OpenSubtitles.com, by its REST interface as it is documented (version 1), with the user's own key.

It learns which film somebody watches, so nothing is asked before that person wants it. Searching needs the key;
each day some files may be taken, and it says so when there are no more.
"""

import asyncio
import json
import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from matinee import __version__
from matinee.errors import BadSetting, BadSource, SourceUnreachable, TooLarge
from matinee.languages import tag_of
from matinee.models.subtitles import Offer, Sought
from matinee.names import clean_name
from matinee.outside.contacts import Note

if TYPE_CHECKING:
    import httpx  # at run time inside the functions: it costs 0.25 s of the start

API = "https://api.opensubtitles.com/api/v1"
HOSTS = ("opensubtitles.com", "opensubtitles.org")
"""Files are fetched from these and their subdomains alone, whatever an answer says."""
TIMEOUT_S = 15.0
"""For one question or one file, redirects and all."""
MAX_REDIRECTS = 3
ANSWER_MAX_BYTES = 2 * 1024 * 1024
FILE_MAX_BYTES = 8 * 1024 * 1024
MOST_OFFERS = 100
NAME_MAX_CHARS = 200

_NAMES = {
    "pt": "pt-pt",
    "pt-BR": "pt-br",
    "zh": "zh-cn",
    "zh-Hans": "zh-cn",
    "zh-Hant": "zh-tw",
    "nb": "no",
    "nn": "no",
}
"""Languages that it calls otherwise than BCP 47 does."""


class OpenSubtitles:
    """The ``SubtitleProvider`` of ``ports``. Keeps no connection and no cookie.

    Args:
        key: the user's, from the service's page for developers.
        transport: what carries requests; None for the network.
        note: told of whom it asks.
    """

    def __init__(
        self, key: str, transport: "httpx.AsyncBaseTransport | None" = None, note: Note | None = None
    ) -> None:
        self._headers = {
            "Api-Key": key,
            "User-Agent": f"Matinee v{__version__}",
            "Accept": "application/json",
        }
        self._transport = transport
        self._note = note

    async def search(self, sought: Sought) -> tuple[Offer, ...]:
        """Ask by the file's hash and the film's name at once."""
        # In the order of the alphabet and in small letters: anything else is redirected there.
        asked = {
            "languages": ",".join(
                sorted({_NAMES.get(tag, tag.partition("-")[0]).lower() for tag in sought.languages})
            ),
            "moviehash": sought.moviehash or "",
            "query": sought.name[:NAME_MAX_CHARS].lower(),
        }
        wanted = {key: value for key, value in asked.items() if value}
        answer = await self._ask("GET", "/subtitles", params=wanted)
        rows = answer.get("data")
        offers = [offer for row in rows if (offer := _offer(row))] if isinstance(rows, list) else []
        return tuple(sorted(offers, key=_likeliest)[:MOST_OFFERS])

    async def fetch(self, offer: int) -> tuple[str, bytes]:
        """Ask for a file's address, and fetch it."""
        answer = await self._ask("POST", "/download", json={"file_id": offer})
        match answer:
            case {"link": str(link), **rest}:
                name = rest.get("file_name")
                data = await self._get(link)
                return clean_name(name if isinstance(name, str) else "", "subtitles.srt"), data
        raise BadSource("OpenSubtitles gave no address for these subtitles. Choose others.")

    async def _ask(self, method: str, path: str, **what: Any) -> dict[str, Any]:
        status, body = await self._send(method, API + path, self._headers, ANSWER_MAX_BYTES, **what)
        answer = _json(body)
        if status == 200 and answer is not None:
            return answer
        raise _refused(status, answer or {})

    async def _get(self, url: str) -> bytes:
        """Fetch a file; the key goes to the interface alone."""
        status, body = await self._send(
            "GET", url, {"User-Agent": self._headers["User-Agent"]}, FILE_MAX_BYTES
        )
        if status != 200:
            raise SourceUnreachable("OpenSubtitles did not give the subtitles. Try again later.")
        return body

    async def _send(
        self, method: str, url: str, headers: dict[str, str], most_bytes: int, **what: Any
    ) -> tuple[int, bytes]:
        """Send a request; gives the status and the body of what it leads to."""
        import httpx

        try:
            async with asyncio.timeout(TIMEOUT_S):
                trust = await asyncio.to_thread(ssl.create_default_context)
                async with httpx.AsyncClient(
                    verify=trust,
                    trust_env=False,
                    headers=headers,
                    transport=self._transport,
                    timeout=TIMEOUT_S,
                ) as client:
                    request = client.build_request(method, url, **what)
                    for _ in range(1 + MAX_REDIRECTS):
                        _check(str(request.url))
                        if self._note is not None:
                            self._note.asked(request.url.host)
                        response = await client.send(request, stream=True, follow_redirects=False)
                        try:
                            if response.next_request is None:
                                body = await _body(response, most_bytes)
                                if self._note is not None:
                                    self._note.came(request.url.host, len(body))
                                return response.status_code, body
                        finally:
                            await response.aclose()
                        request = response.next_request
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as exc:
            raise SourceUnreachable("OpenSubtitles cannot be reached. Try again later.") from exc
        raise BadSource("OpenSubtitles passed the request on too often. Try again later.")


def _check(url: str) -> None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    known = any(host == one or host.endswith(f".{one}") for one in HOSTS)
    if parts.scheme != "https" or not known or parts.port not in (None, 443) or parts.username is not None:
        raise BadSource("OpenSubtitles named an address that is not its own, so it is not fetched.")


async def _body(response: "httpx.Response", most_bytes: int) -> bytes:
    """Read a body, counting what comes out of any compression."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > most_bytes:
            raise TooLarge("OpenSubtitles sent more than subtitles can be. Choose others.")
    return bytes(body)


def _json(body: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _refused(status: int, answer: dict[str, Any]) -> BadSetting | SourceUnreachable:
    if status in (401, 403):
        return BadSetting("OpenSubtitles does not take the key. Look at opensubtitles_key in the settings.")
    if status == 406:
        reset = answer.get("reset_time")
        when = clean_name(reset, "", 40) if isinstance(reset, str) else ""
        after = f"in {when}" if when else "tomorrow"
        return SourceUnreachable(f"OpenSubtitles gives no more subtitles today. Try again {after}.")
    if status == 429:
        return SourceUnreachable("OpenSubtitles was asked too often. Try again in a moment.")
    return SourceUnreachable("OpenSubtitles did not answer as it should. Try again later.")


def _offer(row: object) -> Offer | None:
    """Read a row of an answer; None for one that is no file of subtitles."""
    match row:
        case {"attributes": {"language": str(language), "files": [{"file_id": int(number)}, *_], **said}}:
            downloads = said.get("download_count")
            return Offer(
                id=number,
                language=tag_of(language),
                release=clean_name(str(said.get("release") or ""), "", NAME_MAX_CHARS),
                matches=said.get("moviehash_match") is True,
                forced=said.get("foreign_parts_only") is True,
                hearing_impaired=said.get("hearing_impaired") is True,
                machine=said.get("ai_translated") is True or said.get("machine_translated") is True,
                downloads=downloads if isinstance(downloads, int) else 0,
            )
    return None


def _likeliest(offer: Offer) -> tuple[bool, bool, int]:
    return not offer.matches, offer.machine, -offer.downloads
