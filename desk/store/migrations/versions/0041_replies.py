"""Drafts on the server, messages that go at a later time, and proposals for approved answers.

Revision ID: 0041
Revises: 0031
"""

from alembic import op

revision = "0041"
down_revision = "0031"

TABLES = (
    """CREATE TABLE reply_drafts (
           agent_id         uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
           conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
           text             text NOT NULL,
           updated_at       timestamptz NOT NULL,
           PRIMARY KEY (agent_id, conversation_id)
       )""",
    # A message gets its number in the log only when its time comes: what is said before it comes before it.
    """CREATE TABLE scheduled_messages (
           id               uuid PRIMARY KEY,
           conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
           kind             text NOT NULL CHECK (kind IN ('reply', 'resolved')),
           agent_id         uuid NOT NULL REFERENCES agents,
           text             text NOT NULL,
           choices          text[] NOT NULL DEFAULT '{}',
           back_to          text,            -- the state before a resolve, for Undo
           due_at           timestamptz NOT NULL,
           state            text NOT NULL DEFAULT 'waiting'
                            CHECK (state IN ('waiting', 'sent', 'cancelled', 'dropped')),
           message_id       uuid REFERENCES messages ON DELETE SET NULL,
           created_at       timestamptz NOT NULL
       )""",
    "CREATE INDEX scheduled_due ON scheduled_messages (due_at) WHERE state = 'waiting'",
    "CREATE INDEX scheduled_by_conversation ON scheduled_messages (conversation_id) WHERE state <> 'sent'",
    """CREATE TABLE answer_proposals (
           message_id       uuid PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
           question_id      uuid REFERENCES messages ON DELETE CASCADE,
           suggested        text[] NOT NULL,
           state            text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'taken', 'set_aside')),
           decided_by       uuid REFERENCES agents,
           created_at       timestamptz NOT NULL
       )""",
    "CREATE INDEX proposals_open ON answer_proposals (created_at) WHERE state = 'open'",
)


def upgrade() -> None:
    """New tables; an older process does not know them and works as before."""
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    """Drafts and messages that wait for their time are lost."""
    for table in ("answer_proposals", "scheduled_messages", "reply_drafts"):
        op.execute(f"DROP TABLE {table}")
