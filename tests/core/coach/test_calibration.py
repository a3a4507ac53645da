"""The guided calibration: told when to do what, and a span that is believed only where it stands out of the noise."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from exercises.bird_dog import EXERCISE as BIRD_DOG
from exercises.dead_bug import EXERCISE as DEAD_BUG
from exercises.pelvic_tilt import EXERCISE as PELVIC_TILT
from formcheck.core.body.back import unknown_back
from formcheck.core.body.measure import Body, measure, with_back
from formcheck.core.coach.calibration import Calibrator, Span
from formcheck.core.rules.events import FaultStarted
from formcheck.session.set import Set, SetOptions
from formcheck.testing import back_of, film, judge, pose_of, seen
from tests.exercises.scripts import DEAD_BUG as TABLETOP
from tests.exercises.scripts import dead_bug

LYING = replace(TABLETOP, sagitta_tl=0.03)
"""Relaxed, with a small hollow."""


def lead(bends, noise_tl=0.002, posture="supine", fps=20.0, blind_in=""):
    """A person who bends the low back as is said, half a second later; returns the calibrator and what was said when.

    Args:
        bends: degrees of the low back in each position.
    """
    rng = np.random.default_rng(4)
    calibrator, said = Calibrator(posture), []
    now, target, since = bends["relaxed"], bends["relaxed"], 0.0
    for step in range(int(25 * fps)):
        t = step / fps
        if t - since > 0.5:
            now += (target - now) * min(1.0, 3.0 / fps)
        breathing = 0.002 * math.sin(2 * math.pi * t / 4)
        stance = replace(LYING, lumbar_deg=now, sagitta_tl=LYING.sagitta_tl + breathing + rng.normal(0, noise_tl))
        back = unknown_back(t, "outline-lost") if calibrator.stage == blind_in else back_of(stance, t)
        for cue in calibrator.update(t, with_back(measure(pose_of(stance, t), posture), back)):
            said.append((round(t, 1), cue.name))
            position = cue.name.rsplit(".", 1)[-1]
            if position in bends:
                target, since = bends[position], t
    return calibrator, said


MOVING = {"flat": -15.0, "relaxed": 0.0, "arched": 30.0}


@pytest.mark.parametrize("fps", [10.0, 30.0])
def test_it_leads_through_three_positions_in_fifteen_seconds_and_finds_them(fps):
    calibrator, said = lead(MOVING, fps=fps)
    assert [name for _, name in said] == [
        "calibrate.supine.flat",
        "calibrate.supine.relaxed",
        "calibrate.supine.arched",
        "calibrate.done",
    ]
    assert said[-1][0] - said[0][0] == pytest.approx(15.0, abs=0.4)
    span = calibrator.span
    assert span.flat_tl < span.relaxed_tl - 0.01 < span.arched_tl - 0.03
    assert span.relaxed_tl == pytest.approx(0.03, abs=0.004)
    assert 20 < span.bend_deg <= 45, "never more than the true bend: what is unsure is taken for less"
    assert span.is_usable


def test_a_back_that_hardly_moves_or_an_outline_that_trembles_is_not_believed():
    still, _ = lead({"flat": 0.0, "relaxed": 1.0, "arched": 3.0})
    trembling, said = lead(MOVING, noise_tl=0.02)
    assert still.stage == trembling.stage == "failed"
    assert said[-1][1] == "calibrate.failed"
    assert trembling.span.limits(DEAD_BUG) == {}


@pytest.mark.parametrize("blind_in", ["flat", "arched"])
def test_a_position_that_is_not_seen_gives_no_span(blind_in):
    calibrator, _ = lead(MOVING, blind_in=blind_in)
    assert calibrator.stage == "failed"
    assert calibrator.span is None


def test_the_first_instruction_waits_until_the_back_has_been_seen_for_a_second():
    """Seen from ten seconds on, lost for a picture at 10.5 s."""
    calibrator, said = Calibrator("supine"), []
    for step in range(20 * 14):
        t = step / 20
        is_seen = t >= 10.0 and step != 210
        said += [(t, cue.name) for cue in calibrator.update(t, Body(t, sagitta_tl=0.03 if is_seen else math.nan))]
    assert said == [(11.55, "calibrate.supine.flat")]


@pytest.mark.parametrize(("blind_s", "stage"), [(3.0, "done"), (3.4, "failed")])
def test_the_first_two_seconds_of_a_position_are_for_moving_and_are_not_measured(blind_s, stage):
    """Three seconds are measured, and the outline must be known in 0.6 of them."""
    calibrator, since = Calibrator("supine"), 0.0
    for step in range(20 * 20):
        t = step / 20
        is_blind = calibrator.stage == "flat" and t - since < blind_s
        hollow = math.nan if is_blind else MOVING.get(calibrator.stage, 0.03)
        since = t if calibrator.update(t, Body(t, sagitta_tl=hollow)) else since
    assert calibrator.stage == stage


@pytest.mark.parametrize(
    ("arched_tl", "text"),
    [(0.02, "Good. I know your back now."), (0.01, "I can't judge your back. Use your hand.")],
    ids=["a span", "none at all"],
)
def test_the_end_says_whether_the_back_is_known(arched_tl, text):
    calibrator, cues = Calibrator("supine"), []
    hollows = {"flat": 0.01, "relaxed": 0.01, "arched": arched_tl}
    for step in range(20 * 20):
        cues += calibrator.update(step / 20, Body(step / 20, sagitta_tl=hollows.get(calibrator.stage, 0.01)))
    assert cues[-1].text == text


def test_nothing_is_said_before_the_back_is_seen():
    calibrator = Calibrator("quadruped")
    assert [cue for step in range(200) for cue in calibrator.update(step / 20, Body(step / 20))] == []
    assert calibrator.stage == "waiting"


def test_the_span_sets_the_limits_of_the_backs_faults_and_of_nothing_else():
    span = Span(0.01, 0.03, 0.11, 0.002, bend_deg=50.0)
    assert span.limits(DEAD_BUG) == {"arch_deg": pytest.approx(15.0)}
    assert set(span.limits(BIRD_DOG)) == {"sag_deg", "round_deg"}
    wide, narrow = replace(span, bend_deg=300.0), replace(span, bend_deg=6.0)
    assert wide.limits(DEAD_BUG)["arch_deg"] == 40
    assert narrow.limits(DEAD_BUG)["arch_deg"] == 5


@pytest.mark.parametrize("bend_deg", [math.nan, -20.0])
def test_a_bend_that_is_not_known_or_goes_the_wrong_way_sets_no_limit(bend_deg):
    assert Span(0.01, 0.03, 0.11, 0.002, bend_deg).limits(DEAD_BUG) == {}


def test_in_the_pelvic_tilt_half_of_the_own_way_from_relaxed_to_flat_is_the_goal():
    assert Span(0.01, 0.05, 0.11, 0.002).limits(PELVIC_TILT) == {"flat_tl": pytest.approx(0.02)}
    assert Span(0.01, 0.012, 0.11, 0.002).limits(PELVIC_TILT) == {"flat_tl": 0.004}


def test_a_set_that_begins_with_the_calibration_judges_by_the_persons_own_span():
    def session_on(arch_deg, arched_deg=60.0):
        t, session, names, frame_s = 0.0, Set(DEAD_BUG, is_live=True, options=SetOptions(calibrate=True)), [], 0.05
        bend, step = 0.0, 0
        while "calibrate.done" not in names and "calibrate.failed" not in names and t < 30:
            t = step * frame_s
            stance = replace(LYING, lumbar_deg=bend)
            said = session.update(seen(session, pose_of(stance, t, step), back_of(stance, t))).cues
            for cue in said:
                bend = {"flat": -arched_deg / 4, "relaxed": 0.0, "arched": arched_deg}.get(
                    cue.name.rsplit(".", 1)[-1], bend
                )
            names += [c.name for c in said]
            step += 1
        keys = [(t + when + 0.05, stance) for when, stance in dead_bug("LR", lumbar_deg=arch_deg)]
        events = [e for pose, back in film(keys, 20) for e in session.update(seen(session, pose, back)).events]
        return session, {e.name for e in events if isinstance(e, FaultStarted)}, names

    usual = {e.name for e in judge(DEAD_BUG, film(dead_bug("LR", lumbar_deg=20), 20)) if isinstance(e, FaultStarted)}
    assert usual == {"low-back-arch"}
    session, faults, names = session_on(20)
    assert 10 < session.coach.settings["arch_deg"] < 0.3 * 75
    assert faults == set()
    assert names[-1] == "calibrate.done"
    assert session_on(45)[1] == {"low-back-arch"}

    session, faults, names = session_on(60, arched_deg=0.0)
    assert names[-1] == "calibrate.failed"
    assert session.snapshot().back == "unknown"
    assert faults == set()
