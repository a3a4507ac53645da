"""Charts with their tables, two sessions side by side, and repetitions played again."""

from __future__ import annotations

import json
import re
from statistics import median

import pytest

from formcheck.store import Identity, open_store
from tests import kept as made
from tests.desk.filed import program_of
from tests.desk.test_audit import news
from tests.store.sessions import write, written


@pytest.fixture
def person(house):
    with open_store(house.where) as store:
        person = store.add_person(Identity("Ann Other", "", "Nr-4711"))
        for number, days in ((1, 0), (2, 7), (3, 14)):
            written(store, number, person, days, ("dead-bug", "bird-dog"))
        return person


def charts(page):
    return {chart["title"]: chart for chart in map(json.loads, re.findall(r"data-chart='([^']+)'", page.text))}


def session_id(number):
    return f"00000000-0000-7000-8000-{number:012x}"


def test_each_chart_has_a_table_with_the_same_numbers(house, person):
    page = house.browser("clara").get(f"/patients/{person}/history?exercise=bird-dog")
    found = charts(page)
    assert "Repetitions" in found
    assert "Low back: largest bend against the own start, degrees" in found
    assert page.text.count("<table") == len(found)
    with open_store(house.where) as store:
        one = next(one for one in store.one(session_id(1)).session.sets if one.exercise == "bird-dog")
    counts = {line["label"]: line["values"] for line in found["Repetitions"]["lines"]}
    assert counts == {
        "Clean": [one.clean_reps] * 3, "With a fault": [one.faulty_reps] * 3, "Not judged": [one.not_judged_reps] * 3,
    }  # fmt: skip
    (back,) = found["Low back: largest bend against the own start, degrees"]["lines"]
    assert len(back["values"]) == len(back["sd"]) == 3
    assert f"{back['values'][0]:.1f} ± {back['sd'][0]:.1f}" in page.words
    (reach,) = found["Range, share of the range that counts, %"]["lines"]
    assert reach["values"][0] == pytest.approx(100 * median(rep.reach for rep in one.reps))
    pain = {line["label"]: line["values"] for line in found["Pain before and after, effort; 0 to 10"]["lines"]}
    assert pain == {"Pain before": [3] * 3, "Pain after": [2] * 3, "Effort": [None] * 3}
    assert found["Repetitions"]["x"] == [(made.BEGAN.timestamp() + 7 * 86400 * n) for n in range(3)]


def test_the_exercise_that_was_asked_for_is_shown_and_no_other(house, person):
    browser = house.browser("clara")
    for asked, title in (("dead-bug", "Dead bug"), ("bird-dog", "Bird dog"), ("<b>x", "Bird dog"), ("", "Bird dog")):
        page = browser.get(f"/patients/{person}/history?exercise={asked}").text
        assert f'aria-current="page">{title}</a>' in page


def test_a_patient_without_sessions_has_a_sentence(house):
    with open_store(house.where) as store:
        nobody = store.add_person()
    browser = house.browser("clara")
    assert "No session was kept yet" in browser.get(f"/patients/{nobody}/history").words
    assert "not two sessions yet" in browser.get(f"/patients/{nobody}/compare").words
    assert "No session was kept yet" in browser.get(f"/patients/{nobody}").words


def test_an_assistant_sees_numbers_and_versions_and_no_word_of_the_file(house, person):
    with open_store(house.where) as store:
        program_of(store, person, why="Ann fell")
    browser = house.browser("asim")
    for part in ("", "/history", "/compare"):
        page = browser.get(f"/patients/{person}{part}")
        assert page.status == 200
        assert "Ann" not in page.text
        assert "/program" not in page.text


# -- two sessions ------------------------------------------------------------------------------------------------------


def test_two_sessions_stand_side_by_side(house, person):
    browser = house.browser("clara")
    page = browser.get(f"/patients/{person}/compare?a={session_id(1)}&b={session_id(3)}").words
    assert "2026-11-02 07:30 2026-11-16 07:30" in page
    assert "Pain before → after 3 → 2 3 → 2" in page
    assert re.search(r"Its change \+0\.0°: less than the least that is a change \(\d+\.\d°\)", page)
    assert "Dead bug" in page
    last_two = browser.get(f"/patients/{person}/compare").words
    assert "2026-11-09 07:30 2026-11-16 07:30" in last_two


def test_a_session_of_somebody_else_is_not_put_beside(house, person):
    with open_store(house.where) as store:
        other = store.add_person(Identity("Ben"))
        written(store, 9, other)
    browser = house.browser("clara")
    for asked in (session_id(9), "x", session_id(77)):
        assert browser.get(f"/patients/{person}/compare?a={asked}").status == 404
        assert browser.get(f"/patients/{person}/compare?b={asked}").status == 404


def test_every_look_is_in_the_audit(house, person):
    browser = house.browser("asim")
    before = house.audit()
    browser.get(f"/patients/{person}/history")
    browser.get(f"/patients/{person}/compare")
    browser.get(f"/patients/{person}/report")
    assert news(house, before) == [(what, person) for what in ("history-seen", "sessions-compared", "report-seen")]


# -- all of a patient, to take away ------------------------------------------------------------------------------------


def test_a_patient_s_sessions_are_taken_away_together(house, person):
    browser = house.browser("clara")
    before = house.audit()
    for kind, ending in (("csv", "csv.zip"), ("fhir", "fhir.json"), ("pdf", "pdf")):
        answer = browser.get(f"/patients/{person}/files/{kind}")
        assert answer.status == 200
        assert answer.header("content-disposition") == f'attachment; filename="patient-{person[:8]}.{ending}"'
        assert b"Ann" not in answer.content
    assert news(house, before) == [("export", person)] * 3
    assert house.browser("asim").get(f"/patients/{person}/files/csv").status == 403


# -- played again ------------------------------------------------------------------------------------------------------


@pytest.fixture
def moved(house, person):
    with open_store(house.where) as store:
        assert store.one(session_id(1)).person == person
        one = next(one for one in store.record(session_id(1)).sets if one.exercise.name == "dead-bug")
        stream = (made.FOLDER / "dead-bug.npz").read_bytes()
        store.keep_recording(session_id(1), one.set_id, "dead-bug", {}, stream)
        return one.set_id


def test_a_repetition_is_played_as_stick_figures(house, moved):
    browser = house.browser("asim")
    page = browser.get(f"/sessions/{session_id(1)}")
    assert f'data-from="/sessions/{session_id(1)}/movement?set={moved}"' in page.text
    answer = browser.get(f"/sessions/{session_id(1)}/movement?set={moved}&rep=2")
    movement = json.loads(answer.content)
    with open_store(house.where) as store:
        rep = next(one for one in store.one(session_id(1)).session.sets if one.set_id == moved).reps[1]
    times = [frame["t_s"] for frame in movement["frames"]]
    assert times == sorted(times)
    assert -0.5 <= times[0] <= 0
    assert rep.end_s - rep.start_s <= times[-1] <= rep.end_s - rep.start_s + 0.5
    assert movement["peak_s"] == pytest.approx(rep.peak_s - rep.start_s, abs=0.01)
    assert all(len(frame["joints"]) == 33 for frame in movement["frames"])
    ankles = [frame["joints"][28] for frame in movement["frames"] if frame["joints"][28]]
    assert max(x for x, _ in ankles) - min(x for x, _ in ankles) > 0.2  # the right leg moves, in torso lengths
    assert max(abs(value) for ankle in ankles for value in ankle) < 3


@pytest.mark.parametrize("query", ["", "rep=2", "set={set}", "set={set}&rep=99", "set={set}&rep=x", "set=other&rep=2"])
def test_what_was_not_kept_is_a_sentence(house, moved, query):
    answer = house.browser("clara").get(f"/sessions/{session_id(1)}/movement?{query.format(set=moved)}")
    assert answer.status == 404
    assert "was not kept" in answer.text


def test_a_set_without_a_stream_can_not_be_played(house, moved):
    browser = house.browser("clara")
    assert browser.get(f"/sessions/{session_id(1)}").text.count("data-from=") == 1
    assert "data-from" not in browser.get(f"/sessions/{session_id(2)}").text
    assert browser.get(f"/sessions/{session_id(2)}/movement?set={moved}&rep=2").status == 404


def test_pain_and_effort_stand_on_the_session_as_they_were_answered(house):
    with open_store(house.where) as store:
        session = made.session_record(("dead-bug",), made.BEGAN, 5)
        session.pain_before, session.pain_after, session.effort = 6, None, {"dead-bug": 7}
        write(store, session, store.add_person())
    page = house.browser("asim").get(f"/sessions/{session_id(5)}").words
    assert "Pain before 6, after – · Effort Dead bug: 7" in page
