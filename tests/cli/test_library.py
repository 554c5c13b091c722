"""``matinee library export|import|unlock``, alone and beside a Matinee that runs."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.cli.processes import ALONE, run, started

pytestmark = [pytest.mark.swarm]


async def test_library_goes_out_of_one_house_and_into_another(tmp_path: Path) -> None:
    file, wrong = tmp_path / "library.json", tmp_path / "wrong.json"
    profile = {
        "id": "home", "name": "", "colour": "amber", "child": False, "keeps_history": True, "created_ms": 0,
        "watchlist": [{"title": "a-film-1922", "name": "A film", "changed_ms": 5}],
    }  # fmt: skip
    wanted = {"format": "matinee-library", "version": 1, "profiles": [profile]}
    file.write_text(json.dumps(wanted))
    wrong.write_text('{"format": "matinee-library", "version": 1, "profiles": [3]}')
    here, there = ("--data-dir", tmp_path / "here"), ("--data-dir", tmp_path / "there")
    taken = await asyncio.to_thread(run, "library", "import", file, *here)
    serve = ("serve", *ALONE, "--no-open", "--offline", "--port", "0", *there)
    out = await asyncio.to_thread(run, "library", "export", tmp_path / "out.json", *here)
    async with started(*serve) as serving:
        await serving.line()
        again = await asyncio.to_thread(run, "library", "import", tmp_path / "out.json", *there)
        refused = await asyncio.to_thread(run, "library", "import", wrong, *there)
        missing = await asyncio.to_thread(run, "library", "import", tmp_path / "none.json", *there)
        unlocked = await asyncio.to_thread(run, "library", "unlock", *there)
        shown = await asyncio.to_thread(run, "library", "export", *there)
    assert (taken.stdout, again.stdout) == ("1 new, 0 newer than here, 0 were here already.\n",) * 2
    assert [one.returncode for one in (taken, out, again, unlocked, shown)] == [0] * 5
    assert refused.stderr == "matinee: profiles[0] must be an object.\n"
    assert "cannot be read" in missing.stderr
    assert (refused.returncode, missing.returncode) == (1, 1)
    assert json.loads(shown.stdout)["profiles"][0]["watchlist"][0]["title"] == "a-film-1922"
