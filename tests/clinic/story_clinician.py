"""A clinician's day: the first start, a patient, a session that is corrected, signed and taken away."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from formcheck.store import Identity, create_store, open_store
from tests.clinic.conftest import NASTY
from tests.store.sessions import written

OWN = "a long password of mine"


@pytest.fixture
def started(tmp_path):
    """`formcheck desk` as it is started for the first time, with a store in which somebody has exercised."""
    where = str(tmp_path / "s.db")
    create_store(where, "none").close()
    with open_store(where) as store:
        person = store.add_person(Identity("Bo Other", "", "12"))
        session = written(store, 1, person, names=("dead-bug",)).session_id
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    environment = os.environ | {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    command = [sys.executable, "-u", "-m", "formcheck.cli.main", "desk", "--port", str(port), "--store", where]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as ran:
        told = ""
        for line in ran.stdout:
            told += line
            if found := re.search(r"use this code[^:]*: *(\S+)", told):
                break
        yield f"http://127.0.0.1:{port}", found[1], where, session
        ran.terminate()
        rest = ran.stdout.read()
    assert rest == ""


def saved(tab, button):
    """What a click on a link saves."""
    with tab.page.expect_download() as coming:
        tab.page.get_by_role("link", name=button, exact=True).click()
    return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


def test_from_the_first_start_to_the_files(started, tab):
    base, code, where, session = started
    clara = tab(base, "tablet")
    join(clara, code)
    clara.log_in("Clara", OWN)
    add_patient(clara)
    correct_and_sign(clara)
    files_of(clara, session)
    labels_of(clara)
    with open_store(where) as store:
        assert store.one(session).state == "signed"
    clara.page.get_by_role("button", name="Log out").click()
    clara.page.wait_for_url("**/login")
    clara.go("/patients")
    assert clara.page.url.endswith("/login")


def join(clara, code):
    page = clara.page
    clara.go("/")
    assert "Nobody has an account yet." in clara.words()
    page.get_by_role("link", name="Make the first one").click()
    page.get_by_label("Code").fill(code)
    page.get_by_label("Name").fill("Clara")
    page.get_by_label("New password").fill(OWN)
    page.get_by_role("button", name="Set password").click()
    page.wait_for_url("**/login")


def add_patient(clara):
    page = clara.page
    page.get_by_role("link", name="Patients", exact=True).click()
    page.get_by_label("Name (kept encrypted; may stay empty)").fill(NASTY)
    page.get_by_label("Number of the clinic's file").fill("=1+1")
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/patients/*")
    assert page.get_by_role("heading", level=1).inner_text() == NASTY
    assert clara.dialogs == []


def correct_and_sign(clara):
    page = clara.page
    clara.go("/patients")
    page.get_by_role("row").filter(has_text="Bo Other").get_by_role("link").click()
    page.get_by_role("row").filter(has_text="Dead bug").get_by_role("link").click()
    assert "Draft" in clara.words()
    third = page.locator("tbody tr").nth(2)
    third.get_by_label("Repetition 3").select_option(label="This was fine")
    third.get_by_label("Why").fill('=HYPERLINK("x")')
    third.get_by_role("button", name="Save").click()
    page.locator("tr.amended").wait_for()
    words = page.locator("tr.amended").inner_text()
    assert "Low back lifts" in words
    assert "clean" in words
    assert "Clara" in words
    page.get_by_role("button", name="Sign").click()
    page.get_by_text("signed by Clara").wait_for()
    clara.shot("story-signed")


def files_of(clara, session):
    name, content = saved(clara, "CSV")
    assert name == f"session-{session}.csv.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        reps = list(csv.DictReader(io.StringIO(archive.read("repetitions.csv").decode(), newline="")))
    assert len(reps) == 6
    name, content = saved(clara, "FHIR")
    assert json.loads(content)["resourceType"] == "Bundle"
    name, content = saved(clara, "PDF")
    assert (name, content[:5]) == (f"session-{session}.pdf", b"%PDF-")
    with clara.page.context.expect_page() as opened:
        clara.page.get_by_role("link", name="Report", exact=True).click()
    assert "Dead bug" in opened.value.locator("body").inner_text()
    opened.value.close()


def labels_of(clara):
    clara.page.get_by_role("link", name="Agreement").click()
    assert "1 clinicians" in clara.words()
    _, content = saved(clara, "Labels as CSV")
    labels = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert {(row["coach"], row["label"]) for row in labels if row["how"] == "said"} == {("yes", "no"), ("no", "no")}


def test_by_keyboard_alone(house, tab):
    clara = tab(house.base)
    page, keys = clara.page, clara.page.keyboard
    clara.go("/login")
    keys.type("clara")
    keys.press("Tab")
    keys.type("four words that fit nothing")
    keys.press("Enter")
    page.wait_for_url("**/live")
    keys.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    assert page.locator(".skip").bounding_box()["width"] > 50
    to(page, "Patients")
    keys.press("Enter")
    page.wait_for_url("**/patients")
    to(page, house.person[:8])
    keys.press("Enter")
    page.wait_for_url(f"**/patients/{house.person}")
    to(page, "2026-11-03")
    keys.press("Enter")
    page.wait_for_url(f"**/sessions/{house.sessions[0]}")
    to(page, "", "SELECT")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    keys.type("Can't")
    keys.press("Tab")
    keys.type("by keyboard")
    keys.press("Enter")
    page.get_by_text("by keyboard").wait_for()
    to(page, "Sign")
    keys.press("Space")
    page.get_by_text("signed by clara").wait_for()


def to(page, words, tag=""):
    """Tab until something with these words, or of this kind, has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        here = page.evaluate("[document.activeElement.textContent.trim(), document.activeElement.tagName]")
        if here[1] == tag or (words and here[0].startswith(words)):
            return
    raise AssertionError(f"{words or tag} can't be reached by Tab")


def test_a_log_in_that_ends(house, tab):
    clara = tab(house.base)
    clara.log_in("clara")
    clara.go(f"/sessions/{house.sessions[0]}")
    house.clock.s += 16 * 60
    clara.page.locator("tbody tr select").first.select_option("not-judged")
    clara.page.evaluate("document.querySelector('tbody tr form').submit()")  # no hand on the page: it would lead away
    clara.page.get_by_role("alert").wait_for()
    assert "You were logged out. Log in again." in clara.words()
    with open_store(house.where) as store:
        assert store.one(house.sessions[0]).amended == ()
    clara.go("/patients")
    assert clara.page.url.endswith("/login")
    assert "Nr-4711" not in clara.words()
    clara.complaints.clear()  # the browser names the refused request (401) in its console


def test_what_an_assistant_is_shown(house, tab):
    asim = tab(house.base)
    asim.log_in("asim")
    asim.go("/patients")
    assert "Nr-4711" not in asim.words()
    assert asim.page.get_by_role("link", name="Agreement").count() == 0
    assert asim.go("/agreement").status == 403
    assert "may not" in asim.words()
    asim.complaints.clear()  # as above (403)
