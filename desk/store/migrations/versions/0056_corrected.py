"""Finds a contact's corrected messages, for the windows of the web chat that show them.

Revision ID: 0056
Revises: 0055
"""

from alembic import op

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    """An index alone; few messages are in it."""
    op.execute("CREATE INDEX messages_corrected ON messages (contact_id, seq) WHERE content ? 'earlier'")


def downgrade() -> None:
    """Nothing is lost."""
    op.execute("DROP INDEX messages_corrected")
