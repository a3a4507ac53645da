"""A patient's file with one of each: a program, a note, an outcome form."""

from __future__ import annotations

import sqlalchemy as sa

from formcheck.desk import filing, prescribing
from formcheck.session.registry import load_exercises
from formcheck.store import open_store, papers, tables

PROGRAM = """title = "Low back"

[[exercise]]
name = "dead-bug"
days = ["mon", "wed"]
sets = 2
reps = 8
rest_s = 30
[exercise.settings]
reach_hip_deg = 125
"""


def program_of(store, person, toml=PROGRAM, why="first visit", reason="her back lifts beyond that"):
    """A version more of somebody's program; its number."""
    registry = load_exercises()
    form = prescribing.form_of(toml, [{"reach_hip_deg": reason}] * 40)
    versions = filing.versions_of(store, person)
    base = versions[-1].paper.id if versions else ""
    filing.keep_program(store, person, prescribing.checked(form, registry)[0], form, why, base, registry)
    return len(versions) + 1


def file_of(store, person, text="she is Ann"):
    """A program, a note and a form, each with the same free text."""
    program_of(store, person, why=text, reason=text)
    papers.add(store, person, "note", {"text": text})
    papers.add(store, person, "outcome", {"form": "psfs", "answers": [4], "activities": [text[:100]]})


def papers_in(house):
    with open_store(house.where) as store, store.database.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(tables.paper)).scalar()
