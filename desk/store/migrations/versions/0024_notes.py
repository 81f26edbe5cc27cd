"""Notes of agents about a conversation, which no citizen ever reads.

Revision ID: 0024
Revises: 0022
"""

from alembic import op

revision = "0024"
down_revision = "0022"


def upgrade() -> None:
    """A new table; an older process does not know it and works as before."""
    op.execute(
        """CREATE TABLE conversation_notes (
               id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
               conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
               agent_id         uuid NOT NULL REFERENCES agents,
               text             text NOT NULL,
               created_at       timestamptz NOT NULL DEFAULT clock_timestamp()
           )"""
    )
    op.execute("CREATE INDEX notes_by_conversation ON conversation_notes (conversation_id, created_at)")


def downgrade() -> None:
    """The notes are lost; export them first if they matter."""
    op.execute("DROP TABLE conversation_notes")
