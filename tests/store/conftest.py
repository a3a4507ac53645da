"""Stores on every engine that is there: SQLite, SQLCipher, and PostgreSQL where a server was started for it.

`make test` runs on the first two; `.ci/run` starts a server (`tests/store/server.py`) and runs all three.
"""

from __future__ import annotations

import os
import uuid

import pytest
import sqlalchemy as sa

from formcheck.store import KeySources, create_store, open_store
from tests.store.server import VARIABLE

SERVER = os.environ.get(VARIABLE, "")
ENGINES = ["file", "cipher", *(["server"] if SERVER else [])]
FILES = ["file", "cipher"]


class Ring:
    """A keyring of the system, as far as it is needed."""

    priority = 5

    def __init__(self):
        self.kept = {}

    def get_password(self, service, name):
        return self.kept.get((service, name))

    def set_password(self, service, name, value):
        self.kept[service, name] = value


class Site:
    """A place for a store on one engine, with what opens it."""

    def __init__(self, engine, where, folder):
        self.engine, self.where, self.folder = engine, where, folder
        self.ring = Ring()
        self.sources = KeySources(keyring=self.ring)
        self.kind = "none" if engine == "file" else "keyring"

    @property
    def path(self):
        return self.folder / "formcheck.db"

    def create(self):
        return create_store(self.where, self.kind, self.sources)

    def open(self, **options):
        return open_store(self.where, sources=self.sources, **options)


def new_database():
    """An empty database on the server; its address, and what drops it."""
    name = f"fc_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(SERVER.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")

    def drop():
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()

    return SERVER.replace("/postgres?", f"/{name}?"), drop


@pytest.fixture(params=ENGINES)
def site(request, tmp_path):
    if request.param == "server":
        where, drop = new_database()
        yield Site("server", where, tmp_path)
        drop()
    else:
        yield Site(request.param, str(tmp_path / "formcheck.db"), tmp_path)


@pytest.fixture(params=FILES)
def file_site(request, tmp_path):
    return Site(request.param, str(tmp_path / "formcheck.db"), tmp_path)


@pytest.fixture
def store(site):
    with site.create() as store:
        yield store
