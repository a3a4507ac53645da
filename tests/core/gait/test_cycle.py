"""The average step of a run: where the body is at which moment, whatever the belt and the noise."""

import numpy as np
import pytest

from formcheck.core.coach.bout import coach_for
from formcheck.core.gait.cycle import LANDING, MOMENTS, PUSH, UNDER, mean_cycle
from formcheck.core.gait.gait import ANKLE_OF, HIPS, SHOULDERS, Trace, running_rhythm
from formcheck.core.gait.strides import strides_of
from formcheck.core.rules.events import BoutEnded
from formcheck.session.registry import load_exercises
from formcheck.testing import seen
from tests.core.gait.test_gait import trace
from tests.exercises.runner import RUN, record, times


def cycle_of(found: Trace):
    rhythm = running_rhythm(found)
    assert rhythm is not None
    return mean_cycle(strides_of(found, rhythm))


def test_the_near_foot_lands_ahead_stands_under_the_body_and_pushes_off_behind():
    found = trace(record(RUN, times(8, 30)))
    cycle = cycle_of(found)
    assert cycle is not None
    near = cycle[:, ANKLE_OF][:, found.near]
    assert near[LANDING, 0] > near[UNDER, 0] > near[PUSH, 0]
    assert near[UNDER, 1] == pytest.approx(near[:, 1].min(), abs=0.05)
    assert cycle.shape == (MOMENTS, 10, 2)
    assert (cycle[:, SHOULDERS, 1] > cycle[:, HIPS, 1] + 0.8).all()


def test_a_drift_over_the_belt_does_not_blur_it():
    found = trace(record(RUN, times(8, 30)))
    away = Trace(found.t_s, found.xy_tl.copy(), found.sagitta_tl, found.side_on_deg, found.lumbar_deg, found.near)
    away.xy_tl[..., 0] += 0.05 * (found.t_s - found.t_s[0])[:, None]
    assert np.abs(cycle_of(found) - cycle_of(away)).max() < 0.05


def test_two_strides_are_no_average():
    found = trace(record(RUN, times(8, 30)))
    short = found.between(found.t_s[0], found.t_s[0] + 1.6)
    rhythm = running_rhythm(short)
    assert rhythm is None or mean_cycle(strides_of(short, rhythm)) is None


def test_it_is_kept_with_the_run():
    exercise = load_exercises().get("running")
    coach, events = coach_for(exercise, is_live=False), []

    for pose, back in record(RUN, times(8, 30)):
        events += coach.update(seen(coach, pose, back))
    events += coach.finish()
    (ended,) = [event for event in events if isinstance(event, BoutEnded)]
    kept = ended.metrics["cycle"]
    assert len(kept) == MOMENTS
    assert all(len(moment) == 10 for moment in kept)
