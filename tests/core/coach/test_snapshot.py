"""What is shown before anything was seen."""

from dataclasses import FrozenInstanceError, asdict

import pytest

from formcheck.core.coach.snapshot import Snapshot


def test_before_anything_was_seen_nothing_is_claimed():
    said = {name: value for name, value in asdict(Snapshot()).items() if value not in (None, 0, "", ())}
    trace = said.pop("back_trace")
    assert said == {"stage": "waiting", "phase": "rest", "back": "unknown", "posture": "supine"}
    assert trace == {"points": (), "spread": 0.0, "margin": 0.0, "arch_limit": 0.0, "round_limit": 0.0}


def test_a_snapshot_stays_as_it_was():
    with pytest.raises(FrozenInstanceError):
        Snapshot().reps = 1
