"""Where a back rests is taken anew in each rest, but neither before a tilt nor while it is held."""

import math

import pytest

from formcheck.core.body.baseline import Baseline
from formcheck.core.body.measure import Body
from formcheck.core.coach.neutral import NeutralEstimator

START_TL = 0.040


def neutral(*parts, is_wanted=True, top_tl=None, fps=20, wobble_tl=0.0):
    """Parts of (seconds, hollow, phase); returns the neutral at the end."""
    estimator, start, t = NeutralEstimator(is_wanted), Baseline(Body(0.0, steady_sagitta_tl=START_TL)), 0.0
    top = None if top_tl is None else Body(0.0, steady_sagitta_tl=top_tl)
    for seconds, hollow, phase in parts:
        for i in range(round(seconds * fps)):
            body = Body(t, steady_sagitta_tl=hollow + wobble_tl * (-1) ** i)
            start = estimator.update(body, start, phase, top)
            t += 1 / fps
    return start.body.steady_sagitta_tl


SETTLED = (1.0, START_TL, "rest")
TILT = (2.0, 0.02, "outbound")


def test_after_a_tilt_the_place_where_the_back_rests_is_its_neutral():
    assert neutral(SETTLED, TILT, (2.0, 0.036, "rest")) == 0.036
    assert neutral(SETTLED, TILT, (2.0, 0.048, "rest")) == 0.048


@pytest.mark.parametrize(("seconds", "expected"), [(0.9, START_TL), (1.4, 0.036)])
def test_it_must_rest_for_longer_than_a_second(seconds, expected):
    assert neutral(SETTLED, TILT, (seconds, 0.036, "rest")) == expected


@pytest.mark.parametrize(("wobble_tl", "is_taken"), [(0.0006, True), (0.0009, False)])
def test_it_must_be_calm(wobble_tl, is_taken):
    found = neutral(SETTLED, TILT, (2.0, 0.036, "rest"), wobble_tl=wobble_tl)
    assert (found < 0.039) is is_taken


def test_a_back_that_flattens_before_the_first_tilt_is_part_of_it():
    assert neutral(SETTLED, (3.0, 0.036, "rest")) == START_TL
    assert neutral(SETTLED, (3.0, 0.044, "rest")) == 0.044, "one that hollows has settled"


@pytest.mark.parametrize(("t", "expected"), [(0.5, 0.045), (0.8, START_TL)])
def test_in_the_first_moment_a_hollow_that_grows_is_the_tracker_that_settles(t, expected):
    assert neutral((t, START_TL, "rest"), (0.05, 0.045, "rest")) == expected


@pytest.mark.parametrize(("hollow", "expected"), [(0.030, 0.030), (0.026, START_TL)])
def test_a_tilt_that_is_mostly_gone_is_home_even_if_nobody_said_so(hollow, expected):
    """Of a tilt of 0.020 at most 0.012 may be left."""
    assert neutral(SETTLED, (1.0, 0.02, "end-range"), (2.0, hollow, "return"), top_tl=0.020) == expected


def test_what_is_not_seen_begins_the_rest_anew():
    assert neutral(SETTLED, TILT, (0.8, 0.036, "rest"), (0.1, math.nan, "rest"), (0.8, 0.036, "rest")) == START_TL


def test_exercises_of_another_kind_keep_theirs():
    assert neutral(SETTLED, TILT, (5.0, 0.036, "rest"), is_wanted=False) == START_TL


def first_rest(*parts, start_noise_tl=0.006, fps=20):
    """Parts of (seconds, hollow, wobble, phase) after a start that jumped about; returns the start at the end."""
    start = Baseline(Body(0.0, sagitta_tl=START_TL, steady_sagitta_tl=START_TL), start_noise_tl)
    estimator, t = NeutralEstimator(is_wanted=True), 0.0
    for seconds, hollow, wobble_tl, phase in parts:
        for i in range(round(seconds * fps)):
            seen = Body(t, sagitta_tl=hollow + wobble_tl * (i % 3 - 1), steady_sagitta_tl=hollow)
            start = estimator.update(seen, start, phase, None)
            t += 1 / fps
    return start


@pytest.mark.parametrize(("wobble_tl", "is_taken"), [(0.0018, True), (0.0023, False)])
def test_a_start_that_jumped_about_is_taken_from_a_first_rest_that_is_half_as_noisy(wobble_tl, is_taken):
    """A tilt closes 0.009 of a gap: a start that was off by 0.006 hides it, and a first rest of two seconds doesn't."""
    start = first_rest((1.0, 0.034, wobble_tl, "rest"))
    assert start.body.steady_sagitta_tl == pytest.approx(0.034 if is_taken else START_TL)
    assert (start.sagitta_sd_tl < 0.003) is is_taken


def test_half_a_second_of_the_first_rest_is_too_little_to_doubt_the_start():
    assert first_rest((0.45, 0.034, 0.0, "rest")).body.steady_sagitta_tl == START_TL


def test_only_the_first_two_seconds_before_any_movement_are_the_first_rest():
    late = first_rest((2.1, math.nan, 0.0, "rest"), (1.0, 0.034, 0.001, "rest"))
    assert late.sagitta_sd_tl == 0.006
    moved = first_rest((0.1, START_TL, 0.0, "rest"), (0.3, 0.02, 0.0, "outbound"), (1.0, 0.034, 0.0005, "rest"))
    assert moved.sagitta_sd_tl == 0.006
