"""Opens the person's browser."""

import sys
import threading
import webbrowser


def open_browser(address: str) -> threading.Thread:
    """Open an address; say it where no browser can be opened.

    On a thread, given back, that nobody must wait for: some browsers keep whoever starts them for as long as they run.
    """
    thread = threading.Thread(target=_open, args=(address,), name="browser", daemon=True)
    thread.start()
    return thread


def _open(address: str) -> None:
    if not webbrowser.open(address):
        said = f"No browser could be opened. Within a minute, open {address}"
        print(said, file=sys.stderr, flush=True)  # noqa: T201 - the command line's own voice
