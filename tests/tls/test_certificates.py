"""Certificates that are shown, and those that cannot be: each with a sentence that says why."""

import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from matinee.errors import BadSetting
from matinee.outside.interfaces import OWN_NETWORKS
from matinee.tls.authority import AuthorityFolder
from matinee.tls.certificates import load
from matinee.tls.making import LEAF_LIFE, Authority, make_authority, make_leaf

NAMES, ADDRESSES = ["matinee.local", "study"], ["192.168.1.20", "fd00::20"]
YEAR = timedelta(days=365)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return make_authority("study")


def _split(pem: bytes) -> tuple[bytes, bytes]:
    """Give the certificates and the key of a file that has both."""
    end = b"-----END PRIVATE KEY-----\n"
    key, _, certificates = pem.partition(end)
    return certificates, key + end


def _leaf(authority: Authority, now: datetime | None = None) -> bytes:
    return make_leaf(authority.issuer, NAMES, ADDRESSES, now)


def test_load_when_all_is_well_then_says_whom_it_names_and_until_when(
    authority: Authority, tmp_path: Path
) -> None:
    (tmp_path / "all.pem").write_bytes(_leaf(authority))
    shown = load(tmp_path / "all.pem")
    assert shown.names == set(NAMES)
    assert all(map(shown.fits, ["matinee.local", "STUDY", "192.168.1.20", "fd00:0:0:0::20"]))
    assert not any(map(shown.fits, ["evil.local", "192.168.1.21", "fd00::21", "local", ""]))
    left = datetime.fromtimestamp(shown.ends_at, UTC) - datetime.now(UTC)
    assert LEAF_LIFE - timedelta(minutes=5) < left <= LEAF_LIFE < timedelta(days=398)


def test_load_when_something_is_wrong_then_says_what(authority: Authority, tmp_path: Path) -> None:
    good, key = _split(_leaf(authority))
    _, other = _split(_leaf(authority))
    old, old_key = _split(_leaf(authority, datetime.now(UTC) + timedelta(days=400)))
    files = {
        "good": good, "key": key, "other": other, "text": b"nothing", "early": old, "early.key": old_key,
        "cut": good[:200], "long": b"x" * (2 << 20),
    }  # fmt: skip
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    locked = ["openssl", "pkey", "-in", "key", "-aes256", "-passout", "pass:secret", "-out", "locked"]
    subprocess.run(locked, cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "folder").mkdir()
    said = {
        ("good", "nowhere"): "nowhere cannot be read: No such file",
        ("nowhere", "key"): "nowhere cannot be read: No such file",
        ("folder", "key"): "cannot be read: Is a directory",
        ("text", "key"): "text holds no certificate in PEM",
        ("cut", "key"): "cut holds no certificate in PEM",
        ("key", "key"): "key holds no certificate in PEM",
        ("long", "key"): "is too long",
        ("good", "text"): "text holds no key in PEM",
        ("good", None): "good holds no key in PEM",
        ("good", "other"): "is not that of the certificate",
        ("good", "locked"): "has a password",
        ("early", "early.key"): "not good yet",
    }
    for (certificate, secret), sentence in said.items():
        with pytest.raises(BadSetting, match=sentence):
            load(tmp_path / certificate, tmp_path / secret if secret else None)


def test_load_when_its_life_is_over_then_says_so(tmp_path: Path) -> None:
    then = datetime.now(UTC) - YEAR
    authority = make_authority("study", then)
    (tmp_path / "all.pem").write_bytes(_leaf(authority, then))
    with pytest.raises(BadSetting, match="the certificate has ended"):
        load(tmp_path / "all.pem")


def test_authority_can_speak_for_names_and_addresses_of_a_house_alone(authority: Authority) -> None:
    for pem in (authority.certificate, authority.issuer):
        bounds = x509.load_pem_x509_certificate(pem).extensions.get_extension_for_class(x509.NameConstraints)
        assert bounds.critical
        allowed = [one.value for one in bounds.value.permitted_subtrees or []]
        assert allowed == ["local", "study", *OWN_NETWORKS]
    left = x509.load_pem_x509_certificate(
        make_leaf(
            authority.issuer, ["example.org", "localhost", "a.local"], ["8.8.8.8", "2606:4700::1", "10.0.0.1"]
        )
    )
    said = left.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(one.value) for one in said] == ["a.local", "10.0.0.1"]
    with pytest.raises(ValueError, match="no name and no address"):
        make_leaf(authority.issuer, ["example.org"], ["127.0.0.1"])


def test_authority_when_its_key_is_stolen_then_no_client_takes_what_it_says_of_others(
    authority: Authority, tmp_path: Path
) -> None:
    # As a thief would: openssl signs whatever it is told to.
    (tmp_path / "issuer.pem").write_bytes(authority.issuer)
    (tmp_path / "root.pem").write_bytes(authority.certificate)
    command = (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout k -out forged.pem "
        "-subj /CN=bank -CA issuer.pem -CAkey issuer.pem -addext basicConstraints=critical,CA:FALSE "
        "-addext subjectAltName=DNS:bank.example"
    )
    subprocess.run(["openssl", *command.split()], cwd=tmp_path, check=True, capture_output=True)
    verify = ["openssl", "verify", "-CAfile", "root.pem", "-untrusted", "issuer.pem"]
    refused = subprocess.run(
        [*verify, "forged.pem"], cwd=tmp_path, check=False, capture_output=True, text=True
    )
    assert "permitted subtree violation" in refused.stderr
    (tmp_path / "own.pem").write_bytes(_leaf(authority))
    subprocess.run([*verify, "-x509_strict", "-purpose", "sslserver", "own.pem"], cwd=tmp_path, check=True)


def test_folder_when_it_is_kept_then_only_its_owner_can_read_it_and_nothing_stays(
    authority: Authority, tmp_path: Path
) -> None:
    folder = AuthorityFolder(tmp_path / "tls")
    assert not folder.there()
    folder.keep(authority.certificate, authority.issuer)
    assert folder.there()
    assert {path.stat().st_mode & 0o777 for path in folder.path.iterdir()} == {0o600}
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert ssl.DER_cert_to_PEM_cert(folder.read().der).encode() == authority.certificate
    folder.certificate.write_text("nothing")
    with pytest.raises(BadSetting, match="matinee tls --off"):
        folder.read()
    folder.remove()
    folder.remove()
    assert not folder.path.exists()
