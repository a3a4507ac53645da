"""Stores with sessions by the thousand: a few that went the product's own way, and copies of them of other people, days
and ids."""

from __future__ import annotations

import json
import random
import secrets
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from formcheck.core.body.tracked import Tracked, track
from formcheck.pipeline.chain import Chain
from formcheck.pipeline.diary import Diary
from formcheck.pipeline.moments import Moments
from formcheck.pose.recording import Recording
from formcheck.session.identity import utc_text, uuid7
from formcheck.session.provenance import provenance_of
from formcheck.session.record import SetRecord
from formcheck.session.registry import load_exercises
from formcheck.session.session_record import SessionRecord
from formcheck.session.set import Set
from formcheck.store import Store, create_store, log, open_store, tables
from tests import kept
from tests.replay import FOLDER

SETS = (3, 6, 9)
"""Sets of a session, in turn: 13, 26 and 39 repetitions."""
YEARS = 2
Made = tuple[dict[str, Any], list[dict[str, Any]], bytes]
"""A session's row, the rows of its entries, and its digest."""
BLOCK = 250
"""Sessions that are written as one."""


def stream(name: str) -> list[Tracked]:
    """The pictures of a recorded exercise."""
    exercise = load_exercises().get(name)
    return [track(pose, back, exercise.posture) for pose, back in Recording(FOLDER / f"{name}.npz")]


def chain_of(session: SessionRecord, name: str, began: datetime, diary: Diary | None) -> Chain:
    """A set of a session that is about to begin, as the window begins it."""
    exercise, set_id = load_exercises().get(name), uuid7()

    def utc_at(t_s: float) -> str:
        return utc_text(began.timestamp() + t_s)

    record = SetRecord.begin(set_id, exercise, started_utc=utc_at(0.0))
    session.begin_set(record)
    moments = Moments()
    written = diary.observers(session, lambda: utc_at(record.end_s), moments.figures) if diary is not None else []
    return Chain(Set(exercise, is_live=False, set_id=set_id, utc_at=utc_at), record, [moments, *written])


def play(diary: Diary, names: Sequence[str], streams: dict[str, list[Tracked]]) -> SessionRecord:
    """A session of these sets, written as it happens."""
    session = SessionRecord.begin(uuid7(), None)
    session.provenance = provenance_of({}, source={"width": 1280, "height": 720, "fps": 30.0})
    session.pain_before = 3
    for i, name in enumerate(names):
        chain = chain_of(session, name, kept.BEGAN + timedelta(minutes=2 * i), diary)
        chain.start()
        for tracked in streams[name]:
            chain.step(None, tracked)
        chain.finish("done")
        diary.note(session, utc_text((kept.BEGAN + timedelta(minutes=2 * i + 1)).timestamp()))
    session.pain_after, session.effort = 2, dict.fromkeys(names, 4)
    ended = utc_text((kept.BEGAN + timedelta(minutes=2 * len(names))).timestamp())
    session.end(ended)
    diary.end(session, ended)
    return session


@dataclass(frozen=True, slots=True)
class Form:
    """A session as it lies in a store, still with its own ids, day and person in its texts."""

    session_id: str
    set_ids: tuple[str, ...]
    started_utc: str
    reps: int
    entries: tuple[dict[str, Any], ...]
    """Rows, each body as text."""
    digest: str

    def rows(self, began: datetime, person: str, station: str) -> Made:
        """The same session on another day, of somebody else: session, entries, digest."""
        new_id, day = uuid7(int(began.timestamp() * 1000)), began.date().isoformat()
        ids = {old: uuid7(int(began.timestamp() * 1000)) for old in self.set_ids}
        own_day = self.started_utc[:10]
        listed = []
        for row in self.entries:
            set_id, body = ids.get(row["set_id"], ""), row["body"].replace(own_day, day)
            body = body.replace(row["set_id"], set_id) if set_id else body
            utc = row["utc"] and row["utc"].replace(own_day, day)
            listed.append(row | {"session_id": new_id, "set_id": set_id, "source": station, "utc": utc,
                                 "body": zlib.compress(body.encode(), 6)})  # fmt: skip
        digest = json.loads(self.digest)
        digest["person"], digest["station"] = person, station
        text = json.dumps(digest, separators=(",", ":"), sort_keys=True)
        for old, new in {own_day: day, self.session_id: new_id, **ids}.items():
            text = text.replace(old, new)
        session = {"session_id": new_id, "pseudonym": person, "station": station,
                   "started_utc": self.started_utc.replace(own_day, day)}  # fmt: skip
        return session, listed, zlib.compress(text.encode(), 6)


def forms(folder: Path) -> list[Form]:
    """Sessions of `SETS` sets, written by the diary and its keeper into a store of their own, and read from it."""
    where = str(folder / "forms.db")
    create_store(where, "none").close()
    streams = {name: stream(name) for name in kept.RECORDED}
    for count in SETS:
        diary = Diary(where, wish=True)
        play(diary, [kept.RECORDED[i % 3] for i in range(count)], streams)
        diary.close()
    with open_store(where) as store:
        found = store.kept()
        with store.database.reading() as connection:
            return [_form(connection, each.session.session_id) for each in found]


def _form(connection: Any, session_id: str) -> Form:
    row, listed = log.one(connection, session_id), log.entries_of(connection, [session_id])[session_id]
    digest = connection.execute(
        tables.digest.select().where(tables.digest.c.session_id == session_id)
    ).one()  # written by the keeper
    body = log.unpacked(digest.body)
    rows = tuple(
        {"n": each.n, "kind": each.entry.kind, "set_id": each.entry.set_id, "utc": each.entry.utc,
         "body": json.dumps(each.entry.body, allow_nan=False, separators=(",", ":"), sort_keys=True)}
        for each in listed
    )  # fmt: skip
    sets = body["session"]["sets"]
    return Form(session_id, tuple(one["set_id"] for one in sets), row.started_utc,
                sum(len(one["reps"]) for one in sets), rows, json.dumps(body))  # fmt: skip


def days(count: int, until: datetime) -> list[datetime]:
    """So many days over the last years, evenly, the last one yesterday."""
    step = timedelta(days=365 * YEARS) / count
    return [until - timedelta(days=1) - step * i for i in range(count)][::-1]


def plan(sessions: int, people: Sequence[str], mine: int, until: datetime) -> list[tuple[datetime, str]]:
    """When and whose: `mine` sessions of the first person, the others shared evenly, in order of time."""
    rest, others = sessions - mine, people[1:]
    shares = [rest // len(others) + (i < rest % len(others)) for i in range(len(others))]
    counts = zip(people, [mine, *shares], strict=True)
    return sorted((day, whose) for whose, n in counts if n for day in days(n, until))


@dataclass(frozen=True, slots=True)
class Content:
    """What a store is filled with."""

    station: str
    people: tuple[str, ...]
    """Pseudonyms; the first one is "me"."""
    made: tuple[Made, ...]
    """Sessions in order of time."""
    reps: int


def content(shapes: Sequence[Form], sessions: int, people: int, mine: int) -> Content:
    """Sessions of several people over two years up to yesterday, on this machine, `mine` of them of the first."""
    whose = tuple(secrets.token_hex(16) for _ in range(people))
    station, turn = uuid7(), random.Random(18)
    days = plan(sessions, whose, mine, datetime.now(UTC))
    chosen = [(turn.choice(shapes), began, person) for began, person in days]
    made = tuple(shape.rows(began, person, station) for shape, began, person in chosen)
    return Content(station, whose, made, sum(shape.reps for shape, _, _ in chosen))


def fill(store: Store, full: Content) -> None:
    """Write it all, without names: those are never read here."""
    with store.database.writing() as connection:
        rows = [{"pseudonym": person, "created_utc": full.made[0][0]["started_utc"]} for person in full.people]
        connection.execute(tables.person.insert(), rows)
    for at in range(0, len(full.made), BLOCK):
        made = full.made[at : at + BLOCK]
        with store.database.writing() as connection:
            connection.execute(tables.session.insert(), [session for session, _, _ in made])
            connection.execute(tables.entry.insert(), [row for _, rows, _ in made for row in rows])
            digests = [{"session_id": s["session_id"], "entries": len(rows), "body": body} for s, rows, body in made]
            connection.execute(tables.digest.insert(), digests)


@contextmanager
def place(engine: str, folder: Path) -> Iterator[str]:
    """Where a new store of that engine may be made."""
    with ExitStack() as stack:
        if engine == "server":
            from tests.store.conftest import new_database

            where, drop = new_database()
            stack.callback(drop)
            yield where
        else:
            yield str(folder / f"{engine}.db")
