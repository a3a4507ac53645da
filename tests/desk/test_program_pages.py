"""A patient's program at the desk: made in a form, kept in versions, taken away as TOML and as a ticket."""

from __future__ import annotations

import random
import re
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from formcheck.desk import filing
from formcheck.kiosk.at_desk import DeskTickets
from formcheck.kiosk.desk import new_key
from formcheck.session.program import load_program, program_in
from formcheck.session.registry import load_exercises
from formcheck.session.toml_file import TomlFile
from formcheck.store import Identity, create_store, open_store, tables
from tests import kept as made
from tests.desk.filed import program_of
from tests.desk.test_audit import news
from tests.desk.test_live import command
from tests.kiosk.tickets import KEY, MONDAY, taker
from tests.store.sessions import write

DEAD_BUG = {
    "title": "Ann's week", "item-0-name": "dead-bug", "item-0-day-mon": "on", "item-0-sets": "2", "item-0-reps": "8",
    "item-0-set-0-name": "reach_hip_deg", "item-0-set-0-value": "125", "item-0-set-0-why": "her back lifts",
    "why": "first visit",
}  # fmt: skip


@pytest.fixture
def person(house):
    with open_store(house.where) as store:
        return store.add_person(Identity("Ann Other", "", "Nr-4711"))


@pytest.fixture
def clara(house, person):
    browser = house.browser("clara")
    browser.get(f"/patients/{person}/program/edit")
    return browser


def versions(house, person):
    with open_store(house.where) as store:
        return filing.versions_of(store, person)


def save(browser, person, base="", **changes):
    return browser.post(f"/patients/{person}/program/edit", {**DEAD_BUG, "do": "save", "base": base, **changes})


def test_what_is_saved_is_what_formcheck_session_reads(house, person, clara, tmp_path):
    answer = save(clara, person)
    assert (answer.status, answer.to) == (303, f"/patients/{person}/program")
    page = clara.get(f"/patients/{person}/program").words
    for words in ("Ann's week", "Version 1", "clara: first visit", "2 × 8", "reach_hip_deg = 125", "her back lifts"):
        assert words in page
    file = clara.get(f"/patients/{person}/program/1/toml")
    assert file.header("content-disposition") == f'attachment; filename="program-{person[:8]}-v1.toml"'
    path = tmp_path / "ann.toml"
    path.write_bytes(file.content)
    program = load_program(str(path), load_exercises(), MONDAY)
    assert [(planned.exercise.name, planned.reps) for planned in program.sets] == [("dead-bug", 8)] * 2
    assert program.sets[0].overrides == {"reach_hip_deg": 125.0}
    assert program.hash in versions(house, person)[0].paper.body["hashes"]


def test_each_save_is_a_version_more_and_the_older_ones_can_be_read(house, person, clara):
    save(clara, person)
    first = versions(house, person)[0].paper.id
    save(clara, person, first, **{"item-0-reps": "10", "why": "goes well"})
    page = clara.get(f"/patients/{person}/program").words
    assert "Version 2" in page
    assert "clara: goes well" in page
    assert "clara: first visit" in page
    old = clara.get(f"/patients/{person}/program/1").words
    assert "an older one" in old
    assert "2 × 8" in old
    assert 'value="8"' in clara.get(f"/patients/{person}/program/edit?version=1").text
    assert 'value="10"' in clara.get(f"/patients/{person}/program/edit").text


def test_a_version_of_a_colleague_is_not_overwritten_and_nothing_typed_is_lost(house, person, clara):
    save(clara, person)
    base = versions(house, person)[0].paper.id
    chief = house.browser("chief")
    chief.get(f"/patients/{person}/program/edit")
    assert save(chief, person, base, **{"item-0-reps": "9"}).status == 303
    answer = save(clara, person, base, **{"item-0-reps": "11"})
    assert answer.status == 409
    assert "newer version" in answer.words
    assert 'value="11"' in answer.text
    assert len(versions(house, person)) == 2
    newest = re.search(r'name="base" value="([^"]+)"', answer.text)[1]
    assert save(clara, person, newest, **{"item-0-reps": "11"}).status == 303
    assert len(versions(house, person)) == 3


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"why": ""}, "Say why the program changes"),
        ({"item-0-reps": "0"}, "Exercise 1, Dead bug: reps = 0 makes no sense"),
        ({"item-0-set-0-value": "5"}, "use 110 to 175 deg"),
        ({"item-0-set-0-why": ""}, "say why reach_hip_deg differs"),
        ({"title": ""}, "title"),
    ],
)
def test_what_makes_no_sense_comes_back_as_it_was_typed(house, person, clara, fields, told):
    answer = save(clara, person, **fields)
    assert answer.status == 400
    assert told in answer.words
    for name, value in (DEAD_BUG | fields).items():
        if value and "-day-" not in name:
            assert f'name="{name}" value="{value}"'.replace("'", "&#39;") in answer.text, name
    assert versions(house, person) == []


def test_nothing_is_kept_before_save(house, person, clara):
    checked = clara.post(f"/patients/{person}/program/edit", {**DEAD_BUG, "do": "check"})
    assert "This can be saved" in checked.words
    assert "[[exercise]]" in checked.words
    more = clara.post(f"/patients/{person}/program/edit", {**DEAD_BUG, "do": "add", "add": "bird-dog"})
    assert "2. Bird dog" in more.words
    for do in ("add", "remove-0", "more-0", "", "save-0", "SAVE"):
        clara.post(f"/patients/{person}/program/edit", {**DEAD_BUG, "do": do})
    assert versions(house, person) == []


def test_the_largest_form_is_taken(house, person, clara):
    items = {
        f"item-{i}-{name}": value
        for i in range(20)
        for name, value in {
            "name": "dead-bug", "sets": "1", "reps": "1", "rest_s": "1", "hold_s": "", "sides": "free",
            "day-mon": "on", **{f"set-{j}-{part}": "" for j in range(12) for part in ("name", "value", "why")},
        }.items()
    }  # fmt: skip
    assert len(items) > 800
    assert save(clara, person, **items).status == 303
    assert len(versions(house, person)[0].form.items) == 20


def test_one_that_ships_is_where_a_new_one_can_begin(person, clara):
    empty = clara.get(f"/patients/{person}/program")
    assert "No program yet" in empty.words
    assert f'href="/patients/{person}/program/edit?from=low-back-daily"' in empty.text
    page = clara.get(f"/patients/{person}/program/edit?from=low-back-daily").words
    assert "6. Piriformis stretch" in page
    assert "1." not in clara.get(f"/patients/{person}/program/edit?from=../../etc/passwd").words


def test_which_version_a_session_used_is_told(house, person, clara):
    save(clara, person)
    version = versions(house, person)[0]
    program = program_in(TomlFile.of(Path("mine.toml"), version.toml), load_exercises())
    gentle = program_in(TomlFile.of(Path("mine.toml"), version.toml), load_exercises(), is_gentle=True)
    done = ((1, 1, program), (2, -1, program), (3, 2, replace(program, hash="0" * 64)), (4, 3, gentle))
    with open_store(house.where) as store:
        for number, days, its in done:
            session = made.session_record(("dead-bug",), version.saved + timedelta(days=days), number)
            session.program = its
            write(store, session, person)
    page = clara.get(f"/patients/{person}").words
    assert page.count("version 1") == 2  # what was done before it was made, or of another hash, is another one
    assert page.count("another one") == 2
    for number, is_told in ((1, True), (2, False), (3, False), (4, True)):
        words = clara.get(f"/sessions/00000000-0000-7000-8000-{number:012x}").words
        assert ("Program: version 1" in words) == is_told


def test_every_look_and_change_is_in_the_audit_without_what_it_says(house, person, clara):
    before = house.audit()
    save(clara, person)
    for path in ("/program", "/program/1", "/program/edit", "/program/1/toml"):
        assert clara.get(f"/patients/{person}{path}").status == 200
    told = news(house, before)
    assert [what for what, _ in told if what != "name-seen"] == [
        "program-added", "program-seen", "program-seen", "program-seen", "export",
    ]  # fmt: skip
    assert {pseudonym for _, pseudonym in told} == {person}
    assert "first visit" not in str(house.audit())
    assert "Ann" not in str(house.audit())


# -- tickets -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def ticketed(house, person, tmp_path):
    """A desk that has a key for tickets."""
    folder = tmp_path / "tickets"
    folder.mkdir()
    house.parts.close()
    house.tickets = DeskTickets(KEY, folder, lambda: MONDAY)
    house.open()
    with open_store(house.where) as store:
        program_of(store, person)
    return folder


def read_code(page):
    """What a camera reads of the code on a page."""
    size = int(re.search(r'<svg viewBox="0 0 (\d+) \1">', page)[1])
    drawn = re.search(r'stroke="#000" d="([^"]+)"', page)[1]
    picture, x, y = np.full((size, size), 255, np.uint8), 0.0, 0.0
    for step, values in re.findall(r"([Mmh])([-\d. ]+)", drawn):
        numbers = [float(value) for value in values.split()]
        if step == "h":
            picture[int(y), int(x) : int(x + numbers[0])] = 0
            x += numbers[0]
        else:
            x, y = numbers if step == "M" else (x + numbers[0], y + numbers[1])
    large = cv2.resize(picture, None, fx=8, fy=8, interpolation=cv2.INTER_NEAREST)
    return str(cv2.QRCodeDetectorAruco().detectAndDecode(large)[0])


def test_a_ticket_is_taken_by_the_kiosk(house, person, ticketed):
    browser = house.browser("clara")
    browser.get(f"/patients/{person}/program")
    answer = browser.post(f"/patients/{person}/program/1/ticket", {"days": "30", "language": "fr"})
    assert answer.status == 200, answer.words
    assert "Présentez ce code à sa caméra, ou tapez le numéro." in answer.words  # the patient's language
    assert "2026-12-30" in answer.words
    assert "Ann" not in answer.text
    number = re.search(r"(\d{4}) (\d{4})", answer.words)
    text = read_code(answer.text)
    kiosk = taker(ticketed)
    for taken in (kiosk.by_text(text, MONDAY), kiosk.by_code("".join(number.groups()), MONDAY, 0.0)):
        assert taken.ticket.person == person
        assert taken.ticket.language == "fr"
        assert taken.ticket.expires == date(2026, 12, 30)
        assert taken.program.hash in versions(house, person)[0].paper.body["hashes"]
        assert "back lifts" not in taken.ticket.program  # reasons and titles stay at the desk
        assert "Low back" not in taken.ticket.program
    assert ("ticket-made", person) in news(house, [])


def test_where_the_kiosk_knows_no_numbers_none_is_shown(house, person, ticketed):
    house.parts.close()
    house.tickets = DeskTickets(KEY, None, lambda: MONDAY)
    house.open()
    browser = house.browser("clara")
    browser.get(f"/patients/{person}/program")
    answer = browser.post(f"/patients/{person}/program/1/ticket", {"days": "30"})
    assert "Hold your slip to the camera. Valid until 2026-12-30." in answer.words
    assert not re.search(r"\d{4} \d{4}", answer.words)
    assert taker().by_text(read_code(answer.text), MONDAY).ticket.person == person
    assert list(ticketed.iterdir()) == []


@pytest.mark.parametrize("fields", [{"days": "0"}, {"days": "401"}, {"days": "x"}, {}, {"days": "9", "language": "xx"}])
def test_a_ticket_that_makes_no_sense_is_a_sentence(house, person, ticketed, fields):
    browser = house.browser("clara")
    browser.get(f"/patients/{person}/program")
    answer = browser.post(f"/patients/{person}/program/1/ticket", fields)
    assert answer.status == 400
    assert "1 to 400 days" in answer.words
    assert list(ticketed.iterdir()) == []


@pytest.mark.usefixtures("ticketed")
def test_a_program_that_is_too_long_for_a_ticket_is_a_sentence(house, person):
    numbers = random.Random(1)
    exercises = (
        f'[[exercise]]\nname = "dead-bug"\nrest_s = {numbers.uniform(1, 900)}\n[exercise.settings]\n'
        f"reach_hip_deg = {numbers.uniform(110, 175)}\n"
        for _ in range(40)
    )
    with open_store(house.where) as store:
        program_of(store, person, 'title = "long"\n' + "\n".join(exercises))
    browser = house.browser("clara")
    browser.get(f"/patients/{person}/program")
    answer = browser.post(f"/patients/{person}/program/2/ticket", {"days": "9"})
    assert answer.status == 400
    assert "too long for a ticket" in answer.words


def test_a_desk_without_a_key_says_how_to_give_it_one(person, clara):
    save(clara, person)
    assert "--ticket-key" in clara.get(f"/patients/{person}/program").words
    answer = clara.post(f"/patients/{person}/program/1/ticket", {"days": "9"})
    assert answer.status == 400
    assert "--ticket-key" in answer.words


def test_without_the_store_s_key_it_is_a_sentence(house, person, clara):
    save(clara, person)
    with open_store(house.where) as store, store.database.writing() as connection:
        connection.execute(tables.vault.update().values(key=b"\x01" + bytes(60)))  # what another key would find
    assert clara.get(f"/patients/{person}").status == 200
    assert clara.get(f"/patients/{person}/history").status == 200
    for part in ("program", "program/1/toml", "program/edit", "notes", "outcomes"):
        answer = clara.get(f"/patients/{person}/{part}")
        assert answer.status == 400, part
        assert "can't be opened with this key" in answer.words or "has no key" in answer.words
    answer = save(clara, person, **{"item-0-reps": "11"})
    assert answer.status == 400


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--ticket-folder", "FOLDER"), 2, "together with --ticket-key"),
        (("--ticket-key", "KEY", "--ticket-folder", "FOLDER/none"), 2, "is no folder"),
        (("--ticket-key", "FOLDER/none"), 1, "can't be read"),
    ],
)
def test_a_key_for_tickets_that_can_not_be_used_is_a_sentence(tmp_path, arguments, code, words):
    new_key(tmp_path / "desk.key")
    create_store(str(tmp_path / "s.db"), "none").close()
    places = {"KEY": str(tmp_path / "desk.key"), "FOLDER": str(tmp_path), "FOLDER/none": str(tmp_path / "none")}
    asked, environment = command(
        tmp_path, "--store", str(tmp_path / "s.db"), *(places.get(each, each) for each in arguments)
    )
    done = subprocess.run(asked, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code
    assert words in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr
