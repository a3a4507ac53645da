"""Events on the wire, and what an exercise says of itself."""

import json
from dataclasses import FrozenInstanceError, replace

import pytest

from exercises.bird_dog import EXERCISE as BIRD_DOG
from exercises.dead_bug import EXERCISE as DEAD_BUG
from exercises.glute_bridge import EXERCISE as GLUTE_BRIDGE
from exercises.pelvic_tilt import EXERCISE as PELVIC_TILT
from exercises.running import EXERCISE as RUNNING
from formcheck.core.body.baseline import Baseline
from formcheck.core.body.measure import Body, Limbs
from formcheck.core.body.quantities import Estimate
from formcheck.core.rules.events import (
    Armed,
    Event,
    FaultAmended,
    RepAdded,
    RepAmended,
    RepCompleted,
    RepState,
    SettingsChanged,
)
from formcheck.core.rules.exercise import Check, Dose, Fault, RepFacts, RuleContext
from formcheck.core.rules.setting import Settings


def test_an_event_says_what_it_is_whose_and_when():
    event = Armed(1.23456, set_id="0190", seq=7, utc="2026-11-29T08:00:00.000Z")
    assert event.wire() == {
        "event": "Armed",
        "set_id": "0190",
        "seq": 7,
        "t_s": 1.235,
        "utc": "2026-11-29T08:00:00.000Z",
    }
    assert (Armed(1.0).set_id, Armed(1.0).seq, Armed(1.0).utc) == ("", -1, None)


NOT_EMPTY = {
    "PhaseChanged": {"phase": "rest"},
    "RepCompleted": {"verdict": "not-judged"},
    "BoutEnded": {"verdict": "not-judged"},
    "FaultStarted": {"severity": 1},
    "FaultEnded": {"severity": 1},
    "TimesDoubted": {"reason": "told"},
    "RepAmended": {"of_seq": -1},
    "FaultAmended": {"of_seq": -1, "was": True},
}
"""What a finding says that was given nothing but its time; all else is empty."""


@pytest.mark.parametrize("kind", Event.__subclasses__(), ids=lambda kind: kind.__name__)
def test_what_an_event_was_not_told_it_does_not_claim(kind):
    said = {name: value for name, value in kind(1.5).wire().items() if value not in (None, 0, "", [], {})}
    assert said == {"event": kind.__name__, "t_s": 1.5, "seq": -1, **NOT_EMPTY.get(kind.__name__, {})}
    with pytest.raises(FrozenInstanceError):
        kind(1.5).t_s = 2.0


def test_a_repetition_is_json_with_all_that_could_be_judged():
    rep = RepCompleted(9.0, 2, "left", 4.0, 6.0, 1.5, ("a",), {"out_s": 2.34567}, "faulty", ("back",), {"a": 0.66666})
    assert json.loads(json.dumps(rep.wire())) == {
        "event": "RepCompleted", "set_id": "", "seq": -1, "t_s": 9.0, "utc": None, "index": 2, "side": "left",
        "start_s": 4.0, "peak_s": 6.0, "hold_s": 1.5, "faults": ["a"], "measures": {"out_s": 2.346},
        "verdict": "faulty", "not_judged": ["back"], "judged": {"a": 0.667}, "why_not_judged": {},
    }  # fmt: skip


def test_an_amendment_says_what_it_was_what_it_is_by_whom_and_why():
    was, now = RepState(True, "faulty", "left", ("a",)), RepState(False, "not-judged", None, ())
    wire = RepAmended(9.0, 12, 2, was, now, "clinician", "talked to me").wire()
    assert wire["was"] == {"is_counted": True, "verdict": "faulty", "side": "left", "faults": ["a"]}
    assert wire["now"] == {"is_counted": False, "verdict": "not-judged", "side": None, "faults": []}
    assert (wire["of_seq"], wire["index"], wire["by"], wire["why"]) == (12, 2, "clinician", "talked to me")
    added = RepAdded(9.0, -1, now, "clinician", "seen").wire()
    assert (added["index"], added["now"], added["by"], added["why"]) == (-1, wire["now"], "clinician", "seen")
    assert FaultAmended(9.0, 4, "a", 2, True, False, "x", "y").wire()["was"] is True
    assert SettingsChanged(9.0, {"a_deg": 1.23456}, "x", "y").wire()["settings"] == {"a_deg": 1.235}


@pytest.mark.parametrize(("low", "high"), [(-8.0, 6.0)])
def test_a_check_holds_within_its_range_and_says_when_it_can_not_tell(low, high):
    check = Check("Lie flat", lambda b: b.trunk_deg, low, high)
    for deg, slack, verdict in ((low, 0, True), (high, 0, True), (low - 0.1, 0, False), (high + 0.1, 0, False),
                                (low - 2, 2, True), (high + 2.1, 2, False)):  # fmt: skip
        assert check.verdict(Body(0.0, trunk_deg=deg), slack) is verdict
    assert check.verdict(Body(0.0)) is None


def test_a_hold_is_short_only_if_it_was_seen():
    facts = RepFacts(None, None, Estimate(1.0), hold_s=4.0, peak_rom=1.2, start=Baseline(Body(0.0)))
    assert facts.short_hold(4.5) == 4.0
    assert facts.short_hold(4.0) is None
    unseen = replace(facts, is_whole=False)
    assert str(unseen.short_hold(4.5)) == "nan"
    assert unseen.short_hold(3.9) is None


def test_the_moving_side_is_the_near_one_where_there_are_no_sides():
    body = Body(0.0, Limbs(hip_deg=1.0), Limbs(hip_deg=2.0), near="right")
    context = RuleContext(body, Baseline(body), None, Settings(DEAD_BUG.all_settings))
    assert (context.moving.hip_deg, context.moving_start.hip_deg) == (2.0, 2.0)
    assert replace(context, side="left").moving.hip_deg == 1.0


def test_the_bend_of_the_low_back_has_the_limit_that_its_fault_has():
    settings = Settings(GLUTE_BRIDGE.all_settings, {"over_share": 0.5})
    over = next(f for f in GLUTE_BRIDGE.faults if f.name == "over-arch")
    assert (over.lumbar_limit, over.lumbar_limit_deg(settings)) == ("arch_deg", 5)
    sag = next(f for f in BIRD_DOG.faults if f.name == "back-sag")
    assert sag.lumbar_limit_deg(Settings(BIRD_DOG.all_settings, {"sag_deg": 12})) == 12


@pytest.mark.parametrize(
    ("exercise", "hold_s", "judges_back", "reason"),
    [
        (DEAD_BUG, 0.0, True, "partial-reach"),
        (BIRD_DOG, 2.0, True, "partial-reach"),
        (GLUTE_BRIDGE, 5.0, True, "too-low"),
        (PELVIC_TILT, 5.0, True, "no-flattening"),
        (RUNNING, 0.0, False, "partial-reach"),
    ],
    ids=lambda x: getattr(x, "name", ""),
)
def test_an_exercise_knows_its_hold_its_back_and_the_reason_of_its_attempts(exercise, hold_s, judges_back, reason):
    assert exercise.hold_s() == hold_s
    assert exercise.judges_back is judges_back
    assert exercise.short_of_range == reason


def test_a_dose_says_whether_each_side_does_it():
    assert Dose(10, per_side=True).total_reps == 20
    assert Dose(12).total_reps == 12
    assert (DEAD_BUG.dose.total_reps, BIRD_DOG.dose.per_side) == (12, True)


def test_faults_of_the_exercises_that_ship_have_no_names_twice_and_speak_of_known_settings():
    for exercise in (DEAD_BUG, BIRD_DOG, GLUTE_BRIDGE, PELVIC_TILT, RUNNING):
        known = Settings(exercise.all_settings)
        for fault in (f for f in exercise.faults if isinstance(f, Fault)):
            assert known[fault.hysteresis] > 0 if fault.hysteresis else True
            assert known[fault.confirm] > 0
