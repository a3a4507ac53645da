"""The flow of a session: every page can be left, every way ends, and the drawing says what the table says."""

import re
from typing import get_args

import pytest

from formcheck.session.flow import PROGRAM, SINGLE, Flow, State, as_mermaid

TABLES = {"program": PROGRAM, "single": SINGLE}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_no_page_is_a_dead_end_and_all_are_reached(table):
    reached, todo = set(), ["camera"]
    while todo:
        state = todo.pop()
        if state in reached or state == "end":
            continue
        reached.add(state)
        after = [to for at, _, to in table if at == state]
        assert after, f"{state} can't be left"
        todo += after
    assert reached == {at for at, _, _ in table}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_from_every_page_the_end_can_be_reached(table):
    ends = {"end"}
    while grown := {at for at, _, to in table if to in ends} - ends:
        ends |= grown
    assert {at for at, _, _ in table} <= ends


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_page_is_left_one_way_for_one_reason(table):
    pairs = [(at, why) for at, why, _ in table]
    assert len(set(pairs)) == len(pairs)


def test_pain_stops_before_anything_else():
    flow = Flow(PROGRAM)
    for outcome, state in [
        ("ready", "safety"), ("read", "remember"), ("skipped", "pain-before"), ("answered", "set"), ("hurt", "hurt"),
        ("stop", "pain-after"), ("answered", "report"), ("left", "end"),
    ]:  # fmt: skip
        assert flow.follow(outcome) == state


def test_whoever_has_gone_ends_the_session_and_loses_no_report():
    flow = Flow(PROGRAM)
    for outcome in ("ready", "read", "skipped", "answered", "leave", "stop", "skipped"):
        flow.follow(outcome)
    assert flow.state == "pain-after"
    assert flow.follow("idle") == "report"
    assert flow.follow("idle") == "end"


def test_a_way_that_is_not_in_the_table_is_an_error_and_changes_nothing():
    flow = Flow(SINGLE)
    with pytest.raises(ValueError, match=r"'camera'.*'done'"):
        flow.follow("done")
    assert flow.state == "camera"


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_the_drawing_has_every_arrow_of_the_table(table):
    drawn = as_mermaid(table)
    arrows = re.findall(r"^\s+(\S+) --> (\S+): (.+)$", drawn, re.M)
    found = {(a.replace("_", "-"), why, b.replace("_", "-")) for a, b, whys in arrows for why in whys.split(", ")}
    assert found == {(at, why, "[*]" if to == "end" else to) for at, why, to in table}


def test_every_state_is_used():
    assert {at for table in TABLES.values() for at, _, _ in table} | {"end"} == set(get_args(State))
