"""A name for this computer in its own networks, by multicast DNS (RFC 6762, RFC 6763). Imported only when needed."""

import asyncio
import errno
import ipaddress
import logging

from zeroconf import (
    Error,
    IPVersion,
    NonUniqueNameException,
    ServiceInfo,
)
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from matinee import __version__
from matinee.tls.names import network_names

KIND, SECURE_KIND = "_http._tcp.local.", "_https._tcp.local."
ASK_MS = 700
"""How long somebody who has the name already may take to say so."""

_CUT = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL, errno.ENODEV})
"""What the kernel says to whoever sends on a wire or from an address that has gone."""

log = logging.getLogger(__name__)


def _is_more_than_cut(record: logging.LogRecord) -> bool:
    """Have one record of zeroconf's not written, that it could not send for want of a network, with a traceback.

    A wire that is pulled is no fault, and ``screens`` says that it was. What else it tells is written as it is.
    """
    error = record.exc_info[1] if record.exc_info else None
    cut = (
        isinstance(error, OSError) and error.errno in _CUT and str(record.msg).startswith("Error with socket")
    )
    if cut:
        log.info("nothing could be sent for the name in the network error=%s", error)
    return not cut


logging.getLogger("zeroconf").addFilter(_is_more_than_cut)


class NetworkName:
    """Has a name and the page known while it lasts.

    Args:
        port: where the page is.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._known: AsyncZeroconf | None = None
        self._info: ServiceInfo | None = None

    async def go_by(self, addresses: list[str], *, secure: bool) -> str | None:
        """Have the name stand for these addresses; gives it, or None where everybody has it already.

        Args:
            addresses: of this computer.
            secure: whether https is spoken there.

        Raises:
            OSError: the networks cannot be reached.
        """
        await self.close()
        if not addresses:
            return None
        try:
            return await self._announce(addresses, SECURE_KIND if secure else KIND)
        except (Error, RuntimeError) as error:  # RuntimeError: of an address that has just gone
            raise OSError(str(error)) from error

    async def _announce(self, addresses: list[str], kind: str) -> str | None:
        self._known = AsyncZeroconf(interfaces=addresses, ip_version=_version(addresses))
        for name in network_names():
            if await self._is_taken(name, addresses):
                continue
            info = ServiceInfo(
                kind,
                f"{name}.{kind}",
                port=self._port,
                server=f"{name}.local.",
                parsed_addresses=addresses,
                properties={"path": "/", "version": __version__},
            )
            try:
                await (await self._known.async_register_service(info))
            except NonUniqueNameException:
                continue
            self._info = info
            return f"{name}.local"
        return None

    async def close(self) -> None:
        """Take the name back, and leave the networks."""
        known, self._known = self._known, None
        if known is not None:
            try:
                await known.async_unregister_all_services()
            finally:  # when this is cancelled too: it would answer for ever
                await known.async_close()

    async def _is_taken(self, name: str, ours: list[str]) -> bool:
        """Ask whether the service's name stands for other addresses than ours, encrypted or not."""
        assert self._known is not None  # noqa: S101 - for the type checker; made just before
        asked = [AsyncServiceInfo(kind, f"{name}.{kind}") for kind in (KIND, SECURE_KIND)]
        there = await asyncio.gather(*(one.async_request(self._known.zeroconf, ASK_MS) for one in asked))
        others = (one for one, is_there in zip(asked, there, strict=True) if is_there)
        return any(not set(one.parsed_addresses()) & set(ours) for one in others)


def _version(addresses: list[str]) -> IPVersion:
    known = {ipaddress.ip_address(one).version for one in addresses}
    if len(known) == 2:
        return IPVersion.All
    return IPVersion.V4Only if known == {4} else IPVersion.V6Only
