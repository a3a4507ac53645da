"""Somebody else begins to exercise: it is said, recorded, and nothing under way is judged as the patient's."""

from dataclasses import replace

import pytest

from formcheck.core.rules.events import Armed, AttemptEnded, Paused, PersonChanged, RepCompleted
from formcheck.pipeline.chain import Chain
from formcheck.pipeline.observers import Observer
from formcheck.session.record import SetRecord
from formcheck.session.registry import load_exercises
from formcheck.session.set import Set, SetOptions
from formcheck.testing import film, seen
from tests.exercises.scripts import dead_bug

KEYS = dead_bug()
WHO = {"setup.who", "setup.who-lying"}


class Ear(Observer):
    """Keeps what a kiosk would hear."""

    def __init__(self):
        self.heard = []

    def on_events(self, events):
        self.heard += events


def run(numbers, *, exercise="dead-bug", keys=KEYS, options=None, is_live=False):
    """The record, the updates and the observer of a set; `numbers(t)` tells who is followed at a time."""
    current = Set(load_exercises().get(exercise), is_live=is_live, set_id="s-1", options=options)
    ear = Ear()
    chain = Chain(current, SetRecord.begin("s-1", current.exercise), [ear])
    chain.start()
    updates = [
        chain.step(None, seen(current, replace(pose, person=numbers(pose.t_s)), back))
        for pose, back in film(keys, 15.0)
    ]
    chain.finish("done")
    return chain.record, updates, ear


def middle_of_second():
    reps = [e for e in run(lambda _: 0)[0].events if isinstance(e, RepCompleted)]
    return (reps[1].start_s + reps[1].t_s) / 2, len(reps)


def test_one_person_is_never_asked_about():
    record, updates, _ = run(lambda _: 0)
    assert record.person_changes == []
    assert not WHO & {c.name for u in updates for c in u.cues}


def test_a_change_is_asked_about_at_once_and_must_be_heard():
    when, _ = middle_of_second()
    _, updates, _ = run(lambda t: int(t >= when))
    cues = [c for u in updates for c in u.cues if c.name in WHO]
    assert [c.name for c in cues] == ["setup.who-lying"]
    assert cues[0].t_s == pytest.approx(when, abs=0.1)
    assert cues[0].must_be_heard


def test_who_does_not_lie_is_asked_for_the_start_position():
    _, updates, _ = run(lambda t: int(t >= 1.0), exercise="bird-dog")
    assert [c.name for u in updates for c in u.cues if c.name in WHO] == ["setup.who"]


def test_what_was_under_way_is_an_attempt_and_the_other_starts_anew():
    when, reps = middle_of_second()
    record, updates, _ = run(lambda t: int(t >= when))
    kinds = [e for e in record.events if isinstance(e, (PersonChanged, Paused, AttemptEnded, Armed, RepCompleted))]
    at = next(i for i, e in enumerate(kinds) if isinstance(e, PersonChanged))
    assert (kinds[at].was, kinds[at].person) == (0, 1)
    after = kinds[at + 1 :]
    assert [e.reason for e in after if isinstance(e, Paused)] == ["person-changed"]
    assert [e.reason for e in after if isinstance(e, AttemptEnded)][:1] in ([], ["person-changed"])
    rep = next((i for i, e in enumerate(after) if isinstance(e, RepCompleted)), len(after))
    assert any(isinstance(e, Armed) for e in after[:rep])
    assert len(record.reps) < reps
    assert "setup.paused" not in {c.name for u in updates for c in u.cues}


def test_a_kiosk_hears_of_it():
    _, _, ear = run(lambda t: int(t >= 3.0))
    assert [(e.was, e.person) for e in ear.heard if isinstance(e, PersonChanged)] == [(0, 1)]


def test_the_record_tells_when_and_who():
    record, _, _ = run(lambda t: 2 * int(t >= 3.0))
    assert record.as_dict()["person_changes_s"] == [pytest.approx(3.0, abs=0.1)]
    assert record.person == 2


def test_a_change_between_two_sets_is_told_by_the_second():
    record, updates, _ = run(lambda _: 1, options=SetOptions(person=0))
    assert [e.person for e in record.person_changes] == [1]
    assert [c.name for c in updates[0].cues if c.name in WHO] == ["setup.who-lying"]
    record, _, _ = run(lambda _: 1, options=SetOptions(person=1))
    assert record.person_changes == []


@pytest.mark.parametrize("options", [SetOptions(get_ready_s=4.0), SetOptions(set_up=True), SetOptions(calibrate=True)])
def test_a_change_before_the_work_is_told_too(options):
    record, updates, _ = run(lambda t: int(t >= 0.5), options=options, is_live=True)
    assert [e.t_s for e in record.person_changes] == [pytest.approx(0.5, abs=0.1)]
    assert record.person_changes[0].set_id == "s-1"
    assert sum(c.name in WHO for u in updates for c in u.cues) == 1


def test_the_set_up_tells_of_a_mirrored_picture_once():
    def told(is_mirrored):
        options = SetOptions(set_up=True, is_mirrored=is_mirrored)
        return [c.name for u in run(lambda _: 0, options=options, is_live=True)[1] for c in u.cues]

    assert told(True).count("framing.mirrored") == 1
    assert "framing.mirrored" not in told(False)
