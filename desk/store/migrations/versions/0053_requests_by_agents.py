"""Service requests that agents record for citizens, and whose status is told in the conversation.

Revision ID: 0053
Revises: 0052
"""

from alembic import op

revision = "0053"
down_revision = "0052"

CHANGES = (
    "ALTER TABLE service_requests ADD COLUMN agent_id uuid REFERENCES agents",
    # The status that the citizen was told last; NULL: the citizen is not told of changes.
    "ALTER TABLE service_requests ADD COLUMN told_status text",
    "ALTER TABLE request_changes ADD COLUMN agent_id uuid REFERENCES agents",
)


def upgrade() -> None:
    """Older processes read and write these tables as before."""
    for statement in CHANGES:
        op.execute(statement)


def downgrade() -> None:
    """Who recorded a request stays in the audit alone."""
    op.execute("ALTER TABLE request_changes DROP COLUMN agent_id")
    op.execute("ALTER TABLE service_requests DROP COLUMN told_status, DROP COLUMN agent_id")
