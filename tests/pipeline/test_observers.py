"""Who listens to a set: told everything in order; one that raises is reported once and dropped."""

import pytest

from exercises.dead_bug import EXERCISE as DEAD_BUG
from formcheck.core.rules.events import RepCompleted
from formcheck.pipeline.chain import Chain
from formcheck.pipeline.observers import Observer
from formcheck.session.record import SetRecord
from formcheck.session.set import Set, SetOptions
from formcheck.system.errors import FormcheckError
from formcheck.testing import film, seen
from tests.exercises.scripts import dead_bug


class Diary(Observer):
    def __init__(self):
        self.told = []

    def on_start(self, started):
        self.told.append(("start", started.exercise.name, started.set_id))

    def on_frame(self, frame, tracked, update):
        self.told.append(("frame", tracked.t_s))

    def on_events(self, events):
        self.told += [("event", type(e).__name__, e.seq) for e in events]

    def on_finish(self):
        self.told.append(("finish",))


class Broken(Diary):
    """Raises at the n-th call of one kind."""

    def __init__(self, what, error):
        super().__init__()
        self._what, self._error = what, error

    def _raise(self, what):
        self.told.append((what,))
        if what == self._what:
            raise self._error

    def on_start(self, started):
        self._raise("start")

    def on_frame(self, frame, tracked, update):
        self._raise("frame")

    def on_events(self, events):
        self._raise("events")

    def on_finish(self):
        self._raise("finish")


def run(observers, keys=None, **options):
    current = Set(DEAD_BUG, is_live=False, set_id="s-1", options=SetOptions(**options))
    chain = Chain(current, SetRecord.begin("s-1", DEAD_BUG), observers)
    chain.start()
    for pose, back in film(keys or dead_bug("LR"), 15):
        chain.step(None, seen(current, pose, back))
    chain.finish("done")
    return chain


def test_an_observer_is_told_everything_in_order():
    diary = Diary()
    chain = run([diary])
    kinds = [item[0] for item in diary.told]
    assert kinds[0] == "start"
    assert kinds[-1] == "finish"
    assert diary.told[0] == ("start", "dead-bug", "s-1")
    times = [item[1] for item in diary.told if item[0] == "frame"]
    assert times == sorted(times)
    assert len(times) == len(film(dead_bug("LR"), 15))
    numbers = [item[2] for item in diary.told if item[0] == "event"]
    assert numbers == list(range(len(chain.record.events)))
    assert [item[1] for item in diary.told if item[0] == "event"].count("RepCompleted") == 2


@pytest.mark.parametrize("what", ["start", "frame", "events", "finish"])
def test_one_that_raises_is_reported_once_and_dropped_and_the_set_goes_on(what):
    bad, good = Broken(what, ValueError("patient Miller")), Diary()
    chain = run([bad, good])
    assert [failure.name for failure in chain.observers.failures] == ["Broken"]
    assert "Miller" not in chain.observers.failures[0].text
    assert bad.told.count((what,)) == 1
    assert bad.told[-1] == (what,)
    assert good.told[-1] == ("finish",)
    assert sum(isinstance(e, RepCompleted) for e in chain.record.events) == 2


def test_one_that_wants_to_end_the_program_is_dropped_and_told_that_it_is():
    class Quitter(Broken):
        def on_drop(self):
            self.told.append(("drop",))
            raise OSError

    bad, good = Quitter("events", SystemExit(3)), Diary()
    chain = run([bad, good])
    assert "SystemExit" in chain.observers.failures[0].text
    assert bad.told[-2:] == [("events",), ("drop",)]
    assert good.told[-1] == ("finish",)


def test_a_sentence_for_the_person_is_passed_on():
    chain = run([Broken("events", FormcheckError("out.jsonl can't be written. Is the disk full?"))])
    assert chain.observers.failures[0].text == "out.jsonl can't be written. Is the disk full?"


def test_a_set_is_finished_once():
    diary = Diary()
    chain = run([diary])
    outcome = chain.record.outcome
    assert chain.finish("hurt").events == ()
    assert chain.record.outcome == outcome
    assert diary.told.count(("finish",)) == 1


def test_two_chains_have_the_same_stations_whatever_listens():
    """What a set finds does not depend on its observers."""
    plain, watched = run([]), run([Diary(), Broken("frame", ValueError())])
    assert [e.wire() for e in plain.record.events] == [e.wire() for e in watched.record.events]
