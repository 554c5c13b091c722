"""The page's pure modules are tested in their own language, under ``ui/tests``; Node's runner says how it went."""

from pathlib import Path

import hatch_build as page

UI = Path(__file__).parents[2] / "ui"
LIMIT_S = 60


def test_pure_modules_when_run_by_node_then_hold() -> None:
    page.npm(UI, "run", "test", limit_s=LIMIT_S)
