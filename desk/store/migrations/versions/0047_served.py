"""An index in the order in which the queue is served: the next to claim is read, not sorted out of all that wait.

Revision ID: 0047
Revises: 0045
"""

from alembic import op

revision = "0047"
down_revision = "0045"


def upgrade() -> None:
    """No row is rewritten; older processes read as before."""
    op.execute(
        "CREATE INDEX conversations_served ON conversations ((urgency IS NULL), priority DESC, queued_at, id)"
        " WHERE state = 'queued'"
    )


def downgrade() -> None:
    """Lists and claims sort all that wait again."""
    op.execute("DROP INDEX conversations_served")
