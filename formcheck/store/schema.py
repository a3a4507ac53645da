"""The schema's version: made anew, brought up to date, or refused. Alembic is loaded only where something is to do."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from formcheck.store.engine import Database
from formcheck.store.errors import NewerSchemaError
from formcheck.store.tables import HEAD

TABLE = "alembic_version"


def revision_of(connection: Connection) -> str | None:
    """Which revision the schema has; None where there is none yet."""
    if not sa.inspect(connection).has_table(TABLE):
        return None
    return connection.exec_driver_sql(f"SELECT version_num FROM {TABLE}").scalar()


def needs_migration(database: Database) -> str | None:
    """The revision of an older schema; None where it is today's, or there is none.

    Raises:
        NewerSchemaError: it was written by a newer version.
    """
    with database.reading() as connection:
        found = revision_of(connection)
    if found is None or found == HEAD:
        return None
    if found not in known_revisions():
        raise NewerSchemaError(
            f"The store at {database.place.name} was written by a newer FormCheck (schema {found[:20]}). "
            "Install that version; nothing was changed."
        )
    return found


def upgrade(database: Database, to: str = "head") -> None:
    """Bring the schema to a revision, all of it or nothing."""
    with database.writing() as connection:
        if database.is_server:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7031962)")  # two that start at once
        upgrade_on(connection, to)


def upgrade_on(connection: Connection, to: str = "head") -> None:
    """Bring the schema to a revision within a transaction that is open."""
    from alembic import command

    command.upgrade(_config(connection), to)


def known_revisions() -> list[str]:
    """All revisions, the first one first."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(_config(None))
    return [revision.revision for revision in script.walk_revisions()][::-1]


def _config(connection: Connection | None) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "formcheck.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
