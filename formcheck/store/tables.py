"""The tables. Two compartments: what was measured knows a pseudonym only; names lie in the vault, each sealed by a key
of its own. Entries and the audit are only ever added to: the database itself refuses anything else."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text, text

HEAD = "0003"
"""Revision of the schema that this version writes (`migrations/versions`)."""

metadata = MetaData()

meta = Table("meta", metadata, Column("key", String(40), primary_key=True), Column("value", Text, nullable=False))
"""The store's own facts: its key's card (server only), retention in years, head of the audit."""

person = Table(
    "person",
    metadata,
    Column("pseudonym", String(32), primary_key=True),
    Column("created_utc", String(32), nullable=False),
    Column("discharged_utc", String(32)),
    Column("held", Text),
)
"""Whom sessions belong to. `held`: why nothing of them may be deleted (legal hold)."""

vault = Table(
    "vault",
    metadata,
    Column("pseudonym", String(32), primary_key=True),
    Column("key", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""Name and contact, sealed by the person's key; the key is sealed by the store's. Destroying the row is forgetting."""

session = Table(
    "session",
    metadata,
    Column("session_id", String(36), primary_key=True),
    Column("pseudonym", String(32), ForeignKey("person.pseudonym")),
    Column("station", String(36), nullable=False),
    Column("started_utc", String(32), nullable=False),
)
Index("session_of_person", session.c.pseudonym, session.c.started_utc)

entry = Table(
    "entry",
    metadata,
    Column("session_id", String(36), ForeignKey("session.session_id"), primary_key=True),
    Column("source", String(36), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("set_id", String(36), nullable=False),
    Column("utc", String(32)),
    Column("body", LargeBinary, nullable=False),
)
"""What happened, in order. `source`: the station that wrote it, or the correction's own id. Never changed."""
is_end = text("kind = 'end'")
"""Which entries are the end of a session. Written out, since only then the index of them is used."""
Index("session_ended", entry.c.session_id, sqlite_where=is_end, postgresql_where=is_end)

digest = Table(
    "digest",
    metadata,
    Column("session_id", String(36), ForeignKey("session.session_id"), primary_key=True),
    Column("entries", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""The fold of a session's first so many entries, so that nobody folds ten thousand sessions for a chart. It can always
be made anew."""

recording = Table(
    "recording",
    metadata,
    Column("session_id", String(36), ForeignKey("session.session_id"), primary_key=True),
    Column("set_id", String(36), primary_key=True),
    Column("exercise", String(80), nullable=False),
    Column("overrides", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""Pose streams, only by consent; sealed by the person's key."""

choice = Table(
    "choice",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("pseudonym", String(32), ForeignKey("person.pseudonym"), nullable=False),
    Column("utc", String(32), nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""What somebody has agreed to for the next sessions."""

paper = Table(
    "paper",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("pseudonym", String(32), ForeignKey("person.pseudonym"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("of", String(36), nullable=False),
    Column("utc", String(32), nullable=False),
    Column("who", String(80), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""What a clinician adds to somebody's file, sealed by the person's key (`papers.py`). `of`: the row that it adds to.
Never changed."""
Index("paper_of_person", paper.c.pseudonym, paper.c.kind, paper.c.id)

audit = Table(
    "audit",
    metadata,
    Column("n", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("utc", String(32), nullable=False),
    Column("who", String(80), nullable=False),
    Column("what", String(40), nullable=False),
    Column("pseudonym", String(32), nullable=False),
    Column("detail", Text, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""Who did what with whose data, when; each row is hashed with the one before."""

permit = Table("permit", metadata, Column("session_id", String(36), primary_key=True))
"""Sessions, and pseudonyms whose papers, may be deleted within the transaction that erases them; empty at all other
times."""
