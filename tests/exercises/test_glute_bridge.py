"""The glute bridge: told from what else is done on the back."""

from dataclasses import replace

from exercises.glute_bridge import EXERCISE
from formcheck.core.events import AttemptEnded, FaultStarted, RepCompleted
from formcheck.testing import film, judge
from tests import replay
from tests.exercises.scripts import BRIDGE, dead_bug, glute_bridge, limbs


def of(kind, events):
    return [e for e in events if isinstance(e, kind)]


def test_dead_bugs_are_no_bridges():
    assert not judge(EXERCISE, film(dead_bug("LRLR")))
    recorded = [(pose, back) for pose, back in replay.recorded("dead-bug", 10)]
    assert not of((RepCompleted, FaultStarted), judge(EXERCISE, recorded))


def test_a_leg_that_slides_away_is_no_bridge():
    out = limbs(BRIDGE, "left", hip_deg=170, knee_deg=175)
    keys = [(0, BRIDGE), (1, BRIDGE), (2.5, out), (5.0, out), (6.5, BRIDGE), (8.5, BRIDGE)]
    events = judge(EXERCISE, film(keys))
    assert not of(RepCompleted, events)
    assert {a.reason for a in of(AttemptEnded, events)} <= {"other-exercise"}


def test_bridges_count_when_the_back_is_hidden_by_an_arm():
    keys = [(t, replace(s, hollow_t=float("nan"))) for t, s in glute_bridge(2)]
    assert len(of(RepCompleted, judge(EXERCISE, film(keys)))) == 2
