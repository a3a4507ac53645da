"""A patient's file in a real browser: a program by keys alone, charts, a movement played again, no barrier."""

from __future__ import annotations

import json

import pytest

from formcheck.desk import filing
from formcheck.store import open_store
from tests import kept
from tests.clinic.conftest import NASTY, SCHEMES, SIZES
from tests.desk.conftest import PASSWORD
from tests.desk.filed import file_of, program_of

LOOKS = list(zip(SIZES, SCHEMES, strict=True))


@pytest.fixture
def filed(house):
    """The house, with a file of the patient and a movement that was kept."""
    with open_store(house.where) as store:
        file_of(store, house.person, NASTY)
        program_of(store, house.person, why="later")
        one = next(one for one in store.record(house.sessions[0]).sets if one.exercise.name == "dead-bug")
        stream = (kept.FOLDER / "dead-bug.npz").read_bytes()
        store.keep_recording(house.sessions[0], one.set_id, "dead-bug", {}, stream)
    return house


def pages(house):
    parts = (
        "", "/program", "/program/1", "/program/edit", "/program/edit?from=low-back-daily", "/history", "/compare",
        "/notes", "/outcomes", "/outcomes/nprs", "/outcomes/rmdq", "/outcomes/psfs",
    )  # fmt: skip
    return [f"/patients/{house.person}{part}" for part in parts] + [f"/sessions/{house.sessions[0]}"]


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_no_page_of_a_file_has_a_barrier_or_is_wider_than_the_screen(filed, tab, size, scheme):
    clara = tab(filed.base, size, scheme)
    clara.log_in("clara")
    found = {}
    for number, path in enumerate(pages(filed)):
        assert clara.go(path).status == 200, path
        clara.shot(f"file-{number}-{size}-{scheme}")
        found[path] = clara.barriers()
        assert clara.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert {path: barriers for path, barriers in found.items() if barriers} == {}
    assert clara.dialogs == []


def test_charts_are_drawn_from_what_stands_in_the_table(filed, tab):
    for scheme in SCHEMES:
        clara = tab(filed.base, "tablet", scheme)
        clara.log_in("clara")
        clara.go(f"/patients/{filed.person}/history?exercise=bird-dog")
        places = clara.page.locator("[data-chart]")
        assert places.count() >= 4
        for place in places.all():
            place.locator("canvas").wait_for()
            chart = json.loads(place.get_attribute("data-chart"))
            assert all(label in place.inner_text() for label in (line["label"] for line in chart["lines"]))
            assert place.locator("canvas").evaluate(IS_DRAWN)


IS_DRAWN = """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean)"""


def test_a_repetition_is_played_again(filed, tab):
    clara = tab(filed.base, "tablet")
    clara.log_in("clara")
    clara.go(f"/sessions/{filed.sessions[0]}")
    place = clara.page.locator(".replay")
    assert place.count() == 1
    place.locator("summary").press("Enter")
    told = place.locator(".told")
    told.get_by_text("Repetition 1, -0.4 s").wait_for()
    assert place.locator("canvas").evaluate(IS_DRAWN)
    place.locator("input").press("End")
    told.get_by_text("s from its beginning").wait_for()
    assert "-0.4" not in told.inner_text()
    place.locator("select").select_option("2")
    told.get_by_text("Repetition 2").wait_for()
    place.get_by_role("button", name="Play").click()
    place.get_by_role("button", name="Stop").wait_for()
    place.get_by_role("button", name="Play").wait_for()  # it comes to its end by itself


def test_a_program_is_made_by_keys_alone_without_a_script(house, chromium):
    context = chromium.new_context(
        viewport=SIZES["tablet"], ignore_https_errors=True, java_script_enabled=False
    )  # nothing of the form needs one
    page = context.new_page()
    page.goto(house.base + "/login")
    for text in ("clara", PASSWORD):
        reach(page, {"clara": "name"}.get(text, "password"))
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/login"))
    page.goto(f"{house.base}/patients/{house.person}/program/edit")
    reach(page, "add")
    page.keyboard.type("Dead")  # a list is chosen from by its letters
    press(page, "do", "add")
    reach(page, "title")
    page.keyboard.type("Three days")
    reach(page, "item-0-reps")
    page.keyboard.type("0")
    page.keyboard.press("Enter")  # checks, and keeps nothing
    assert "Exercise 1, Dead bug: reps = 0 makes no sense" in page.get_by_role("alert").inner_text()
    reach(page, "item-0-reps")
    page.keyboard.press("Control+A")
    page.keyboard.type("8")
    reach(page, "item-0-day-sun")
    page.keyboard.press("Space")
    reach(page, "item-0-more")
    page.keyboard.type("reach_hip")
    press(page, "do", "more-0")
    reach(page, "item-0-set-0-value")
    page.keyboard.type("125")
    reach(page, "item-0-set-0-why")
    page.keyboard.type("stiff")
    reach(page, "why")
    page.keyboard.type("first visit")
    press(page, "do", "save")
    page.wait_for_url("**/program")
    context.close()
    with open_store(house.where) as store:
        (version,) = filing.versions_of(store, house.person)
    (item,) = version.form.items
    assert (version.form.title, version.why, item.numbers["reps"]) == ("Three days", "first visit", "8")
    assert item.days == ("mon", "tue", "wed", "thu", "fri", "sat")
    assert [(each.name, each.value, each.why) for each in item.thresholds] == [("reach_hip_deg", "125", "stiff")]


def reach(page, name, value=None):
    """Go on by the tab key to a field or button of that name."""
    wanted = f'[name="{name}"]' + (f'[value="{value}"]' if value else "")
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.locator(f"{wanted}:focus").count():
            return
    raise AssertionError(f"{wanted} is not reached by the tab key")


def press(page, name, value):
    reach(page, name, value)
    page.keyboard.press("Enter")
    page.wait_for_load_state()
