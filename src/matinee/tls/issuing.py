"""The process that signs this computer's certificate: the authority's key is in none that answers strangers.

Its arguments are the parent's process id, the folder of the authority, the names and the addresses, each list joined by
commas. It writes the certificate itself, and says whether it has.
"""

import sys
from pathlib import Path

from matinee.confined.child import leave_with
from matinee.confined.frames import Head, pack
from matinee.data_folder import write_private
from matinee.tls.authority import AuthorityFolder


def main() -> None:
    """Make one certificate."""
    parent, folder, names, addresses, *_ = sys.argv[1:]
    leave_with(int(parent))
    _say({"ready": True})
    _say(issue(AuthorityFolder(Path(folder)), names.split(","), addresses.split(",")))


def issue(folder: AuthorityFolder, names: list[str], addresses: list[str]) -> Head:
    """Make one, and write it; says what went wrong, or nothing."""
    from matinee.tls.making import make_leaf

    try:
        made = make_leaf(folder.issuer.read_bytes(), filter(None, names), filter(None, addresses))
        write_private(folder.shown, made)
    except OSError as error:
        return {"wrong": error.strerror or str(error)}
    except ValueError as error:
        return {"wrong": str(error)}
    return {}


def _say(head: Head) -> None:
    sys.stdout.buffer.write(pack(head))
    sys.stdout.buffer.flush()
