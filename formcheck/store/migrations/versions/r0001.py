"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT, BLOB = sa.Text(), sa.LargeBinary()


def upgrade() -> None:
    """Make the tables, and let the database itself refuse that entries or the audit are changed."""
    op.create_table("meta", sa.Column("key", sa.String(40), primary_key=True), sa.Column("value", TEXT, nullable=False))
    op.create_table(
        "person",
        sa.Column("pseudonym", sa.String(32), primary_key=True),
        sa.Column("created_utc", sa.String(32), nullable=False),
        sa.Column("discharged_utc", sa.String(32)),
        sa.Column("held", TEXT),
    )
    op.create_table(
        "vault",
        sa.Column("pseudonym", sa.String(32), primary_key=True),
        sa.Column("key", BLOB, nullable=False),
        sa.Column("sealed", BLOB, nullable=False),
    )
    op.create_table(
        "session",
        sa.Column("session_id", sa.String(36), primary_key=True),
        sa.Column("pseudonym", sa.String(32), sa.ForeignKey("person.pseudonym")),
        sa.Column("station", sa.String(36), nullable=False),
        sa.Column("started_utc", sa.String(32), nullable=False),
    )
    op.create_index("session_of_person", "session", ["pseudonym", "started_utc"])
    op.create_table(
        "entry",
        sa.Column("session_id", sa.String(36), sa.ForeignKey("session.session_id"), primary_key=True),
        sa.Column("source", sa.String(36), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("set_id", sa.String(36), nullable=False),
        sa.Column("utc", sa.String(32)),
        sa.Column("body", BLOB, nullable=False),
    )
    op.create_table(
        "digest",
        sa.Column("session_id", sa.String(36), sa.ForeignKey("session.session_id"), primary_key=True),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("body", BLOB, nullable=False),
    )
    op.create_table(
        "recording",
        sa.Column("session_id", sa.String(36), sa.ForeignKey("session.session_id"), primary_key=True),
        sa.Column("set_id", sa.String(36), primary_key=True),
        sa.Column("exercise", sa.String(80), nullable=False),
        sa.Column("overrides", TEXT, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("sealed", BLOB, nullable=False),
    )
    op.create_table(
        "choice",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("pseudonym", sa.String(32), sa.ForeignKey("person.pseudonym"), nullable=False),
        sa.Column("utc", sa.String(32), nullable=False),
        sa.Column("body", BLOB, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("utc", sa.String(32), nullable=False),
        sa.Column("who", sa.String(80), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("pseudonym", sa.String(32), nullable=False),
        sa.Column("detail", TEXT, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table("permit", sa.Column("session_id", sa.String(36), primary_key=True))
    for statement in ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRESQL:
        op.execute(statement)


ON_SQLITE = [
    "CREATE TRIGGER entry_is_not_changed BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries stay'); END",
    "CREATE TRIGGER entry_is_not_deleted BEFORE DELETE ON entry "
    "WHEN NOT EXISTS (SELECT 1 FROM permit WHERE permit.session_id = OLD.session_id) "
    "BEGIN SELECT RAISE(ABORT, 'entries stay'); END",
    "CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit stays'); END",
    "CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit stays'); END",
]
ON_POSTGRESQL = [
    "CREATE FUNCTION formcheck_stays() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% stays', TG_TABLE_NAME; END $$",
    "CREATE FUNCTION formcheck_permitted() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN IF NOT EXISTS (SELECT 1 FROM permit WHERE permit.session_id = OLD.session_id) "
    "THEN RAISE EXCEPTION '% stays', TG_TABLE_NAME; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER entry_is_not_changed BEFORE UPDATE ON entry FOR EACH ROW EXECUTE FUNCTION formcheck_stays()",
    "CREATE TRIGGER entry_is_not_deleted BEFORE DELETE ON entry FOR EACH ROW EXECUTE FUNCTION formcheck_permitted()",
    "CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR DELETE ON audit "
    "FOR EACH ROW EXECUTE FUNCTION formcheck_stays()",
]
