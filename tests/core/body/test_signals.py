"""Measures over time that exercises bring: hips that swing, an ankle that lies on the other knee."""

import math
from dataclasses import replace

import pytest

from formcheck.core.body.measure import Body, Limbs
from formcheck.core.body.signals.figure_four import Crossed, FigureFour
from formcheck.core.body.signals.oscillation import Oscillation

TORSO_PX = 200.0


def swing(size_tl, hz, seconds, *, along=True, fps=30, known=lambda _: True):
    """What is said of hips that swing to and fro; `size_tl` from end to end."""
    signal, said = Oscillation(), []
    for i in range(round(seconds * fps)):
        t = i / fps
        place = TORSO_PX * size_tl / 2 * math.cos(2 * math.pi * hz * t) if known(t) else math.nan
        x, y = (place, 50.0) if along else (50.0, place)
        said.append(signal.update(Body(t, torso_px=TORSO_PX, hip_x_px=x, hip_y_px=y)))
    return said


@pytest.mark.parametrize("along", [True, False], ids=["along", "up"])
def test_hips_that_swing_are_measured_in_either_direction(along):
    assert max(swing(0.06, 1.0, 5.0, along=along)) == pytest.approx(0.06, abs=0.005)


@pytest.mark.parametrize(("hz", "is_bouncing"), [(0.45, False), (0.55, True)])
def test_slower_than_every_two_seconds_is_no_bouncing(hz, is_bouncing):
    assert (max(swing(0.06, hz, 12.0)) > 0) is is_bouncing


@pytest.mark.parametrize(("size_tl", "is_bouncing"), [(0.008, False), (0.013, True)])
def test_what_is_smaller_than_the_noise_is_no_swing(size_tl, is_bouncing):
    assert (max(swing(size_tl, 1.0, 6.0)) > 0) is is_bouncing


def test_it_takes_four_swings_in_a_row():
    """They turn every half second; the fourth swing is seen soon after the third turn."""
    said = swing(0.06, 1.0, 5.0)
    first = next(i for i, value in enumerate(said) if value > 0) / 30
    assert first == pytest.approx(1.6, abs=0.2)


def test_it_is_over_when_the_hips_are_quiet():
    signal = Oscillation()
    for i in range(150):
        signal.update(Body(i / 30, torso_px=TORSO_PX, hip_x_px=6 * math.sin(2 * math.pi * i / 30), hip_y_px=0))
    said = [signal.update(Body(5 + i / 30, torso_px=TORSO_PX, hip_x_px=0.0, hip_y_px=0)) for i in range(60)]
    assert said[0] > 0
    assert said[-1] == 0.0


def test_hips_that_are_not_seen_say_nothing():
    assert math.isnan(Oscillation().update(Body(0.0)))


# -- the figure of four ----

DOWN = Limbs(knee_x_px=160.0, knee_y_px=0.0, ankle_x_px=160.0, ankle_y_px=-160.0)
UP = Limbs(knee_x_px=150.0, knee_y_px=20.0, ankle_x_px=150.0, ankle_y_px=20.0)
SEATED = Body(0.0, DOWN, DOWN, torso_px=TORSO_PX, lean_deg=0.0)
UNSEEN = Limbs(knee_x_px=160.0, knee_y_px=0.0)


def follow(*parts, home=SEATED, fps=20):
    """Parts of (seconds, changes of the seated body); returns the last answer."""
    signal, t, said = FigureFour(), 0.0, Crossed()
    if home is not None:
        signal.begin(home)
    for seconds, changes in parts:
        for _ in range(round(seconds * fps)):
            said = signal.update(replace(SEATED, t_s=t, **changes))
            t += 1 / fps
    return said


def test_an_ankle_that_lies_on_the_other_knee_is_told_with_its_time():
    said = follow((2, {}), (2, {"left": UP}))
    assert (said.side, said.since_s) == ("left", pytest.approx(2.0, abs=0.06))
    assert follow((2, {}), (2, {"right": UP})).side == "right"
    assert follow((2, {})) == Crossed(None, pytest.approx(math.nan, nan_ok=True))


def test_it_is_seen_without_a_start_too():
    assert follow((2, {"left": UP}), home=None).side == "left"


@pytest.mark.parametrize(("rise_px", "side"), [(36.0, None), (44.0, "left")])
def test_a_foot_that_left_the_floor_is_taken_for_crossed(rise_px, side):
    """A fifth of a torso length above its own place; it need not be near the other knee."""
    lifted = replace(DOWN, ankle_x_px=320.0, ankle_y_px=-160.0 + rise_px)
    assert follow((2, {}), (2, {"left": lifted})).side == side


@pytest.mark.parametrize(("gap_px", "side"), [(78.0, "left"), (82.0, None)])
def test_it_lies_within_reach_of_the_other_knee(gap_px, side):
    near = replace(UP, ankle_x_px=160.0 + gap_px, ankle_y_px=0.0)
    assert follow((2, {"left": near}), home=None).side == side


@pytest.mark.parametrize(("seconds", "side"), [(0.45, None), (0.6, "left")])
def test_most_pictures_of_a_second_decide(seconds, side):
    assert follow((2, {}), (seconds, {"left": UP})).side == side


@pytest.mark.parametrize(("seconds", "side"), [(0.7, "left"), (0.85, None)])
def test_it_stays_while_a_quarter_of_them_still_show_it(seconds, side):
    assert follow((2, {}), (2, {"left": UP}), (seconds, {})).side == side


@pytest.mark.parametrize(("lean_deg", "side"), [(6.5, None), (7.5, "left")])
def test_nobody_uncrosses_while_leaning(lean_deg, side):
    assert follow((2, {}), (2, {"left": UP}), (3, {"lean_deg": lean_deg})).side == side


def test_a_foot_that_is_hidden_is_where_it_was_for_a_while():
    assert follow((2, {}), (2, {"left": UP}), (3, {"left": UNSEEN})).side == "left"
    assert follow((2, {}), (2, {"left": UP}), (5.5, {"left": UNSEEN, "right": UNSEEN})).side is None


def test_who_began_crossed_is_told_by_the_place():
    home = replace(SEATED, left=UP)
    assert follow((2, {"left": UP}), home=home).side == "left"
    assert follow((2, {"left": UP}), (2, {}), home=home).side is None
