"""A program's form and its TOML: each made of the other, checked as a file is, with nothing smuggled in."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.desk import prescribing as p
from formcheck.session.program import DAYS, load_program, program_names
from formcheck.session.registry import load_exercises
from formcheck.system.assets import asset

REGISTRY = load_exercises()


def form(**changes):
    bug = p.FormItem("dead-bug", ("mon", "wed"), {"sets": "2", "reps": "8"})
    return p.ProgramForm(**({"title": "Week 1", "items": (bug,)} | changes))


def item(**changes):
    return form(items=(p.FormItem(**({"name": "dead-bug"} | changes)),))


@pytest.mark.parametrize("name", program_names())
def test_what_ships_comes_through_the_form_as_the_same_program(name, tmp_path):
    text = asset("programs", f"{name}.toml").read_text("utf-8")
    toml, program = p.checked(p.form_of(text), REGISTRY)
    path = tmp_path / "mine.toml"
    path.write_text(toml, "utf-8")
    assert program.hash == load_program(name, REGISTRY).hash == load_program(str(path), REGISTRY).hash
    assert p.form_of(toml) == p.form_of(text)


def test_every_key_of_a_program_can_be_said():
    full = p.ProgramForm(
        "All of it", "fr", "two-thirds", "yes", "no", "no",
        (
            p.FormItem(
                "bird-dog", ("tue",), {"sets": "3", "reps": "5", "hold_s": "2,5", "rest_s": "45"}, "left-first",
                (p.Threshold("reach_hip_deg", "140", "stiff"), p.Threshold("judged_share_min", "0.5", "a chair")),
            ),
        ),
    )  # fmt: skip
    toml, program = p.checked(full, REGISTRY)
    assert tomllib.loads(toml) == {
        "title": "All of it", "language": "fr", "cues": "two-thirds", "gentle": True, "pace": False, "tone": False,
        "exercise": [
            {
                "name": "bird-dog", "days": ["tue"], "sets": 3, "reps": 5, "hold_s": 2.5, "rest_s": 45,
                "sides": "left-first", "settings": {"reach_hip_deg": 140, "judged_share_min": 0.5},
            }
        ],
    }  # fmt: skip
    assert "# stiff\nreach_hip_deg = 140" in toml
    assert [planned.side for planned in program.sets] == ["left", "right"] * 3
    again = p.form_of(toml, p.reasons_of(full))
    assert again.items[0].thresholds == full.items[0].thresholds
    assert p.checked(again, REGISTRY)[0] == toml


@pytest.mark.parametrize(
    ("wrong", "told", "where"),
    [
        (form(title=""), "title = '' makes no sense", None),
        (form(items=()), "no exercise yet", None),
        (form(language="xx"), "no texts in 'xx'", None),
        (form(cues="loud"), "cues = 'loud' makes no sense", None),
        (form(gentle="maybe"), "gentle = 'maybe' makes no sense", None),
        (item(days=()), "Exercise 1, Dead bug: days", 0),
        (item(numbers={"reps": "0"}), "Exercise 1, Dead bug: reps = 0", 0),
        (item(numbers={"reps": "ten"}), "reps = 'ten' makes no sense", 0),
        (item(numbers={"reps": "1e9"}), "reps = '1e9' makes no sense", 0),
        (item(numbers={"sets": "21"}), "sets = 21 makes no sense", 0),
        (item(numbers={"sets": "2.5"}), "sets = 2.5 makes no sense", 0),
        (item(numbers={"hold_s": "9"}), "dead-bug is not held", 0),
        (item(name="no-such"), "there is no exercise 'no-such'", 0),
        (item(sides="up"), "sides = 'up' makes no sense", 0),
        (item(thresholds=(p.Threshold("reach_hip_deg", "125"),)), "say why reach_hip_deg differs", 0),
        (item(thresholds=(p.Threshold("reach_hip_deg", "", "why"),)), "reach_hip_deg", 0),
        (item(thresholds=(p.Threshold("reach_hip_deg", "109", "why"),)), "use 110 to 175 deg", 0),
        (item(thresholds=(p.Threshold("no_such", "1", "why"),)), "no_such", 0),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_one_sentence_about_its_place(wrong, told, where):
    with pytest.raises(p.FormError) as caught:
        p.checked(wrong, REGISTRY)
    assert told in caught.value.text
    assert caught.value.item == where
    assert "program, line" not in caught.value.text


def test_the_second_exercise_is_named_where_it_is_the_wrong_one():
    two = form(items=(p.FormItem("dead-bug"), p.FormItem("bird-dog", numbers={"reps": "-1"})))
    with pytest.raises(p.FormError, match=r"^Exercise 2, Bird dog: reps = -1 makes no sense") as caught:
        p.checked(two, REGISTRY)
    assert caught.value.item == 1


@given(st.text(max_size=60), st.text(max_size=80))
def test_no_text_gets_out_of_its_place(title, why):
    threshold = p.Threshold("reach_hip_deg", "125", why)
    mine = form(title=title, items=(p.FormItem("dead-bug", thresholds=(threshold,)),))
    try:
        data = tomllib.loads(p.toml_of(mine))
    except (UnicodeEncodeError, tomllib.TOMLDecodeError) as error:  # pragma: no cover - what must not happen
        raise AssertionError(f"{title!r} {why!r}") from error
    assert data["title"] == title
    assert data["exercise"] == [{"name": "dead-bug", "settings": {"reach_hip_deg": 125}}]


@given(st.text(max_size=40))
def test_no_number_gets_out_of_its_place(text):
    data = tomllib.loads(p.toml_of(item(numbers={"reps": text, "sets": text})))
    assert set(data) == {"title", "exercise"}
    assert set(data["exercise"][0]) <= {"name", "sets", "reps"}


@pytest.mark.parametrize(
    ("do", "names"),
    [
        ("add", "dbgr"), ("up-1", "bdg"), ("up-0", "dbg"), ("down-0", "bdg"), ("down-2", "dbg"), ("remove-1", "dg"),
        ("remove-9", "dbg"), ("nonsense", "dbg"), ("up-x", "dbg"), ("up--1", "dbg"), ("", "dbg"),
    ],
)  # fmt: skip
def test_the_order_follows_the_buttons(do, names):
    whole = {"d": "dead-bug", "b": "bird-dog", "g": "glute-bridge", "r": "running"}
    before = form(items=tuple(p.FormItem(whole[each]) for each in "dbg"))
    after = p.changed(before, do, {"add": "running"})
    assert [each.name for each in after.items] == [whole[each] for each in names]


def test_thresholds_come_and_go():
    before = item()
    more = p.changed(before, "more-0", {"item-0-more": "reach_hip_deg"})
    assert more.items[0].thresholds == (p.Threshold("reach_hip_deg"),)
    assert p.changed(more, "more-0", {"item-0-more": "reach_hip_deg"}) == more  # it is there already
    assert p.changed(more, "more-0", {}) == more
    assert p.changed(more, "fewer-0-0", {}) == before
    assert p.changed(more, "fewer-0-7", {}) == more


def test_a_form_is_no_longer_than_what_is_taken_back():
    items = tuple(p.FormItem("dead-bug") for _ in range(p.ITEMS_MAX))
    assert len(p.changed(form(items=items), "add", {"add": "bird-dog"}).items) == p.ITEMS_MAX


def test_what_was_typed_is_read_as_it_was_typed():
    fields = {
        "title": "  Week 2 ", "item-0-name": "dead-bug", "item-0-day-mon": "on", "item-0-day-sun": "on",
        "item-0-reps": " x ", "item-0-set-0-name": "reach_hip_deg", "item-0-set-0-value": "1", "item-2-name": "running",
    }  # fmt: skip
    found = p.typed(fields)
    assert found.title == "Week 2"
    assert [each.name for each in found.items] == ["dead-bug"]  # there is no second one, so no third
    assert found.items[0].days == ("mon", "sun")
    assert found.items[0].numbers["reps"] == "x"
    assert found.items[0].thresholds == (p.Threshold("reach_hip_deg", "1", ""),)


def test_the_week_says_how_long_each_day_is():
    week = p.week_of(p.toml_of(form()), REGISTRY)
    assert set(week) == {"mon", "wed"}
    assert set(p.week_of(p.toml_of(item()), REGISTRY)) == set(DAYS)
    assert all(minutes > 0 for minutes in week.values())


@pytest.mark.parametrize(
    ("mine", "told"),
    [
        (item(), "3 × 12"),
        (item(numbers={"sets": "1", "reps": "8", "rest_s": "20"}), "1 × 8, rest 20 s"),
        (item(name="bird-dog", numbers={"hold_s": "4"}), "3 × 8 a side, hold 4 s"),
        (item(name="bird-dog", sides="left-first"), "3 × 8, hold 2 s, Left first"),
        (item(name="glute-bridge"), "hold 5 s"),
        (item(name="running"), "10 s or longer"),
        (item(name="gone"), "not installed"),
    ],
)
def test_a_dose_in_words_holds_what_is_left_out_too(mine, told):
    assert told in p.dose_of(mine.items[0], REGISTRY)
