"""Running: what is measured of a synthetic runner of known gait, what is refused, and each fault name."""

from dataclasses import replace

import pytest

from exercises.running import EXERCISE
from formcheck.core.body.pose import ANKLE, HIP, SHOULDER, Evidence, Joint, absent_pose
from formcheck.core.coach.bout import coach_for
from formcheck.core.rules.events import (
    Armed,
    BoutEnded,
    BoutStarted,
    FaultEnded,
    FaultStarted,
    RepCompleted,
    UnseenStarted,
)
from formcheck.session.set import Set, SetOptions
from formcheck.testing import Lens, film, hidden, judge, mirrored, seen
from tests.exercises.runner import (
    IN_PLACE,
    MARCH,
    RUN,
    TALL,
    WALK,
    extension_deg,
    noisy,
    overstride_deg,
    record,
    times,
)
from tests.exercises.scripts import bird_dog, dead_bug, glute_bridge


def bouts(frames, **overrides):
    return [e for e in judge(EXERCISE, frames, **overrides) if isinstance(e, BoutEnded)]


def metrics(frames, **overrides):
    """What the only bout measured."""
    [bout] = bouts(frames, **overrides)
    return bout.metrics


def faults(frames, **overrides):
    return {e.name for e in judge(EXERCISE, frames, **overrides) if isinstance(e, FaultStarted)}


@pytest.mark.parametrize("fps", [12, 24, 30, 60, 120])
@pytest.mark.parametrize("cadence", [150, 168, 186])
def test_the_cadence_is_right_at_any_frame_rate(fps, cadence):
    found = metrics(record(replace(RUN, cadence_spm=cadence), times(9, fps)))
    assert found["cadence_spm"] == pytest.approx(cadence, abs=1)


def test_the_cadence_comes_from_times_not_from_frame_counts():
    assert metrics(record(RUN, times(9, 30, jitter=0.45)))["cadence_spm"] == pytest.approx(168, abs=1)


def test_noise_and_swapped_sides_leave_the_measures_in_place():
    found = metrics(noisy(record(RUN, times(10, 60)), sd_tl=0.015, swaps=0.1))
    assert found["cadence_spm"] == pytest.approx(168, abs=1)
    assert found["trunk_lean_deg"] == pytest.approx(RUN.lean_deg, abs=1)
    assert found["vertical_oscillation_cm"] == pytest.approx(RUN.bounce_cm, abs=0.7)
    assert found["hip_extension_deg"] == pytest.approx(extension_deg(RUN), abs=4)
    unswapped = metrics(noisy(record(RUN, times(10, 60)), sd_tl=0.015, swaps=0))
    assert unswapped["stance_knee_deg"] == pytest.approx(RUN.knee_deg, abs=4)


def test_steps_and_duration_are_those_of_the_run():
    found = metrics(record(RUN, times(9, 30), stand_s=1.5))
    assert found["duration_s"] == pytest.approx(7.5, abs=0.3)
    assert found["steps"] == pytest.approx(7.5 * 168 / 60, abs=1)


def test_every_measure_says_how_sure_it_is_and_what_is_usual():
    details = metrics(record(RUN, times(9, 60), stand_s=1))["details"]
    assert set(details) == {m.name for m in EXERCISE.bout.metrics}
    for detail in details.values():
        assert detail["value"] is not None
        assert detail["n"] >= 7 or detail["unit"] == "deg"
        assert detail["reason"] == ""
        assert len(detail["band"]) == 2


@pytest.mark.parametrize("name", ["overstride_deg", "stance_knee_deg"])
def test_what_happens_at_contact_is_refused_below_60_frames(name):
    slow, quick = (metrics(record(RUN, times(9, fps))) for fps in (30, 60))
    assert slow[name] is None
    assert slow["details"][name]["reason"] == "needs 60 frames/s; this recording has 30"
    assert quick[name] is not None


@pytest.mark.parametrize("contact_tl", [0.1, 0.22, 0.35, 0.65, 0.8])
def test_the_shank_at_contact_is_as_the_body_is_posed(contact_tl):
    gait = replace(RUN, contact_tl=contact_tl)
    assert metrics(record(gait, times(9, 60)))["overstride_deg"] == pytest.approx(overstride_deg(gait), abs=3)


def test_the_bounce_is_scaled_by_the_height():
    frames = record(RUN, times(9, 30))
    tall, small = (metrics(frames, height_cm=h)["vertical_oscillation_cm"] for h in (204, 170))
    assert tall == pytest.approx(1.2 * small, rel=0.01)


@pytest.mark.parametrize(
    "lens", [Lens(60, (200, 150)), Lens(500, (1900, 1100), False, (3840, 2160))], ids=["small", "4K"]
)
def test_size_place_and_direction_change_no_measure(lens):
    plain, seen = (metrics(record(RUN, times(9, 60), stand_s=1, lens=x)) for x in (None, lens))
    for metric in EXERCISE.bout.metrics:
        assert seen[metric.name] == pytest.approx(plain[metric.name], abs=0.5), metric.name


def test_a_mirrored_runner_has_the_same_measures():
    frames = record(RUN, times(9, 60), stand_s=1)
    plain, seen = metrics(frames), metrics(mirrored(frames))
    for metric in EXERCISE.bout.metrics:
        assert seen[metric.name] == pytest.approx(plain[metric.name], abs=0.2), metric.name


NOT_RUNNING = {
    "walking": record(WALK, times(10, 30)),
    "walking fast": record(replace(WALK, cadence_spm=135, bounce_cm=5.5), times(10, 30)),
    "marching": record(MARCH, times(10, 30)),
    "standing": noisy(record(RUN, times(6, 30), stand_s=9)),
    "dead bug": film(dead_bug("LR")),
    "bird dog": film(bird_dog("LR")),
    "bridge": film(glute_bridge(2)),
    "nobody": [(absent_pose(i / 30, i, 1280, 720), None) for i in range(90)],
}


@pytest.mark.parametrize("frames", NOT_RUNNING.values(), ids=NOT_RUNNING)
def test_what_is_not_running_has_no_measures_and_no_faults(frames):
    coach = coach_for(EXERCISE, is_live=False)
    events = [e for pose, back in frames for e in coach.update(seen(coach, pose, back))] + coach.finish()
    assert not [e for e in events if isinstance(e, (BoutStarted, BoutEnded, FaultStarted))]
    assert (coach.bouts, coach.figure, coach.lines, coach.results) == (0, ("", "steps/min"), (), ())


@pytest.mark.parametrize("pair", [HIP, SHOULDER, ANKLE], ids=["hips", "shoulders", "ankles"])
def test_what_is_only_guessed_is_not_measured(pair):
    frames = hidden(record(replace(RUN, cadence_spm=145), times(9, 30)), *pair.values(), evidence=Evidence.PREDICTED)
    events = judge(EXERCISE, frames)
    assert not [e for e in events if isinstance(e, (BoutStarted, FaultStarted))]
    assert [e for e in events if isinstance(e, UnseenStarted)]


def test_running_in_place_is_running_without_what_needs_travel():
    found = metrics(record(IN_PLACE, times(9, 60)))
    assert found["cadence_spm"] == pytest.approx(IN_PLACE.cadence_spm, abs=1)
    assert found["hip_extension_deg"] is None
    assert found["overstride_deg"] is None
    assert faults(record(IN_PLACE, times(9, 60))) == set()


def test_an_oblique_view_gives_cadence_and_bounce_and_says_what_it_lacks():
    turned = []
    for pose, back in record(RUN, times(9, 30)):
        xy = pose.xy_px.copy()
        xy[[11, 23], 0] += 0.25 * 150
        xy[[12, 24], 0] -= 0.25 * 150
        turned.append((replace(pose, xy_px=xy), back))
    found = metrics(turned)
    assert found["cadence_spm"] == pytest.approx(168, abs=1)
    assert found["trunk_lean_deg"] is None
    assert "side view" in found["details"]["trunk_lean_deg"]["reason"]


PLAIN = {
    "low-cadence": (replace(RUN, cadence_spm=148), 30),
    "bouncy": (replace(RUN, bounce_cm=12.5, knee_deg=50), 30),
    "waist-lean": (replace(RUN, lean_deg=26, contact_tl=0.35, off_tl=0.6, knee_deg=46), 30),
    "hips-tucked-back": (replace(RUN, lean_deg=18, contact_tl=0.55, off_tl=0.3, knee_deg=50), 30),
    "overstride": (replace(RUN, contact_tl=0.65, knee_deg=50), 60),
    "stiff": (replace(RUN, knee_deg=28, bounce_cm=4), 60),
    "hunched-shoulders": (replace(RUN, neck_deg=32), 30),
    "over-arch": (replace(RUN, lumbar_deg=40), 30),
}
JUST_UNDER = {
    "a cadence of 164": (replace(RUN, cadence_spm=164), 30),
    "a bounce of 9 cm": (replace(RUN, bounce_cm=9), 30),
    "a lean of 14 degrees": (replace(RUN, lean_deg=14), 30),
    "a foot a little ahead": (replace(RUN, contact_tl=0.32, knee_deg=44), 60),
    "a knee of 42 degrees": (RUN, 60),
    "the head a little forward": (replace(RUN, neck_deg=14), 30),
    "a low back that bends by 6 degrees": (replace(RUN, lumbar_deg=6), 30),
    "little hip extension alone": (replace(RUN, off_tl=0.5), 30),
}


@pytest.mark.parametrize(("gait", "fps"), PLAIN.values(), ids=PLAIN)
def test_a_plain_fault_is_named(gait, fps, request):
    name = request.node.callspec.id
    assert faults(record(gait, times(9, fps), stand_s=1.2)) == {name}


@pytest.mark.parametrize(("gait", "fps"), JUST_UNDER.values(), ids=JUST_UNDER)
def test_what_is_just_right_is_clean(gait, fps):
    assert faults(record(gait, times(9, fps), stand_s=1.2)) == set()


def test_little_hip_extension_matters_along_with_another_fault():
    gait = replace(RUN, off_tl=0.4, bounce_cm=12.5, knee_deg=50)
    assert faults(record(gait, times(9, 30))) == {"bouncy", "low-hip-extension"}


def test_shoulders_and_back_are_judged_only_against_the_own_standing():
    gait = replace(RUN, neck_deg=32, sagitta_tl=0.09)
    assert faults(record(gait, times(9, 30))) == set()
    assert "stand tall" in metrics(record(gait, times(9, 30)))["details"]["hollow_t"]["reason"]


def test_nothing_is_judged_before_the_seventh_step():
    slow = replace(RUN, cadence_spm=130)
    events = judge(EXERCISE, record(slow, times(9, 30)), confirm_s=0.1)
    assert next(e.t_s for e in events if isinstance(e, FaultStarted)) >= 7 * 60 / 130
    assert faults(record(slow, times(6.3 * 60 / 130, 30)), confirm_s=0.1) == set()


def test_six_steps_have_a_cadence_and_nothing_else():
    found = metrics(record(RUN, times(6.2 * 60 / 168, 60)))
    assert found["cadence_spm"] == pytest.approx(168, abs=2)
    others = [m.name for m in EXERCISE.bout.metrics if m.name != "cadence_spm"]
    assert [name for name in others if found[name] is not None] == []
    assert "needs 7 steps" in found["details"]["trunk_lean_deg"]["reason"]


def test_a_fault_spans_the_time_in_which_it_lasts():
    slow = record(replace(RUN, cadence_spm=140), times(10, 30))
    spans = [e for e in judge(EXERCISE, slow) if isinstance(e, FaultEnded)]
    assert [s.name for s in spans] == ["low-cadence"]
    assert spans[0].t_s - spans[0].onset_s > 4
    assert spans[0].magnitude == pytest.approx(140, abs=1)


def test_a_bout_ends_when_the_person_stops_and_the_next_one_is_another():
    run = record(RUN, times(6, 30))
    still = [(replace(p, t_s=p.t_s + 6), b) for p, b in record(RUN, times(6, 30), stand_s=9)]
    again = [(replace(p, t_s=p.t_s + 12), b) for p, b in record(RUN, times(8, 30))]
    events = judge(EXERCISE, run + still + again)
    ended = [e for e in events if isinstance(e, BoutEnded)]
    assert len([e for e in events if isinstance(e, BoutStarted)]) == len(ended) == 2
    assert ended[0].end_s == pytest.approx(6, abs=1.2)
    assert ended[1].start_s == pytest.approx(12, abs=0.6)
    assert not [e for e in events if isinstance(e, RepCompleted)]


def test_live_there_is_at_most_one_cue_a_minute_and_the_worst_comes_first():
    bad = replace(RUN, cadence_spm=140, bounce_cm=13, knee_deg=55, lean_deg=24)
    session = Set(EXERCISE, is_live=True, options=SetOptions(target_reps=1))
    cues = [
        c for p, b in record(bad, times(100, 15)) for c in session.update(seen(session, p, b)).cues if c.kind == "form"
    ]
    assert len(cues) == 2
    assert cues[1].t_s - cues[0].t_s >= 60
    assert cues[0].name in ("running.low-cadence", "running.bouncy")


def test_live_the_numbers_are_there_to_be_shown_and_the_set_is_done_after_the_bout():
    session = Set(EXERCISE, is_live=True, options=SetOptions(target_reps=1))
    shown = []
    for pose, back in record(RUN, times(9, 30), stand_s=1.5):
        session.update(seen(session, pose, back))
        shown.append(session.snapshot())
    assert (shown[60].stage, shown[60].figure) == ("working", "")
    assert (shown[-1].figure, shown[-1].figure_text) == ("168", "steps/min")
    assert ("Lean", "6°") in shown[-1].lines
    rest = [(replace(p, t_s=p.t_s + 9), b) for p, b in record(RUN, times(6, 30), stand_s=9)]
    for pose, back in rest:
        session.update(seen(session, pose, back))
    assert session.snapshot().stage == "done"
    assert ("Bounce", "6.0 cm") in session.coach.results


def test_the_same_stream_gives_the_same_events_to_the_byte():
    frames = noisy(record(RUN, times(8, 30), stand_s=1))
    first, second = (repr([e.wire() for e in judge(EXERCISE, frames)]) for _ in range(2))
    assert first == second


def test_what_was_not_measured_says_why():
    details = metrics(record(RUN, times(9, 30)))["details"]
    assert details["overstride_deg"]["reason"] == "needs 60 frames/s; this recording has 30"


@pytest.mark.parametrize(
    "far", [(), (Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE)], ids=["both legs seen", "one hides the other"]
)
def test_standing_tall_first_is_told_as_the_start_pose(far):
    frames = hidden(film([(0, TALL), (2, TALL)], lens=Lens(is_head_right=False)), *far)
    assert len([e for e in judge(EXERCISE, frames) if isinstance(e, Armed)]) == 1
