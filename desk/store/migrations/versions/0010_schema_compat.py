"""Which releases can run on this schema: an older process that meets it can tell whether to go on.

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
oldest_code = "0006"


def upgrade() -> None:
    """One row, which desk/store/migrate.py writes after every migration."""
    op.execute(
        """CREATE TABLE schema_compat (
               only_row         boolean PRIMARY KEY DEFAULT true CHECK (only_row),
               oldest_revision  text NOT NULL,      -- code that knows this revision can run on this schema
               changed_at       timestamptz NOT NULL DEFAULT now())"""
    )


def downgrade() -> None:
    """Older releases do not read it."""
    op.execute("DROP TABLE schema_compat")
