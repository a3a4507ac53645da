"""Notes and outcome forms: kept encrypted, only added to, audited, and not where they don't belong."""

from __future__ import annotations

import json
import re
import zipfile
from io import BytesIO

import pytest

from formcheck.export.fhir import read_bundle, read_outcomes
from formcheck.store import Identity, open_store, papers
from tests.desk.filed import papers_in
from tests.desk.test_audit import news
from tests.store.sessions import written
from tests.store.test_upkeep import all_bytes

NOTE = "Sister says: Quartzfeather limps"


@pytest.fixture
def person(house):
    with open_store(house.where) as store:
        person = store.add_person(Identity("Ann Other", "", "Nr-4711"))
        written(store, 1, person)
        return person


@pytest.fixture
def clara(house, person):
    browser = house.browser("clara")
    browser.get(f"/patients/{person}/notes")
    return browser


def note(browser, person, text=NOTE, of=""):
    return browser.post(f"/patients/{person}/notes", {"text": text, "of": of})


def forms(house, person):
    with open_store(house.where) as store:
        return store.outcomes(person)


# -- notes -------------------------------------------------------------------------------------------------------------


def test_a_note_is_kept_and_only_added_to(house, person, clara):
    assert "There is no note yet" in clara.get(f"/patients/{person}/notes").words
    assert note(clara, person).to == f"/patients/{person}/notes"
    with open_store(house.where) as store:
        (first,) = papers.of_person(store, person, "note")
    chief = house.browser("chief")
    chief.get(f"/patients/{person}/notes")
    assert note(chief, person, "It was her brother.\nSecond line", first.id).status == 303
    page = clara.get(f"/patients/{person}/notes")
    assert NOTE in page.words
    assert "It was her brother.\nSecond line" in page.text
    assert re.search(r"clara, .*Quartz.*chief, .*brother", page.words)


@pytest.mark.parametrize(
    ("text", "told"), [("", "Write something"), ("   ", "Write something"), ("x" * 8001, "8000 letters")]
)
def test_a_note_that_can_not_be_kept_comes_back(house, person, clara, text, told):
    before = papers_in(house)
    answer = note(clara, person, text)
    assert answer.status == 400
    assert told in answer.words
    assert text.strip() in answer.text
    assert papers_in(house) == before
    assert note(clara, person, "x" * 8000).status == 303


def test_an_addendum_belongs_to_a_note_of_the_same_patient(house, person, clara):
    with open_store(house.where) as store:
        other = store.add_person(Identity("Ben"))
        of_other = papers.add(store, other, "note", {"text": "Ben's"})
        outcome = papers.add(store, person, "outcome", {"form": "nprs", "answers": [1], "activities": []})
    for of in (of_other, outcome, "x", "0" * 36):
        answer = note(clara, person, "addendum", of)
        assert answer.status == 400
        assert "addendum" in answer.words
    assert "Ben's" not in clara.get(f"/patients/{person}/notes").words
    assert papers_in(house) == 2


def test_a_note_is_nowhere_but_on_its_page(house, person, clara, capfd):
    note(clara, person)
    (session,) = (kept.session.session_id for kept in _kept(house))
    assert "Quartz" in clara.get(f"/patients/{person}/notes").words
    for path in (
        f"/patients/{person}", f"/patients/{person}/history", f"/patients/{person}/report", f"/sessions/{session}",
        f"/sessions/{session}/report", *(f"/patients/{person}/files/{kind}" for kind in ("csv", "fhir", "pdf")),
    ):  # fmt: skip
        answer = clara.get(path)
        assert answer.status == 200, path
        content = answer.content
        if path.endswith("csv"):
            archive = zipfile.ZipFile(BytesIO(content))
            content = b"".join(archive.read(name) for name in archive.namelist())
        assert b"Quartz" not in content, path
        assert b"Ann" not in content or "/files/" not in path, path
    assert "Quartz" not in str(house.audit())
    assert "Quartz" not in "".join(capfd.readouterr())
    house.parts.close()
    assert b"Quartz" not in all_bytes(house.folder)


def _kept(house):
    with open_store(house.where) as store:
        return store.kept()


def test_every_look_and_change_is_in_the_audit(house, person, clara):
    before = house.audit()
    note(clara, person)
    clara.get(f"/patients/{person}/notes")
    clara.post(f"/patients/{person}/outcomes/nprs", {"pain": "4"})
    clara.get(f"/patients/{person}/outcomes")
    with open_store(house.where) as store:
        (form,) = store.outcomes(person)
    clara.post(f"/patients/{person}/outcomes/withdraw", {"of": form.id, "why": "twice"})
    told = [row for row in news(house, before) if row[0] != "name-seen"]
    assert told == [
        (what, person)
        for what in ("note-added", "notes-seen", "outcome-added", "outcomes-seen", "outcome-added")
    ]  # fmt: skip


# -- outcome forms -----------------------------------------------------------------------------------------------------


def test_each_form_is_scored_and_kept(house, person, clara):
    answers = {
        "nprs": {"pain": "7"},
        "rmdq": {"item-1": "on", "item-16": "on", "whole": "on"},
        "psfs": {"activity-1": "lifting the child", "rating-1": "3", "activity-2": "sitting", "rating-2": "6"},
    }
    for form, fields in answers.items():
        assert clara.get(f"/patients/{person}/outcomes/{form}").status == 200
        assert clara.post(f"/patients/{person}/outcomes/{form}", fields).status == 303
    assert [(one.form, one.score, one.most) for one in forms(house, person)] == [
        ("nprs", 7.0, 10), ("rmdq", 2.0, 24), ("psfs", 4.5, 10),
    ]  # fmt: skip
    page = clara.get(f"/patients/{person}/outcomes").words
    for words in ("7 / 10", "2 / 24", "4.5 / 10", "I have trouble putting on my socks", "lifting the child: 3"):
        assert words in page
    assert "I walk more slowly" not in page


def test_the_form_names_its_source_and_has_all_sentences(person, clara):
    page = clara.get(f"/patients/{person}/outcomes/rmdq")
    assert page.text.count('type="checkbox"') == 25
    assert "Spine 1983; 8: 141-144" in page.words


@pytest.mark.parametrize(
    ("form", "fields", "told", "back"),
    [
        ("nprs", {}, "0 to 10", ""),
        ("rmdq", {"item-3": "on"}, "all 24 sentences", 'name="item-3" checked'),
        ("psfs", {"activity-1": "lifting"}, "activity 1", 'value="lifting"'),
    ],
)
def test_a_form_that_can_not_be_scored_comes_back_as_it_was(house, person, clara, form, fields, told, back):
    answer = clara.post(f"/patients/{person}/outcomes/{form}", fields)
    assert answer.status == 400
    assert told in answer.words
    assert back in answer.text
    assert forms(house, person) == []


def test_a_form_that_does_not_stand_stays_on_record_with_why(house, person, clara):
    clara.post(f"/patients/{person}/outcomes/nprs", {"pain": "9"})
    clara.post(f"/patients/{person}/outcomes/nprs", {"pain": "4"})
    wrong, right = forms(house, person)
    path = f"/patients/{person}/outcomes/withdraw"
    assert clara.post(path, {"of": wrong.id}).status == 400
    assert clara.post(path, {"of": "nonsense", "why": "x"}).status == 400
    assert clara.post(path, {"of": wrong.id, "why": "somebody else's"}).status == 303
    assert clara.post(path, {"of": wrong.id, "why": "again"}).status == 400
    assert [(one.score, one.withdrawn) for one in forms(house, person)] == [(9.0, "somebody else's"), (4.0, "")]
    assert "Withdrawn: somebody else's" in clara.get(f"/patients/{person}/outcomes").words
    history = clara.get(f"/patients/{person}/history").text
    charted = re.findall(r"data-chart='([^']+)'", history)
    (nprs,) = (chart for chart in map(json.loads, charted) if "NPRS" in chart["title"])
    assert nprs["lines"][0]["values"] == [right.score]


def test_forms_are_in_the_fhir_bundle_without_what_the_patient_typed(house, person, clara):
    clara.post(f"/patients/{person}/outcomes/nprs", {"pain": "9"})
    clara.post(f"/patients/{person}/outcomes/rmdq", {"item-1": "on", "item-24": "on", "whole": "on"})
    fields = {"activity-1": "lifting Quartzfeather", "rating-1": "3"}
    clara.post(f"/patients/{person}/outcomes/psfs", fields)
    nprs = forms(house, person)[0]
    clara.post(f"/patients/{person}/outcomes/withdraw", {"of": nprs.id, "why": "not hers"})
    answer = clara.get(f"/patients/{person}/files/fhir")
    assert answer.header("content-disposition") == f'attachment; filename="patient-{person[:8]}.fhir.json"'
    assert "Quartz" not in answer.text
    found = read_outcomes(answer.text)
    assert [(one.form, one.answers, bool(one.withdrawn)) for one in found] == [
        ("nprs", (9,), True), ("rmdq", (1, *(0,) * 22, 1), False), ("psfs", (3,), False),
    ]  # fmt: skip
    assert {one.person for one in found} == {person}
    assert len(read_bundle(answer.text)) == 1  # the session is in it too
