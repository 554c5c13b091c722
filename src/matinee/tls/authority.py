"""The authority of this computer's own, as it lies in the data folder. Only its owner can read what is secret there."""

import hashlib
import shutil
import ssl
from dataclasses import dataclass
from pathlib import Path

from matinee.data_folder import write_private
from matinee.errors import BadSetting, DiskFailed


@dataclass(frozen=True, slots=True)
class AuthorityFolder:
    """Where it lies: the folder ``tls`` in the data folder."""

    path: Path

    @property
    def certificate(self) -> Path:
        """What devices install, PEM; public. It is written last: where it is, all is."""
        return self.path / "authority.crt"

    @property
    def issuer(self) -> Path:
        """The key that signs for the authority, and the certificate of that key."""
        return self.path / "issuer.pem"

    @property
    def shown(self) -> Path:
        """The certificate of this computer, its key and its issuer's."""
        return self.path / "shown.pem"

    def there(self) -> bool:
        """Whether there is one."""
        return self.certificate.exists()

    def read(self) -> "Installed":
        """Read what devices install.

        Raises:
            BadSetting: it is damaged.
        """
        try:
            der = ssl.PEM_cert_to_DER_cert(self.certificate.read_text("ascii"))
        except (OSError, ValueError) as error:
            raise BadSetting(
                f"{self.certificate} cannot be read or is damaged. `matinee tls --off` and `matinee tls` make an "
                "authority anew."
            ) from error
        return Installed(der)

    def keep(self, certificate: bytes, issuer: bytes) -> None:
        """Write a new one.

        Raises:
            DiskFailed: it cannot be written.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.chmod(0o700)
            self.shown.unlink(missing_ok=True)
            write_private(self.issuer, issuer)
            write_private(self.certificate, certificate)
        except OSError as error:
            raise DiskFailed(f"{self.path} cannot be written: {error.strerror}.") from error

    def remove(self) -> None:
        """Delete it, keys and all. Raises DiskFailed."""
        try:
            self.certificate.unlink(missing_ok=True)
            if self.path.exists():
                shutil.rmtree(self.path)
        except OSError as error:
            raise DiskFailed(f"{self.path} cannot be deleted: {error.strerror}.") from error


@dataclass(frozen=True, slots=True)
class Installed:
    """What devices install."""

    der: bytes

    @property
    def fingerprint(self) -> str:
        """By which a person knows it on another screen: SHA-256, in pairs of hex digits."""
        return hashlib.sha256(self.der).digest().hex(":").upper()
