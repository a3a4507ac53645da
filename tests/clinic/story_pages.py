"""Every page of the desk in a real browser: no barrier, no complaint, light and dark, tablet and laptop."""

from __future__ import annotations

import pytest

from formcheck.store import Store, open_store
from tests.clinic.conftest import NASTY, SCHEMES, SHOTS, SIZES
from tests.desk.filed import file_of
from tests.desk.test_live import Client, Room, rep

LOOKS = [(size, scheme) for size in SIZES for scheme in SCHEMES] if SHOTS else [*zip(SIZES, SCHEMES, strict=True)]
"""Each size and each scheme once; all of them where somebody wants to look."""
FILES = {
    "/static/{name}", "/sessions/{session:uuid}/files/{kind}", "/agreement/labels.csv",
    "/patients/{person}/files/{kind}", "/patients/{person}/program/{version:int}/toml",
}  # fmt: skip
"""Not pages, but files."""
PARTS = {"/stations/waiting", "/live/events", "/live/people", "/sessions/{session:uuid}/movement"}
"""Asked for by pages."""


def pages(house):
    """The address of every page that there is, filled in."""
    for route in house.parts.routes.routes:
        if "GET" in getattr(route, "methods", ()) and route.path not in FILES | PARTS:
            path = route.path.replace("{session:uuid}", house.sessions[0]).replace("{person}", house.person)
            yield path.replace("{version:int}", "1").replace("{form}", "rmdq")


def worked_on(house):
    """Two sessions that two clinicians have corrected and signed, and a patient's file."""
    from formcheck.desk import correcting

    with open_store(house.where) as opened:
        file_of(opened, house.person, NASTY)
        for who, choice in (("clinician 0000000a", "clean"), ("clinician 0000000b", "not-judged")):
            store = Store(opened.database, opened.installed, who)
            for session in house.sessions:
                record = store.record(session).sets[0]
                store.amend(session, record.set_id, [correcting.amendment(record, 3, choice, who, NASTY)])
                store.sign(session, who)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_no_page_has_a_barrier_or_a_complaint(house, tab, size, scheme):
    worked_on(house)
    open_pages, found = [], {}
    stranger = tab(house.base, size, scheme)
    for path in ("/login", "/join"):
        stranger.go(path)
        stranger.shot(f"{path.strip('/')}-{size}-{scheme}")
        found[path] = stranger.barriers()
    chief = tab(house.base, size, scheme)
    chief.log_in("chief")
    for path in pages(house):
        if "{" in path:
            open_pages.append(path)
        elif path not in found and path != "/":
            answer = chief.go(path)
            assert answer.status == 200, path
            chief.shot(f"{path.strip('/').replace('/', '-')[:12]}{path[-8:].replace('/', '-')}-{size}-{scheme}")
            found[path] = chief.barriers_of_report(answer) if path.endswith("/report") else chief.barriers()
    assert open_pages == []
    assert len(found) >= 10
    assert {path: barriers for path, barriers in found.items() if barriers} == {}
    assert chief.dialogs == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_tile_that_lives_has_no_barrier(house, tab, scheme):
    client = Client(house, "chief")
    room = Room(house, client)
    room.work(reps=1, clean=1, hurts=True)
    room.event(rep(0, 1))
    tile = tab(house.base, "tablet", scheme)
    tile.log_in("chief")
    tile.go("/live")
    tile.page.get_by_text("Room <2>").first.wait_for()
    tile.page.locator(".tile .alarm").wait_for()
    assert tile.page.locator(".tile .amend select.choice").is_visible()
    tile.shot(f"live-tile-{scheme}")
    assert tile.barriers() == []
    room.link.close(0.1)


def test_a_desk_where_nothing_was_done_yet(tmp_path, tab):
    from tests.desk.test_live import Running

    with Running(tmp_path) as empty:
        chief = tab(f"https://127.0.0.1:{empty.port}", "tablet")
        chief.log_in("chief")
        for path, words in (
            ("/patients", "There is nobody here yet."), ("/stations", "No station is paired yet."),
            ("/agreement", "There is nothing to compare yet"), ("/live", ""),
        ):  # fmt: skip
            chief.go(path)
            chief.shot(f"empty-{path.strip('/')}")
            assert words in chief.words()
            assert chief.barriers() == []
        chief.close()


def test_nothing_is_wider_than_the_screen(house, tab):
    worked_on(house)
    chief = tab(house.base, "tablet")
    chief.log_in("chief")
    for path in pages(house):
        chief.go(path)
        assert chief.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_repetition_that_is_corrected_live_comes_to_the_station(house, tab):
    client = Client(house, "chief")
    room = Room(house, client)
    room.begin()
    room.work(reps=1, clean=1)
    clara = tab(house.base, "tablet")
    clara.log_in("clara")
    form = clara.page.locator(".tile form.amend")
    clara.page.get_by_text("Dead bug").first.wait_for()
    room.event(rep(0, 1))  # the page was there before it: the form means the newest, and no new one
    clara.page.locator(".tile .reps li").first.wait_for()
    form.locator("select.choice").select_option(label="Fault: low back lifts")
    form.locator("input.why").fill("seen from the side")
    form.get_by_role("button", name="Correct").click()
    command = room.done()
    assert (command.what, command.rep, command.fault, command.why) == (
        "fault",
        1,
        "low-back-arch",
        "seen from the side",
    )
    clara.page.get_by_text("Done.").wait_for()
    clara.page.locator(".tile .say input").fill("<b>Slowly</b>")
    with clara.page.expect_response("**/say") as said:
        clara.page.get_by_role("button", name="Show").click()
        assert room.done().line == "<b>Slowly</b>"
    assert said.value.status == 200
    room.link.close(0.1)
