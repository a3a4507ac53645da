"""What is looked at and changed stands in the audit; a store that is away costs nothing but the page."""

from __future__ import annotations

import shutil
import zipfile
from io import BytesIO

import pytest

from formcheck.desk.keeping import BookKeys
from formcheck.store import Identity, open_store
from formcheck.store.upkeep import verify
from tests.desk.conftest import PASSWORD
from tests.store.sessions import written


@pytest.fixture
def kept(house):
    with open_store(house.where) as store:
        person = store.add_person(Identity("Ann Other", "", "Nr-4711"))
        return person, written(store, 1, person).session_id


def news(house, before):
    return [(what, pseudonym) for _, what, pseudonym, _ in house.audit()[len(before) :]]


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("/patients", ["name-seen", "patients-seen"]),
        ("/patients/{person}", ["name-seen", "patient-seen"]),
        ("/sessions/{session}", ["session-seen"]),
        ("/sessions/{session}/report", ["report-seen"]),
        ("/sessions/{session}/files/csv", ["export"]),
        ("/sessions/{session}/files/fhir", ["export"]),
        ("/sessions/{session}/files/pdf", ["export"]),
        ("/live", ["live-seen"]),
    ],
)
def test_every_look_is_noted(house, kept, path, rows):
    person, session = kept
    browser = house.browser("clara")
    before = house.audit()
    assert browser.get(path.format(person=person, session=session)).status == 200
    assert [what for what, _ in news(house, before)] == rows
    if "{" in path:
        assert {pseudonym for _, pseudonym in news(house, before)} == {person}


def test_every_change_is_noted_with_who_it_was(house, kept):
    _, session = kept
    before = house.audit()
    browser = house.browser("chief")
    chief = next(each for each in house.accounts.all() if each.name == "chief")
    browser.post("/patients", {"name": "Bo"})
    set_id, rep = first_rep(house, session)
    browser.post(f"/sessions/{session}/amend", {"set": set_id, "rep": rep, "choice": "not-judged"})
    browser.post(f"/sessions/{session}/sign")
    browser.post("/accounts", {"name": "new", "role-assistant": "on", "role-it": "on"})
    browser.post(f"/accounts/{chief.id}/switch", {"off": "no"})
    told = [row for row in house.audit()[len(before) :] if row[0] == f"clinician {chief.id}"]
    assert [what for _, what, _, _ in told if not what.endswith("seen")] == [
        "log-in", "person-added", "amend", "sign", "account-invited", "account-on",
    ]  # fmt: skip
    for row in house.audit():
        assert "chief" not in str(row)
        assert "Ann" not in str(row)
        assert "Bo" not in row[1:]


def first_rep(house, session):
    with open_store(house.where) as store:
        one = store.one(session).session.sets[0]
    return one.set_id, str(next(rep.index for rep in one.reps if rep.verdict != "not-judged"))


@pytest.mark.usefixtures("kept")
def test_who_tries_what_they_may_not_is_noted(house):
    before = house.audit()
    house.browser("ida").get("/patients")
    house.browser().log_in("clara", "wrong wrong wrong")
    assert {"refused", "log-in-refused"} <= {what for what, _ in news(house, before)}


def test_the_chain_of_the_audit_is_whole(house, kept):
    browser = house.browser("clara")
    for path in ("/patients", f"/patients/{kept[0]}", f"/sessions/{kept[1]}"):
        browser.get(path)
    with open_store(house.where) as store:
        assert verify(store).is_sound


# -- correcting and signing --------------------------------------------------------------------------------------------


def test_a_correction_shows_both_values_everywhere(house, kept):
    _, session = kept
    set_id, rep = first_rep(house, session)
    browser = house.browser("clara")
    page = browser.get(f"/sessions/{session}").words
    assert "seen from the side" not in page
    with open_store(house.where) as store:
        before = store.one(session).session.sets[0]
    answer = browser.post(
        f"/sessions/{session}/amend",
        {"set": set_id, "rep": rep, "choice": "fault:low-back-arch", "why": "seen from the side"},
    )
    assert answer.to == f"/sessions/{session}"
    with open_store(house.where) as store:
        after = store.one(session).session.sets[0]
    assert after.faulty_reps == before.faulty_reps + 1
    assert after.clean_reps == before.clean_reps - 1
    page = browser.get(f"/sessions/{session}").words
    assert "clara: seen from the side" in page
    assert "seen from the side" in browser.get(f"/sessions/{session}/report").words
    archive = zipfile.ZipFile(BytesIO(browser.get(f"/sessions/{session}/files/csv").content))
    assert sorted(archive.namelist()) == ["codebook.csv", "repetitions.csv", "sessions.csv", "sets.csv"]
    bundle = browser.get(f"/sessions/{session}/files/fhir").text
    assert "Provenance" in bundle
    assert "clinician" in bundle
    browser.get(f"/sessions/{session}")
    browser.post(f"/sessions/{session}/amend", {"set": set_id, "rep": rep, "choice": "as-told"})
    with open_store(house.where) as store:
        assert store.one(session).session.sets[0].faulty_reps == before.faulty_reps
        assert len(store.one(session).amended) == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"choice": "fault:no-such-fault"}, {"choice": ""}, {"choice": "clean", "rep": "99"},
        {"choice": "clean", "rep": "x"},
        {"choice": "not-judged", "set": "elsewhere"}, {"choice": "as-told"}, {"choice": "clean", "rep": "-1"},
        {"choice": "not-judged", "why": "x" * 400},
    ],
)  # fmt: skip
def test_a_correction_that_makes_no_sense_is_a_sentence(house, kept, fields):
    set_id, rep = first_rep(house, kept[1])
    browser = house.browser("clara")
    browser.get("/patients")
    answer = browser.post(f"/sessions/{kept[1]}/amend", {"set": set_id, "rep": rep, **fields})
    assert answer.status == 400
    assert "That did not work" in answer.words
    with open_store(house.where) as store:
        assert store.one(kept[1]).amended == ()


def test_a_repetition_is_added_to_a_finished_session(house, kept):
    _, session = kept
    set_id, _ = first_rep(house, session)
    browser = house.browser("clara")
    assert f'action="/sessions/{session}/add"' in browser.get(f"/sessions/{session}").text
    fields = {"set": set_id, "choice": "fault:low-back-arch", "side": "left", "why": "behind the arm"}
    assert browser.post(f"/sessions/{session}/add", {**fields, "choice": "fault:nothing"}).status == 400
    assert browser.post(f"/sessions/{session}/add", {**fields, "set": "elsewhere"}).status == 400
    assert browser.post(f"/sessions/{session}/add", fields).status == 303
    with open_store(house.where) as store:
        one = store.one(session)
    (added,) = [rep for rep in one.session.sets[0].reps if rep.is_added]
    assert (added.verdict, added.side, added.faults) == ("faulty", "left", ("low-back-arch",))
    page = browser.get(f"/sessions/{session}")
    assert "behind the arm" in page.words
    assert "not counted" in page.words  # what the coach told stays


@pytest.mark.parametrize(("language", "told"), [("fr", "Séance du"), ("en", "Session of"), ("xx", "Session of")])
def test_the_report_speaks_the_language_that_was_asked_for(house, kept, language, told):
    browser = house.browser("clara")
    assert told in browser.get(f"/sessions/{kept[1]}/report?language={language}").text


def test_draft_signed_amended(house, kept):
    _, session = kept
    set_id, rep = first_rep(house, session)
    browser = house.browser("clara")
    assert "Draft" in browser.get(f"/sessions/{session}").words
    assert browser.post(f"/sessions/{session}/sign").status == 303
    page = browser.get(f"/sessions/{session}")
    assert "Signed" in page.words
    assert "signed by clara" in page.words
    assert f'action="/sessions/{session}/sign"' not in page.text
    assert browser.post(f"/sessions/{session}/sign").status == 400
    fields = {"set": set_id, "rep": rep, "choice": "not-judged"}
    refused = browser.post(f"/sessions/{session}/amend", fields)
    assert "must say why" in refused.words
    assert browser.post(f"/sessions/{session}/amend", {**fields, "why": "hidden by the arm"}).status == 303
    assert "Amended since it was signed" in browser.get(f"/sessions/{session}").words


# -- when the store is away --------------------------------------------------------------------------------------------


@pytest.fixture
def away(house):
    """Takes the store away, and puts it back."""
    folder, aside = house.folder / "store", house.folder / "aside"

    def move(is_away):
        shutil.move(*((folder, aside) if is_away else (aside, folder)))

    return move


def test_without_the_store_a_page_is_a_sentence_and_nothing_is_shown(house, kept, away):
    browser = house.browser("clara")
    away(True)
    for path in ("/patients", f"/patients/{kept[0]}", f"/sessions/{kept[1]}", f"/sessions/{kept[1]}/files/csv"):
        answer = browser.get(path)
        assert answer.status == 503, path
        assert "no longer where it was" in answer.words
        assert "Ann" not in answer.text
    assert browser.post(f"/sessions/{kept[1]}/sign").status == 503
    away(False)
    assert browser.get("/patients").status == 200
    with open_store(house.where) as store:
        assert store.one(kept[1]).state == "ended"


@pytest.mark.usefixtures("kept")
def test_what_happens_while_the_store_is_away_is_in_the_audit_afterwards(house, away):
    chief = house.browser("chief")
    before = house.audit()
    away(True)
    assert chief.get("/live").status == 200
    assert house.browser().log_in("asim", PASSWORD).status == 303
    house.parts.close()
    house.open()  # nor does the desk's end lose it
    away(False)
    house.browser("ida")
    assert [what for what, _ in news(house, before)][:3] == ["live-seen", "log-in", "log-in"]


@pytest.mark.usefixtures("kept")
def test_a_store_that_is_damaged_is_a_sentence(house):
    house.parts.close()
    with (house.folder / "store" / "formcheck.db").open("r+b") as file:
        file.write(b"not a database" * 500)
    house.open()
    answer = house.browser("clara").get("/patients")
    assert answer.status == 503
    assert "damaged" in answer.words


@pytest.mark.usefixtures("kept")
def test_an_error_of_our_own_tells_nothing(house, monkeypatch, capfd):
    browser = house.browser("clara")
    monkeypatch.setattr("formcheck.store.store.Store.people", lambda _: int("Ann Other"))
    with pytest.raises(ValueError, match="Ann Other"):  # what the server's own error log would get
        browser.get("/patients")
    assert "Ann" not in "".join(capfd.readouterr())


# -- what stations have sent -------------------------------------------------------------------------------------------


def test_a_station_that_was_revoked_is_known_no_more_and_stays_on_record(house):
    from formcheck.desk.hub import Known

    keys = BookKeys(house.parts.book)
    keys.add(Known("ab", "0" * 64, "Room 2", "it 1", 1.0))
    keys.add(Known("cd", "1" * 64, "Room 3", "it 1", 2.0))
    keys.revoke("ab", "it 2")
    assert [each.id for each in keys.known()] == ["cd"]
    with house.parts.book.writing() as connection:
        rows = connection.execute("SELECT id, revoked_by FROM station ORDER BY id").fetchall()
    assert [tuple(row) for row in rows] == [("ab", "it 2"), ("cd", "")]


def test_a_store_that_comes_back_from_a_backup_is_found(house, kept, away):
    browser = house.browser("clara")
    assert browser.get(f"/patients/{kept[0]}").status == 200
    shutil.copytree(house.folder / "store", house.folder / "copy")
    away(True)
    assert browser.get(f"/patients/{kept[0]}").status == 503
    (house.folder / "copy").rename(house.folder / "store")
    assert browser.get(f"/patients/{kept[0]}").status == 200
