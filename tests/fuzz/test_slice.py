"""The slice of the long fuzzing that stands in `make test`: the same readers, a few hundred changed inputs each."""

import random
import time

import pytest

from tests.fuzz.targets import Target, mutated, targets

CASES = 250
HANG_S = 5.0
"""Of processor time, for one input of a few kilobytes."""


@pytest.mark.parametrize("target", targets(), ids=lambda target: target.name)
def test_reader_when_its_input_is_changed_then_gives_something_or_refuses(target: Target) -> None:
    chance = random.Random(target.name)
    slowest_s = 0.0
    for seed in target.seeds:
        target.take(seed)
    for _ in range(CASES):
        data = mutated(chance.choice(target.seeds), chance)
        begun = time.process_time()
        target.take(data)
        slowest_s = max(slowest_s, time.process_time() - begun)
    assert slowest_s < HANG_S


def test_targets_when_their_seeds_are_good_then_are_read_and_not_refused() -> None:
    refused = [
        target.name for target in targets() if not any(_is_read(target, seed) for seed in target.seeds)
    ]
    assert refused == []


def _is_read(target: Target, seed: bytes) -> bool:
    try:
        target.read(seed)
    except target.refusals:
        return False
    return True
