"""The coach of a set: what counts, why something does not, gaps, planned sides, settings that change, few pictures."""

from dataclasses import replace

import pytest

from exercises.bird_dog import EXERCISE as BIRD_DOG
from exercises.dead_bug import EXERCISE as DEAD_BUG
from exercises.glute_bridge import EXERCISE as GLUTE_BRIDGE
from exercises.hip_flexor_stretch import EXERCISE as HIP_FLEXOR
from exercises.pelvic_tilt import EXERCISE as PELVIC_TILT
from exercises.piriformis_stretch import EXERCISE as PIRIFORMIS
from formcheck.core.body.pose import ANKLE, HIP, KNEE, absent_pose
from formcheck.core.coach.bout import coach_for
from formcheck.core.rules.events import (
    Armed,
    AttemptEnded,
    FaultEnded,
    FaultStarted,
    HoldTicked,
    Paused,
    RepCompleted,
    SettingsChanged,
)
from formcheck.testing import film, hidden, judge, seen, without_back
from tests.exercises.scripts import DEAD_BUG as TABLETOP
from tests.exercises.scripts import (
    bird_dog,
    dead_bug,
    glute_bridge,
    hip_flexor_stretch,
    pelvic_tilt,
    piriformis_stretch,
)

SAT_UP = replace(TABLETOP, trunk_deg=80.0)


def of(kind, events):
    return [e for e in events if isinstance(e, kind)]


def run(coach, frames):
    return [e for pose, back in frames for e in coach.update(seen(coach, pose, back))]


def later(frames, by_s):
    return [(replace(p, t_s=p.t_s + by_s), replace(b, t_s=b.t_s + by_s)) for p, b in frames]


def with_gap(frames, at_s, gap_s):
    """The pictures stand still: what comes after comes so much later, and the body has stayed where it was."""
    return [f for f in frames if f[0].t_s < at_s] + later([f for f in frames if f[0].t_s >= at_s], gap_s)


def reasons(events):
    return [e.reason for e in of(AttemptEnded, events)]


@pytest.mark.parametrize("hold_s", [60.0, 95.0, 170.0])
def test_a_hold_may_last_as_long_as_it_likes(hold_s):
    [rep] = of(RepCompleted, judge(HIP_FLEXOR, film(hip_flexor_stretch("L", hold_s=hold_s), 10)))
    assert rep.hold_s == pytest.approx(hold_s + 1.2, abs=0.25), "1.2 s of the ways are within 5 degrees of the furthest"


@pytest.mark.parametrize(("asked_s", "share", "faults"), [(5, 0.9, ()), (10, 0.9, ("short-hold",)), (10, 0.5, ())])
def test_ticks_ring_and_fault_go_by_one_number(asked_s, share, faults):
    events = judge(GLUTE_BRIDGE, film(glute_bridge(1, hold_s=5.9)), hold_s=asked_s, hold_share=share)  # and the ends
    ticks = of(HoldTicked, events)
    assert {t.target_s for t in ticks} == {asked_s}
    assert [t.seconds for t in ticks] == list(range(1, min(asked_s, 6) + 1))
    assert [r.faults for r in of(RepCompleted, events)] == [faults]
    assert GLUTE_BRIDGE.hold_s({"hold_s": asked_s}) == asked_s


@pytest.mark.parametrize(("hold_s", "faults"), [(3.6, ("short-hold",)), (4.1, ())])
def test_a_hold_is_short_below_its_share(hold_s, faults):
    """Of 5 s asked for 4.5 will do; 0.66 s of this figure's ways belong to the hold: the last five degrees of each."""
    [rep] = of(RepCompleted, judge(GLUTE_BRIDGE, film(glute_bridge(1, hold_s=hold_s))))
    assert rep.faults == faults


@pytest.mark.parametrize(("low_s", "lost_s"), [(0.35, 0.0), (0.8, 0.8)])
def test_a_hold_survives_half_a_second_in_a_lower_position_and_no_more(low_s, lost_s):
    """The hips of a bridge sink by 20 degrees for a moment."""
    keys = glute_bridge(1, hold_s=10.0)
    (top_s, top), low = keys[2], glute_bridge(1, hip_deg=150)[2][1]
    dip = [(top_s + 5.0, top), (top_s + 5.03, low), (top_s + 5.0 + low_s, low), (top_s + 5.03 + low_s, top)]
    [plain] = of(RepCompleted, judge(GLUTE_BRIDGE, film(keys)))
    [broken] = of(RepCompleted, judge(GLUTE_BRIDGE, film([*keys[:3], *dip, *keys[3:]])))
    assert plain.hold_s - broken.hold_s == pytest.approx(lost_s, abs=0.25)


# -- reasons ----


@pytest.mark.parametrize(
    ("exercise", "keys", "reason"),
    [
        (DEAD_BUG, dead_bug("L", hip_deg=122, knee_deg=122, arm_deg=50), "partial-reach"),
        (BIRD_DOG, bird_dog("L", hip_deg=135, neck_deg=40), "partial-reach"),
        (GLUTE_BRIDGE, glute_bridge(1, hip_deg=150), "too-low"),
        (PELVIC_TILT, pelvic_tilt(1, flat_tl=0.006), "no-flattening"),
        (PELVIC_TILT, pelvic_tilt(1, rise_deg=8.0), "hips-lift"),
        (PELVIC_TILT, pelvic_tilt(1, out_s=0.6, hold_s=0.05, back_s=0.6), "short-hold"),
        (PIRIFORMIS, piriformis_stretch("L", lean_deg=4, hold_s=10, uncrosses=True), "no-lean"),
    ],
    ids=["dead bug", "bird dog", "bridge", "tilt", "lifted hips", "not held", "figure four"],
)
def test_an_attempt_says_what_it_lacked_and_not_what_else_was_wrong(exercise, keys, reason):
    last_s, last = keys[-1]
    events = judge(exercise, film([*keys, (last_s + 1.5, last)]))
    assert not of(RepCompleted, events)
    assert reasons(events) == [reason]


def test_a_movement_of_which_too_little_was_seen_says_so():
    frames = film(dead_bug("L"))
    gone = hidden(frames, *HIP.values(), *KNEE.values(), *ANKLE.values())
    events = judge(DEAD_BUG, [c if 2.3 < f[0].t_s < 5.3 else f for f, c in zip(frames, gone, strict=True)])
    assert not of((RepCompleted, FaultStarted), events)
    assert reasons(events) == ["not-seen"]


def test_the_rest_of_a_movement_that_was_lost_is_not_the_same_side_a_second_time():
    frames = film(dead_bug("L"))
    gone = hidden(frames, *HIP.values(), *KNEE.values(), *ANKLE.values())
    events = judge(DEAD_BUG, [c if 2.3 < f[0].t_s < 4.2 else f for f, c in zip(frames, gone, strict=True)])
    assert reasons(events) == ["not-seen"]
    assert not of(FaultStarted, events)


def test_a_short_movement_that_was_not_seen_whole_is_not_called_short():
    frames = film(dead_bug("L", hip_deg=122, knee_deg=122))
    gone = hidden(frames, *KNEE.values(), *ANKLE.values())
    events = judge(DEAD_BUG, [c if 2.8 < f[0].t_s < 3.5 else f for f, c in zip(frames, gone, strict=True)])
    assert reasons(events) == ["not-seen"]
    assert not of(FaultStarted, events)


def test_feet_that_slide_away_make_another_exercise():
    keys = glute_bridge(1)
    top = keys[2][1]
    slid = replace(top, right=replace(top.right, knee_deg=150, hip_deg=165))
    middle = [(keys[2][0] + 1, top), (keys[2][0] + 2, slid), (keys[3][0], slid)]
    assert reasons(judge(GLUTE_BRIDGE, film([*keys[:3], *middle, *keys[4:]]))) == ["other-exercise"]


def test_what_is_broken_off_says_why():
    cut = [f for f in film(dead_bug("L")) if f[0].t_s < 3.8]
    assert reasons(judge(DEAD_BUG, cut)) == ["recording-ended"]
    keys = [*dead_bug("L")[:4][:3], (4.5, SAT_UP), (8.0, SAT_UP)]
    events = judge(DEAD_BUG, film(keys))
    assert reasons(events) == ["left-position"]
    assert [p.reason for p in of(Paused, events)] == ["left-position"]


# -- gaps ----


@pytest.mark.parametrize(
    ("gap_s", "counts", "pauses"), [(0.9, 1, []), (4.0, 1, []), (9.5, 1, []), (10.6, 0, ["picture-gap"])]
)
def test_a_gap_of_ten_seconds_in_the_same_position_loses_nothing(gap_s, counts, pauses):
    frames = with_gap(film(glute_bridge(1, hold_s=6.0)), 5.0, gap_s)
    events = judge(GLUTE_BRIDGE, frames)
    assert len(of(RepCompleted, events)) == counts
    assert [p.reason for p in of(Paused, events)] == pauses
    assert reasons(events) == pauses


def test_the_clock_of_a_hold_leaves_the_gap_out():
    [plain] = of(RepCompleted, judge(GLUTE_BRIDGE, film(glute_bridge(1, hold_s=8.0))))
    [broken] = of(RepCompleted, judge(GLUTE_BRIDGE, with_gap(film(glute_bridge(1, hold_s=8.0)), 6.0, 6.0)))
    assert broken.hold_s == pytest.approx(plain.hold_s, abs=0.5)


@pytest.mark.parametrize("what", ["moved", "sat up", "slid along"])
def test_a_gap_after_which_the_body_is_elsewhere_begins_anew(what):
    frames = film(dead_bug("LR", rest_s=4.0))
    at_s = {"moved": 5.0}.get(what, 2.0)  # on the way out; in the rest
    after = {
        "moved": TABLETOP,
        "sat up": SAT_UP,
        "slid along": replace(TABLETOP, hip_x_tl=0.5),
    }[what]
    frames = [f for f in frames if f[0].t_s < at_s] + film([(at_s + 4.0, after), (at_s + 8.0, after)])
    events = judge(DEAD_BUG, frames)
    assert [p.reason for p in of(Paused, events)][:1] == ["picture-gap"]


def test_a_gap_that_was_asked_for_may_be_long():
    coach = coach_for(GLUTE_BRIDGE, is_live=False)
    frames = film(glute_bridge(1, hold_s=6.0))
    events = run(coach, [f for f in frames if f[0].t_s < 5.0])
    coach.resume()
    events += run(coach, later([f for f in frames if f[0].t_s >= 5.0], 60.0))
    assert not of((Paused, AttemptEnded), events)
    [rep] = of(RepCompleted, events)
    assert rep.hold_s == pytest.approx(6.66, abs=0.25)


@pytest.mark.parametrize(("passed_over", "reason"), [(0, "picture-gap"), (1, "late-poses"), (40, "late-poses")])
def test_a_gap_in_which_the_camera_went_on_is_the_machines(passed_over, reason):
    """The number of the picture tells: those that nobody looked at are counted in it."""
    frames = with_gap(film(glute_bridge(1, hold_s=6.0)), 5.0, 10.6)
    at = sum(f[0].t_s < 5.0 for f in frames)
    late = [(replace(p, index=i + (passed_over if i >= at else 0)), b) for i, (p, b) in enumerate(frames)]
    events = judge(GLUTE_BRIDGE, late)
    assert [p.reason for p in of(Paused, events)] == [reason]
    assert reasons(events) == [reason]


def test_pictures_that_were_passed_over_while_it_was_paused_are_nobodys_fault():
    coach = coach_for(GLUTE_BRIDGE, is_live=False)
    frames = [(replace(p, index=i), b) for i, (p, b) in enumerate(film(glute_bridge(1, hold_s=6.0)))]
    run(coach, [f for f in frames if f[0].t_s < 5.0])
    coach.resume()
    moved = later(film([(5.0, replace(TABLETOP, hip_x_tl=0.5)), (9.0, TABLETOP)]), 30.0)
    events = run(coach, [(replace(p, index=p.index + 900), b) for p, b in moved])
    assert [p.reason for p in of(Paused, events)][:1] == ["picture-gap"]


def test_only_the_next_gap_was_asked_for():
    coach = coach_for(GLUTE_BRIDGE, is_live=False)
    frames = film(glute_bridge(1, hold_s=6.0))
    run(coach, [f for f in frames if f[0].t_s < 4.0])
    coach.resume()
    run(coach, later([f for f in frames if 4.0 <= f[0].t_s < 5.0], 60.0))
    events = run(coach, later([f for f in frames if f[0].t_s >= 5.0], 120.0))
    assert [p.reason for p in of(Paused, events)] == ["picture-gap"]


def test_a_body_that_is_found_again_within_a_second_goes_on():
    frames = with_gap(film(glute_bridge(1, hold_s=8.0)), 5.0, 4.0)
    blind = hidden(frames, *HIP.values(), *KNEE.values())
    short = [c if 9.0 <= f[0].t_s < 9.8 else f for f, c in zip(frames, blind, strict=True)]
    long = [c if 9.0 <= f[0].t_s < 11.5 else f for f, c in zip(frames, blind, strict=True)]
    assert len(of(RepCompleted, judge(GLUTE_BRIDGE, short))) == 1
    assert [p.reason for p in of(Paused, judge(GLUTE_BRIDGE, long))] == ["picture-gap"]


def test_a_fault_is_not_confirmed_by_a_gap_that_nobody_saw():
    """0.2 s of an arch before the gap and 0.2 s after it are no 0.4 s of an arch."""
    keys = dead_bug("L", hold_s=4.0)
    far_s, far = keys[2]
    arched = replace(far, lumbar_deg=40)
    keys = [
        *keys[:3],
        (far_s + 1.0, far),
        (far_s + 1.05, arched),
        (far_s + 1.5, arched),
        (far_s + 1.55, far),
        *keys[3:],
    ]
    plain = judge(DEAD_BUG, film(keys), confirm_s=0.7)
    broken = judge(DEAD_BUG, with_gap(film(keys), far_s + 1.45, 5.0), confirm_s=0.7)
    assert not of(FaultStarted, plain)
    assert not of(FaultStarted, broken)


def test_repetitions_are_counted_by_what_is_known_of_them():
    keys = dead_bug("LRL")
    third_s = next(t for t, _ in dead_bug("LR")[-1:])
    coach = coach_for(DEAD_BUG, is_live=False)
    assert (coach.reps, coach.clean_reps, coach.not_judged_reps) == (0, 0, 0)
    frames = film(keys)
    run(coach, [f for f in frames if f[0].t_s < third_s] + without_back([f for f in frames if f[0].t_s >= third_s]))
    assert (coach.reps, coach.clean_reps, coach.not_judged_reps) == (3, 2, 1)


def test_whoever_has_left_is_not_half_way_out_any_more():
    coach = coach_for(DEAD_BUG, is_live=False)
    run(coach, film([*dead_bug("L")[:3], (4.5, SAT_UP), (8.0, SAT_UP)]))
    assert (coach.pause_reason, coach.excursion) == ("left-position", 0.0)


def test_the_furthest_picture_that_a_rule_sees_is_one_of_this_cycle():
    tops = {}

    def reach(moment):
        tops[moment.body.t_s] = moment.top
        return GLUTE_BRIDGE.reach(moment)

    first, second = of(RepCompleted, judge(replace(GLUTE_BRIDGE, reach=reach), film(glute_bridge(2, rest_s=3.0))))
    assert {top for t, top in tops.items() if first.t_s < t < second.start_s} == {None}
    during = [top.t_s for t, top in tops.items() if second.peak_s + 1.0 < t <= second.t_s]
    assert during
    assert all(second.start_s < t <= second.t_s for t in during)


def test_only_what_the_exercise_needs_is_told_as_missing_now():
    """The back of a dead bug is judged, and the set goes on without it."""
    coach = coach_for(DEAD_BUG, is_live=False)
    frames = film(dead_bug("L"))
    run(coach, without_back(frames[:60]))
    assert coach.unseen_now == []
    run(coach, hidden(frames[60:], *KNEE.values(), *HIP.values()))
    assert {"hips", "knees"} <= set(coach.unseen_now)


# -- a planned side ----


def planned(exercise, frames, side, **overrides):
    coach = coach_for(exercise, overrides, is_live=False, side=side)
    return coach, [*run(coach, frames), *coach.finish()]


def test_a_planned_side_counts_and_the_other_one_does_not():
    coach, events = planned(DEAD_BUG, film(dead_bug("LRL")), "left")
    assert [r.side for r in of(RepCompleted, events)] == ["left", "left"]
    assert [(a.side, a.reason) for a in of(AttemptEnded, events)] == [("right", "other-side")]
    assert coach.reps == 2


def test_in_a_planned_side_the_same_side_comes_twice():
    _, events = planned(DEAD_BUG, film(dead_bug("RR")), "right")
    assert [r.faults for r in of(RepCompleted, events)] == [(), ()]
    assert [r.faults for r in of(RepCompleted, judge(DEAD_BUG, film(dead_bug("RR"))))] == [(), ("same-side-twice",)]


def test_what_cannot_be_asked_for_is_not_called_judged():
    """The same side twice needs a repetition before, and a set of both sides."""
    name = "same-side-twice"
    _, one_side = planned(DEAD_BUG, film(dead_bug("RR")), "right")
    assert not [r for r in of(RepCompleted, one_side) if name in r.judged]
    assert all(r.judged["too-fast"] == 1.0 for r in of(RepCompleted, one_side)), "other faults are judged"
    first, second = of(RepCompleted, judge(DEAD_BUG, film(dead_bug("LR"))))
    assert name not in first.judged
    assert second.judged[name] == 1.0
    assert first.verdict == second.verdict == "clean"


def test_no_second_of_the_other_side_is_counted_aloud():
    coach, events = planned(BIRD_DOG, film(bird_dog("R", hold_s=4.0)), "left")
    assert not of((HoldTicked, RepCompleted), events)
    coach = coach_for(BIRD_DOG, is_live=False, side="left")
    held = []
    for pose, back in film(bird_dog("RL", hold_s=4.0)):
        coach.update(seen(coach, pose, back))
        held.append((coach.side, coach.hold_s))
    assert max(s for side, s in held if side == "right") == 0.0
    assert max(s for side, s in held if side == "left") > 3.0


@pytest.mark.parametrize("sides", ["LLR", "RRL"])
def test_each_side_must_have_its_number(sides):
    coach = coach_for(DEAD_BUG, is_live=False)
    run(coach, film(dead_bug(sides)))
    assert (coach.is_over(3), coach.is_over(4)) == (True, False)
    assert (coach.is_over(1, per_side=True), coach.is_over(2, per_side=True)) == (True, False)


# -- settings that change ----


def test_settings_hold_from_the_next_repetition_and_are_recorded():
    frames = film(dead_bug("LR", hip_deg=150))
    coach = coach_for(DEAD_BUG, is_live=False)
    events = run(coach, [f for f in frames if f[0].t_s < 3.0])
    coach.change_settings({"reach_hip_deg": 160}, by="clinician", why="goes too far")
    assert coach.settings["reach_hip_deg"] == 140
    events += run(coach, [f for f in frames if f[0].t_s >= 3.0])
    assert [r.side for r in of(RepCompleted, events)] == ["left"]
    assert [a.side for a in of(AttemptEnded, events)] == ["right"]
    [change] = of(SettingsChanged, events)
    assert (change.settings, change.by, change.why) == ({"reach_hip_deg": 160}, "clinician", "goes too far")
    assert change.t_s >= of(RepCompleted, events)[0].t_s
    assert coach.settings["reach_hip_deg"] == 160


def test_two_changes_keep_their_authors_and_a_senseless_one_changes_nothing():
    coach = coach_for(DEAD_BUG, is_live=False)
    coach.change_settings({"arch_deg": 20}, by="a", why="x")
    coach.change_settings({"drift_deg": 30}, by="b", why="y")
    with pytest.raises(ValueError, match="drift_deg"):
        coach.change_settings({"drift_deg": 3000}, by="c", why="z")
    with pytest.raises(ValueError, match="nonsense"):
        coach.change_settings({"nonsense": 1}, by="c", why="z")
    changes = of(SettingsChanged, run(coach, film(dead_bug("L"))[:5]))
    assert [(c.by, c.settings) for c in changes] == [("a", {"arch_deg": 20}), ("b", {"drift_deg": 30})]
    assert (coach.settings["arch_deg"], coach.settings["drift_deg"]) == (20, 30)


def test_a_fault_that_goes_on_in_the_rest_ends_with_its_limit():
    keys = glute_bridge(1, knee_deg=125, rest_s=4.0)
    frames = film(keys)
    coach = coach_for(GLUTE_BRIDGE, is_live=False)
    events = run(coach, [f for f in frames if f[0].t_s < 2.5])
    assert [e.name for e in of(FaultStarted, events)] == ["feet-too-far"]
    coach.change_settings({"feet_deg": 140}, by="clinician", why="fine for her")
    events += run(coach, [f for f in frames if f[0].t_s >= 2.5])
    assert [e.name for e in of(FaultEnded, events)] == ["feet-too-far"]
    assert len(of(FaultStarted, events)) == 1


def test_holds_and_checks_follow_the_change():
    coach = coach_for(GLUTE_BRIDGE, is_live=False)
    frames = film(glute_bridge(2, hold_s=6.0))
    middle_s = frames[-1][0].t_s / 2
    events = run(coach, [f for f in frames if f[0].t_s < middle_s])
    coach.change_settings({"hold_s": 8}, by="clinician", why="more")
    events += run(coach, [f for f in frames if f[0].t_s >= middle_s])
    assert [r.faults for r in of(RepCompleted, events)] == [(), ("short-hold",)]
    assert {t.target_s for t in of(HoldTicked, events)} == {5, 8}
    waiting = coach_for(DEAD_BUG, is_live=True)
    waiting.change_settings({"arm_live_s": 3.0}, by="clinician", why="slow")
    [armed] = of(Armed, run(waiting, film([(0.0, TABLETOP), (5.0, TABLETOP)])))
    assert armed.t_s == pytest.approx(3.0, abs=0.1)


# -- few pictures ----


@pytest.mark.parametrize("fps", [5.0, 6.0, 6.6, 7.0, 30.0])
@pytest.mark.parametrize(
    ("exercise", "keys", "fault"),
    [
        (GLUTE_BRIDGE, glute_bridge(1, hold_s=2.5), "short-hold"),
        (HIP_FLEXOR, hip_flexor_stretch("L", hold_s=8.0), "short-hold"),
        (DEAD_BUG, dead_bug("L", hip_deg=122, knee_deg=122), "partial-reach"),
        (BIRD_DOG, bird_dog("L", hip_deg=135), "partial-reach"),
        (GLUTE_BRIDGE, glute_bridge(1, hip_deg=150), "too-low"),
    ],
    ids=["bridge", "stretch", "dead bug", "bird dog", "low bridge"],
)
def test_few_pictures_a_second_are_enough_to_tell(fps, exercise, keys, fault):
    assert [e.name for e in of(FaultStarted, judge(exercise, film(keys, fps)))] == [fault]


@pytest.mark.parametrize("fps", [5.0, 6.6])
def test_one_picture_in_which_nothing_is_known_hides_no_short_hold(fps):
    frames = film(glute_bridge(1, hold_s=3.0), fps)
    blind = hidden(frames, *HIP.values(), *KNEE.values())
    middle = next(i for i, f in enumerate(frames) if f[0].t_s >= 4.4)
    events = judge(GLUTE_BRIDGE, [*frames[:middle], blind[middle], *frames[middle + 1 :]])
    assert [r.faults for r in of(RepCompleted, events)] == [("short-hold",)]


@pytest.mark.parametrize("fps", [5.0, 6.6])
def test_few_pictures_a_second_give_a_neutral_of_the_back(fps):
    """A fault that must last 0.6 s is borne by five a second, one of 0.4 s is not."""
    events = judge(DEAD_BUG, film(dead_bug("L", lumbar_deg=30), fps), confirm_s=0.6)
    assert [r.faults for r in of(RepCompleted, events)] == [("low-back-arch",)]


# -- the start pose, and leaving it ----


@pytest.mark.parametrize(("gap_s", "pauses"), [(0.9, []), (1.3, ["picture-gap"])])
def test_in_less_than_a_second_nobody_is_elsewhere(gap_s, pauses):
    """The leg is half way out before the gap, and home after it."""
    frames = film(dead_bug("L", rest_s=4.0))
    home = film([(5.3 + gap_s, TABLETOP), (8.0 + gap_s, TABLETOP)])
    events = judge(DEAD_BUG, [f for f in frames if f[0].t_s < 5.3] + home)
    assert [p.reason for p in of(Paused, events)] == pauses


@pytest.mark.parametrize(("arm_deg", "count"), [(40, 1), (35, 0)])
def test_nobody_returns_exactly(arm_deg, count):
    """Arms of 50 degrees begin it; twelve less will do at its end."""
    *keys, (back_s, rest), _ = dead_bug("L", arm_deg=arm_deg)
    drooping = replace(rest, **{s: replace(rest.left, shoulder_deg=arm_deg) for s in ("left", "right")})
    events = judge(DEAD_BUG, film([*keys, (back_s, drooping), (back_s + 2.0, drooping)]), pause_s=20)
    assert len(of(RepCompleted, events)) == count


@pytest.mark.parametrize(("is_live", "opens", "armed_s"), [(False, True, 0.15), (False, False, 1.3), (True, True, 1.0)])
def test_a_recording_that_opens_in_the_start_pose_was_cut_there(is_live, opens, armed_s):
    before = [] if opens else [(0.0, SAT_UP), (0.99, SAT_UP)]
    keys = [*before, (0.0 if opens else 1.0, TABLETOP), (4.0, TABLETOP)]
    [armed] = of(Armed, run(coach_for(DEAD_BUG, is_live=is_live), film(keys, 60)))
    assert armed.t_s == pytest.approx(armed_s, abs=0.04)


@pytest.mark.parametrize(("away_s", "pauses"), [(0.8, []), (1.3, ["left-position"])])
def test_a_wriggle_is_no_leaving(away_s, pauses):
    up = [(2.05, SAT_UP), (2.05 + away_s, SAT_UP)]
    keys = [(0.0, TABLETOP), (2.0, TABLETOP), *up, (2.1 + away_s, TABLETOP), (6.0, TABLETOP)]
    assert [p.reason for p in of(Paused, judge(DEAD_BUG, film(keys)))] == pauses


def test_one_condition_that_is_broken_is_enough_to_have_left():
    """Somebody who bends far down on the knee: the knee is where it should be, the trunk is not."""
    keys = hip_flexor_stretch("L")[:2]
    (rest_s, rest), down = keys[-1], hip_flexor_stretch("L", shift_deg=0.0, front_deg=95.0, trunk_deg=5.0)[2][1]
    frames = film([*keys, (rest_s + 0.1, down), (rest_s + 2.0, down), (rest_s + 2.1, rest), (rest_s + 5.0, rest)])
    assert [p.reason for p in of(Paused, judge(HIP_FLEXOR, frames))] == ["left-position"]


def test_nobody_in_the_picture_is_told_as_that():
    frames = film(dead_bug("L"))
    gone = [(absent_pose(p.t_s, p.index, p.width, p.height), b) if p.t_s > 2.5 else (p, b) for p, b in frames]
    assert [p.reason for p in of(Paused, judge(DEAD_BUG, gone))] == ["nobody"]


@pytest.mark.parametrize(("arm_deg", "away_s", "pauses"), [(60, 8, []), (20, 2.5, []), (20, 4, ["left-start-pose"])])
def test_who_stays_out_of_the_start_pose_between_repetitions_has_left(arm_deg, away_s, pauses):
    """Arms that hang far down are no movement of the exercise, and not its start."""
    away = replace(TABLETOP, **{s: replace(TABLETOP.left, shoulder_deg=arm_deg) for s in ("left", "right")})
    out = [(2.3, away), (2.3 + away_s, away)]
    keys = [(0.0, TABLETOP), (2.0, TABLETOP), *out, (2.6 + away_s, TABLETOP), (14.0, TABLETOP)]
    assert [p.reason for p in of(Paused, judge(DEAD_BUG, film(keys)))] == pauses


@pytest.mark.parametrize(("out_s", "counts"), [(7.0, 1), (11.0, 0)])
def test_on_the_way_it_may_take_three_times_as_long(out_s, counts):
    """Half way out the start pose is left, and the range is not reached yet."""
    half = replace(TABLETOP, left=replace(TABLETOP.left, hip_deg=134, knee_deg=130))
    far = replace(TABLETOP, left=replace(TABLETOP.left, hip_deg=165, knee_deg=168))
    keys = [(0.0, TABLETOP), (1.0, TABLETOP), (2.0, half), (2.0 + out_s, half), (3.0 + out_s, far), (4.0 + out_s, far)]
    events = judge(DEAD_BUG, film([*keys, (6.0 + out_s, TABLETOP), (7.0 + out_s, TABLETOP)]))
    assert len(of(RepCompleted, events)) == counts
    assert [p.reason for p in of(Paused, events)] == ["left-start-pose"] * (not counts)


def test_what_is_measured_while_one_sits_up_is_no_fault_of_the_exercise():
    """The way up hollows the outline; the set pauses a second later."""
    up = replace(SAT_UP, lumbar_deg=90)
    begun = [(t + 2, stance) for t, stance in dead_bug("L")[1:3]]
    events = judge(DEAD_BUG, film([(0.0, TABLETOP), (2.0, TABLETOP), *begun, (5.6, up), (9.0, up)]))
    assert of(Paused, events)
    assert "low-back-arch" not in {e.name for e in of(FaultStarted, events)}


def with_swapped_names(keys, begin_s, end_s):
    """A film in which left and right have each other's names for a while."""
    true = film(keys)
    wrong = film([(t, replace(stance, left=stance.right, right=stance.left)) for t, stance in keys])
    return [w if begin_s <= t[0].t_s < end_s else t for t, w in zip(true, wrong, strict=True)]


@pytest.mark.parametrize(("seconds", "side"), [(0.0, "right"), (0.8, "right"), (2.3, None)])
def test_a_leg_whose_name_is_swapped_does_not_drift_and_is_not_the_other_one(seconds, side):
    """Names swapped for half of the time leave the side open: no drift, no dropped arm, no "other leg" comes of it."""
    keys = dead_bug("LRL", hold_s=2.0)
    middle_s = 11.0
    frames = with_swapped_names(keys, middle_s - seconds / 2, middle_s + seconds / 2)
    reps = of(RepCompleted, judge(DEAD_BUG, frames))
    assert [rep.side for rep in reps] == ["left", side, "left"]
    assert [rep.faults for rep in reps] == [()] * 3
    assert reps[1].judged["same-side-twice"] == (1.0 if side else 0.0)
    assert "same-side-twice" not in reps[2].judged or side


def test_nobody_does_one_more_because_a_side_was_not_told():
    frames = with_swapped_names(dead_bug("LRLR", hold_s=2.0), 9.85, 12.15)
    coach = coach_for(DEAD_BUG, is_live=False)
    run(coach, frames)
    assert (coach.reps, coach.is_over(2, per_side=True), coach.is_over(3, per_side=True)) == (4, True, False)
    one_sided = coach_for(DEAD_BUG, is_live=False)
    run(one_sided, film(dead_bug("LLLL")))
    assert (one_sided.reps, one_sided.is_over(2, per_side=True)) == (4, False)
