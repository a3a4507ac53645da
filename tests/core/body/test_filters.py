"""The running median: what it keeps, how late it is, and from which noise on it knows nothing."""

import math

import pytest

from formcheck.core.body.filters import RunningMedian

NOISE = (1.0, -0.4, 0.3, -1.0, 0.6, -0.7, 1.0, -0.9)
"""Second differences of this row have a median of 2.0: as much as noise of a standard deviation of 1.21."""


def run(values, fps=20.0, **how):
    steady, out = RunningMedian(**how), math.nan
    for i, value in enumerate(values):
        out = steady.update(i / fps, value)
    return out, steady.is_noise


def test_a_step_comes_through_after_half_of_four_tenths_of_a_second():
    assert run([0.0] * 20 + [0.01] * 3)[0] == 0.0
    assert run([0.0] * 20 + [0.01] * 5)[0] == 0.01


@pytest.mark.parametrize(("lost", "is_known"), [(4, True), (5, False)])
def test_half_of_the_window_must_be_known(lost, is_known):
    assert math.isnan(run([0.02] * 20 + [math.nan] * lost)[0]) is not is_known


def test_a_movement_however_quick_is_no_noise():
    assert run([0.002 * i * 4 for i in range(40)])[1] is False


def test_where_noise_does_not_matter_it_is_never_unknown():
    assert run([0.02 + 0.05 * NOISE[i % 8] for i in range(40)], noise_max=math.inf)[1] is False


@pytest.mark.parametrize(("bends", "is_noise"), [(3, False), (4, True)])
def test_a_few_readings_do_not_tell_noise(bends, is_noise):
    assert run([0.02 + 0.03 * NOISE[i] for i in range(bends + 2)])[1] is is_noise


def test_noise_is_remembered_for_a_second():
    noisy, calm = [0.02 + 0.03 * NOISE[i % 8] for i in range(20)], [0.02] * 20
    assert run(noisy + calm[:8])[1] is True
    assert run(noisy + calm)[1] is False


def test_a_single_picture_changes_nothing():
    assert run([0.02] * 10 + [0.5] + [0.02] * 3, noise_max=math.inf)[0] == 0.02


@pytest.mark.parametrize(("size", "is_noise"), [(0.0050, False), (0.0064, True)])
def test_readings_that_jump_are_no_readings(size, is_noise):
    value, found = run([0.02 + size * NOISE[i % 8] for i in range(40)])
    assert found is is_noise
    assert math.isnan(value) is is_noise
