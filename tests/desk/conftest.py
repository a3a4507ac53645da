"""A desk with a store, an account of each role, and a clock that stands until it is moved."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from formcheck.desk.patience import Rate
from formcheck.desk.roles import Role
from formcheck.desk.server import desk_of
from formcheck.store import create_store, open_store
from tests.desk.browser import Browser
from tests.store.conftest import site

__all__ = ["site"]

PASSWORD = "four words that fit nothing"
FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PEOPLE = {
    "clara": (Role.CLINICIAN,),
    "asim": (Role.ASSISTANT,),
    "ida": (Role.IT,),
    "chief": (Role.CLINICIAN, Role.IT),
}


class Clock:
    def __init__(self):
        self.s = 1_800_000_000.0

    def __call__(self):
        return self.s


class House:
    """A desk, and who works at it."""

    def __init__(self, folder):
        self.folder, self.clock = folder, Clock()
        self.where = str(folder / "store" / "formcheck.db")
        self.parts = None
        self.tickets = None

    def open(self):
        self.parts = desk_of(
            self.folder / "desk", lambda: open_store(self.where), now=self.clock, hasher=FAST, tickets=self.tickets,
            rate=Rate(burst=1_000_000),
        )  # fmt: skip
        return self.parts

    @property
    def accounts(self):
        return self.parts.desk.accounts

    def browser(self, name=None, address="192.0.2.7"):
        browser = Browser(self.parts.app, address)
        if name:
            answer = browser.log_in(name, PASSWORD)
            assert answer.status == 303, answer.words
            browser.get("/login")
            for page in ("/live", "/stations"):
                if browser.get(page).status == 200:
                    break
        return browser

    def audit(self):
        import sqlalchemy as sa

        from formcheck.store import tables

        with open_store(self.where) as store, store.database.reading() as connection:
            return [
                (row.who, row.what, row.pseudonym, row.detail)
                for row in connection.execute(sa.select(tables.audit).order_by(tables.audit.c.n))
            ]


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    create_store(house.where, "none").close()
    house.open()
    for name, roles in PEOPLE.items():
        house.accounts.accept(house.accounts.invite(name, roles), name, PASSWORD, "terminal")
    yield house
    house.parts.close()
