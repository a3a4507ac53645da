"""Sessions as a kiosk ends them, for tests of what is taken along."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from exercises.bird_dog import EXERCISE as BIRD_DOG
from exercises.dead_bug import EXERCISE as DEAD_BUG
from formcheck.session.program import Program, load_program
from formcheck.session.record import SetRecord
from formcheck.session.registry import load_exercises
from formcheck.session.session_record import SessionRecord
from tests.session.events import record_of, rep

ENDED = datetime(2026, 11, 30, 14, 30)
SECRET = "0123456789abcdef0123456789abcdef"
"""Stands for an identity: nothing that is taken along may hold it."""
TWO = """title = "Maria Muster, week 3"
[[exercise]]
name = "dead-bug"
sets = 1
reps = 12
[[exercise]]
name = "bird-dog"
sets = 2
reps = 8
"""


def program_of(folder: Path, text: str = TWO, today: date | None = None) -> Program:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return load_program(str(path), load_exercises(), today)


def done(record: SetRecord, outcome="done") -> SetRecord:
    record.finish(outcome)
    return record


def dead_bug() -> SetRecord:
    """Ten repetitions: seven clean, two with a fault, one that was not judged."""
    reps = [rep(i) for i in range(1, 8)] + [rep(i, "low-back-arch") for i in (8, 9)]
    unseen = rep(10, verdict="not-judged", not_judged=("back",))
    return done(record_of(*reps, unseen, exercise=DEAD_BUG))


def session_of(*sets: SetRecord, program: Program | None = None, pain=(None, None)) -> SessionRecord:
    session = SessionRecord.begin(SECRET, program)
    for record in sets:
        session.begin_set(record)
    session.pain_before, session.pain_after = pain
    return session


def usual(folder: Path, pain=(3, 2)) -> SessionRecord:
    """Of a program of two, the first one was done."""
    return session_of(dead_bug(), program=program_of(folder), pain=pain)


__all__ = ["BIRD_DOG", "DEAD_BUG", "ENDED", "SECRET", "dead_bug", "done", "program_of", "session_of", "usual"]
