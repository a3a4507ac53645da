"""What is heard in a session: no word cuts another off, and the last page says one thing."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from formcheck.app.report import spoken_report
from formcheck.core.feedback.phrases import FLOW
from formcheck.session.program import load_program
from formcheck.session.registry import load_exercises
from formcheck.session.texts import catalogue
from tests import replay
from tests.app.people import Person, day

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


def test_the_last_page_says_the_one_thing_to_work_on(calm_day):
    """An arched back in both dead bugs, put there by whoever looked at the recording."""
    session = calm_day.session
    todo = session.work_on()
    said = spoken_report(session)
    if_none = [] if todo is None else [FLOW["session.work-on"], todo.rule.cue]
    assert [text for _, text in said] == if_none
    assert all(text == catalogue()[name] for name, text in said)


def test_pain_that_rose_is_said_instead(calm_day):
    said = spoken_report(replace(calm_day.session, pain_after=5))
    assert said == [("pain.rising", FLOW["pain.rising"])]
    assert catalogue()["pain.rising"] == FLOW["pain.rising"]
