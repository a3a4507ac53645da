"""What is proposed for next time: less after pain and faults, more after two easy clean sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.core.rules.events import ReachSuggested
from formcheck.core.rules.setting import Settings
from formcheck.session.document import SessionDocument, SetDocument, Suggestion
from formcheck.session.next_step import Accepted, adjusted, is_of_clinician, propose, reps_and_settings
from formcheck.session.program import load_program
from formcheck.session.registry import load_exercises
from tests.kept import BEGAN, kept
from tests.session.events import record_of

NOW = BEGAN + timedelta(days=4)
REGISTRY = load_exercises()
BUG, DOG, TILT = (REGISTRY.get(name) for name in ("dead-bug", "bird-dog", "pelvic-tilt"))


def done(
    days=0, *, clean=10, faulty=0, reps=10, hold_s=None, name="dead-bug", effort=2, pain=(2, 1), of_session=None,
    **of_set
):  # fmt: skip
    """A session of one exercise that was kept: the recorded one, with other counts."""
    real = kept(["dead-bug"], BEGAN + timedelta(days=days), days, pain=pain, effort=effort)
    one = real.session.sets[0].model_copy(
        update={
            "exercise": name, "clean_reps": clean, "faulty_reps": faulty, "target_reps": reps, "target_hold_s": hold_s,
            **of_set,
        }
    )  # fmt: skip
    changes = {"sets": (one,), "effort": {name: effort}, **(of_session or {})}
    return real.model_copy(update={"session": real.session.model_copy(update=changes)})


def step(*past, exercise=BUG, accepted=(), now=NOW):
    found = propose(past, exercise, now, accepted)
    return None if found is None else (found.what, found.was, found.value, found.why)


def test_two_easy_clean_sessions_speak_for_more():
    assert step(done(0), done(2)) == ("reps", 10, 12, "easy")
    assert step(done(2), done(0)) == ("reps", 10, 12, "easy"), "in whatever order they come"


@pytest.mark.parametrize(
    "changes",
    [
        {"effort": 4}, {"effort": None}, {"pain": (2, 3)}, {"pain": (None, 2)}, {"pain": (2, None)}, {"pain": (5, 4)},
        {"clean": 8, "faulty": 2}, {"clean": 4, "faulty": 0}, {"outcome": "stopped"}, {"reps": 12},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("is_last", [True, False])
def test_anything_else_than_easy_and_clean_does_not(changes, is_last):
    odd, easy = done(2 if is_last else 0, **changes), done(0 if is_last else 2)
    assert step(odd, easy) is None


def test_one_session_is_not_enough_and_three_weeks_are_too_long():
    assert step(done(2)) is None
    assert step(done(0), done(2), now=BEGAN + timedelta(days=24)) is None


def test_more_ends_at_the_dose_of_the_exercise_and_then_lengthens_the_hold():
    assert step(done(0, reps=12), done(2, reps=12)) is None, "a dead bug is not held"
    assert step(done(0, reps=11), done(2, reps=11)) == ("reps", 11, 12, "easy")
    tilts = [done(days, name="pelvic-tilt", reps=10, hold_s=5.0) for days in (0, 2)]
    assert step(*tilts, exercise=TILT) == ("hold_s", 5, 7, "easy")
    tilts = [done(days, name="pelvic-tilt", reps=10, hold_s=10.0) for days in (0, 2)]
    assert step(*tilts, exercise=TILT) is None, "twice its own hold is enough"


def test_repetitions_of_each_side_are_proposed_where_both_are_in_one_set():
    dogs = [done(days, name="bird-dog", reps=12, hold_s=2.0, side=None) for days in (0, 2)]
    assert step(*dogs, exercise=DOG) == ("reps", 6, 8, "easy")
    dogs = [done(days, name="bird-dog", reps=6, hold_s=2.0, side="left") for days in (0, 2)]
    assert step(*dogs, exercise=DOG) == ("reps", 6, 8, "easy")


@pytest.mark.parametrize("pain", [(2, 4), (5, 6), (None, 7), (0, 10)])
def test_pain_that_rose_or_is_strong_speaks_for_less(pain):
    assert step(done(0), done(2, pain=pain)) == ("reps", 10, 7, "pain")


def test_where_it_hurt_in_a_set_only_its_exercise_is_made_easier():
    last = done(2, pain=(2, 6), outcome="hurt")
    assert step(last) == ("reps", 10, 7, "pain")
    other = last.session.sets[0].model_copy(update={"exercise": "bird-dog", "outcome": "done", "target_reps": 16})
    both = last.model_copy(update={"session": last.session.model_copy(update={"sets": (other, *last.session.sets)})})
    assert step(both) == ("reps", 10, 7, "pain")
    assert step(both, exercise=DOG) is None


def test_a_set_that_hurt_before_anything_counted_says_enough():
    assert step(done(2, reps=10, clean=0, outcome="hurt", pain=(2, None))) == ("reps", 10, 7, "pain")


def test_few_repetitions_are_not_made_fewer_but_the_hold_shorter():
    last = done(2, name="pelvic-tilt", reps=4, hold_s=5.0, pain=(2, 6))
    assert step(last, exercise=TILT) == ("hold_s", 5, 3, "pain")
    assert step(done(2, reps=4, pain=(2, 6))) is None


def test_more_faults_than_not_speak_for_less():
    assert step(done(2, clean=4, faulty=6)) == ("reps", 10, 8, "faults")
    assert step(done(2, clean=5, faulty=5)) is None
    assert step(done(2, clean=1, faulty=3)) is None, "too little was judged"


def test_the_reach_that_was_learned_is_proposed_and_given_back_later():
    learned = Suggestion(fault="low-back-arch", setting="reach_hip_deg", value=125, unit="deg", times=3)
    assert step(done(2, suggestions=(learned,))) == ("reach_hip_deg", 140, 125, "reach")
    assert step(done(2, suggestions=(learned.model_copy(update={"value": 150}),))) is None, "that is no shorter one"
    shorter = {
        "provenance": done().session.provenance.model_copy(update={"settings": {"dead-bug": {"reach_hip_deg": 125}}})
    }
    easy = [done(days, of_session=shorter) for days in (0, 2)]
    assert step(*easy) == ("reach_hip_deg", 125, 135, "easy"), "before anything else is made harder"


def test_what_was_taken_is_not_proposed_again_before_the_next_session():
    easy = (done(0), done(2))
    taken = Accepted("dead-bug", "reps", 12, BEGAN + timedelta(days=3))
    assert step(*easy, accepted=[taken]) is None
    assert step(*easy, accepted=[Accepted("bird-dog", "reps", 12, BEGAN + timedelta(days=3))]) is not None
    assert step(*easy, done(4, pain=(1, 5)), accepted=[taken]) == ("reps", 10, 7, "pain")


@pytest.mark.parametrize(("value", "is_proposed"), [(134, True), (135, True), (136, False), (150, False)])
def test_a_reach_that_is_hardly_shorter_is_not_proposed(value, is_proposed):
    learned = Suggestion(fault="low-back-arch", setting="reach_hip_deg", value=value, unit="deg", times=3)
    found = step(done(2, suggestions=(learned,)))
    assert (found is not None and found[0] == "reach_hip_deg") == is_proposed


def test_the_reach_that_was_learned_is_in_the_record_of_the_set():
    learned = ReachSuggested(40.0, "low-back-arch", "reach_hip_deg", 125.0, "deg", 3)
    one = SetDocument.model_validate(record_of(learned).as_dict())
    assert step(done(2, suggestions=one.suggestions)) == ("reach_hip_deg", 140, 125, "reach")


def test_a_fault_says_which_parts_it_is_about():
    words = kept(["dead-bug"]).session.sets[0].fault_words
    assert "back" in words["low-back-arch"].parts
    assert "back" not in words["too-fast"].parts


@given(
    clean=st.integers(0, 20), faulty=st.integers(0, 20), effort=st.one_of(st.none(), st.integers(0, 10)),
    before=st.one_of(st.none(), st.integers(0, 10)), after=st.one_of(st.none(), st.integers(0, 10)),
    reps=st.one_of(st.none(), st.integers(1, 30)),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_more_is_never_proposed_where_it_hurt_or_is_not_known(clean, faulty, effort, before, after, reps):
    past = [done(days, clean=clean, faulty=faulty, effort=effort, pain=(before, after), reps=reps) for days in (0, 2)]
    found = propose(past, BUG, NOW)
    if found is None:
        return
    if found.value > found.was:
        assert found.why == "easy"
        assert effort in range(4)
        assert after in range(min(before, 3) + 1)
        assert clean >= 0.9 * (clean + faulty)
        assert clean + faulty >= 5
        assert found.value <= max(found.was, BUG.dose.reps)
    else:
        assert found.why in ("pain", "faults")
        assert found.value >= 4
    assert found.value != found.was
    assert "?" in found.text, "it is a question"


def test_the_sentence_names_both_numbers():
    text = propose([done(0), done(2)], BUG, NOW).text
    assert text == "Twice it was easy and clean: next time 12 repetitions instead of 10?"


# -- whose program -----------------------------------------------------------------------------------------------------


def test_a_program_of_ones_own_is_the_clinicians():
    def with_program(program):
        return done(2, of_session={"program": program})

    hash_of = SessionDocument.model_validate({"session_id": "x", "program": {"hash": "ab", "sets": 1}}).program
    assert is_of_clinician([with_program(hash_of)], "dead-bug", {"cd"}, NOW)
    assert not is_of_clinician([with_program(hash_of)], "dead-bug", {"ab"}, NOW)
    assert not is_of_clinician([with_program(None)], "dead-bug", {"cd"}, NOW)
    assert not is_of_clinician([], "dead-bug", {"cd"}, NOW)


# -- what was taken ----------------------------------------------------------------------------------------------------


def test_the_last_one_taken_holds_and_nonsense_is_left_out():
    taken = [
        Accepted("dead-bug", "reps", 8, NOW),
        Accepted("dead-bug", "reps", 12, NOW - timedelta(days=9)),
        Accepted("dead-bug", "reach_hip_deg", 130, NOW),
        Accepted("dead-bug", "reach_knee_deg", 900, NOW),
        Accepted("dead-bug", "no-such-thing", 1, NOW),
        Accepted("bird-dog", "hold_s", 3, NOW),
    ]
    assert reps_and_settings(BUG, taken) == (8, {"reach_hip_deg": 130})
    assert reps_and_settings(TILT, taken) == (None, {})


def test_a_program_is_adjusted_and_stays_the_same_program():
    program = load_program("low-back-long", REGISTRY)
    taken = [Accepted("pelvic-tilt", "hold_s", 7, NOW), Accepted("dead-bug", "reps", 8, NOW)]
    changed = adjusted(program, taken)
    assert changed.hash == program.hash
    assert {p.hold_s for p in changed.sets if p.exercise.name == "pelvic-tilt"} == {7}
    assert {p.reps for p in changed.sets if p.exercise.name == "dead-bug"} == {8}
    others = [(a, b) for a, b in zip(program.sets, changed.sets, strict=True) if a.exercise.name == "bird-dog"]
    assert all(a == b for a, b in others)
    for planned in changed.sets:
        Settings(planned.exercise.all_settings, planned.overrides)
