"""A slice of the long run over the whole interface: the real program, asked what nobody means."""

import logging
import random
from pathlib import Path

import pytest

from tests.fuzz.interface import ask

pytestmark = [pytest.mark.asyncio(loop_scope="function"), pytest.mark.timeout(180)]

CASES = 320
"""Three for each operation."""
MET = 0.05
"""Of all, so many at least are not refused: else nobody would have come past the door."""


async def test_interface_when_asked_what_nobody_means_then_answers_and_never_breaks(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    well, wrong = await ask(tmp_path / "data", CASES, random.Random("interface"))
    assert wrong == []
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
    assert well > MET * CASES
