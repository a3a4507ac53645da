"""The page that tells how often coach and clinicians agree, and the labels as a file."""

from __future__ import annotations

import csv
import io
import re

import pytest

from formcheck.store import Identity, open_store
from tests.store.sessions import written


@pytest.fixture
def kept(house):
    with open_store(house.where) as store:
        person = store.add_person(Identity("Ann Other", "", "Nr-4711"))
        return person, [written(store, n, person, days=n, names=("dead-bug",)) for n in (1, 2)]


def correct(browser, session, index, choice):
    browser.get("/patients")
    fields = {"set": session.sets[0].set_id, "rep": str(index), "choice": choice, "why": "seen from the side"}
    assert browser.post(f"/sessions/{session.session_id}/amend", fields).status == 303


def rows_of(answer, title):
    """The rows of the first table after a heading, as texts."""
    table = answer.text.partition(f"<h3>{title}</h3>")[2].partition("</table>")[0]
    return [
        [re.sub(r"<[^>]*>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in table.partition("<tbody>")[2].split("</tr>")
        if row.strip() and "<t" in row
    ]


def test_the_empty_page_says_what_is_needed(house):
    answer = house.browser("clara").get("/agreement")
    assert answer.status == 200
    assert "There is nothing to compare yet" in answer.words
    assert "correct a repetition or sign the session" in answer.words
    assert "labels.csv" not in answer.text


@pytest.mark.usefixtures("kept")
def test_sessions_that_nobody_touched_are_no_labels(house):
    assert "There is nothing to compare yet" in house.browser("clara").get("/agreement").words


def test_what_was_corrected_and_signed_is_compared(house, kept):
    _, (one, two) = kept
    clara = house.browser("clara")
    correct(clara, one, 3, "clean")
    assert clara.post(f"/sessions/{one.session_id}/sign").status == 303
    chief = house.browser("chief")
    correct(chief, one, 3, "fault:low-back-arch")
    correct(chief, two, 1, "not-judged")
    answer = clara.get("/agreement")
    assert answer.status == 200
    rows = {row[0].split()[0].lower(): row for row in rows_of(answer, "Dead bug")}
    # the coach told two of six; clara left one, said no to the other, left four; chief says yes to that one
    assert rows["any"][6:10] == ["2", "1", "0", "4"]
    assert rows["any"][10:] == ["0", "1", "3&nbsp;/&nbsp;8", "1"]
    assert rows["any"][1:4] == ["86 %", "0.70", "0.74"]
    assert "2 clinicians" in answer.words
    assert "few" in answer.words
    assert "Nobody was blinded" in answer.words
    assert "Ann" not in answer.text
    assert "clara" not in answer.text.partition("<main")[2]
    assert "first only" in answer.words


def test_the_labels_as_a_file_hold_pseudonyms_only(house, kept):
    person, (one, _) = kept
    browser = house.browser("clara")
    correct(browser, one, 3, "clean")
    answer = browser.get("/agreement/labels.csv")
    assert answer.header("content-type").startswith("text/csv")
    assert answer.header("content-disposition") == 'attachment; filename="labels.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert {row["person"] for row in rows} == {person}
    assert {row["how"] for row in rows} == {"said"}
    clara = next(each for each in house.accounts.all() if each.name == "clara")
    assert {row["rater"] for row in rows} == {f"clinician {clara.id}"}
    for word in ("Ann", "clara", "Nr-4711", "seen from the side"):
        assert word not in answer.text


@pytest.mark.parametrize("path", ["/agreement", "/agreement/labels.csv"])
def test_only_clinicians_see_it(house, path):
    assert house.browser("asim").get(path).status == 403
    assert house.browser("ida").get(path).status == 403


def test_both_looks_are_noted(house, kept):
    browser = house.browser("clara")
    correct(browser, kept[1][0], 3, "clean")
    before = len(house.audit())
    browser.get("/agreement")
    browser.get("/agreement/labels.csv")
    told = [(what, detail) for _, what, _, detail in house.audit()[before:]]
    assert [what for what, _ in told] == ["agreement-seen", "export"]
    assert told[0][1].endswith("labels of 1 sessions")
    assert told[1][1].endswith("labels")
