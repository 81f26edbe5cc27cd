"""Which releases can run on this schema: an older process that meets it can tell whether to go on. And what triggers
write, they write as the owner: a process's role needs only the rights of its own statements.

Revision ID: 0010
Revises: 0008
"""

from alembic import op

revision = "0010"
down_revision = "0008"
oldest_code = "0006"


def upgrade() -> None:
    """One row, which desk/store/migrate.py writes after every migration."""
    op.execute(
        """CREATE TABLE schema_compat (
               only_row         boolean PRIMARY KEY DEFAULT true CHECK (only_row),
               oldest_revision  text NOT NULL,      -- code that knows this revision can run on this schema
               changed_at       timestamptz NOT NULL DEFAULT now())"""
    )
    op.execute(
        "ALTER FUNCTION note_conversation_transition() SECURITY DEFINER SET search_path = public, pg_temp"
    )


def downgrade() -> None:
    """Older releases do not read it."""
    op.execute("ALTER FUNCTION note_conversation_transition() SECURITY INVOKER RESET search_path")
    op.execute("DROP TABLE schema_compat")
