"""What is heard in a session: no word cuts another off, and the last page says one thing."""

from __future__ import annotations

from itertools import pairwise

import pytest

from exercises.dead_bug import EXERCISE as DEAD_BUG
from formcheck.app.report import spoken_report
from formcheck.session.program import load_program
from formcheck.session.registry import load_exercises
from formcheck.session.session_record import SessionRecord
from formcheck.session.texts import catalogue
from tests import replay
from tests.app.people import Person, day
from tests.session.events import record_of, rep

PROGRAM = """
title = "Short day"
[[exercise]]
name = "glute-bridge"
reps = 2
hold_s = 5
rest_s = 12
[[exercise]]
name = "dead-bug"
reps = 2
sets = 1
rest_s = 14
"""


@pytest.fixture(scope="module")
def calm_day(tmp_path_factory):
    """A day whose pain does not rise."""
    path = tmp_path_factory.mktemp("program") / "short.toml"
    path.write_text(PROGRAM, encoding="utf-8")
    return replay.run(load_program(str(path), load_exercises()), day(), on_view=Person(2, 2))


def test_no_word_cuts_another_off(calm_day):
    speech = [name for _, name in calm_day.log.clips if name not in ("ding", "tick")]
    assert len([name for name in speech if name != "hush"]) > 15
    cut = [name for name, after in pairwise(speech) if after == "hush" and "." in name]
    assert [name for name in cut if not name.startswith("number.")] == []


def session_of(*events, before=2, after=2):
    session = SessionRecord.begin("01900000-0000-7000-8000-000000000000", None)
    session.begin_set(record_of(*events))
    session.pain_before, session.pain_after = before, after
    return session


def test_the_last_page_says_the_one_thing_to_work_on():
    said = spoken_report(session_of(rep(1, "too-fast"), rep(2, "low-back-arch")))
    cue = next(fault.cue for fault in DEAD_BUG.faults if fault.name == "low-back-arch")
    assert said == [
        ("session.work-on", "For next time."), ("dead-bug.title", "Dead bug."), ("dead-bug.low-back-arch", cue),
    ]  # fmt: skip
    assert all(text == catalogue()[name] for name, text in said), "there are clips of it"


def test_where_nothing_is_to_be_worked_on_nothing_is_said():
    assert spoken_report(session_of(rep(1), rep(2))) == []


def test_pain_that_rose_is_said_instead():
    said = spoken_report(session_of(rep(1, "low-back-arch"), after=5))
    assert [name for name, _ in said] == ["pain.rising"]
    assert all(text == catalogue()[name] for name, text in said)
