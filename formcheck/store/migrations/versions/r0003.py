"""What a clinician adds to somebody's file: programs, notes, outcome forms. Only ever added to, sealed by the person's
key."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table, and let the database itself refuse that a row is changed, or deleted without a permit."""
    op.create_table(
        "paper",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("pseudonym", sa.String(32), sa.ForeignKey("person.pseudonym"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("of", sa.String(36), nullable=False),
        sa.Column("utc", sa.String(32), nullable=False),
        sa.Column("who", sa.String(80), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_index("paper_of_person", "paper", ["pseudonym", "kind", "id"])
    for statement in ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_POSTGRESQL:
        op.execute(statement)


ON_SQLITE = [
    "CREATE TRIGGER paper_is_not_changed BEFORE UPDATE ON paper BEGIN SELECT RAISE(ABORT, 'papers stay'); END",
    "CREATE TRIGGER paper_is_not_deleted BEFORE DELETE ON paper "
    "WHEN NOT EXISTS (SELECT 1 FROM permit WHERE permit.session_id = OLD.pseudonym) "
    "BEGIN SELECT RAISE(ABORT, 'papers stay'); END",
]
ON_POSTGRESQL = [
    "CREATE FUNCTION formcheck_paper_permitted() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN IF NOT EXISTS (SELECT 1 FROM permit WHERE permit.session_id = OLD.pseudonym) "
    "THEN RAISE EXCEPTION '% stays', TG_TABLE_NAME; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER paper_is_not_changed BEFORE UPDATE ON paper FOR EACH ROW EXECUTE FUNCTION formcheck_stays()",
    "CREATE TRIGGER paper_is_not_deleted BEFORE DELETE ON paper "
    "FOR EACH ROW EXECUTE FUNCTION formcheck_paper_permitted()",
]
