"""A program that is given few descriptors asks for more, and lets in no more than it has room for."""

import resource
import subprocess
import sys

import pytest

from matinee.descriptors import WANTED
from matinee.web.protocol import Limits, limits_of

ASKS = """
import resource, sys
from matinee.descriptors import have_enough
soft, hard = map(int, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
told = have_enough()
assert resource.getrlimit(resource.RLIMIT_NOFILE) == (told, hard)
print(told)
"""


@pytest.mark.parametrize(
    ("soft", "hard", "told"),
    [(1024, 2048, 2048), (256, 256, 256), (1024, WANTED + 1, WANTED), (WANTED + 1, WANTED + 1, WANTED + 1)],
)
def test_have_enough_when_few_are_given_then_takes_what_may_be_had(soft: int, hard: int, told: int) -> None:
    if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < hard:
        pytest.skip("whoever started these tests has fewer")
    asked = subprocess.run(
        [sys.executable, "-c", ASKS, str(soft), str(hard)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert asked.stdout.strip() == str(told)


@pytest.mark.parametrize(
    ("descriptors", "connections"), [(WANTED, Limits().connections), (1024, 341), (256, 85)]
)
def test_limits_when_descriptors_are_few_then_leave_some_for_peers_and_films(
    descriptors: int, connections: int
) -> None:
    assert limits_of(descriptors).connections == connections
