"""A certificate authority of the tests' own, and certificates that it signs."""

import ssl
import subprocess
from pathlib import Path


def make_authority(folder: Path, *names: str) -> Path:
    """Make ``ca.pem``, and a certificate for these hosts; gives the folder."""
    common = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    signed = "-CA ca.pem -CAkey ca.key -addext basicConstraints=critical,CA:FALSE"
    named = f"-addext subjectAltName={','.join(f'DNS:{name}' for name in names)}"
    for command in (
        f"req -x509 {common} -keyout ca.key -out ca.pem -subj /CN=authority",
        f"req -x509 {common} -keyout films.key -out films.pem -subj /CN=films {signed} {named}",
    ):
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    return folder


def server_trust(folder: Path) -> ssl.SSLContext:
    """Give what a server of such a host shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "films.pem", folder / "films.key")
    return context
