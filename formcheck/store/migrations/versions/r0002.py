"""An index of the sessions that have ended: which still go on is asked at every start."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the index."""
    is_end = sa.text("kind = 'end'")
    op.create_index("session_ended", "entry", ["session_id"], sqlite_where=is_end, postgresql_where=is_end)
