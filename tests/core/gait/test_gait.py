"""The rhythm of steps from signals of known cadence, and what is running and what is not."""

from dataclasses import replace

import numpy as np
import pytest

from formcheck.core.body.pose import HIP, SHOULDER
from formcheck.core.body.tracked import track
from formcheck.core.gait.analyzer import GaitAnalyzer
from formcheck.core.gait.gait import running_rhythm, sample, trace_of
from formcheck.core.gait.rhythm import phase_between_deg, rhythm_of, wave_of
from formcheck.core.gait.strides import bounce_tl, strides_of
from formcheck.core.rules.setting import Settings
from formcheck.session.registry import load_exercises
from tests.exercises.runner import IN_PLACE, MARCH, RUN, TORSO_CM, WALK, noisy, record, times


def bounce(t_s, cadence_spm, amplitude=0.08):
    return amplitude * np.cos(2 * np.pi * cadence_spm / 60 * t_s)


def trace(frames):
    return trace_of([p.t_s for p, _ in frames], [sample(p, track(p, b, "upright").body) for p, b in frames])


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


@pytest.mark.parametrize("cadence", [115.5, 117.0, 122.0])
def test_a_slow_step_is_not_taken_for_the_stride_of_a_fast_one(cadence):
    """At twice the cadence the stride would explain it as well: the band ends before that."""
    t = np.arange(0, 10, 1 / 30)
    assert rhythm_of(t, bounce(t, cadence)).cadence_spm == pytest.approx(cadence, abs=0.3)


def test_a_stride_is_not_taken_for_a_step():
    t = np.arange(0, 10, 1 / 30)
    assert rhythm_of(t, bounce(t, 224, 0.05) + bounce(t, 112, 0.08)).cadence_spm == pytest.approx(224, abs=0.5)


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


@pytest.mark.parametrize(("lean_deg", "is_running"), [(38, True), (42, False)])
def test_nobody_runs_more_bent_than_forty_degrees(lean_deg, is_running):
    seen = trace(record(replace(RUN, lean_deg=lean_deg), times(3, 30)))
    assert (running_rhythm(seen) is not None) is is_running


@pytest.mark.parametrize(("fps", "is_running"), [(9.5, False), (11.0, True)])
def test_three_pictures_a_step_are_needed(fps, is_running):
    assert (running_rhythm(trace(record(RUN, times(8, fps)))) is not None) is is_running


@pytest.mark.parametrize(("bounce_cm", "is_running"), [(1.6, False), (2.4, True)])
def test_hips_that_hardly_bounce_do_not_run(bounce_cm, is_running):
    """The wave of the hips is half of the way from top to bottom: 0.016 and 0.024 torso lengths."""
    seen = trace(record(replace(RUN, bounce_cm=bounce_cm), times(6, 30)))
    assert (running_rhythm(seen) is not None) is is_running


@pytest.mark.parametrize(("share", "is_running"), [(0.5, False), (0.7, True)])
def test_most_pictures_must_show_the_trunk(share, is_running):
    seen = trace(record(RUN, times(5, 30)))
    hidden = np.arange(len(seen.t_s)) * (1 - share) % 1 >= share
    seen.xy_tl[hidden, :2] = np.nan
    assert (running_rhythm(seen) is not None) is is_running


@pytest.mark.parametrize(("degrees", "is_told"), [(35.0, True), (37.5, False), (-37.5, False)])
def test_what_only_the_side_shows_is_refused_where_the_view_is_oblique(degrees, is_told):
    analyzer = GaitAnalyzer(Settings(load_exercises().get("running").all_settings))
    for pose, back in record(RUN, times(6, 30)):
        xy = pose.xy_px.copy()
        for pair, width_tl in ((SHOULDER, 0.48), (HIP, 0.27)):
            xy[pair["right"], 0] += 150 * width_tl * np.tan(np.radians(degrees))
        turned = replace(pose, xy_px=xy)
        analyzer.update(turned, track(turned, back, "upright").body)
    lean = analyzer.reading.measures["trunk_lean_deg"]
    assert np.isnan(lean.value) != is_told
    assert ("side view" in lean.reason) is not is_told
