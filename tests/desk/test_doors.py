"""No way in without an account, and no further than its role; what every answer carries."""

from __future__ import annotations

import re

import pytest

from formcheck.desk.roles import RIGHTS, Right, Role
from formcheck.desk.security import BODY_MAX, COOKIE
from formcheck.store import Identity, open_store
from tests.desk.browser import Browser
from tests.desk.conftest import PASSWORD, PEOPLE
from tests.desk.filed import file_of, papers_in
from tests.store.sessions import written

OPEN = {"GET /login", "POST /login", "GET /join", "POST /join", "GET /static/{name}"}
"""What may be asked for by anybody. A new page that is to be open must be written down here."""
OWN_LOCK = {"/station"}
"""Stations prove who they are by their own keys (tests of the hub)."""


@pytest.fixture
def kept(house):
    with open_store(house.where) as store:
        person = store.add_person(Identity("Ann Other", "", "Nr-4711"))
        file_of(store, person)
        return person, written(store, 1, person).session_id


def routes(house):
    for each in house.parts.routes.routes:
        if each.path not in OWN_LOCK:
            (method,) = set(each.methods) - {"HEAD"}
            yield method, each.path, each.needs


def filled(path, kept):
    person, session = kept
    for name, value in (
        ("{session:uuid}", session), ("{person}", person), ("{kind}", "fhir"), ("{name}", "desk.css"),
        ("{station}", "0" * 16), ("{account}", "00000000"), ("{version:int}", "1"), ("{form}", "rmdq"),
    ):  # fmt: skip
        path = path.replace(name, value)
    return path


def test_nobody_gets_anywhere_without_an_account(house, kept):
    seen = set()
    for method, path, _ in routes(house):
        seen.add(f"{method} {path}")
        if f"{method} {path}" in OPEN:
            continue
        browser = house.browser()
        browser.get("/login")
        answer = browser.ask("HEAD", filled(path, kept)) if method == "GET" else None
        assert answer is None or answer.status == 303, path
        answer = browser.get(filled(path, kept)) if method == "GET" else browser.post(filled(path, kept))
        assert (answer.status, answer.to) in ((303, "/login"), (401, None)), f"{method} {path}"
        assert kept[0] not in answer.text
        assert "Ann" not in answer.text
    assert seen >= OPEN
    assert len(seen) > 40


@pytest.mark.parametrize("cookie", ["x", "", "../..", "0" * 43, "\xe9" * 10, "a" * 5000])
def test_a_made_up_log_in_is_none(house, cookie):
    browser = house.browser()
    browser.cookies[COOKIE] = cookie
    assert browser.get("/patients").to == "/login"


@pytest.mark.parametrize("name", PEOPLE)
def test_each_role_gets_as_far_as_the_table_says(house, kept, name):
    browser = house.browser(name)
    rights = set().union(*(RIGHTS[role] for role in PEOPLE[name])) | {"account"}
    for method, path, needs in routes(house):
        if needs == "open" or path in ("/logout", "/live/events"):
            continue
        address = filled(path, kept)
        answer = browser.get(address) if method == "GET" else browser.post(address)
        assert (answer.status != 403) == (needs in rights), f"{method} {path} for {name}: {answer.status}"


def test_the_table_is_the_one_that_was_agreed():
    everything = set(Right)
    assert everything - RIGHTS[Role.CLINICIAN] == {Right.ACCOUNTS}
    assert RIGHTS[Role.ASSISTANT] == {Right.WATCH, Right.STEER, Right.PATIENTS}
    assert RIGHTS[Role.IT] == {Right.PAIR, Right.ACCOUNTS}


def test_an_assistant_sees_no_name(house, kept):
    person, session = kept
    assert "Ann Other" in house.browser("clara").get("/patients").words
    browser = house.browser("asim")
    parts = ("", "/history", "/compare", "/report")
    for path in (
        "/patients", *(f"/patients/{person}{part}" for part in parts), f"/sessions/{session}",
        f"/sessions/{session}/report",
    ):  # fmt: skip
        answer = browser.get(path)
        assert answer.status == 200, path
        assert "Ann" not in answer.text, path
        assert "Nr-4711" not in answer.text, path
    for part in ("/program", "/program/1", "/program/1/toml", "/program/edit", "/notes", "/outcomes", "/outcomes/nprs"):
        answer = browser.get(f"/patients/{person}{part}")  # all of them may hold a name
        assert answer.status == 403, part
        assert "Ann" not in answer.text, part


# -- what a change needs -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("csrf", ["", "0" * 64, "nonsense", "é"])
def test_a_change_that_is_not_from_our_page_is_refused(house, kept, csrf):
    browser = house.browser("chief")
    for method, path, _ in routes(house):
        if method == "POST":
            answer = browser.post(filled(path, kept), csrf=csrf)
            assert answer.status == 403, path
    assert papers_in(house) == 3
    with open_store(house.where) as store:
        assert store.one(kept[1]).state == "ended"


def test_a_form_of_somebody_else_does_not_do(house, kept):
    ours, theirs = house.browser("clara"), house.browser("chief")
    ours.get("/patients")
    theirs.get("/patients")
    assert ours.post(f"/sessions/{kept[1]}/sign", csrf=theirs.csrf).status == 403
    assert ours.post(f"/sessions/{kept[1]}/sign").status == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_change_from_another_page_is_refused(house, kept, headers):
    browser = house.browser("clara")
    browser.get("/patients")
    assert browser.post(f"/sessions/{kept[1]}/sign", **headers).status == 403


def test_only_forms_are_taken(house, kept):
    browser = house.browser("clara")
    browser.get("/patients")
    answer = browser.ask(
        "POST", f"/sessions/{kept[1]}/sign", b"{}", {"content-type": "application/json", "x-csrf-token": browser.csrf}
    )
    assert answer.status == 415


def test_nothing_is_changed_by_looking(house, kept):
    browser = house.browser("chief")
    shown = {path for method, path, _ in routes(house) if method == "GET"}
    before = papers_in(house)
    for method, path, _ in routes(house):
        if method == "POST":
            answer = browser.get(filled(path, kept) + "?do=save&text=x&why=x&pain=3&whole=on")
            assert answer.status in ((200, 303, 404) if path in shown else (404, 405)), path
    assert papers_in(house) == before
    with open_store(house.where) as store:
        assert len(store.people()) == 1
        assert store.one(kept[1]).state == "ended"


# -- what every answer carries -----------------------------------------------------------------------------------------


def all_answers(house, kept):
    browser = house.browser("chief")
    for method, path, _ in routes(house):
        if method == "GET" and path != "/live/events":
            yield path, browser.get(filled(path, kept))
    yield "strange", browser.get("/strange")
    yield "refused", browser.post("/logout", csrf="x")
    yield "nobody", house.browser().get("/patients")
    yield "login", house.browser().get("/login")
    yield "join", house.browser().get("/join")
    yield "wrong host", browser.get("/", host="evil.example")


def test_every_answer_has_the_headers(house, kept):
    for path, answer in all_answers(house, kept):
        policy = answer.header("content-security-policy")
        assert policy.startswith("default-src 'none'"), path
        assert "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert "http" not in policy, path
        assert answer.header("x-content-type-options") == "nosniff", path
        assert answer.header("referrer-policy") == "same-origin", path
        assert answer.header("x-frame-options") == "DENY", path
        assert answer.header("strict-transport-security"), path
        if not path.startswith("/static"):
            assert answer.header("cache-control") == "no-store", path


def test_no_page_has_a_script_or_style_of_its_own(house, kept):
    for path, answer in all_answers(house, kept):
        if "html" not in (answer.header("content-type") or "") or path.endswith("/report"):
            continue
        assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:", answer.text), path
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", answer.text)), path
        assert not re.search(r"(?:src|href|action)=\"(?!/|#|\?)", answer.text), f"{path} leads away"


def test_the_report_has_one_style_sheet_and_no_script(house, kept):
    answer = house.browser("clara").get(f"/sessions/{kept[1]}/report")
    policy = answer.header("content-security-policy")
    assert re.fullmatch(r"default-src 'none'; style-src 'sha256-[\w+/=]+'; .*; sandbox", policy)
    assert "<script" not in answer.text
    assert " style=" not in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "127.0.0.1:8443:1", "user@127.0.0.1", "127.0.0.1 evil"]
)
def test_another_host_is_not_ours(house, host):
    browser = house.browser()
    assert browser.get("/login", host=host).status == 421
    assert browser.get("/login", host="LOCALHOST:1").status == 200


# -- what comes in -----------------------------------------------------------------------------------------------------


def test_a_large_body_is_refused_whatever_it_says_of_itself(house):
    browser = house.browser()
    browser.get("/login")
    assert browser.post("/login", {"name": "x" * BODY_MAX}).status == 413
    kind = {"content-type": "application/x-www-form-urlencoded", "content-length": None}
    assert browser.ask("POST", "/login", headers=kind, chunks=[b"a=" + b"x" * 5000] * 20).status == 413
    assert browser.ask("POST", "/login", b"a=1", {**kind, "content-length": "-1"}).status == 413
    many = {f"f{i}": "" for i in range(2000)}
    assert browser.post("/login", many).status == 400


@pytest.mark.parametrize(
    "path",
    [
        "/static/../accounts.py", "/static/..%2f..%2fpyproject.toml", "/static/%2e%2e/desk.db", "/static//etc/passwd",
        "/static/desk.css%00.html", "/static/", "/static/desk.db", "/static/C:\\x",
        "/sessions/{session}/files/..%2f..%2fdesk.db", "/sessions/{session}/files/csv.zip",
        "/sessions/{session}/files/", "/patients/{person}0",
        "/sessions/../sessions/{session}/files/parquet", "/sessions/00000000-0000-0000-0000-000000000000/files/csv",
        "/sessions/x/files/csv", "/patients/../../etc/passwd", "/patients/{person}'--", "/patients/%",
        "/patients/{person}/files/..%2f..%2fdesk.db", "/patients/{person}/files/xlsx", "/patients/{person}/program/0",
        "/patients/{person}/program/2", "/patients/{person}/program/1/toml/../../../desk.db",
        "/patients/{person}/program/-1/toml", "/patients/{person}/outcomes/..%2f..%2fx",
        "/patients/{person}/outcomes/odi", "/patients/00000000000000000000000000000000/notes",
        "/patients/{person}/compare?a=../../etc/passwd", "/sessions/{session}/movement?set=../x&rep=1",
        "/agreement/../../etc/passwd", "/agreement/labels.csv/x",
        "/agreement/..%2fdesk.db", "/agreement/labels.csv%00", "/agreement/LABELS.CSV",
    ],
)  # fmt: skip
def test_no_path_leads_to_a_file(house, kept, path):
    answer = house.browser("clara").get(path.format(person=kept[0], session=kept[1]))
    assert answer.status == 404
    assert b"root:" not in answer.content


def test_a_file_is_named_by_us(house, kept):
    browser = house.browser("clara")
    for kind, ending in (("csv", "csv.zip"), ("fhir", "fhir.json"), ("pdf", "pdf")):
        answer = browser.get(f"/sessions/{kept[1]}/files/{kind}")
        assert answer.status == 200
        assert answer.header("content-disposition") == f'attachment; filename="session-{kept[1]}.{ending}"'
        assert b"Ann" not in answer.content


NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"


def test_what_people_type_stays_text(house, kept):
    _, session = kept
    house.accounts.accept(house.accounts.invite(NASTY[:60], (Role.ASSISTANT,)), NASTY[:60], PASSWORD, "x")
    browser = house.browser("chief")
    assert browser.post("/patients", {"name": NASTY, "number": NASTY}).status == 303
    with open_store(house.where) as store:
        one = store.one(session).session.sets[0]
    rep = next(rep for rep in one.reps if rep.verdict != "not-judged")
    done = browser.post(
        f"/sessions/{session}/amend", {"set": one.set_id, "rep": str(rep.index), "choice": "not-judged", "why": NASTY}
    )
    assert done.status == 303, done.words
    person = kept[0]
    with open_store(house.where) as store:
        file_of(store, person, NASTY)
    known = f"/patients/{person}"
    typed = browser.post(f"{known}/program/edit", {"do": "check", "title": NASTY, "why": NASTY, "language": NASTY})
    assert "<script>alert" not in typed.text
    assert "alert(1)" in typed.text
    for path in (
        "/patients", "/accounts", f"/sessions/{session}", f"/sessions/{session}/report", f"{known}/program",
        f"{known}/program/edit", f"{known}/notes", f"{known}/outcomes",
    ):  # fmt: skip
        answer = browser.get(path)
        assert answer.status == 200
        assert "<script>alert" not in answer.text, path
        assert "<img src=x" not in answer.text, path
        assert "alert(1)" in answer.text, path
        assert "49" not in re.findall(r"x onerror=alert\(1\)&gt;(\d+)", answer.text), path


def test_what_is_served_is_what_ships(house):
    browser = Browser(house.parts.app)
    for name in (
        "desk.css",
        "desk.js",
        "live.js",
        "htmx.min.js",
        "charts.js",
        "replay.js",
        "uPlot.iife.min.js",
        "uPlot.min.css",
        "AtkinsonHyperlegible-Bold.ttf",
    ):
        assert browser.get(f"/static/{name}").status == 200
