"""The pelvic tilt: counted by the back's outline, told from a bridge and from moving legs."""

from dataclasses import replace

import numpy as np
import pytest

from exercises.pelvic_tilt import EXERCISE
from formcheck.core.body.back import unknown_back
from formcheck.core.rules.events import Armed, AttemptEnded, FaultStarted, PhaseChanged, RepCompleted, UnseenStarted
from formcheck.session.set import Set
from formcheck.testing import film, judge, seen
from tests.exercises.scripts import BRIDGE, DEAD_BUG, TILT, dead_bug, glute_bridge, limbs, pelvic_tilt

LIFTED_DEG = 8.0


def of(kind, events):
    return [e for e in events if isinstance(e, kind)]


def faults(events):
    return {e.name for e in of(FaultStarted, events)}


def with_hollow(keys, sagitta_tl):
    return [(t, replace(stance, sagitta_tl=sagitta_tl)) for t, stance in keys]


def test_a_tilt_is_counted_with_its_hold():
    reps = of(RepCompleted, judge(EXERCISE, film(pelvic_tilt(3, hold_s=6.0))))
    assert [r.faults for r in reps] == [()] * 3
    assert all(r.hold_s == pytest.approx(6.5, abs=0.5) for r in reps)


@pytest.mark.parametrize("flat_tl", [0.011, 0.03, 0.05])
def test_small_and_large_gaps_count(flat_tl):
    assert len(of(RepCompleted, judge(EXERCISE, film(pelvic_tilt(2, flat_tl=flat_tl))))) == 2


def test_the_trace_shows_the_tilt_against_the_flattening_that_counts():
    session = Set(EXERCISE, is_live=True, overrides={"flat_tl": 0.02})
    shown = []
    for pose, back in film(pelvic_tilt(1, flat_tl=0.03, hold_s=6.0)):
        session.update(seen(session, pose, back))
        shown.append(session.snapshot())
    traced = [snapshot for snapshot in shown if snapshot.back_trace.points]
    assert {(s.back_trace.arch_limit, s.back_trace.round_limit) for s in traced} == {(0.0, 0.02)}
    flat = [s for s in traced if s.phase == "end-range"]
    assert {s.back for s in flat} == {"good"}
    assert min(p.deviation for p in flat[-1].back_trace.points) < -0.02
    assert {s.back for s in traced if s.phase == "rest"} <= {"open", "unknown"}


def test_a_short_hold_is_counted_and_told():
    events = judge(EXERCISE, film(pelvic_tilt(1, hold_s=2.0)))
    assert [r.faults for r in of(RepCompleted, events)] == [("short-hold",)]


def test_too_little_flattening_is_an_attempt():
    events = judge(EXERCISE, film(pelvic_tilt(1, flat_tl=0.006)))
    assert not of(RepCompleted, events)
    assert [a.reason for a in of(AttemptEnded, events)] == ["no-flattening"]


def test_a_bridge_is_no_tilt():
    keys = [(t, replace(s, sagitta_tl=0.05 if i % 4 in (0, 3) else 0.0)) for i, (t, s) in enumerate(glute_bridge(2))]
    events = judge(EXERCISE, film(keys))
    assert not of(RepCompleted, events)
    assert "hips-lift" in faults(events)


@pytest.mark.parametrize(("rise_deg", "is_told"), [(4.0, False), (8.0, True)])
def test_hips_that_lift_in_a_tilt_are_told_and_those_that_hardly_do_are_not(rise_deg, is_told):
    events = judge(EXERCISE, film(pelvic_tilt(1, rise_deg=rise_deg)))
    assert ("hips-lift" in faults(events)) is is_told
    assert len(of(RepCompleted, events)) == (not is_told)


def test_a_head_that_curls_up_is_told():
    assert "head-lift" in faults(judge(EXERCISE, film(pelvic_tilt(1, neck_deg=30))))
    assert "head-lift" not in faults(judge(EXERCISE, film(pelvic_tilt(1, neck_deg=8))))


def test_a_leg_that_slides_is_no_tilt():
    out = limbs(replace(TILT, sagitta_tl=0.02), "left", hip_deg=150, knee_deg=130)
    keys = [(0, TILT), (1, TILT), (2.5, out), (4.5, out), (6, TILT), (8, TILT)]
    assert not of(RepCompleted, judge(EXERCISE, film(keys)))


def test_dead_bugs_are_not_judged_at_all():
    assert not judge(EXERCISE, film(dead_bug("LR", lumbar_deg=-20)))
    assert DEAD_BUG != BRIDGE


def test_breathing_is_neither_a_tilt_nor_an_attempt():
    keys = [(i * 2.0, replace(TILT, sagitta_tl=0.05 - 0.003 * (i % 2))) for i in range(15)]
    assert not of((RepCompleted, AttemptEnded), judge(EXERCISE, film(keys)))


def test_noise_above_a_quarter_of_the_signal_makes_the_back_unknown():
    noisy = []
    for i, (pose, back) in enumerate(film(pelvic_tilt(2))):
        offset = back.offset_tl.copy()
        offset[8] += 0.16 * (-1) ** i
        noisy.append((pose, replace(back, offset_tl=offset)))
    events = judge(EXERCISE, noisy)
    assert not of(RepCompleted, events)
    assert {(e.part, e.reason) for e in of(UnseenStarted, events)} == {("back", "noise")}


@pytest.mark.parametrize(
    ("why", "remedy"),
    [
        ("arm-in-front", "chest or overhead"),
        ("outline-lost", "close-fitting"),
        ("dark", "light"),
        ("oblique", "side-on"),
    ],
)
def test_a_hidden_back_is_told_once_with_the_remedy(why, remedy):
    events = judge(EXERCISE, [(pose, unknown_back(pose.t_s, why)) for pose, _ in film(pelvic_tilt(2))])
    unseen = of(UnseenStarted, events)
    assert not of(RepCompleted, events)
    assert [(u.part, remedy in u.advice) for u in unseen] == [("back", True)]


def test_a_flat_back_with_lifted_hips_is_an_attempt_and_no_tilt():
    events = judge(EXERCISE, film(pelvic_tilt(1, rise_deg=LIFTED_DEG)))
    assert "hips-lift" in faults(events)
    assert "end-range" in {e.phase for e in of(PhaseChanged, events)}, "it went all the way"
    assert of(AttemptEnded, events)[-1].reason == "hips-lift"
    assert not of(RepCompleted, events)


def test_a_gap_that_opens_again_in_the_hold_is_told_and_letting_go_is_not():
    assert "tilt-lost" in faults(judge(EXERCISE, film(pelvic_tilt(1, regained=0.5))))
    assert "tilt-lost" not in faults(judge(EXERCISE, film(pelvic_tilt(1, regained=0.1))))
    for back_s in (0.5, 1.0, 1.5, 2.0):
        assert "tilt-lost" not in faults(judge(EXERCISE, film(pelvic_tilt(1, hold_s=2.0, back_s=back_s))))


def test_a_lost_tilt_is_not_told_as_a_short_hold_too():
    reps = of(RepCompleted, judge(EXERCISE, film(pelvic_tilt(1, regained=0.7))))
    assert [r.faults for r in reps] == [("tilt-lost",)]


def test_a_lost_tilt_is_seen_through_the_noise_of_the_outline():
    rng = np.random.default_rng(1)
    noisy = []
    for pose, back in film(pelvic_tilt(2, regained=0.7)):
        noisy.append((pose, replace(back, offset_tl=back.offset_tl + rng.normal(0, 0.004, 17).astype(np.float32))))
    assert [r.faults for r in of(RepCompleted, judge(EXERCISE, noisy))] == [("tilt-lost",)] * 2


def test_an_elbow_that_hides_the_middle_of_the_hollow_hides_no_tilt():
    seen = []
    for pose, back in film(pelvic_tilt(2)):
        offset = back.offset_tl.copy()
        offset[7:9] = np.nan
        offset[9] = np.nan if len(seen) % 3 else offset[9]
        seen.append((pose, replace(back, offset_tl=offset)))
    assert [r.faults for r in of(RepCompleted, judge(EXERCISE, seen))] == [(), ()]


def veiled(keys, by_tl=0.034):
    """The same in a hanging shirt, which fills most of the gap."""
    return [(t, replace(stance, sagitta_tl=stance.sagitta_tl - by_tl)) for t, stance in keys]


def test_in_a_hanging_shirt_less_of_the_gap_closes_and_the_tilt_counts():
    events = judge(EXERCISE, film(veiled(pelvic_tilt(2, flat_tl=0.007))))
    assert [r.faults for r in of(RepCompleted, events)] == [(), ()]
    in_the_open = judge(EXERCISE, film(pelvic_tilt(2, flat_tl=0.007)))
    assert [a.reason for a in of(AttemptEnded, in_the_open)] == ["no-flattening"] * 2


def test_where_no_gap_shows_nobody_is_told_to_close_it():
    events = judge(EXERCISE, film(veiled(pelvic_tilt(2, flat_tl=0.003))))
    assert not of((RepCompleted, FaultStarted), events)
    assert of(Armed, events), "the position was taken all the same"


@pytest.mark.parametrize(("hold_s", "faults"), [(3.4, ()), (1.0, ("short-hold",))])
def test_in_a_hanging_shirt_only_a_much_too_short_hold_is_told(hold_s, faults):
    [rep] = of(RepCompleted, judge(EXERCISE, film(veiled(pelvic_tilt(1, flat_tl=0.007, hold_s=hold_s)))))
    assert rep.faults == faults


def test_the_clock_stops_where_the_tilt_is_lost():
    whole, broken = (
        of(RepCompleted, judge(EXERCISE, film(pelvic_tilt(1, hold_s=5.0, regained=share))))[0] for share in (0.0, 0.5)
    )
    assert broken.hold_s < whole.hold_s - 1.0


@pytest.mark.parametrize("by_tl", [-0.008, 0.02])
def test_the_neutral_is_taken_anew_where_the_back_comes_home(by_tl):
    *keys, (home_s, _), (end_s, _) = pelvic_tilt(1, flat_tl=0.015)
    rest = replace(TILT, sagitta_tl=TILT.sagitta_tl + by_tl)
    again = [(end_s + t, replace(s, sagitta_tl=s.sagitta_tl + by_tl)) for t, s in pelvic_tilt(1, flat_tl=0.015)]
    events = judge(EXERCISE, film([*keys, (home_s, rest), *again]))
    assert [r.faults for r in of(RepCompleted, events)] == [(), ()]


def test_a_flattening_that_is_not_held_at_all_is_no_tilt():
    """An arm that reaches over flattens the back for a moment."""
    events = judge(EXERCISE, film(pelvic_tilt(2, out_s=0.5, hold_s=0.05, back_s=0.5)))
    assert not of(RepCompleted, events)
    assert len(of(AttemptEnded, events)) == 2


def test_what_changed_while_nothing_was_seen_is_no_tilt():
    frames = film(pelvic_tilt(1))
    arm_over = [(p, unknown_back(p.t_s, "arm-in-front") if 3.3 < p.t_s < 4.2 else back) for p, back in frames]
    assert len(of(RepCompleted, judge(EXERCISE, frames))) == 1
    assert not of(RepCompleted, judge(EXERCISE, arm_over))


@pytest.mark.parametrize(("sagitta_tl", "expected"), [(0.001, ["unseen.back-outline-lost"]), (0.03, [])])
def test_who_lies_right_but_shows_no_gap_is_told_why_it_does_not_begin(sagitta_tl, expected):
    """A shirt that lies on the floor fills the gap: nobody on the floor can guess that from a tick on the screen."""
    session, said = Set(EXERCISE, is_live=True), []
    for pose, back in film(
        [(0.0, replace(TILT, sagitta_tl=sagitta_tl)), (9.0, replace(TILT, sagitta_tl=sagitta_tl))], 15
    ):
        said += [cue.name for cue in session.update(seen(session, pose, back)).cues]
    assert [name for name in said if name.startswith("unseen.")] == expected


def test_with_the_arm_alongside_hips_that_lift_are_told_and_no_tilt_is_counted():
    """The hips are seen by joints alone: their fault must not wait for a back that the arm hides."""
    frames = [(pose, unknown_back(pose.t_s, "arm-in-front")) for pose, _ in film(pelvic_tilt(2, rise_deg=LIFTED_DEG))]
    still = [(pose, unknown_back(pose.t_s, "arm-in-front")) for pose, _ in film(pelvic_tilt(2))]
    lifted, flat = judge(EXERCISE, frames), judge(EXERCISE, still)
    assert "hips-lift" in faults(lifted)
    assert not faults(flat)
    assert not of(RepCompleted, lifted + flat)


def test_tilts_count_from_where_the_back_comes_into_view():
    """Three tilts; the arm moves away in the rest after the first."""
    frames = film(pelvic_tilt(3))
    whole = of(RepCompleted, judge(EXERCISE, frames))
    away_s = (whole[0].t_s + whole[1].start_s) / 2
    hidden = [(p, unknown_back(p.t_s, "arm-in-front") if p.t_s < away_s else back) for p, back in frames]
    assert len(whole) == 3
    assert len(of(RepCompleted, judge(EXERCISE, hidden))) == 2


def without_a_gap(rest_tl, **how):
    """A round back, or a shirt that lies on the floor: the outline is so deep at rest, and bends all the same."""
    return [(t, replace(s, sagitta_tl=rest_tl - (0.05 - s.sagitta_tl))) for t, s in pelvic_tilt(1, **how)]


@pytest.mark.parametrize("rest_tl", [-0.012, 0.002])
@pytest.mark.parametrize(
    ("closes_tl", "hold_s", "expected"), [(0.018, 5.5, ["clean"]), (0.018, 2.0, ["faulty"]), (0.006, 5.5, [])]
)
def test_where_no_gap_shows_a_tilt_counts_by_how_the_outline_bends(rest_tl, closes_tl, hold_s, expected):
    """Nobody is told that the back was not flat: that nobody could see."""
    events = judge(EXERCISE, film(without_a_gap(rest_tl, flat_tl=closes_tl, hold_s=hold_s)))
    assert [r.verdict for r in of(RepCompleted, events)] == expected
    assert faults(events) == ({"short-hold"} if "faulty" in expected else set())


@pytest.mark.parametrize(("is_read", "told"), [(lambda i: i % 3, True), (lambda i: i % 9 % 2 == 0, False)])
def test_an_outline_that_is_hardly_read_tells_nobody_that_the_back_was_not_flat(is_read, told):
    """Two pictures of three show it, or five of nine: among the others the flattest may be."""
    frames = film(pelvic_tilt(1, flat_tl=0.006))
    blinking = [
        (pose, back if pose.t_s < 2.5 or is_read(i) else unknown_back(pose.t_s, "outline-lost"))
        for i, (pose, back) in enumerate(frames)
    ]
    events = judge(EXERCISE, blinking)
    assert [a.reason for a in of(AttemptEnded, events)] == ["no-flattening"]
    assert faults(events) == ({"no-flattening"} if told else set())


def test_a_hold_that_is_long_enough_is_so_however_seldom_it_is_read():
    frames = film(pelvic_tilt(1, hold_s=6.5))
    blinking = [
        (pose, back if not 3.5 < pose.t_s < 12 or i % 9 % 2 == 0 else unknown_back(pose.t_s, "outline-lost"))
        for i, (pose, back) in enumerate(frames)
    ]
    [rep] = of(RepCompleted, judge(EXERCISE, blinking))
    assert rep.judged["short-hold"] == 1.0
