"""The texts of a desktop's files: entry, user service, who opens what. Pure, by the specifications:

Desktop Entry Specification, MIME Associations 1.0.1, systemd.exec(5) and systemd.service(5).
"""

from collections.abc import Sequence

NAME = "matinee"
ENTRY = f"{NAME}.desktop"
UNIT = f"{NAME}.service"
TYPES = ("x-scheme-handler/magnet", "application/x-bittorrent")

_DEFAULT, _ADDED = "[Default Applications]", "[Added Associations]"

SECRETS = (
    ".ssh", ".gnupg", ".password-store", ".pki", ".aws", ".kube", ".mozilla", ".thunderbird",
    ".config/chromium", ".config/google-chrome", ".local/share/keyrings",
)  # fmt: skip
"""In the home: what nobody who plays films has to read."""


def entry(program: Sequence[str], more: Sequence[str] = ()) -> str:
    """Write the desktop entry; ``program`` is what runs Matinee, ``more`` what every command of it is told."""
    opens = " ".join(_for_entry(word) for word in (*program, "open", *more))
    window = " ".join(_for_entry(word) for word in (*program, "window", *more))
    return f"""\
[Desktop Entry]
Type=Application
Name=Matinee
GenericName=Film player
GenericName[fr]=Lecteur de films
Comment=Films that may be shared freely, playing in seconds
Comment[fr]=Des films que l’on peut partager librement, à l’écran en quelques secondes
Exec={opens} %u
Icon={NAME}
Terminal=false
Categories=AudioVideo;Video;Player;
Keywords=film;movie;video;torrent;magnet;
MimeType={";".join(TYPES)};
StartupNotify=false
Actions=window;

[Desktop Action window]
Name=Open in a window of its own
Name[fr]=Ouvrir dans une fenêtre à part
Exec={window}
"""


def unit(program: Sequence[str], more: Sequence[str] = ()) -> str:
    """Write the user service, of the same program.

    Only what a user's own manager can hold it to, and what leaves every folder of films writable, those on other disks
    too. Memory that is both written and run cannot be forbidden: foreign functions of Python need it.
    """
    serves = " ".join(_for_unit(word) for word in (*program, "serve", "--no-open", *more))
    hidden = " ".join(f"-%h/{one}" for one in SECRETS)
    return f"""\
[Unit]
Description=Matinee, films that may be shared freely
After=network-online.target

[Service]
Type=exec
ExecStart={serves}
Restart=on-failure
RestartSec=5
TimeoutStopSec=20
KillMode=mixed
UMask=0077
NoNewPrivileges=true
PrivateUsers=true
PrivateTmp=true
ProtectSystem=full
InaccessiblePaths={hidden}
ProtectKernelTunables=true
ProtectControlGroups=true
LockPersonality=true
RestrictRealtime=true
RestrictSUIDSGID=true
RestrictNamespaces=true
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self
SystemCallErrorNumber=EPERM

[Install]
WantedBy=default.target
"""


def with_handler(text: str, kind: str, *, first: bool) -> tuple[str, str | None]:
    """Have a ``mimeapps.list`` open a type with Matinee.

    Args:
        text: the list as it is; empty where there is none.
        kind: the type.
        first: whether it comes before what opens the type now.

    Returns:
        The list, and what else opens the type by default; None when that is Matinee.
    """
    apps = _apps(text, _DEFAULT, kind)
    others = [app for app in apps if app != ENTRY]
    before = bool(others) and not first
    if not before:
        text = _set(text, _DEFAULT, kind, [ENTRY, *others])
    added = [app for app in _apps(text, _ADDED, kind) if app != ENTRY]
    return _set(text, _ADDED, kind, [*added, ENTRY] if before else [ENTRY, *added]), others[
        0
    ] if before else None


def without_handler(text: str) -> str:
    """Take Matinee out of a ``mimeapps.list``; what others have there stays as it is."""
    for section in (_DEFAULT, _ADDED):
        for kind in TYPES:
            apps = _apps(text, section, kind)
            if ENTRY in apps:
                text = _set(text, section, kind, [app for app in apps if app != ENTRY])
    return text


def _apps(text: str, section: str, kind: str) -> list[str]:
    return [
        app
        for line in _lines_of(text.splitlines(), section)
        if line.partition("=")[0].strip() == kind
        for app in line.partition("=")[2].strip().split(";")
        if app
    ]


def _lines_of(lines: Sequence[str], section: str) -> list[str]:
    start, stop = _span(lines, section)
    return list(lines[start:stop])


def _span(lines: Sequence[str], section: str) -> tuple[int, int]:
    """Say where a section's lines are: ``[start, stop)``, empty at the end where there is no such section."""
    heads = [at for at, line in enumerate(lines) if line.strip().startswith("[")]
    for at in heads:
        if lines[at].strip() == section:
            return at + 1, min((head for head in heads if head > at), default=len(lines))
    return len(lines), len(lines)


def _set(text: str, section: str, kind: str, apps: Sequence[str]) -> str:
    """Say who opens a type; nobody's line goes, and with its last line a section."""
    lines = text.splitlines()
    start, stop = _span(lines, section)
    kept = [line for line in lines[start:stop] if line.partition("=")[0].strip() != kind]
    while kept and not kept[-1].strip():
        kept.pop()
    if apps:
        kept.append(f"{kind}={';'.join(apps)};")
    if start == len(lines) and section not in (line.strip() for line in lines):
        lines = [*lines, *([""] if lines else []), section]
        start = stop = len(lines)
    head, rest = lines[:start], lines[stop:]
    if not any(line.strip() for line in kept):
        head, kept = head[:-1], []
        while head and not head[-1].strip():
            head.pop()
    if kept and rest:
        kept.append("")
    made = [*head, *kept, *rest]
    return "".join(f"{line}\n" for line in made)


def _for_entry(word: str) -> str:
    """Quote a word of ``Exec``: first as an argument, then as a text of the file."""
    for mark in ("\\", '"', "`", "$"):
        word = word.replace(mark, f"\\{mark}")
    return f'"{word}"'.replace("\\", "\\\\").replace("%", "%%")


def _for_unit(word: str) -> str:
    """Quote a word of ``ExecStart``."""
    word = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{word}"'.replace("%", "%%").replace("$", "$$")
