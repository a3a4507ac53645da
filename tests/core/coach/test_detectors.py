"""Detectors over time: a fault, the start pose, a part that can't be seen."""

import math
from dataclasses import replace

import pytest

from formcheck.core.body.measure import Body
from formcheck.core.body.quantities import Estimate
from formcheck.core.coach.detectors import FaultDetector, StartPoseDetector, VisibilityMonitor, may_hold, pose_holds
from formcheck.core.rules.exercise import Check, Fault

FAULT = Fault("sag", 1, "Stay up here.", checks="c", why="w", how="h", limits="l", source="s", limit="sag_deg")
LYING = Body(0.0, trunk_deg=0.0, torso_px=200.0, hip_x_px=100.0, hip_y_px=-300.0, is_present=True)
FLAT = Check("Lie flat", lambda b: b.trunk_deg, -10, 10)
HIDDEN = Check("Far leg too", lambda _: math.nan, 0, 1, is_optional=True)


def detect(*parts, limit=10.0, confirm_s=0.4, hysteresis=3.0, sure_share=0.7, fault=FAULT, fps=20.0):
    """Parts of (seconds, value or estimate). Returns the detector and the (started, ended) spans with their times."""
    detector, t, found = FaultDetector(fault, limit, confirm_s, hysteresis, sure_share), 0.0, []
    for seconds, value in parts:
        for _ in range(round(seconds * fps)):
            found += [
                (round(t, 2), kind, span)
                for kind, span in zip(
                    "+-", detector.update(t, value if isinstance(value, Estimate) else Estimate(value)), strict=True
                )
                if span
            ]
            t += 1 / fps
    return detector, found


def marks(found):
    return "".join(kind for _, kind, _ in found)


@pytest.mark.parametrize(("seconds", "expected"), [(0.35, ""), (0.5, "+")])
def test_a_fault_must_last(seconds, expected):
    assert marks(detect((1, 5), (seconds, 12))[1]) == expected


def test_what_its_measure_lags_behind_it_has_lasted_already():
    def told_s(lag_s):
        detector = FaultDetector(FAULT, 10.0, 0.4, lag_s=lag_s)
        return next(i / 20 for i in range(40) if detector.update(i / 20, Estimate(12.0))[0])

    assert told_s(0.0) - told_s(0.2) == pytest.approx(0.2)
    assert told_s(0.4) == pytest.approx(0.1), "three pictures it must show in any case"


def test_it_knows_when_it_began_how_bad_it_was_and_when_it_ended():
    detector, found = detect((1, 5), (0.5, 12), (0.5, 15), (0.5, 12), (1, 5))
    (begin_s, _, started), (end_s, _, ended) = found
    passed_s = 1.0 - 0.05 * 2 / 7  # between a picture that is 5 short of the limit and one that is 2 over it
    assert (begin_s, started.onset_s) == (pytest.approx(1.4), pytest.approx(passed_s))
    assert (ended.onset_s, ended.magnitude, ended.end_s) == (pytest.approx(passed_s), 15, pytest.approx(2.45))
    assert end_s > ended.end_s
    assert (detector.span, detector.onset_s) == (None, None)


@pytest.mark.parametrize(("value", "expected"), [(7.5, "+"), (6.5, "+-")])
def test_it_ends_only_inside_its_limit(value, expected):
    assert marks(detect((1, 12), (1, value))[1]) == expected


@pytest.mark.parametrize(("pictures", "expected"), [(2, ""), (3, "+")])
def test_a_fault_must_show_in_three_pictures(pictures, expected):
    assert marks(detect((2, 5), (pictures / 2, 12), confirm_s=0.2, fps=2.0)[1]) == expected


def test_the_margin_does_not_help_it_to_begin():
    assert marks(detect((2, 9))[1]) == ""


@pytest.mark.parametrize(("dip_s", "begins_s"), [(0.05, 1.4), (0.2, 1.7)])
def test_a_glitch_below_the_limit_does_not_interrupt_it(dip_s, begins_s):
    _, found = detect((1, 5), (0.2, 12), (dip_s, 5), (1, 12))
    assert found[0][0] == pytest.approx(begins_s + (0.05 if dip_s > 0.1 else 0.0), abs=0.11)
    assert found[0][2].onset_s == pytest.approx(1.0 if dip_s <= 0.1 else 1.4, abs=0.03)


@pytest.mark.parametrize(("pictures", "onset_s"), [(2, 1.0), (3, 1.32)])
def test_a_dip_of_a_tenth_of_a_second_is_a_glitch(pictures, onset_s):
    """At twenty-five pictures a second."""
    _, found = detect((1, 5), (0.2, 12), (pictures / 25, 5), (1, 12), fps=25.0)
    assert found[0][2].onset_s == pytest.approx(onset_s, abs=0.03)


def test_where_pictures_come_seldom_one_of_them_is_a_glitch():
    """At eight a second one picture of noise lasts longer than a tenth of a second; two are no noise."""
    assert marks(detect((1, 5), (0.25, 12), (0.125, 5), (0.25, 12), fps=8.0)[1]) == "+"
    assert marks(detect((1, 5), (0.25, 12), (0.25, 5), (0.25, 12), (1, 5), fps=8.0)[1]) == ""


@pytest.mark.parametrize(("lasts_s", "told", "is_unsure"), [(0.25, "", False), (0.375, "", True), (0.5, "+-", False)])
def test_what_ended_between_two_pictures_before_or_after_it_was_a_fault_is_unsure(lasts_s, told, is_unsure):
    detector, found = detect((1, 5), (lasts_s, 12), (1, 5), fps=8.0)
    assert marks(found) == told
    assert detector.is_unsure is is_unsure


@pytest.mark.parametrize(("unseen_s", "expected"), [(0.45, "+"), (0.7, "+-")])
def test_what_is_not_seen_for_half_a_second_is_over(unseen_s, expected):
    assert marks(detect((1, 12), (unseen_s, math.nan))[1]) == expected


def test_what_is_unknown_confirms_nothing():
    assert marks(detect((0.2, 12), (0.4, math.nan))[1]) == ""


def test_a_least_limit_is_broken_from_below_and_the_smallest_is_the_worst():
    least = replace(FAULT, is_least=True)
    _, found = detect((1, 12), (0.5, 8), (0.5, 6), (1, 14), fault=least)
    assert marks(found) == "+-"
    assert found[-1][2].magnitude == 6
    assert marks(detect((1, 8), (1, 12), fault=least)[1]) == "+", "inside the margin it goes on"


def test_the_end_of_a_phase_ends_it():
    detector, _ = detect((1, 12))
    assert detector.end().magnitude == 12
    assert detector.end() is None


# -- a measure with its doubt ----


@pytest.mark.parametrize(("sd", "expected"), [(0.0, "+"), (2.0, "+"), (6.0, "")])
def test_only_what_is_surely_beyond_its_limit_begins(sd, expected):
    assert marks(detect((1, Estimate(2.0, sd)), (1, Estimate(12.0, sd)))[1]) == expected


def test_a_fault_that_was_told_goes_on_until_it_is_inside_its_margin_however_unsure():
    sure, unsure = Estimate(16.0, 2.0), Estimate(9.0, 8.0)
    assert marks(detect((1, sure), (2, unsure))[1]) == "+"
    assert marks(detect((1, sure), (2, replace(unsure, value=6.0)))[1]) == "+-"


def test_unsure_pictures_confirm_nothing():
    assert marks(detect((0.2, Estimate(20.0, 1.0)), (1, Estimate(12.0, 9.0)))[1]) == ""


def judged(measured, sure_share=0.7, fault=FAULT, good_share=None):
    """Whether it is told at all, and whether it is a fault, where three pictures are enough to confirm it."""
    detector = FaultDetector(fault, 10.0, 0.0, 3.0, sure_share, sure_share if good_share is None else good_share)
    started = [detector.update(t, measured)[0] for t in (0.0, 0.1, 0.2)]
    return detector.is_told(measured), any(started)


@pytest.mark.parametrize(
    ("value", "sd", "expected"),
    [
        (14.0, 4.0, (True, True)),
        (11.0, 4.0, (False, False)),
        (9.0, 4.0, (False, False)),
        (6.0, 4.0, (True, False)),
        (10.5, 0.0, (True, True)),
        (9.5, 0.0, (True, False)),
        (math.nan, 0.0, (False, False)),
        (math.nan, math.nan, (False, False)),
        (20.0, math.nan, (False, False)),
    ],
)
def test_it_is_told_only_where_it_is_surely_a_fault_or_surely_none(value, sd, expected):
    assert judged(Estimate(value, sd)) == expected


def test_who_wants_to_be_surer_is_told_less():
    likely = Estimate(14.0, 4.0)
    assert [judged(likely, share) for share in (0.5, 0.7, 0.95)] == [(True, True), (True, True), (False, False)]
    assert judged(Estimate(10.5, 4.0), 0.5) == (True, True)


@pytest.mark.parametrize(
    ("value", "expected"), [(11.1, (True, True)), (10.9, (False, False)), (5.0, (False, False)), (4.8, (True, False))]
)
def test_a_good_back_may_be_asked_to_be_surer_than_a_fault(value, expected):
    """At a doubt of 4, 0.6 is sure 1.01 beyond the limit, and 0.9 is sure 5.13 within it."""
    assert judged(Estimate(value, 4.0), 0.6, good_share=0.9) == expected


@pytest.mark.parametrize(("value", "expected"), [(6.0, (True, True)), (9.0, (False, False)), (14.0, (True, False))])
def test_a_least_limit_is_doubted_from_below(value, expected):
    assert judged(Estimate(value, 4.0), fault=replace(FAULT, is_least=True)) == expected


# -- the start pose ----


def settle(bodies, dwell_s=1.0, share=1.0, checks=(FLAT,)):
    """When the start pose has been taken; None if it never is."""
    detector = StartPoseDetector(dwell_s, share)
    return next((body.t_s for body in bodies if detector.update(checks, body)), None)


def bodies(*parts, fps=20.0):
    """Parts of (seconds, changes of a body that lies)."""
    out, t = [], 0.0
    for seconds, changes in parts:
        for _ in range(round(seconds * fps)):
            out.append(replace(LYING, t_s=t, **changes))
            t += 1 / fps
    return out


def test_the_start_pose_must_be_held():
    assert settle(bodies((3, {}))) == pytest.approx(1.0)
    assert settle(bodies((0.8, {}), (0.1, {"trunk_deg": 20}), (0.8, {}))) is None


def test_a_recording_may_open_in_it_and_only_open():
    assert settle(bodies((3, {})), share=0.5) == pytest.approx(0.5)
    late = settle(bodies((0.5, {"trunk_deg": 20}), (3, {})), share=0.5)
    assert late == pytest.approx(1.5)


@pytest.mark.parametrize(("travel_tl", "expected"), [(0.09, 1.0), (0.11, 1.5)])
def test_it_must_be_steady(travel_tl, expected):
    moved = {"hip_x_px": 100 + travel_tl * 200}
    assert settle(bodies((0.5, {}), (3, moved))) == pytest.approx(expected)
    assert settle(bodies((0.5, {}), (3, {"hip_y_px": -300 + travel_tl * 200}))) == pytest.approx(expected)


def test_three_pictures_at_least_are_in_it():
    assert settle(bodies((3, {}), fps=2.0), dwell_s=0.3) == pytest.approx(1.0)


def test_reset_begins_anew():
    detector = StartPoseDetector(1.0)
    for body in bodies((0.9, {})):
        detector.update((FLAT,), body)
    detector.reset()
    assert not any(detector.update((FLAT,), replace(b, t_s=b.t_s + 0.9)) for b in bodies((0.9, {})))


def test_what_is_not_seen_holds_only_where_it_is_optional():
    needed = replace(HIDDEN, is_optional=False)
    assert pose_holds((FLAT, HIDDEN), LYING)
    assert not pose_holds((FLAT, needed), LYING)
    assert may_hold((FLAT, needed), LYING)
    assert not may_hold((FLAT,), replace(LYING, trunk_deg=11))
    assert may_hold((FLAT,), replace(LYING, trunk_deg=11), slack=2.0)
    assert not pose_holds((FLAT,), replace(LYING, trunk_deg=-11))
    assert pose_holds((FLAT,), replace(LYING, trunk_deg=-11), slack=2.0)


# -- parts that can't be seen ----


def see(*parts, dwell_s=0.7, fps=20.0):
    monitor, t, found = VisibilityMonitor(dwell_s), 0.0, []
    for seconds, unseen in parts:
        for _ in range(round(seconds * fps)):
            started, ended = monitor.update(t, ("feet", "hips"), unseen)
            found += [(round(t, 2), "+" + part) for part in started]
            for part in ended:
                found.append((round(t, 2), "-" + part))
                monitor.active.pop(part)
            t += 1 / fps
    return monitor, found


@pytest.mark.parametrize(("seconds", "expected"), [(0.6, []), (0.9, [(1.7, "+feet")])])
def test_a_part_must_be_lost_for_a_while(seconds, expected):
    assert see((1, ()), (seconds, ("feet",)))[1] == expected


def test_it_is_seen_again_after_half_of_that():
    assert see((1, ("feet",)), (0.3, ()), (0.5, ("feet",)))[1] == [(0.7, "+feet")]
    assert see((1, ("feet",)), (0.5, ()))[1] == [(0.7, "+feet"), (1.35, "-feet")]


def test_each_part_has_its_time_and_others_are_no_matter():
    monitor, found = see((0.5, ("feet",)), (0.5, ("feet", "hips", "head")), (0.5, ("hips", "head")))
    assert found == [(0.7, "+feet"), (1.2, "+hips"), (1.35, "-feet")]
    assert monitor.active == {"hips": pytest.approx(0.5)}
