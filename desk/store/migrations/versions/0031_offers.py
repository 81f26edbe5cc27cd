"""Conversations that are offered to an agent; priority, topic, and when supervisors were told.

Revision ID: 0031
Revises: 0030
"""

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """A new table, and columns with defaults; an older process works as before."""
    op.execute(
        """ALTER TABLE conversations ADD COLUMN priority integer NOT NULL DEFAULT 0,
               ADD COLUMN topic text, ADD COLUMN paged_at timestamptz"""
    )
    op.execute(
        """CREATE TABLE conversation_offers (
               id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
               conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
               fence            bigint NOT NULL,            -- the conversation's when it was offered
               agent_id         uuid NOT NULL REFERENCES agents,
               kind             text NOT NULL CHECK (kind IN ('push', 'return', 'transfer')),
               from_agent_id    uuid REFERENCES agents,
               offered_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
               expires_at       timestamptz NOT NULL,
               outcome          text CHECK (outcome IN ('accepted', 'declined', 'timed_out', 'withdrawn')),
               closed_at        timestamptz
           )"""
    )
    op.execute(
        "CREATE UNIQUE INDEX offers_open ON conversation_offers (conversation_id) WHERE outcome IS NULL"
    )
    op.execute("CREATE INDEX offers_of_agent ON conversation_offers (agent_id) WHERE outcome IS NULL")
    op.execute("CREATE INDEX offers_by_conversation ON conversation_offers (conversation_id, id)")


def downgrade() -> None:
    """Open offers are lost: those conversations are where they were."""
    op.execute("DROP TABLE conversation_offers")
    op.execute("ALTER TABLE conversations DROP COLUMN priority, DROP COLUMN topic, DROP COLUMN paged_at")
