"""The outline of the own start: a surer one replaces it, one that differs doubts it, two that agree prove it wrong."""

from dataclasses import replace

import numpy as np
import pytest

from exercises.dead_bug import EXERCISE as DEAD_BUG_EXERCISE
from formcheck.core.body.back import Contour
from formcheck.core.body.baseline import Baseline
from formcheck.core.body.measure import Body
from formcheck.core.coach.neutral import FirstRest, RestNeutral
from formcheck.core.rules.events import BackWithdrawn, FaultStarted, ReachSuggested, RepCompleted
from formcheck.session.record import SetRecord
from formcheck.testing import film, judge
from formcheck.testing.stances import back_of
from tests.exercises.scripts import DEAD_BUG, dead_bug
from tests.session.test_record import watched


def outline(offset_tl, sd_tl):
    return Contour(np.full(17, offset_tl, np.float32), np.full(17, sd_tl, np.float32))


def rest(start, contour, *, seconds=1.0, is_rest=True):
    """The outline of the start after a rest at 15 pictures a second."""
    neutral, baseline = RestNeutral(), Baseline(Body(0.0, contour=start))
    for i in range(round(seconds * 15) + 1):
        now = Body(i / 15, contour=contour)
        baseline, _ = neutral.update(now, baseline, is_rest=is_rest, turn=0, model="supine")
    return baseline.body.contour


@pytest.mark.parametrize(("sd_tl", "is_taken"), [(0.003, True), (0.0068, True), (0.0072, False), (0.02, False)])
def test_a_surer_outline_replaces_the_first_one(sd_tl, is_taken):
    """Of a start that is known to 0.01, one of no more than 0.007 is surer by enough."""
    now = rest(outline(0.10, 0.01), outline(0.13, sd_tl))
    assert now.offset_tl[8] == pytest.approx(0.13 if is_taken else 0.10)


def test_a_back_that_the_start_did_not_show_is_taken_when_it_shows():
    assert rest(None, outline(0.13, 0.02)).offset_tl[8] == pytest.approx(0.13)
    assert rest(None, None) is None


@pytest.mark.parametrize(("seconds", "is_taken"), [(0.6, False), (1.0, True)])
def test_a_short_rest_is_none(seconds, is_taken):
    assert (rest(None, outline(0.13, 0.003), seconds=seconds) is not None) is is_taken


def test_while_somebody_moves_nothing_is_taken():
    assert rest(None, outline(0.13, 0.003), is_rest=False) is None


def test_an_outline_of_which_half_is_missing_is_not_taken():
    half = outline(0.13, 0.003)
    half.offset_tl[8:] = np.nan
    assert rest(None, half) is None
    assert rest(None, replace(half, offset_tl=np.full(17, 0.13, np.float32))) is not None


# -- the first rest ----------------------------------------------------------------------------------------------------


def first_rest(*parts, fps=20):
    """Neck angle of the start after parts of (seconds, neck angle, excursion)."""
    rest, start, t = FirstRest(), Baseline(Body(0.0, neck_deg=-10.0)), 0.0
    for seconds, neck_deg, excursion in parts:
        for _ in range(round(seconds * fps)):
            start = rest.update(Body(t, neck_deg=neck_deg), start, excursion)
            t += 1 / fps
    return start.body.neck_deg


def test_the_start_is_that_of_the_whole_first_rest():
    """A tracker that settles reads the head 10 degrees off for a moment."""
    assert first_rest((0.3, -10.0, 0.0), (1.5, 0.0, 0.0)) == 0.0


@pytest.mark.parametrize(("seconds", "expected"), [(0.4, -10.0), (0.8, 5.0)])
def test_a_moment_is_no_rest(seconds, expected):
    assert first_rest((seconds, 5.0, 0.0)) == expected


@pytest.mark.parametrize(("excursion", "expected"), [(0.04, 5.0), (0.06, -10.0), (-0.06, -10.0)])
def test_a_movement_that_has_begun_is_none(excursion, expected):
    assert first_rest((1.0, 5.0, excursion)) == expected


def test_whoever_waits_is_not_measured_anew():
    assert first_rest((2.0, 7.0, 0.0), (8.0, 0.0, 0.0)) == 7.0


def test_the_outline_stays_that_of_the_start_pose():
    """Who waits lets the back sink, and an arm may come before it."""
    body = Body(0.0, contour=outline(0.1, 0.004), sagitta_tl=0.03, steady_sagitta_tl=0.031)
    rest, start = FirstRest(), Baseline(body, sagitta_sd_tl=0.002)
    for i in range(30):
        now = Body(i / 20, neck_deg=3.0, contour=outline(0.05, 0.001), sagitta_tl=0.01, steady_sagitta_tl=0.011)
        start = rest.update(now, start, 0.0)
    assert start.body.neck_deg == 3.0
    assert start.body.contour is body.contour
    assert (start.body.sagitta_tl, start.body.steady_sagitta_tl, start.sagitta_sd_tl) == (0.03, 0.031, 0.002)


# -- an outline that was misread ---------------------------------------------------------------------------------------


def bent(deg, sd_tl=0.004):
    """An outline of somebody on the back whose low back bends so far."""
    return Contour(back_of(replace(DEAD_BUG, lumbar_deg=deg), 0.0).offset_tl, np.full(17, sd_tl, np.float32))


def rests(*seen, sd_tl=0.004):
    """Rests of a second as (turn, degrees); for each, whether the start was doubted, and whether proved wrong."""
    neutral, baseline, t, out = RestNeutral(), Baseline(Body(0.0, contour=bent(0.0))), 0.0, []
    for turn, deg in seen:
        neutral.update(Body(t), baseline, is_rest=False, turn=turn, model="tabletop")
        was_wrong = False
        for _ in range(15):
            t += 1 / 15
            now = Body(t, contour=bent(deg, sd_tl))
            baseline, is_wrong = neutral.update(now, baseline, is_rest=True, turn=turn, model="tabletop")
            was_wrong |= is_wrong
        out.append((neutral.is_doubted, was_wrong))
    return out, baseline.body.contour


GOOD, DOUBTED, WRONG = (False, False), (True, False), (False, True)


def test_rests_like_the_start_leave_it_alone():
    assert rests((1, 2.0), (2, -4.0), (3, 5.0))[0] == [GOOD] * 3


def test_a_difference_that_makes_no_fault_is_none():
    """Eleven degrees are told as less than ten, however well both outlines are seen."""
    assert rests((1, 11.0), (2, 11.0), sd_tl=0.0005)[0] == [GOOD] * 2


def test_rests_that_differ_the_same_way_but_not_by_as_much_prove_nothing():
    assert rests((1, 28.0), (2, 48.0))[0] == [DOUBTED, DOUBTED]


@pytest.mark.parametrize("sign", [1, -1])
def test_one_rest_that_differs_makes_it_doubted_a_second_one_proves_it_wrong(sign):
    found, contour = rests((1, sign * 40.0), (2, sign * 42.0))
    assert found == [DOUBTED, WRONG]
    assert contour.offset_tl == pytest.approx(bent(sign * 42.0).offset_tl)


def test_the_same_rest_is_no_second_one():
    assert rests((1, 40.0), (1, 40.0))[0] == [DOUBTED, DOUBTED]


def test_who_comes_home_again_is_compared_with_the_start_again():
    found, contour = rests((1, 40.0), (2, 0.0), (3, 40.0))
    assert found == [DOUBTED, GOOD, DOUBTED]
    assert contour.offset_tl == pytest.approx(bent(0.0).offset_tl)


def test_two_rests_that_contradict_each_other_too_prove_nothing():
    assert rests((1, 40.0), (2, -40.0), (3, -40.0))[0] == [DOUBTED, DOUBTED, WRONG]


def test_what_is_hardly_seen_contradicts_nobody():
    assert rests((1, 20.0), (2, 20.0), sd_tl=0.02)[0] == [GOOD] * 2


# -- in a set ----------------------------------------------------------------------------------------------------------


def told(record, kind):
    return [event for event in record.events if isinstance(event, kind)]


def misread_start(keys, deg):
    """The same, but the outline of the first rest was read so many degrees too round."""
    return [*keys[:2], *((t, replace(stance, lumbar_deg=stance.lumbar_deg + deg)) for t, stance in keys[2:])]


def test_what_was_judged_by_a_start_that_proved_wrong_is_withdrawn():
    record = watched(misread_start(dead_bug("LRLR"), 25.0))
    assert [rep.verdict for rep in told(record, RepCompleted)] == ["faulty", "not-judged", "clean", "clean"]
    assert [event.name for event in told(record, FaultStarted)] == ["low-back-arch"]
    (withdrawn,) = told(record, BackWithdrawn)
    assert withdrawn.reps == (1, 2)
    first, second, third, fourth = record.reps
    for rep in (first, second):
        assert (rep.verdict, rep.faults, rep.not_judged) == ("not-judged", (), ("back",))
        assert rep.judged["low-back-arch"] == 0.0
        assert np.isnan([rep.back_change_deg, rep.back_change_tl]).all()
        assert rep.rom_fraction > 1
    assert (third.verdict, fourth.verdict) == ("clean", "clean")
    assert record.fault_spans == []
    assert record.faults == {}
    assert record.amendments == [withdrawn]


def test_another_fault_of_the_same_repetition_stays():
    record = watched(misread_start(dead_bug("LRLR", drift_deg=40.0), 25.0))
    assert told(record, RepCompleted)[0].faults == ("holding-leg-drift", "low-back-arch")
    assert (record.reps[0].verdict, record.reps[0].faults) == ("faulty", ("holding-leg-drift",))
    assert record.reps[0].not_judged == ("back",)


def test_arches_of_somebody_who_comes_home_stay():
    record = watched(dead_bug("LRLR", lumbar_deg=30.0))
    assert told(record, BackWithdrawn) == []
    assert [rep.verdict for rep in record.reps] == ["faulty"] * 4


def test_no_shorter_reach_is_suggested_for_arches_that_are_withdrawn():
    settings = {"sure_share": 0.5}
    arched = [e for e in judge(DEAD_BUG_EXERCISE, film(dead_bug("LRLR", lumbar_deg=30.0)), **settings)]
    assert [e.fault for e in arched if isinstance(e, ReachSuggested)] == ["low-back-arch"]
    arches = dead_bug("LR", lumbar_deg=30.0)
    later = [(t + arches[-1][0], stance) for t, stance in misread_start(dead_bug("LRLR"), 25.0)[2:]]
    withdrawn = judge(DEAD_BUG_EXERCISE, film([*arches, *later]), **settings)
    assert any(isinstance(e, BackWithdrawn) for e in withdrawn)
    assert not [e for e in withdrawn if isinstance(e, ReachSuggested)]


def test_the_times_of_a_withdrawal_are_those_of_the_set():
    record = SetRecord.begin("s-1", DEAD_BUG_EXERCISE, started_s=100.0)
    record.add([BackWithdrawn(120.0, since_s=101.0, reps=(), names=("low-back-arch",))])
    [told_of] = record.as_dict()["amendments"]
    assert (told_of["t_s"], told_of["since_s"]) == (20.0, 1.0)
