"""Whether the pages that answers name as their source, or link to, are still there.

Revision ID: 0085
Revises: 0084
"""

from alembic import op

revision = "0085"
down_revision = "0084"


def upgrade() -> None:
    """A new table; an older process does not know it."""
    op.execute(
        """
        CREATE TABLE answer_links (
            url         text PRIMARY KEY,
            checked_at  timestamptz NOT NULL,
            state       text NOT NULL CHECK (state IN ('there', 'gone', 'unreachable')),
            since       timestamptz NOT NULL            -- it has been so since
        )
        """
    )


def downgrade() -> None:
    """Links are not checked any more."""
    op.execute("DROP TABLE answer_links")
