"""``matinee doctor``: what is right here, what is not, and what to do about it."""

import asyncio
import os
import shutil
import socket
import time
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import typer

from matinee.cli.options import DataDir
from matinee.config import OPEN_HOST, SHORT_TOKEN, Config, load, serves_beyond, short_token
from matinee.confined.trial import can_take_calls
from matinee.data_folder import running_address
from matinee.errors import BadSetting
from matinee.media.codecs import missing_decoders
from matinee.media.hardware import working_encoders
from matinee.outside.interfaces import own_addresses
from matinee.tls import certificates
from matinee.tls.authority import AuthorityFolder
from matinee.tls.names import names_here
from matinee.torrent.dht_probe import dht_answers

LITTLE_BYTES = 2 * 1024**3
LITTLE_DAYS = 25
"""A certificate of the authority's is made anew thirty days before its end."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: str
    """``ok``, ``warning`` or ``problem``."""
    sentence: str


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def doctor(data_dir: DataDir = None) -> None:
        """Look at ports, the DHT, disk, codecs and page, and say what to do."""
        config = load({"data_dir": str(data_dir) if data_dir else None})
        findings = [
            _page_port(config),
            *_open_host(config),
            *_short_token(config),
            _peer_port(config),
            _dht(config),
            *_folder(config),
            _confined(),
            _codecs(),
            _hardware(config),
            _page(),
            *_certificate(config),
        ]
        for finding in findings:
            typer.echo(f"{finding.level:8} {finding.sentence}")
        if any(finding.level == "problem" for finding in findings):
            raise typer.Exit(1)


def _page_port(config: Config) -> Finding:
    running = running_address(config.data_dir)
    if running is not None:
        return Finding("ok", f"Matinee is running at {running}.")
    if _can_bind(config.host, config.port, socket.SOCK_STREAM):
        return Finding("ok", f"Port {config.port} is free for the page.")
    return Finding(
        "warning", f"Port {config.port} is taken; Matinee takes one of the next, or name one with --port."
    )


def _open_host(config: Config) -> list[Finding]:
    return [Finding("warning", OPEN_HOST)] if serves_beyond(config.host) else []


def _short_token(config: Config) -> list[Finding]:
    return [Finding("warning", SHORT_TOKEN)] if short_token(config) else []


def _peer_port(config: Config) -> Finding:
    if running_address(config.data_dir) is not None:
        return Finding("ok", "The port for peers is in use by the Matinee that is running.")
    kinds = (socket.SOCK_STREAM, socket.SOCK_DGRAM)
    if all(_can_bind("0.0.0.0", config.listen_port, kind) for kind in kinds):  # noqa: S104 - as the engine listens
        return Finding("ok", f"Port {config.listen_port} is free for peers.")
    return Finding(
        "warning", f"Port {config.listen_port} is taken; set listen_port to another, or peers cannot call."
    )


def _dht(config: Config) -> Finding:
    if config.offline:
        return Finding("ok", "Matinee is set to be offline.")
    if not config.dht:
        return Finding("warning", "The DHT is switched off; magnet links without a tracker find nobody.")
    if config.proxy_kind != "none":
        return Finding("ok", "The DHT is asked through the proxy; that cannot be tried from here.")
    if not _can_bind("0.0.0.0", 0, socket.SOCK_DGRAM):  # noqa: S104 - as the engine listens
        return Finding("problem", "The DHT is on, but no UDP port can be opened. Check the firewall.")
    if asyncio.run(dht_answers()):
        return Finding("ok", "The DHT answers.")
    return Finding(
        "warning",
        "The DHT does not answer: magnet links without a tracker may find nobody. Check the network, and that "
        "the firewall lets UDP out.",
    )


def _folder(config: Config) -> list[Finding]:
    folder = config.films_dir
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    found = []
    if not os.access(folder, os.W_OK):
        found.append(Finding("problem", f"{folder} cannot be written. Check who may write there."))
    free = shutil.disk_usage(folder).free
    level = "ok" if free >= LITTLE_BYTES else "warning"
    advice = "" if level == "ok" else " A film may need more: make room."
    found.append(Finding(level, f"{free / 1e9:.1f} GB are free where films are kept.{advice}"))
    if config.data_dir.exists() and config.data_dir.stat().st_mode & 0o077:
        found.append(Finding("warning", f"Others can look into the data folder: chmod 700 {config.data_dir}"))
    return found


def _confined() -> Finding:
    if can_take_calls():
        return Finding("ok", "What reads strangers' files may only compute here.")
    return Finding(
        "warning",
        "This system cannot take calls away from a process (seccomp, on x86_64 or aarch64): what reads strangers' "
        "films, pictures and links is held by limits alone, without files and sockets.",
    )


def _codecs() -> Finding:
    missing = missing_decoders()
    if missing:
        return Finding(
            "warning", f"These codecs cannot be opened: {', '.join(missing)}. Install Matinee anew."
        )
    return Finding("ok", "Every codec that films here use can be opened.")


def _hardware(config: Config) -> Finding:
    found = asyncio.run(working_encoders())
    if not found:
        return Finding("ok", "No hardware encoder works here; the processor converts films that need it.")
    told = ", ".join(f"{name} ({speed:.0f} pictures a second)" for name, speed in found.items())
    used = "is switched off" if config.hardware_encoder == "off" else "converts films that need it"
    return Finding("ok", f"A hardware encoder works here and {used}: {told}.")


def _page() -> Finding:
    if resources.files("matinee.web").joinpath("static", "index.html").is_file():
        return Finding("ok", "The page is built.")
    return Finding("problem", "The page is not built. Run make run, or install Matinee from its wheel.")


def _certificate(config: Config) -> list[Finding]:
    """Look at what other screens are shown, and at what they trust."""
    folder = AuthorityFolder(config.data_dir / "tls")
    if not config.tls_cert and not folder.there():
        return []
    cert = Path(config.tls_cert) if config.tls_cert else folder.shown
    key = Path(config.tls_key) if config.tls_key else None
    found = _open_secrets(config, folder)
    if not config.tls_cert and not folder.shown.exists():
        return [*found, Finding("ok", "The authority for other screens signs when they are first let in.")]
    try:
        shown = certificates.load(cert, key)
    except BadSetting as error:
        return [*found, Finding("problem", error.message)]
    days = (shown.ends_at - time.time()) / 86_400
    if days < LITTLE_DAYS:
        advice = "Have a new one made." if config.tls_cert else "Matinee makes a new one while it runs."
        found.append(
            Finding("warning", f"The certificate for other screens ends in {days:.0f} days. {advice}")
        )
    reached = [*names_here(), *_addresses()]
    if config.tls_cert and not any(map(shown.fits, reached)):
        named = ", ".join(sorted(shown.names | shown.addresses)) or "nobody"
        found.append(
            Finding(
                "warning",
                f"The certificate for other screens is for {named}: a device must find this computer by that name, or "
                "it warns.",
            )
        )
    return found or [Finding("ok", f"Other screens are encrypted; the certificate ends in {days:.0f} days.")]


def _open_secrets(config: Config, folder: AuthorityFolder) -> list[Finding]:
    secret = (
        [folder.issuer, folder.shown] if not config.tls_cert else [Path(config.tls_key or config.tls_cert)]
    )
    return [
        Finding("warning", f"Others can read a key: chmod 600 {path}")
        for path in secret
        if path.exists() and path.stat().st_mode & 0o077
    ]


def _addresses() -> list[str]:
    try:
        return [str(own.address) for own in own_addresses()]
    except OSError:
        return []  # where the kernel does not say, only names are known


def _can_bind(host: str, port: int, kind: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
