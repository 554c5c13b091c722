"""`python -m docs.audit`: what is installed is what was pinned by its hash, and has no hole that is known.

No service is asked: none can be reached from where checks run. What is known stands in `requirements/mended.toml`.
"""

import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "requirements"
_PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")


def pins(text: str) -> dict[str, str]:
    """Give the versions that a file of requirements pins, by package."""
    return {name.lower().replace("_", "-"): wanted for name, wanted in _PIN.findall(text)}


def unhashed(text: str) -> list[str]:
    """Give the requirements that anybody could put another file under."""
    joined = text.replace("\\\n", " ").splitlines()
    return [line.split()[0] for line in joined if _PIN.match(line) and "--hash=sha256:" not in line]


def older(one: str, other: str) -> bool:
    """Tell whether a version comes before another; both are numbers with dots, whatever follows."""
    return _numbers(one) < _numbers(other)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", re.split(r"[a-z+-]", text, maxsplit=1)[0]))


def bundled() -> dict[str, str]:
    """Give the versions of what comes inside of a package, under a name of its own."""
    import av

    return {"ffmpeg": av.ffmpeg_version_info.removeprefix("n")}


def faults(folder: Path = FOLDER) -> list[str]:
    """Give what is wrong, a sentence each."""
    found = []
    pinned: dict[str, str] = {}
    for file in sorted(folder.glob("*.txt")):
        text = file.read_text()
        pinned |= pins(text)
        found += [f"{file.name}: {name} has no hash." for name in unhashed(text)]
    for name, wanted in sorted(pinned.items()):
        here = _installed(name)
        if here is not None and here != wanted:
            found.append(f"{name} {here} is installed, but {wanted} was pinned.")
    versions = pinned | bundled()
    for hole in tomllib.loads((folder / "mended.toml").read_text())["mended"]:
        has = versions.get(hole["package"])
        if has is not None and older(has, hole["version"]):
            found.append(f"{hole['package']} {has} has a hole that {hole['version']} mends: {hole['hole']}.")
    return found


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None  # of a group that nobody installed here, or of another system


def main() -> int:
    """Say what is wrong."""
    found = faults()
    print("\n".join(found) or "What is installed is what was pinned; no hole in it is known.")  # noqa: T201 - its answer
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
