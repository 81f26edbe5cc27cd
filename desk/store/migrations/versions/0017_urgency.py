"""Urgent conversations stand first in the queue.

Revision ID: 0017
Revises: 0015
"""

from alembic import op

revision = "0017"
down_revision = "0015"


def upgrade() -> None:
    """The kind of danger somebody is in, such as "fire"; NULL for all others. The queue is read by it first."""
    op.execute("ALTER TABLE conversations ADD COLUMN urgency text")


def downgrade() -> None:
    """The queue is by time alone again."""
    op.execute("ALTER TABLE conversations DROP COLUMN urgency")
