"""Passwords, log-ins that end, one-time codes, and who may give which role."""

from __future__ import annotations

import sqlite3

import pytest

from formcheck.desk.accounts import FORGOTTEN_S, IDLE_S, INVITATION_S, LONGEST_S, RefusedError, TooManyError
from formcheck.desk.book import Book
from formcheck.desk.roles import Role
from formcheck.desk.security import COOKIE
from formcheck.system.errors import FormcheckError
from tests.desk.conftest import PASSWORD


def morsels(answer):
    return [value for name, value in answer.headers if name == "set-cookie"]


def test_a_log_in_gets_a_cookie_that_only_this_desk_gets_back(house):
    browser = house.browser()
    answer = browser.log_in("clara", PASSWORD)
    (cookie,) = [each for each in morsels(answer) if each.startswith(f"{COOKIE}=")]
    assert cookie.startswith("__Host-")
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {
        "path=/",
        "secure",
        "httponly",
        "samesite=strict",
    }


def test_whoever_brings_a_token_to_the_log_in_does_not_keep_it(house):
    browser = house.browser()
    browser.get("/login")
    browser.cookies[COOKIE] = "chosen-by-somebody-else"
    assert browser.log_in("clara", PASSWORD).status == 303
    fresh = browser.cookies[COOKIE]
    assert fresh != "chosen-by-somebody-else"
    thief = house.browser()
    thief.cookies[COOKIE] = "chosen-by-somebody-else"
    assert thief.get("/patients").to == "/login"


def test_who_has_logged_out_is_out_whoever_kept_the_cookie(house):
    browser, thief = house.browser("clara"), house.browser()
    thief.cookies = dict(browser.cookies)
    assert thief.get("/patients").status == 200
    browser.get("/patients")
    assert browser.post("/logout").to == "/login"
    assert thief.get("/patients").to == "/login"


def test_a_log_in_ends_when_nobody_is_there(house):
    browser = house.browser("clara")
    for _ in range(10):
        house.clock.s += IDLE_S - 1
        assert browser.get("/patients").status == 200
    house.clock.s += IDLE_S
    assert browser.get("/patients").to == "/login"


def test_a_page_that_asks_by_itself_keeps_nobody_logged_in(house):
    browser = house.browser("clara")
    for _ in range(3):
        house.clock.s += IDLE_S / 2 - 1
        answer = browser.get("/stations/waiting")
    assert answer.to == "/login"
    browser = house.browser("clara")
    for _ in range(3):
        house.clock.s += IDLE_S / 2 - 1
        assert browser.post("/still-here").status == 204


def test_a_log_in_ends_after_a_day_of_work(house):
    browser = house.browser("clara")
    began_s = house.clock.s
    while house.clock.s - began_s < LONGEST_S - IDLE_S / 2:  # the last look is well within the idle time
        house.clock.s += IDLE_S / 2 - 1
        assert browser.get("/patients").status == 200
    house.clock.s = began_s + LONGEST_S
    assert browser.get("/patients").to == "/login"


def test_200_wrong_passwords_get_nowhere(house):
    browser, looked_at = house.browser(), 0
    for i in range(200):
        answer = browser.log_in("clara", f"wrong password number {i}")
        assert answer.status in (401, 429)
        looked_at += answer.status == 401
        house.clock.s += 1
    assert looked_at <= 8
    assert browser.log_in("clara", PASSWORD).status == 429
    assert int(answer.header("retry-after")) > 0
    house.clock.s += 901
    assert browser.log_in("clara", PASSWORD).status == 303


def test_another_address_gains_nothing_for_the_same_account(house):
    for i in range(5):
        house.browser(address=f"192.0.2.{i}").log_in("clara", "wrong wrong wrong")
    assert house.browser(address="198.51.100.1").log_in("clara", PASSWORD).status == 429
    assert house.browser(address="198.51.100.1").log_in("asim", PASSWORD).status == 303


def test_another_name_gains_nothing_from_the_same_address(house):
    statuses = [house.browser().log_in(f"name {i}", "wrong wrong wrong").status for i in range(40)]
    assert statuses[:20] == [401] * 20
    assert statuses[20:] == [429] * 20
    assert house.browser().log_in("clara", PASSWORD).status == 429
    assert house.browser(address="198.51.100.1").log_in("clara", PASSWORD).status == 303


def test_wrong_passwords_outlive_a_restart_and_are_forgotten_after_a_day(house):
    for _ in range(6):
        house.browser().log_in("clara", "wrong wrong wrong")
    house.parts.close()
    house.open()
    assert house.browser().log_in("clara", PASSWORD).status == 429
    house.clock.s += FORGOTTEN_S + 1
    with pytest.raises(RefusedError):
        house.accounts.log_in("clara", "wrong wrong wrong", "x")


def test_who_is_unknown_and_who_is_wrong_are_told_the_same(house):
    browser = house.browser()
    assert browser.log_in("clara", "wrong wrong wrong").words == browser.log_in("nobody", "wrong wrong wrong").words


def test_nothing_that_is_kept_gives_a_password_or_a_token(house):
    browser = house.browser("clara")
    whole = b"".join(path.read_bytes() for path in (house.folder / "desk").iterdir())
    assert PASSWORD.encode() not in whole
    assert browser.cookies[COOKIE].encode() not in whole
    assert b"$argon2id$" in whole
    assert (house.folder / "desk" / "desk.db").stat().st_mode & 0o077 == 0


# -- one-time codes ----------------------------------------------------------------------------------------------------


def test_the_first_account_is_made_by_the_code_of_the_terminal(tmp_path):
    from tests.desk.conftest import House

    house = House(tmp_path)
    house.open()
    code = house.accounts.first_code()
    browser = house.browser()
    browser.get("/join")
    fields = {"name": "Kim", "password": PASSWORD}
    assert browser.post("/join", {"code": "0000-1111", **fields}).status == 400
    assert browser.post("/join", {"code": code, **fields}).to == "/login"
    assert house.accounts.first_code() is None
    (account,) = house.accounts.all()
    assert account.roles == {Role.CLINICIAN, Role.IT}
    assert browser.post("/join", {"code": code, "name": "Eve", "password": PASSWORD}).status == 400
    house.parts.close()


@pytest.mark.parametrize("password", ["short", "x" * 201, "aaaaaaaaaaaaaaaa", "clara again 12"])
def test_a_password_that_is_too_easy_is_refused_and_the_code_stays_good(house, password):
    name = "clara again 12"
    code = house.accounts.invite(name, (Role.ASSISTANT,))
    with pytest.raises(RefusedError):
        house.accounts.accept(code, name, password, "x")
    assert house.accounts.accept(code, name, PASSWORD, "x").name == name


def test_a_code_holds_once_for_its_name_and_for_three_days(house):
    code = house.accounts.invite("new", (Role.ASSISTANT,))
    with pytest.raises(RefusedError):
        house.accounts.accept(code, "clara", PASSWORD, "x")
    house.accounts.accept(code, "New", PASSWORD, "x")
    with pytest.raises(RefusedError):
        house.accounts.accept(code, "new", PASSWORD, "x")
    late = house.accounts.invite("late", (Role.ASSISTANT,))
    house.clock.s += INVITATION_S + 1
    with pytest.raises(RefusedError):
        house.accounts.accept(late, "late", PASSWORD, "x")


def test_codes_can_not_be_tried_at_will(house):
    kinds = []
    for i in range(40):
        with pytest.raises(RefusedError) as refused:
            house.accounts.accept(f"{i:04x}", "new", PASSWORD, "192.0.2.9")
        kinds.append(type(refused.value))
    assert kinds == [RefusedError] * 20 + [TooManyError] * 20


def test_a_new_password_ends_all_log_ins(house):
    browser = house.browser("clara")
    other = "another four words here"
    house.accounts.accept(house.accounts.invite("clara", ()), "clara", other, "x")
    assert browser.get("/patients").to == "/login"
    assert house.browser().log_in("clara", PASSWORD).status == 401
    assert house.browser().log_in("clara", other).status == 303


def invited(browser, name, *roles):
    browser.get("/accounts")
    return browser.post("/accounts", {"name": name} | {f"role-{role}": "on" for role in roles})


def test_nobody_gives_a_right_that_they_don_t_have(house):
    it, chief = house.browser("ida"), house.browser("chief")
    assert invited(it, "new", "clinician").status == 400
    assert invited(it, "new", "assistant").status == 400, "who looks after computers lets nobody see patients"
    assert invited(it, "asim").status == 400
    assert invited(it, "clara").status == 400, "nor a new password to who has it"
    assert invited(it, "new", "it").status == 200
    assert invited(chief, "newer", "clinician").status == 200
    assert invited(chief, "helper", "assistant").status == 200
    assert invited(chief, "newest").status == 400


def test_an_account_that_is_off_is_out_at_once(house):
    browser, it = house.browser("clara"), house.browser("ida")
    clara = next(each for each in house.accounts.all() if each.name == "clara")
    it.get("/accounts")
    assert it.post(f"/accounts/{clara.id}/switch", {"off": "yes"}).status == 303
    assert browser.get("/patients").to == "/login"
    assert house.browser().log_in("clara", PASSWORD).status == 401
    assert it.post(f"/accounts/{clara.id}/switch", {"off": "no"}).status == 303
    assert house.browser().log_in("clara", PASSWORD).status == 303


def test_somebody_stays_who_looks_after_the_accounts(house):
    keepers = [each for each in house.accounts.all() if Role.IT in each.roles]
    house.accounts.switch(keepers[0].id, True)
    with pytest.raises(RefusedError):
        house.accounts.switch(keepers[1].id, True)


def test_a_book_of_a_newer_version_is_left_alone(tmp_path):
    Book(tmp_path / "desk.db").close()
    with sqlite3.connect(tmp_path / "desk.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(FormcheckError, match="newer"):
        Book(tmp_path / "desk.db")
