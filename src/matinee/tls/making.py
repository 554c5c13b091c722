"""Makes certificates: an authority for one house, and what it says of this computer.

Imported by ``matinee tls`` and by ``issuing``, a process of its own: ``cryptography`` takes 13 MB (2026-11-27), and the
key with which certificates are signed never is in the process that answers strangers.
"""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from matinee.outside.interfaces import OWN_NETWORKS, Network

AUTHORITY_LIFE = timedelta(days=3650)
"""Whoever installed it would have to do so again; the key that made it is gone, so that a long life costs nothing."""
LEAF_LIFE = timedelta(days=90)
"""iOS takes 398 days at most (825 from an authority that was installed); it is made anew here, so it may be short."""
BEFORE = timedelta(days=1)
"""A certificate begins so much earlier than it is made: clocks of televisions are wrong."""
_MOST_NAME = 64
"""Characters in a name of X.509 (ub-common-name)."""


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority that was made."""

    certificate: bytes
    """What devices install, PEM. Nobody has its key: it was dropped when it had signed the issuer."""
    issuer: bytes
    """Key and certificate with which it goes on, PEM."""


def make_authority(
    host: str, now: datetime | None = None, networks: Sequence[Network] = OWN_NETWORKS
) -> Authority:
    """Make an authority that can speak for names under ``.local``, for this computer's own, and for private addresses.

    Both certificates say so: of one that a person installed not every device reads what it may not.

    Args:
        host: this computer's name.
        now: with its zone; the clock's when None.
        networks: the addresses for which it can speak.
    """
    begins = (now or datetime.now(UTC)) - BEFORE
    bounds = _bounds(host, networks)
    root_key, key = _key(), _key()
    root_name = _name(f"Matinee on {host}", "Matinee")
    root = (
        _begun(root_name, root_name, root_key.public_key(), begins, begins + BEFORE + AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(bounds, critical=True)
        .sign(root_key, hashes.SHA256())
    )
    issuer = (
        _begun(_name(f"Matinee on {host}, issuer", "Matinee"), root_name, key.public_key(), begins,
               root.not_valid_after_utc)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(bounds, critical=True)
        .add_extension(_issued_by(root_key), critical=False)
        .sign(root_key, hashes.SHA256())
    )  # fmt: skip
    return Authority(_pem(root), _key_pem(key) + _pem(issuer))


def make_leaf(
    issuer: bytes, names: Iterable[str], addresses: Iterable[str], now: datetime | None = None
) -> bytes:
    """Make the certificate of this computer, with a key of its own.

    Args:
        issuer: the authority's, as ``make_authority`` gave it.
        names: by which it is known; those for which the authority cannot speak are left out.
        addresses: IPv4 and IPv6, likewise.
        now: with its zone; the clock's when None.

    Returns:
        The key, the certificate and the issuer's, PEM.

    Raises:
        ValueError: that is no issuer, its life is over, or there is nothing for which it can speak.
    """
    moment = now or datetime.now(UTC)
    signer = serialization.load_pem_private_key(issuer, None)
    above = x509.load_pem_x509_certificate(issuer)
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise ValueError("the authority's key is not one of ours")
    if not above.not_valid_before_utc <= moment < above.not_valid_after_utc:
        raise ValueError("the authority's life is over, or has not begun")
    said = _said(above, names, addresses)
    if not said:
        raise ValueError("this computer has no name and no address for which the authority can speak")
    key = _key()
    leaf = (
        _begun(_name("Matinee"), above.subject, key.public_key(), moment - BEFORE,
               min(moment + LEAF_LIFE, above.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(said), critical=False)
        .add_extension(_issued_by(signer), critical=False)
        .sign(signer, hashes.SHA256())
    )  # fmt: skip
    return _key_pem(key) + _pem(leaf) + _pem(above)


def _bounds(host: str, networks: Sequence[Network]) -> x509.NameConstraints:
    names = ["local", *([host] if _is_plain(host) else [])]
    return x509.NameConstraints(
        [*(x509.DNSName(name) for name in names), *(x509.IPAddress(network) for network in networks)], None
    )


def _said(above: x509.Certificate, names: Iterable[str], addresses: Iterable[str]) -> list[x509.GeneralName]:
    """Give what of these an authority can speak for: one that is beyond it would spoil the certificate for all."""
    allowed = above.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    under = [one.value for one in allowed if isinstance(one, x509.DNSName)]
    networks = [
        one.value
        for one in allowed
        if isinstance(one, x509.IPAddress)
        and isinstance(one.value, ipaddress.IPv4Network | ipaddress.IPv6Network)
    ]
    said: list[x509.GeneralName] = [
        x509.DNSName(name)
        for name in dict.fromkeys(names)
        if any(name == one or name.endswith(f".{one}") for one in under)
    ]
    known = map(ipaddress.ip_address, dict.fromkeys(addresses))
    return said + [x509.IPAddress(one) for one in known if any(one in network for network in networks)]


def _is_plain(host: str) -> bool:
    """Whether a name is one label, as nobody has it in the world's own naming."""
    return host.isascii() and host.replace("-", "").isalnum() and host.lower() == host


def _name(common: str, organisation: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common[:_MOST_NAME])]
    if organisation:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name(parts)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, begins: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _issued_by(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=signs, crl_sign=signs, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _key() -> ec.EllipticCurvePrivateKey:
    # Every browser of ten years takes it; Ed25519 none takes.
    return ec.generate_private_key(ec.SECP256R1())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
