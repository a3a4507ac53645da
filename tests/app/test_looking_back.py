"""Progress, proposals and fewer cues at the window: from what was remembered, without waiting for it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

import pygame
import pytest

from formcheck.app.app import AppOptions
from formcheck.app.remembering import Memory
from formcheck.screen import Action, MenuView, MessageView, ProgressView, ReportView, SummaryView, ViewModel
from formcheck.session.document import ProgramDocument
from formcheck.session.next_step import Accepted
from formcheck.session.program import load_program
from formcheck.session.registry import load_exercises
from formcheck.system.errors import FormcheckError
from tests import replay
from tests.app.people import Person, day, press
from tests.app.test_menu import ENTER, ESCAPE, Presser
from tests.kept import kept

P, A, RIGHT, LEFT = (pygame.K_p,), (pygame.K_a,), (pygame.K_RIGHT,), (pygame.K_LEFT,)
PROGRAM = 'title = "Mine"\n[[exercise]]\nname = "glute-bridge"\nreps = 2\nhold_s = 5\n'


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")


def ago(days, names=("glute-bridge", "dead-bug"), **changes):
    return kept(names, replay.BEGAN - timedelta(days=days), days, **changes)


def easy(days, program=None):
    """Ten pelvic tilts of ten, easy and clean."""
    session = ago(days, ["dead-bug"], pain=(2, 1), effort=2).session
    one = session.sets[0].model_copy(update={"clean_reps": 10, "faulty_reps": 0, "target_reps": 10})
    return kept().model_copy(update={"session": session.model_copy(update={"sets": (one,), "program": program,
                                                                          "effort": {"dead-bug": 2}})})  # fmt: skip


class Reader:
    """Opens progress from the menu, presses these keys one after the other once it is there, then leaves and quits."""

    def __init__(self, *keys):
        self._keys = [*keys, ESCAPE]
        self._is_closed = False

    def __call__(self, now_s, view):
        if isinstance(view, MenuView):
            press(*(ESCAPE if self._is_closed else P))
        elif isinstance(view, (ProgressView, MessageView)) and self._keys and not is_looking(view):
            self._is_closed |= len(self._keys) == 1
            press(*self._keys.pop(0))


def is_looking(view):
    return isinstance(view, MessageView) and view.text.startswith("Looking")


def read(memory, *keys):
    ran = replay.run(None, day()[:5], on_view=Reader(*keys), memory=memory)
    assert isinstance(ran.log.shown[-1][1], MenuView)
    return ran


def sheets(ran):
    """The sheets, in the order in which they were shown."""
    shown = [view for _, view in ran.log.shown if isinstance(view, ProgressView)]
    return [view for view, _ in groupby(shown)]


# -- from the menu -----------------------------------------------------------------------------------------------------


def test_the_menu_offers_progress_by_a_key():
    ran = read(None)
    menu = ran.log.shown[0][1]
    assert [hint.key for hint in menu.hints if hint.action is Action.PROGRESS] == ["P"]


def test_where_nothing_is_remembered_it_says_so_and_how_to_change_that():
    ran = read(None)
    (text,) = {view.text for _, view in ran.log.shown if isinstance(view, MessageView) and not is_looking(view)}
    assert text == "Nothing is remembered yet."
    assert "progress.nothing" in ran.log.names
    assert ran.app.session is None


def test_one_exercise_a_page_turned_by_the_arrows_and_each_is_said():
    ran = read(Memory(past=lambda: [ago(0)]), RIGHT, RIGHT, LEFT)
    titles = [(view.title, view.place) for view in sheets(ran)]
    assert titles == [("Dead bug", (1, 2)), ("Glute bridge", (2, 2)), ("Dead bug", (1, 2)), ("Glute bridge", (2, 2))]
    assert sheets(ran)[0].sentence == "Your back stayed flat in 5 of 6."
    assert sheets(ran)[1].sentence == "Too little was judged to say how it goes."


def test_the_sentence_is_said_in_clips_that_there_are():
    def stay(now_s, view):
        if isinstance(view, MenuView):
            press(*(ESCAPE if stay.seen else P))
        elif isinstance(view, ProgressView):
            stay.seen = True
            if now_s > 20:
                press(*ESCAPE)

    stay.seen = False
    ran = replay.run(None, day()[:5], on_view=stay, memory=Memory(past=lambda: [ago(21), ago(0)]))
    assert ran.log.names == [
        "progress.back", "tally.5", "progress.of", "tally.6", "progress.earlier", "tally.5", "progress.of", "tally.6",
    ]  # fmt: skip
    assert [clip for _, clip in ran.log.clips][1] == "number.5"


def test_the_menu_comes_at_once_and_the_page_waits_for_a_slow_disk():
    may_read, seen = threading.Event(), []

    def past():
        assert may_read.wait(60), "the page was never shown while it was read"
        return [ago(0)]

    reader = Reader()

    def look(now_s, view):
        seen.append(type(view))
        if is_looking(view):
            may_read.set()
        reader(now_s, view)

    ran = replay.run(None, day()[:5], on_view=look, memory=Memory(past=past))
    assert seen[0] is MenuView
    assert any(is_looking(view) for _, view in ran.log.shown)
    assert sheets(ran)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (FormcheckError("The store is locked."), "The store is locked."),
        (RuntimeError("secret"), "What was remembered could not be read (RuntimeError)."),
    ],
)
def test_what_cannot_be_read_is_told_and_ends_nothing(error, text):
    def past():
        raise error

    ran = read(Memory(past=past))
    assert text in {view.text for _, view in ran.log.shown if isinstance(view, MessageView)}


# -- proposals ---------------------------------------------------------------------------------------------------------


def test_a_proposal_is_taken_by_one_key_and_kept_once():
    taken = []
    ran = read(Memory(past=lambda: [easy(3), easy(1)], keep=taken.append), A, A)
    assert [(each.exercise, each.what, each.value, each.utc) for each in taken] == [
        ("dead-bug", "reps", 12, replay.BEGAN)
    ]
    before, *after = sheets(ran)
    assert before.proposal == "Twice it was easy and clean: next time 12 repetitions instead of 10?"
    assert [hint.key for hint in before.hints if hint.action is Action.ACCEPT] == ["A"]
    assert not before.is_accepted
    assert after
    assert all(view.is_accepted for view in after)
    assert not any(hint.action is Action.ACCEPT for view in after for hint in view.hints)


@pytest.mark.parametrize(("hash_of", "is_proposed"), [("ab" * 32, False), ("low-back-daily", True), (None, True)])
def test_whoever_has_a_clinicians_program_is_proposed_nothing(hash_of, is_proposed):
    if hash_of == "low-back-daily":
        hash_of = load_program("low-back-daily", load_exercises()).hash
    program = None if hash_of is None else ProgramDocument(hash=hash_of, sets=1)
    taken = []
    ran = read(Memory(past=lambda: [easy(3, program), easy(1, program)], keep=taken.append), A)
    assert bool(sheets(ran)[0].proposal) is is_proposed
    assert len(taken) == is_proposed


def program_of(tmp_path, text=PROGRAM):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    return load_program(str(path), load_exercises(), replay.BEGAN)


def test_what_was_taken_holds_for_an_exercise_and_is_recorded():
    memory = Memory(accepted=lambda: [Accepted("glute-bridge", "reps", 1, replay.BEGAN),
                                      Accepted("glute-bridge", "hold_s", 3, replay.BEGAN)])  # fmt: skip
    ran = replay.run(load_exercises().get("glute-bridge"), day(), on_view=Person(), memory=memory)
    record = ran.session.sets[0]
    assert (record.outcome, len(record.reps)) == ("done", 1)
    assert ran.session.as_dict()["provenance"]["settings"] == {"glute-bridge": {"hold_s": 3}}


def test_a_program_of_ones_own_is_never_changed(tmp_path):
    memory = Memory(accepted=lambda: [Accepted("glute-bridge", "reps", 1, replay.BEGAN)])
    ran = replay.run(program_of(tmp_path), day()[: 34 * 10], on_view=Person(2, 2), memory=memory)
    assert ran.session.sets[0].planned.reps == 2


def test_a_clinicians_program_has_its_proposal_in_the_record(tmp_path):
    person = Person(2, 5, efforts=(2,))
    ran = replay.run(program_of(tmp_path), day()[: 34 * 10], on_view=person)
    (proposal,) = ran.session.as_dict()["proposals"]
    assert (proposal["exercise"], proposal["what"], proposal["was"], proposal["value"], proposal["why"]) == (
        "glute-bridge", "hold_s", 5, 3, "pain",
    )  # fmt: skip


def test_what_was_proposed_stays_in_the_record_when_it_was_taken():
    taken, person, presser = [], Person(1, keys={27.0: pygame.K_x}), Presser({SummaryView: [P, ESCAPE]})
    later = timedelta(hours=1)
    memory = Memory(accepted=lambda: taken, keep=lambda each: taken.append(replace(each, utc=each.utc + later)))

    def somebody(now_s, view):
        presser(now_s, view)
        if isinstance(view, ProgressView):
            press(*(ESCAPE if view.is_accepted or not view.proposal else A))
        elif not isinstance(view, SummaryView):
            person(now_s, view)

    ran = replay.run(load_exercises().get("glute-bridge"), day()[:330], on_view=somebody, memory=memory)
    assert ran.session.sets[0].outcome == "hurt"
    assert [(each.what, each.value) for each in taken] == [("reps", 7)]
    assert [(each["what"], each["value"]) for each in ran.session.as_dict()["proposals"]] == [("reps", 7)]


# -- after a session ---------------------------------------------------------------------------------------------------


def test_after_a_set_progress_has_this_set_too_and_leads_back():
    keys = {SummaryView: [P, ESCAPE]}
    presser, person = Presser(keys), Person()

    def somebody(now_s, view):
        presser(now_s, view)
        if isinstance(view, ProgressView):
            press(*ESCAPE)
        elif not isinstance(view, SummaryView):
            person(now_s, view)

    ran = replay.run(load_exercises().get("glute-bridge"), day()[: 40 * 10], on_view=somebody)
    assert [kind for kind in presser.kinds if kind in (SummaryView, ProgressView)] == [
        SummaryView,
        ProgressView,
        SummaryView,
    ]
    (bars,) = {view.charts[0].bars for view in sheets(ran)}
    assert bars[-1].clean + bars[-1].faulty + bars[-1].not_judged == len(ran.session.sets[0].reps)


def test_a_session_that_was_remembered_already_is_not_counted_twice(tmp_path):
    remembered = []
    presser, person = Presser({ReportView: [P, ENTER]}), Person(2, 2)

    def somebody(now_s, view):
        presser(now_s, view)
        if isinstance(view, ProgressView):
            press(*ESCAPE)
        elif not isinstance(view, ReportView):
            person(now_s, view)

    def past():
        session = ago(0, ["glute-bridge"])
        same = session.session.model_copy(update={"session_id": "00000000-0000-7000-8000-000000000001"})
        remembered.append(same)
        return [session.model_copy(update={"session": same})]

    ran = replay.run(program_of(tmp_path), day()[: 34 * 10], on_view=somebody, memory=Memory(past=past))
    assert ran.session.session_id == remembered[0].session_id
    week = sheets(ran)[0].charts[0].bars[-1]
    assert week.clean + week.faulty + week.not_judged == len(ran.session.sets[0].reps)
    assert ran.log.names.count("session.done") == 1, "what is said with the report is said once"


# -- fewer cues --------------------------------------------------------------------------------------------------------


def news_of(ran):
    return [view.news for _, view in ran.log.shown if isinstance(view, ViewModel)]


@pytest.mark.parametrize(
    ("days", "news"),
    [
        ([1, 2, 3], "Fewer cues today: you have done this 3 times."),
        ([1, 2], "Fewer cues today: you have done this 2 times."),
        ([1], ""),
        ([], ""),
        ([22, 23, 24, 25], ""),
    ],
    ids=["fourth", "third", "second", "first", "after a pause"],
)
def test_cues_become_fewer_by_themselves_and_it_is_said_once(days, news):
    memory = Memory(past=lambda: [ago(each) for each in days])
    ran = replay.run(load_exercises().get("dead-bug"), day()[:300], on_view=Person(), memory=memory)
    told = news_of(ran)
    assert set(told) - {""} == ({news} if news else set())
    assert told[-1] == "", "it goes away"


def test_of_another_exercise_nothing_is_known():
    memory = Memory(past=lambda: [ago(each, ["bird-dog"]) for each in (1, 2, 3)])
    ran = replay.run(load_exercises().get("dead-bug"), day()[:60], on_view=Person(), memory=memory)
    assert set(news_of(ran)) == {""}


@pytest.mark.parametrize(
    ("by_hand", "of_program", "is_by_sessions"),
    [(None, "", True), ("all", "", False), (None, 'cues = "all"\n', False), ("summary", 'cues = "all"\n', False)],
)
def test_who_says_how_many_cues_are_spoken_is_obeyed(tmp_path, by_hand, of_program, is_by_sessions):
    program = program_of(tmp_path, of_program + PROGRAM)
    memory = Memory(past=lambda: [ago(each) for each in (1, 2, 3)])
    options = AppOptions(cues=by_hand, tells_steps=False)
    ran = replay.run(program, day()[:60], on_view=Person(2), memory=memory, options=options)
    assert any(news_of(ran)) is is_by_sessions


def test_a_past_that_cannot_be_read_leaves_all_cues_and_the_session_goes_on():
    def past():
        raise FormcheckError("The store is locked.")

    ran = replay.run(load_exercises().get("glute-bridge"), day()[:400], on_view=Person(), memory=Memory(past=past))
    assert set(news_of(ran)) == {""}
    assert ran.session.sets[0].reps
