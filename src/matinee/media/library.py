"""The library that opens films, loaded whole. Runs inside the confined processes."""

import importlib
import pkgutil

import av


def load_all() -> None:
    """Load all of it: it imports parts of itself when a film needs them, and then no file can be opened."""
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if not module.name.endswith(("__main__", ".datasets")):
            importlib.import_module(module.name)
