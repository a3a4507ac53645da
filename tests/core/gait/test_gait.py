"""The rhythm of steps from signals of known cadence, and what is running and what is not."""

from dataclasses import replace

import numpy as np
import pytest

from formcheck.core.body.measure import measure
from formcheck.core.gait.gait import running_rhythm, sample, trace_of
from formcheck.core.gait.rhythm import CADENCE_SPM, phase_between_deg, rhythm_of, wave_of
from formcheck.core.gait.strides import bounce_tl, strides_of
from tests.exercises.runner import IN_PLACE, MARCH, RUN, TORSO_CM, WALK, noisy, record, times


def bounce(t_s, cadence_spm, amplitude=0.08):
    return amplitude * np.cos(2 * np.pi * cadence_spm / 60 * t_s)


def trace(frames):
    return trace_of([p.t_s for p, _ in frames], [sample(p, measure(p, "upright", b)) for p, b in frames])


@pytest.mark.parametrize("cadence", [118, 140, 157.3, 169, 190, 220])
@pytest.mark.parametrize("seconds", [2.4, 10])
def test_the_cadence_of_a_known_wave_is_found(cadence, seconds):
    t = np.arange(0, seconds, 1 / 30)
    assert rhythm_of(t, bounce(t, cadence)).cadence_spm == pytest.approx(cadence, abs=0.3)


def test_drift_and_a_difference_between_the_legs_do_not_change_the_cadence():
    t = np.arange(0, 10, 1 / 30)
    y = bounce(t, 164) + bounce(t, 82, 0.05) + 0.3 * np.sin(t / 4) + 0.1 * t
    assert rhythm_of(t, y).cadence_spm == pytest.approx(164, abs=0.5)


def test_only_times_count_not_frames():
    t = np.sort(np.random.default_rng(3).uniform(0, 10, 250))
    assert rhythm_of(t, bounce(t, 172)).cadence_spm == pytest.approx(172, abs=0.3)


def test_the_band_is_less_than_an_octave():
    assert CADENCE_SPM[1] < 2 * CADENCE_SPM[0]


def test_too_little_has_no_rhythm():
    t = np.arange(0, 1.0, 1 / 30)
    assert rhythm_of(t, bounce(t, 170)) is None
    assert rhythm_of(np.arange(0, 9, 1.0), np.zeros(9)) is None


def test_waves_know_their_phase():
    t = np.arange(0, 5, 1 / 30)
    a, b = (wave_of(t, bounce(t - late, 120), 120) for late in (0.0, 0.125))
    assert phase_between_deg(a, b) == pytest.approx(90, abs=1)
    assert phase_between_deg(a, -a) == pytest.approx(180, abs=1)


@pytest.mark.parametrize("gait", [RUN, IN_PLACE], ids=["treadmill", "in place"])
def test_running_is_recognised_by_its_flight(gait):
    assert running_rhythm(trace(record(gait, times(3, 30)))).cadence_spm == pytest.approx(gait.cadence_spm, abs=1)


@pytest.mark.parametrize("gait", [WALK, MARCH], ids=["walking", "marching"])
@pytest.mark.parametrize("noise", [0.0, 0.03])
def test_a_gait_without_flight_is_not_running(gait, noise):
    assert running_rhythm(trace(noisy(record(gait, times(10, 30)), noise))) is None


def test_standing_is_not_running():
    assert running_rhythm(trace(noisy(record(RUN, times(5, 30), stand_s=9)))) is None


@pytest.mark.parametrize("way_cm", [5, 8, 12])
@pytest.mark.parametrize("noise", [0.0, 0.02])
def test_the_bounce_is_the_way_from_lowest_to_highest(way_cm, noise):
    seen = trace(noisy(record(replace(RUN, bounce_cm=way_cm), times(6, 30)), noise))
    found = bounce_tl(strides_of(seen, running_rhythm(seen)), seen)
    assert found.value * TORSO_CM == pytest.approx(way_cm, abs=0.6)
    assert found.n >= 12
