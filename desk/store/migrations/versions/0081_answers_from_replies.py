"""Which answer became of a reply that an agent wrote.

Revision ID: 0081
Revises: 0097
"""

from alembic import op

revision = "0081"
down_revision = "0097"


def upgrade() -> None:
    """A column that an older process does not read."""
    op.execute("ALTER TABLE answer_proposals ADD COLUMN answer_id text")


def downgrade() -> None:
    """The answers' histories and the audit still say where they come from."""
    op.execute("ALTER TABLE answer_proposals DROP COLUMN answer_id")
