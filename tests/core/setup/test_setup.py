"""The coach of the set-up on recorded poses of rendered people: what is wrong is named, what is good is let pass."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from formcheck.core.body.back import LUMBAR
from formcheck.core.body.light import Light
from formcheck.core.body.pose import Evidence, absent_pose
from formcheck.core.body.tracked import track
from formcheck.core.feedback.phrases import FRAMING
from formcheck.core.rules.setting import Settings
from formcheck.core.setup.diagnosis import SetupDiagnosis
from formcheck.core.setup.framing import look
from formcheck.core.setup.setup import SetupCoach
from formcheck.pose.recording import Recording
from formcheck.session.registry import load_exercises
from formcheck.session.set import Set, SetOptions
from formcheck.testing import seen
from formcheck.testing.stances import hidden, mirrored

FOLDER = Path(__file__).parents[2] / "recordings"
GOOD_LIGHT = Light(brightness=0.5, glare=0.0, person=0.5, edge_px=2.0)


def exercise_of(name):
    return load_exercises().get(name.partition(".")[0])


def stream(name, seconds=None):
    """A recording's pairs of pose and back; played again and again for so many seconds."""
    pairs = list(Recording(FOLDER / f"{name}.npz" if "." not in name else FOLDER / "setup" / f"{name}.npz"))
    if seconds is None:
        return pairs
    step = pairs[1][0].t_s - pairs[0][0].t_s
    return [
        (replace(pairs[i % len(pairs)][0], t_s=i * step), replace(pairs[i % len(pairs)][1], t_s=i * step))
        for i in range(round(seconds / step))
    ]


def coach_of(name):
    exercise = exercise_of(name)
    return SetupCoach(exercise, Settings(exercise.all_settings))


def said(name, pairs, light=None):
    """(time, name) of what the coach says, and the coach."""
    coach = coach_of(name)
    cues = [cue for pose, back in pairs for cue in coach.update(track(pose, back, coach.posture), light)]
    return [(round(c.t_s, 2), c.name) for c in cues], coach


@pytest.mark.parametrize(
    ("name", "cue", "arrow"),
    [
        ("dead-bug.turn+30", "framing.turn-head-in", "nearer-right"),
        ("dead-bug.turn-30", "framing.turn-feet-in", "nearer-left"),
        ("glute-bridge.turn+30", "framing.turn-head-in", "nearer-right"),
        ("bird-dog.turn-30", "framing.turn-feet-in", "nearer-left"),
        ("bird-dog.left", "framing.turn-head-in", "nearer-left"),
        ("dead-bug.high", "framing.high", "down"),
        ("bird-dog.high", "framing.high", "down"),
        ("dead-bug.roll+14", "framing.level", ""),
        ("dead-bug.crop-feet", "framing.feet-headward", "right"),
        ("glute-bridge.crop-feet", "framing.feet-headward", "right"),
        ("glute-bridge.crop-head", "framing.head-footward", "left"),
        ("dead-bug.crop-hands", "framing.hands-up", "up"),
        ("dead-bug.feet-near-edge", "framing.room-headward", "right"),
        ("bird-dog.head-near-edge", "framing.room-footward", "left"),
        ("bird-dog.close", "framing.close", "further"),
        ("dead-bug.crop-head", "unseen.body", ""),
    ],
)
def test_what_is_wrong_is_said_with_its_remedy(name, cue, arrow):
    spoken, coach = said(name, stream(name)[:20])
    assert cue in [n for _, n in spoken] or (coach.problem is not None and coach.problem.name == cue)
    assert coach.problem is not None
    assert (coach.problem.name, coach.problem.arrow) == (cue, arrow)
    assert not coach.is_done


@pytest.mark.parametrize("name", ["dead-bug.good", "dead-bug.turn+20", "bird-dog.good", "glute-bridge.good"])
def test_a_good_set_up_is_over_in_a_second_and_without_a_word(name):
    spoken, coach = said(name, stream(name)[:20], GOOD_LIGHT)
    assert (spoken, coach.is_done) == ([], True)


@pytest.mark.parametrize("name", ["dead-bug", "bird-dog", "glute-bridge"])
def test_the_demo_clips_pass(name):
    spoken, coach = said(name, stream(name)[:60])
    assert (spoken, coach.is_done) == ([], True)


@pytest.mark.parametrize("degrees", [90, 180])
def test_a_turned_picture_has_no_arrow(degrees):
    coach = coach_of("dead-bug")
    for pose, back in stream("dead-bug")[:40]:
        coach.update(replace(track(pose, back, coach.posture), turned_deg=degrees))
    assert (coach.problem.name, coach.problem.arrow) == (
        "framing.upside-down" if degrees == 180 else "framing.sideways", "",
    )  # fmt: skip


def test_a_mirrored_picture_is_told_first_and_is_heard():
    exercise = exercise_of("dead-bug")
    coach = SetupCoach(exercise, Settings(exercise.all_settings), is_mirrored=True)
    cues = [cue for pose, back in stream("dead-bug")[:40] for cue in coach.update(track(pose, back, coach.posture))]
    assert [(cue.name, cue.must_be_heard) for cue in cues if cue.name == "framing.mirrored"] == [
        ("framing.mirrored", True)
    ]


def test_who_skips_the_set_up_hears_of_the_mirror_all_the_same():
    exercise = exercise_of("dead-bug")
    coach = SetupCoach(exercise, Settings(exercise.all_settings), is_mirrored=True)
    assert [(cue.name, cue.must_be_heard) for cue in coach.start_anyway(1.0)] == [("framing.mirrored", True)]
    assert coach.is_done
    assert not coach.start_anyway(2.0)


@pytest.mark.parametrize(
    ("side", "arrow"), [("dead-bug.turn+30", "nearer-left"), ("dead-bug.crop-feet", "left")], ids=["turn", "feet"]
)
def test_a_mirrored_room_gets_the_same_words_and_the_other_arrow(side, arrow):
    plain, _ = said(side, stream(side)[:20])
    turned, coach = said(side, mirrored(stream(side)[:20]))
    assert turned == plain
    assert coach.problem is not None
    assert coach.problem.arrow == arrow


@pytest.mark.parametrize(
    ("azimuth", "name"), [(30, "dead-bug.turn+30"), (-30, "dead-bug.turn-30"), (20, "dead-bug.turn+20"),
                          (-30, "bird-dog.turn-30"), (0, "dead-bug.good"), (0, "bird-dog.good")]
)  # fmt: skip
def test_the_turn_is_measured_within_eight_degrees(azimuth, name):
    posture = exercise_of(name).posture
    assert np.median(
        [look(track(pose, None, posture), posture).side_on_deg for pose, _ in stream(name)]
    ) == pytest.approx(azimuth, abs=8)


def test_one_instruction_is_repeated_every_eight_seconds_and_not_sooner():
    spoken, _ = said("glute-bridge.crop-head", hidden(stream("glute-bridge.crop-head", 30), *range(25, 29)))
    times = [t for t, n in spoken if n == "framing.head-footward"]
    assert len(times) == 4
    assert all(8.0 <= b - a < 8.2 for a, b in pairwise(times))


def test_stepping_in_does_not_help_so_the_head_is_asked_for():
    spoken, _ = said("dead-bug", [(absent_pose(i / 10, i, 640, 360), None) for i in range(300)])
    assert [n for _, n in spoken] == ["unseen.body", "framing.nobody"]


def test_the_worst_comes_first_and_the_next_when_it_is_mended():
    script = [*stream("glute-bridge.crop-head", 4), *stream("glute-bridge.turn+30", 4), *stream("glute-bridge.good", 4)]
    blind = hidden(script, 25, 26, 27, 28)  # the start pose isn't seen, so nobody begins anyway
    pairs = [(replace(pose, t_s=i / 12), back) for i, (pose, back) in enumerate(blind)]
    spoken, coach = said("glute-bridge", pairs)
    assert [n for _, n in spoken] == ["framing.head-footward", "framing.turn-head-in", "framing.good"]
    assert coach.is_done


def test_good_is_said_once_and_only_after_a_problem():
    spoken, _ = said("glute-bridge", [*stream("glute-bridge.good", 30)])
    assert spoken == []


def test_holding_the_start_pose_begins_anyway():
    exercise = load_exercises().get("dead-bug")
    session = Set(exercise, is_live=True, options=SetOptions(set_up=True))
    names = [
        (c.t_s, c.name)
        for pose, back in stream("dead-bug.high", 9)
        for c in session.update(seen(session, pose, back)).cues
    ]
    assert [n for _, n in names] == ["framing.high", "framing.anyway", "setup.armed"]
    assert names[-1][0] - names[0][0] == pytest.approx(3.0 + 3.0, abs=0.3)


def test_a_key_begins_anyway_and_then_the_start_pose_is_waited_for():
    session = Set(load_exercises().get("glute-bridge"), is_live=True, options=SetOptions(set_up=True, get_ready_s=20))
    pairs = stream("glute-bridge.crop-head", 3)
    for pose, back in pairs:
        session.update(seen(session, pose, back))
    assert session.snapshot().stage == "countdown"
    session.start_anyway()
    assert session.snapshot().stage == "waiting"


def test_the_instruction_and_its_list_are_on_the_screen():
    session = Set(load_exercises().get("glute-bridge"), is_live=True, options=SetOptions(set_up=True))
    for pose, back in stream("glute-bridge.crop-head", 1.5):
        session.update(seen(session, pose, back), GOOD_LIGHT)
    shown = session.snapshot()
    assert (shown.stage, shown.setup_text, shown.setup_arrow) == ("setup", FRAMING["framing.head-footward"], "left")
    assert [c.is_met for c in shown.start_checks] == [True, True, False, True, True, True]


@pytest.mark.parametrize(
    ("light", "cue"),
    [
        (replace(GOOD_LIGHT, brightness=0.05), "framing.dark"),
        (replace(GOOD_LIGHT, glare=0.3, person=0.1), "framing.backlit"),
        (replace(GOOD_LIGHT, edge_px=10.0), "framing.blurred"),
    ],
)
def test_light(light, cue):
    spoken, _ = said("dead-bug", hidden(stream("dead-bug.good", 2), 25, 26), light)
    assert [n for _, n in spoken] == [cue]


@pytest.mark.parametrize("light", [replace(GOOD_LIGHT, brightness=0.95, glare=0.82, person=0.18), GOOD_LIGHT])
def test_a_white_studio_is_no_window(light):
    spoken, coach = said("dead-bug", stream("dead-bug.good")[:20], light)
    assert (spoken, coach.is_done) == ([], True)


def test_somebody_else_in_the_picture():
    pairs = [(replace(pose, others=1), back) for pose, back in hidden(stream("dead-bug.good", 2), 25, 26)]
    assert said("dead-bug", pairs)[0] == [(0.75, "framing.crowd")]


def test_someone_who_has_not_lain_down_is_asked_to_and_not_told_to_turn():
    upright = hidden(stream("bird-dog.turn-30", 6), 25, 26)
    turned = []
    for pose, back in upright:
        centre = np.array([pose.width / 2, pose.height / 2], np.float32)
        spun = (pose.xy_px - centre) @ np.array([[0, -1], [1, 0]], np.float32) * 0.5 + centre
        turned.append((replace(pose, xy_px=spun.astype(np.float32)), back))
    assert [n for _, n in said("bird-dog", turned)[0]] == ["setup.start-pose"]


def test_every_instruction_is_short():
    assert all(3 <= len(text.split()) <= 9 for text in FRAMING.values())


@pytest.mark.parametrize(
    ("name", "cue"), [("glute-bridge.crop-head", "framing.head-footward"), ("dead-bug.crop-head", None)]
)
def test_diagnosis_explains_once_why_nothing_was_judged(name, cue):
    diagnosis = SetupDiagnosis(exercise_of(name))
    pairs = hidden(stream(name, 10), 25, 26, evidence=Evidence.PREDICTED)
    session = Set(exercise_of(name), is_live=False)
    events = []
    for pose, back in pairs:
        events += session.update(seen(session, pose, back)).events
        diagnosis.note(track(pose, None, session.exercise.posture))
    assert [c.name for c in diagnosis.explain(events)] == ([cue] if cue else [])


@pytest.mark.parametrize("name", ["dead-bug", "dead-bug.high"])
def test_diagnosis_is_silent_where_something_was_judged(name):
    diagnosis, session = SetupDiagnosis(exercise_of(name)), Set(exercise_of(name), is_live=False)
    events = []
    for pose, back in stream(name):
        events += session.update(seen(session, pose, back)).events
        diagnosis.note(track(pose, None, session.exercise.posture))
    assert diagnosis.explain(events) == []


# -- clothes -------------------------------------------------------------------------------------------------------


def fluttering(pairs, sd_tl):
    """The lumbar outline wavers from picture to picture, as loose cloth does."""
    rng, out = np.random.default_rng(5), []
    for pose, back in pairs:
        offset = back.offset_tl.copy()
        offset[LUMBAR] += rng.normal(0.0, sd_tl)
        out.append((pose, replace(back, offset_tl=offset)))
    return out


@pytest.mark.parametrize("name", ["dead-bug.good", "bird-dog.good"])
def test_an_outline_that_wavers_is_told_as_loose_clothes(name):
    spoken, coach = said(name, fluttering(stream(name, 6), 0.03), GOOD_LIGHT)
    assert [n for _, n in spoken][:1] == ["framing.loose"]
    assert coach.problem is None or coach.problem.name == "framing.loose"
    assert dict(coach_checks(name, fluttering(stream(name, 3), 0.03)))["Clothes keep still"] is False


def coach_checks(name, pairs):
    coach = coach_of(name)
    for pose, back in pairs:
        coach.watch(track(pose, back, coach.posture), GOOD_LIGHT)
    return coach.checks()


@pytest.mark.parametrize("name", ["dead-bug.good", "bird-dog.good", "dead-bug", "bird-dog"])
def test_the_noise_of_tight_clothes_is_none(name):
    spoken, coach = said(name, stream(name)[:60], GOOD_LIGHT)
    assert (spoken, coach.is_done) == ([], True)


def test_a_back_that_moves_slowly_does_not_waver():
    moving = []
    for i, (pose, back) in enumerate(stream("dead-bug.good", 6)):
        offset = back.offset_tl.copy()
        offset[LUMBAR] += 0.05 * np.sin(i / 12)
        moving.append((pose, replace(back, offset_tl=offset)))
    assert said("dead-bug.good", moving, GOOD_LIGHT)[0] == []


def test_once_the_shirt_is_tucked_in_it_goes_on():
    pairs = stream("dead-bug.good", 9)
    spoken, coach = said("dead-bug.good", fluttering(pairs[:25], 0.03) + pairs[25:], GOOD_LIGHT)
    assert [n for _, n in spoken] == ["framing.loose", "framing.good"]
    assert coach.is_done
