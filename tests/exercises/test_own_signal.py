"""A stranger's exercise, written outside of FormCheck, brings its own measure over time."""

import importlib.util
import sys

import pytest

from formcheck.core.body.measure import Limbs
from formcheck.core.rules.events import FaultStarted, RepCompleted
from formcheck.testing import CHECKS, Performance, Stance, film, judge

MODULE = '''
"""Sit to stand, without rocking to and fro before getting up."""

import math

from formcheck.core.body.quantities import share
from formcheck.core.rules.exercise import Check, Dose, Exercise, Fault, Reach
from formcheck.core.rules.setting import Setting

WINDOW_S = 2.0


class Rocking:
    """How far the trunk has leaned to and fro in the last two seconds, degrees; against the own start."""

    def __init__(self):
        self.start_deg, self.recent = math.nan, []

    def begin(self, start):
        self.start_deg, self.recent = start.lean_deg, []

    def update(self, body):
        lean_deg = body.lean_deg - self.start_deg
        if math.isnan(lean_deg):
            return math.nan
        self.recent = [(t, x) for t, x in self.recent if body.t_s - t <= WINDOW_S]
        self.recent.append((body.t_s, lean_deg))
        leans = [x for _, x in self.recent]
        turns = sum((b - a) * (c - b) < 0 for a, b, c in zip(leans, leans[1:], leans[2:]))
        return max(leans) - min(leans) if turns >= 2 else 0.0


SETTINGS = (
    Setting("top_deg", 165, "deg", 140, 178, "Standing tall."),
    Setting("rock_deg", 8, "deg", 2, 30, "Swinging the trunk more than this is momentum."),
)


def reach(m):
    way = share(m.body.best(lambda x: x.hip_deg), m.start.body.best(lambda x: x.hip_deg), m.settings["top_deg"])
    return Reach(way, way)


EXERCISE = Exercise(
    name="no-rocking",
    title="No rocking",
    line="Stand up without rocking.",
    dose=Dose(reps=5),
    posture="upright",
    required_parts=("shoulders", "hips", "knees"),
    start=lambda s: (
        Check("Sit tall", lambda b: b.trunk_deg, 60, 110),
        Check("Thighs level", lambda b: b.best(lambda x: x.hip_deg), 60, 115),
    ),
    invariants=lambda s: (Check("Stay upright", lambda b: b.trunk_deg, 20, 130),),
    reach=reach,
    settings=SETTINGS,
    signals={"rocking_deg": Rocking},
    phase_texts={"rest": "Ready", "outbound": "Stand up", "end-range": "Tall", "return": "Sit down"},
    steps=("Sit.", "Stand up.", "Sit down."),
    faults=(
        Fault("rocking", 1, "Still first, then up.", checks="The trunk rocks.", why="Momentum does the work.",
              how="Lean to and fro.", limits="Side view.", source="Example.", unit="deg", short="Rocking",
              parts=("shoulders", "hips"), limit="rock_deg", during=("rest", "outbound"),
              measure=lambda m: m.signals["rocking_deg"]),
    ),
)
'''

SITTING, STANDING = (Limbs(hip_deg=h, knee_deg=h, shoulder_deg=20, elbow_deg=170) for h in (95, 178))
LOW, TALL = (Stance("upright", x, x, trunk_deg=86) for x in (SITTING, STANDING))
KEYS = [(0, LOW), (2, LOW), (4, TALL), (5, TALL), (7, LOW), (8, LOW), (10, TALL), (11, TALL), (13, LOW), (15, LOW)]
RIGHT = Performance(KEYS, reps=2)


@pytest.fixture(scope="module")
def exercise(tmp_path_factory):
    path = tmp_path_factory.mktemp("stranger") / "no_rocking.py"
    path.write_text(MODULE)
    spec = importlib.util.spec_from_file_location("no_rocking", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["no_rocking"] = module
    spec.loader.exec_module(module)
    yield module.EXERCISE
    del sys.modules["no_rocking"]


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.__name__)
def test_it_conforms(exercise, check):
    check(exercise, RIGHT)


def rocking(by_deg):
    """Three swings of the trunk, the thighs still level, and then up."""
    forward = Stance("upright", *[Limbs(95 - by_deg, 95, 20, 170)] * 2, trunk_deg=86 - by_deg)
    swings = [(2 + 0.4 * i, forward if i % 2 else LOW) for i in range(7)]
    return [(0, LOW), *swings, (6.0, TALL), (7, TALL), (9, LOW), (11, LOW)]


@pytest.mark.parametrize(("by_deg", "faults"), [(15, {"rocking"}), (4, set())])
def test_its_own_measure_over_time_is_judged(exercise, by_deg, faults):
    events = judge(exercise, film(rocking(by_deg)))
    assert {e.name for e in events if isinstance(e, FaultStarted)} == faults
    assert len([e for e in events if isinstance(e, RepCompleted)]) == 1


def test_each_set_has_a_signal_of_its_own(exercise):
    judge(exercise, film(rocking(15)))
    assert not [e for e in judge(exercise, film(KEYS)) if isinstance(e, FaultStarted)]
