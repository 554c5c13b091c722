"""Certificates as they are shown: read, and tried in a handshake with oneself, before anybody else sees them."""

import ipaddress
import os
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matinee.errors import BadSetting

MOST_BYTES = 1 << 20
"""Of a file with certificates."""
_EXPIRED, _NOT_YET = 10, 9
"""X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID: openssl-verify(1)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What clients are shown, and what it says."""

    context: ssl.SSLContext
    names: frozenset[str]
    """Of hosts, in lower case; some may begin with ``*.``."""
    addresses: frozenset[str]
    """As ``ipaddress`` writes them."""
    ends_at: float
    """Unix seconds."""

    def fits(self, host: str) -> bool:
        """Whether a client that asks for a name or an address would take it."""
        try:
            return str(ipaddress.ip_address(host)) in self.addresses
        except ValueError:
            name = host.lower()
            return name in self.names or f"*.{name.partition('.')[2]}" in self.names


def load(certificate: Path, key: Path | None = None) -> Shown:
    """Read a certificate, with those between it and its authority, and its key; blocks.

    Args:
        certificate: PEM.
        key: PEM; in the certificate's file when None.

    Raises:
        BadSetting: they are not there, not what they should be, not of each other, or not good now; the sentence says.
    """
    for path in (certificate, *([key] if key else [])):
        _check_readable(path)
    anchor = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        anchor.load_verify_locations(certificate)
    except (ssl.SSLError, ValueError) as error:
        raise BadSetting(
            f"{certificate} holds no certificate in PEM, or a damaged one.", setting="tls_cert"
        ) from error
    context = _server(certificate, key)
    return _rehearsed(context, anchor, certificate)


def _check_readable(path: Path) -> None:
    try:
        with path.open("rb") as file:
            long = os.fstat(file.fileno()).st_size > MOST_BYTES
    except OSError as error:
        raise BadSetting(f"{path} cannot be read: {error.strerror}.", setting="tls_cert") from error
    if long:
        raise BadSetting(f"{path} is too long to be a certificate or its key.", setting="tls_cert")


def _server(certificate: Path, key: Path | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # A client of TLS 1.2 could have keys made as often as it likes.
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    where = key or certificate

    def asked() -> str:
        raise BadSetting(
            f"The key in {where} has a password. Name one without: openssl pkey.", setting="tls_key"
        )

    try:
        context.load_cert_chain(certificate, key, asked)
    except (ssl.SSLError, ValueError) as error:
        if getattr(error, "reason", "") == "KEY_VALUES_MISMATCH":
            raise BadSetting(
                f"The key in {where} is not that of the certificate in {certificate}.", setting="tls_key"
            ) from error
        raise BadSetting(f"{where} holds no key in PEM, or a damaged one.", setting="tls_key") from error
    return context


def _rehearsed(context: ssl.SSLContext, anchor: ssl.SSLContext, certificate: Path) -> Shown:
    """Shake hands with oneself, trusting this very certificate: the library checks it as a client would."""
    anchor.check_hostname = False
    anchor.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(to_server, to_client, server_side=True)
    client = anchor.wrap_bio(to_client, to_server)
    try:
        for _ in range(4):
            for side in (client, server):
                try:
                    side.do_handshake()
                except ssl.SSLWantReadError:
                    continue
    except ssl.SSLCertVerificationError as error:
        raise BadSetting(f"{certificate}: {_why(error)}", setting="tls_cert") from error
    except ssl.SSLError as error:
        raise BadSetting(f"{certificate} cannot be used: {error.reason}.", setting="tls_cert") from error
    said = client.getpeercert()
    if not said:
        raise BadSetting(f"{certificate} cannot be used.", setting="tls_cert")
    return _read(context, said)


def _why(error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code == _EXPIRED:
        return "the certificate has ended. Have a new one made."
    if error.verify_code == _NOT_YET:
        return "the certificate is not good yet. Is this computer's clock right?"
    return f"no client would take the certificate: {error.verify_message}."


def _read(context: ssl.SSLContext, said: Mapping[str, Any]) -> Shown:
    names, addresses = set(), set()
    pairs: Iterable[tuple[str, Any]] = said.get("subjectAltName", ())
    for kind, value in pairs:
        if kind == "DNS":
            names.add(value.lower())
        elif kind == "IP Address":
            addresses.add(str(ipaddress.ip_address(value.strip())))
    ends_at = ssl.cert_time_to_seconds(str(said["notAfter"]))
    return Shown(context, frozenset(names), frozenset(addresses), float(ends_at))
