"""Sessions that nobody was named for: who sees them, and who says whose they are."""

from __future__ import annotations

import pytest

from formcheck.core.rules.events import RepAdded, RepState
from formcheck.store import Identity, open_store
from tests.store.sessions import written


@pytest.fixture
def nobodys(house):
    with open_store(house.where) as store:
        person = store.add_person(Identity("Ann Other", "", "Nr-4711"))
        return person, written(store, 1).session_id, written(store, 2, person).session_id


def person_of(house, session):
    with open_store(house.where) as store:
        return store.one(session).person


def test_a_clinician_says_whose_a_session_is_and_the_audit_has_it(house, nobodys):
    person, session, other = nobodys
    browser = house.browser("clara")
    page = browser.get("/nobodys")
    assert f"/sessions/{session}" in page.text
    assert f"/sessions/{other}" not in page.text, "that one has its patient"
    assert f"{person[:8]} Ann Other" in page.words
    answer = browser.post(f"/sessions/{session}/assign", {"person": person})
    assert answer.to == f"/sessions/{session}"
    assert person_of(house, session) == person
    assert "Every session has its patient." in browser.get("/nobodys").words
    assert session in browser.get(f"/patients/{person}").text
    rows = [(what, whose, detail) for _, what, whose, detail in house.audit() if what == "session-assigned"]
    assert rows == [("session-assigned", person, f"session {session}, before: nobody")]
    browser.get("/nobodys")
    browser.post(f"/sessions/{session}/assign", {"person": ""})
    assert person_of(house, session) is None
    assert house.audit()[-1][3] == f"session {session}, before: {person}"


def test_an_assistant_sees_them_without_names_and_may_not_say_whose_they_are(house, nobodys):
    person, session, _ = nobodys
    browser = house.browser("asim")
    page = browser.get("/nobodys")
    assert f"/sessions/{session}" in page.text
    assert "Ann" not in page.text
    assert "<select" not in page.text
    assert browser.post(f"/sessions/{session}/assign", {"person": person}).status == 403
    assert house.browser("ida").get("/nobodys").status == 403
    assert person_of(house, session) is None


@pytest.mark.parametrize("person", ["0" * 32, "Ann Other", "x" * 33])
def test_nobody_who_is_not_there_gets_a_session(house, nobodys, person):
    _, session, _ = nobodys
    browser = house.browser("clara")
    browser.get("/nobodys")
    assert browser.post(f"/sessions/{session}/assign", {"person": person}).status in (400, 404)
    assert person_of(house, session) is None


def test_a_session_that_is_signed_stays_whose_it_is(house, nobodys):
    person, session, other = nobodys
    browser = house.browser("clara")
    browser.get(f"/sessions/{other}")
    browser.post(f"/sessions/{other}/sign")
    browser.get("/nobodys")
    refused = browser.post(f"/sessions/{other}/assign", {"person": ""})
    assert "signed" in refused.words
    assert person_of(house, other) == person
    assert browser.post(f"/sessions/{session}/assign", {"person": person}).status == 303


def test_a_repetition_that_was_added_is_shown_as_such_and_taken_away_again(house, nobodys):
    _, session, _ = nobodys
    with open_store(house.where) as store:
        set_id = store.one(session).session.sets[0].set_id
        before = len(store.one(session).session.sets[0].reps)
        added = RepAdded(20.0, -1, RepState(True, "clean", "left", ()), "clinician 1", "small")
        store.amend(session, set_id, [added])
    browser = house.browser("clara")
    page = browser.get(f"/sessions/{session}").words
    assert "+1 left – not counted clean" in page
    assert "nan" not in page.lower().split()
    browser.post(f"/sessions/{session}/amend", {"set": set_id, "rep": "-1", "choice": "as-told", "why": "it was none"})
    with open_store(house.where) as store:
        assert len(store.one(session).session.sets[0].reps) == before
        assert [each.kind for each in store.one(session).amended] == ["RepAdded", "RepAmended"]
