"""What a store's keeper does: check it, erase a person, delete what is too old, look how large it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from formcheck.session.wire import WireError
from formcheck.store import audit, folding, log, papers, schema, tables
from formcheck.store.engine import Database
from formcheck.store.errors import StoreError
from formcheck.store.keys import KeyKind
from formcheck.store.store import Store

YEARS = "retention_years"
OF_SESSION = (tables.digest, tables.recording, tables.entry, tables.session)
"""Tables with rows of a session, in the order in which they are deleted."""


@dataclass(frozen=True, slots=True)
class Status:
    """What is in a store, in numbers."""

    place: str
    is_encrypted: bool
    revision: str
    sessions: int
    people: int
    recordings: int
    open_sessions: int
    bytes: int | None
    retention_years: int | None
    audit_head: str


def status(store: Store) -> Status:
    """What is in it."""
    database = store.database
    with database.reading() as connection:
        still = sa.select(sa.func.count()).select_from(tables.session).where(log.is_open())
        return Status(
            place=database.place.name,
            is_encrypted=database.keys.is_encrypted,
            revision=schema.revision_of(connection) or "",
            sessions=_count(connection, tables.session),
            people=_count(connection, tables.person),
            recordings=_count(connection, tables.recording),
            open_sessions=connection.execute(still).scalar() or 0,
            bytes=_size(connection, database),
            retention_years=retention_years(connection),
            audit_head=audit.head(connection),
        )


def _count(connection: Connection, table: sa.Table) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() or 0


def _size(connection: Connection, database: Database) -> int | None:
    if database.is_server:
        return connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar()
    path = database.place.path
    assert path is not None
    files = [path.with_name(path.name + side) for side in ("", "-wal")]
    return sum(file.stat().st_size for file in files if file.is_file())


# -- checking ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Report:
    """What a check has found."""

    problems: list[str] = field(default_factory=list)
    sessions: int = 0
    audit_head: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(store: Store, on_session: Callable[[int, int], None] | None = None) -> Report:
    """Check the database's own integrity, the schema, the audit's chain, every entry and every signature.

    Args:
        store: the store.
        on_session: told after each session how many of how many are checked.

    Raises:
        StoreTroubleError: it can't be read at all.
    """
    report = Report()
    with store.database.reading() as connection:
        report.problems += _integrity(connection)
        if schema.revision_of(connection) != tables.HEAD:
            report.problems.append("The schema is not of this version. Use: formcheck store migrate")
            return report
        report.problems += audit.problems(connection)
        report.audit_head = audit.head(connection)
        report.problems += papers.problems(connection, store.keys)
        rows = log.sessions(connection)
        report.sessions = len(rows)
        for done, row in enumerate(rows, 1):
            report.problems += _session_problems(connection, store, row)
            if on_session is not None:
                on_session(done, len(rows))
        if _count(connection, tables.permit):
            report.problems.append("A permit to delete was left behind. Nothing should be in that table.")
    return report


def _session_problems(connection: Connection, store: Store, row: log.SessionRow) -> list[str]:
    try:
        entries = log.entries_of(connection, [row.session_id])[row.session_id]
        folding.kept_of(row, entries, store.installed)
        wrong = folding.unsound_signatures(entries)
    except (WireError, StoreError) as error:
        return [f"Session {row.session_id}: {error}"]
    found = [f"Session {row.session_id}: a signature does not fit what was signed."] * min(wrong, 1)
    numbers = [each.n for each in entries if each.source == row.station]
    if numbers != list(range(len(numbers))):
        found.append(f"Session {row.session_id}: an entry is missing.")
    return found


def _integrity(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []  # a server checks its pages itself (data checksums)
    answers = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
    broken = [row for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
    found = [] if answers == ["ok"] else [f"The database says: {answer}" for answer in answers]
    return found + ([f"{len(broken)} rows belong to nothing."] if broken else [])


# -- forgetting --------------------------------------------------------------------------------------------------------


def hold(store: Store, pseudonym: str, why: str | None) -> None:
    """Forbid that anything of somebody is deleted (legal hold), or allow it again with `why` None.

    Raises:
        StoreError: there is no such person.
    """
    mine = tables.person.c.pseudonym == pseudonym
    with store.database.writing() as connection:
        if not connection.execute(tables.person.update().where(mine).values(held=why)).rowcount:
            raise StoreError("There is no such person in the store.")
        audit.note(connection, store.who, "hold" if why else "hold-ended", pseudonym)


def erase(store: Store, pseudonym: str, *, keep_numbers: bool = False) -> int:
    """Forget somebody: the key, the name, the papers and all sessions; returns how many sessions there were.

    Args:
        store: the store.
        pseudonym: whom.
        keep_numbers: keep what was measured, without anything that leads to the person; pose streams go.

    Raises:
        StoreError: there is no such person, or a legal hold is on them.
    """
    mine = tables.person.c.pseudonym == pseudonym
    with store.database.writing() as connection:
        row = connection.execute(sa.select(tables.person).where(mine)).first()
        if row is None:
            raise StoreError("There is no such person in the store.")
        if row.held:
            raise StoreError(f"Nothing of this person may be deleted: {row.held}. Lift the hold first.")
        sessions = [each.session_id for each in log.sessions(connection, person=pseudonym)]
        connection.execute(tables.vault.delete().where(tables.vault.c.pseudonym == pseudonym))
        connection.execute(tables.choice.delete().where(tables.choice.c.pseudonym == pseudonym))
        papers.delete(connection, pseudonym)
        if keep_numbers:
            _unlink(connection, sessions)
        else:
            _delete(connection, sessions)
        connection.execute(tables.person.delete().where(mine))
        audit.note(connection, store.who, "erase", pseudonym, f"{len(sessions)} sessions")
    tidy(store.database)
    return len(sessions)


def _unlink(connection: Connection, session_ids: list[str]) -> None:
    """Take the pseudonym and the pose streams away from sessions."""
    for session_id in session_ids:
        for table in (tables.recording, tables.digest):
            connection.execute(table.delete().where(table.c.session_id == session_id))
        mine = tables.session.c.session_id == session_id
        connection.execute(tables.session.update().where(mine).values(pseudonym=None))


def _delete(connection: Connection, session_ids: Iterable[str]) -> None:
    for session_id in session_ids:
        connection.execute(tables.permit.insert().values(session_id=session_id))
        for table in OF_SESSION:
            connection.execute(table.delete().where(table.c.session_id == session_id))
        connection.execute(tables.permit.delete().where(tables.permit.c.session_id == session_id))


def tidy(database: Database) -> None:
    """Leave nothing of what was deleted in free pages or in the log of changes.

    Raises:
        StoreTroubleError: another program is reading; what was deleted is gone, its traces go the next time.
    """
    with database.alone() as connection:
        if database.is_server:
            for name in ("vault", "entry", "recording", "digest", "session", "person", "choice", "paper"):
                connection.exec_driver_sql(f"VACUUM FULL {name}")
            return
        connection.exec_driver_sql("VACUUM")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def retention_years(connection: Connection) -> int | None:
    """After how many years sessions are deleted; None = they stay until somebody is erased."""
    value = connection.execute(sa.select(tables.meta.c.value).where(tables.meta.c.key == YEARS)).scalar()
    return None if value is None else int(value)


def set_retention(store: Store, years: int | None) -> None:
    """After how many years sessions are deleted."""
    with store.database.writing() as connection:
        connection.execute(tables.meta.delete().where(tables.meta.c.key == YEARS))
        if years is not None:
            connection.execute(tables.meta.insert().values(key=YEARS, value=str(years)))
        audit.note(connection, store.who, "retention", detail=str(years))


@dataclass(frozen=True, slots=True)
class Purge:
    """What is too old, or was."""

    sessions: tuple[str, ...]
    people: tuple[str, ...]
    """Pseudonyms of whom nothing is left."""
    held: int
    """Sessions that a legal hold keeps."""
    before_utc: str


def purge(store: Store, years: int | None = None, *, now: datetime | None = None, is_trial: bool = False) -> Purge:
    """Delete the sessions of people whose last one is older than so many years.

    The time counts from somebody's last session or paper, or from their discharge: a file is kept whole.

    Args:
        store: the store.
        years: those that the store was told where not given.
        now: the moment to count from.
        is_trial: only say what would be deleted.

    Raises:
        StoreError: nobody has said after how many years.
    """
    with store.database.writing() as connection:
        wanted = years if years is not None else retention_years(connection)
        if wanted is None:
            raise StoreError("Say after how many years: formcheck store purge --years N")
        before = _years_ago(now or datetime.now(UTC), wanted)
        found = _too_old(connection, before)
        if not is_trial:
            _delete(connection, found.sessions)
            for pseudonym in found.people:
                papers.delete(connection, pseudonym)
                for table in (tables.vault, tables.choice, tables.person):
                    connection.execute(table.delete().where(table.c.pseudonym == pseudonym))
            told = f"{len(found.sessions)} sessions, {len(found.people)} people, before {before}"
            audit.note(connection, store.who, "purge", detail=told)
    if found.sessions and not is_trial:
        tidy(store.database)
    return found


def _too_old(connection: Connection, before: str) -> Purge:
    people = {row.pseudonym: row for row in connection.execute(sa.select(tables.person))}
    paper = tables.paper.c
    newest = sa.select(paper.pseudonym, sa.func.max(paper.utc)).group_by(paper.pseudonym)
    written = {row[0]: row[1] for row in connection.execute(newest)}
    by_person: dict[str | None, list[log.SessionRow]] = {}
    for row in log.sessions(connection):
        by_person.setdefault(row.pseudonym, []).append(row)
    sessions: list[str] = [row.session_id for row in by_person.pop(None, []) if row.started_utc < before]
    gone, held = [], 0
    for pseudonym, rows in by_person.items():
        person = people[str(pseudonym)]
        last = (rows[-1].started_utc, person.discharged_utc or "", written.get(str(pseudonym), ""))
        if max(last) >= before:
            continue
        if person.held:
            held += len(rows)
            continue
        sessions += [row.session_id for row in rows]
        gone.append(str(pseudonym))
    return Purge(tuple(sessions), tuple(gone), held, before)


def _years_ago(now: datetime, years: int) -> str:
    then = now.astimezone(UTC)
    day = min(then.day, 28) if then.month == 2 else then.day
    return then.replace(year=then.year - years, day=day).isoformat(timespec="milliseconds").replace("+00:00", "Z")


KEPT_WHERE: dict[KeyKind, str] = {
    "keyring": "encrypted; the key is in this user's keyring",
    "credential": "encrypted; the key is a systemd credential",
    "passphrase": "encrypted; the key is a passphrase",
    "none": "NOT encrypted",
}
"""How a store is protected, in words."""
