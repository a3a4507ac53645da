"""Breaths in the belly's outline."""

import math

import pytest

from formcheck.core.body.measure import Body
from formcheck.core.body.signals.breathing import Breathing


def watch(belly, seconds, *, hip=lambda _: 0.0, fps=15.0):
    """The last answer for a belly and hips that move as functions of time, and the breaths seen."""
    breathing = Breathing()
    return [breathing.update(lying(i / fps, belly, hip)) for i in range(int(seconds * fps))], breathing.breaths


def lying(t, belly, hip=lambda _: 0.0):
    return Body(t, belly_tl=belly(t), hip_x_px=200.0 * hip(t), torso_px=200.0)


def quiet(period_s=4.3, rise_tl=0.014):
    return lambda t: 0.3 + rise_tl / 2 * math.sin(2 * math.pi * t / period_s)


def held_after(stop_s):
    breathe = quiet()
    return lambda t: breathe(min(t, stop_s))


@pytest.mark.parametrize("period_s", [2.5, 4.3, 8.1])
def test_breaths_are_counted_and_never_missed_for_longer_than_one(period_s):
    answers, breaths = watch(quiet(period_s), 60.0)
    assert breaths == pytest.approx(60 / period_s, abs=1.1)  # one more may begin at either end
    assert max(a for a in answers if not math.isnan(a)) <= period_s + 0.2


def test_a_belly_that_stops_is_noticed():
    answers, _ = watch(held_after(15.0), 28.0)
    assert answers[-1] == pytest.approx(13.0, abs=3.0)


def test_a_belly_that_was_never_seen_to_breathe_says_nothing():
    answers, breaths = watch(lambda _: 0.3, 40.0)
    assert breaths == 0
    assert all(math.isnan(a) for a in answers)


def test_noise_of_the_outline_is_no_breath():
    _, breaths = watch(lambda t: 0.3 + 0.0005 * (-1) ** round(t * 15), 40.0)
    assert breaths == 0


def test_nothing_is_known_while_the_body_moves_and_the_time_begins_anew():
    answers, _ = watch(held_after(15.0), 30.0, hip=lambda t: 0.05 if 20.0 <= t <= 20.5 else 0.0)
    assert math.isnan(answers[int(20.5 * 15)])
    assert answers[-1] == pytest.approx(8.5, abs=0.5)


def test_an_outline_that_is_lost_says_nothing():
    answers, _ = watch(lambda t: math.nan if t > 20 else quiet()(t), 35.0)
    assert math.isnan(answers[-1])


@pytest.mark.parametrize(("gap_s", "expected"), [(0.9, 9.4), (8.0, 2.0)])
def test_in_a_gap_of_the_pictures_a_breath_may_have_been_missed(gap_s, expected):
    breathing, held = Breathing(), held_after(15.0)
    for i in range(int(20.0 * 15)):
        breathing.update(lying(i / 15, held))
    answers = [breathing.update(lying(20.0 + gap_s + i / 15, held)) for i in range(31)]
    assert answers[-1] == pytest.approx(expected, abs=1.6 if gap_s < 1 else 0.2)
