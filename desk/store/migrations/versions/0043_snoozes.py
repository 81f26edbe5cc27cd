"""Snoozed conversations, agents' reminders, and notes that name a colleague.

Revision ID: 0043
Revises: 0042
"""

from alembic import op

revision = "0043"
down_revision = "0042"

TABLES = (
    # It holds while the same agent has the conversation, until its time or the citizen's next message.
    """CREATE TABLE snoozes (
           conversation_id  uuid PRIMARY KEY REFERENCES conversations ON DELETE CASCADE,
           agent_id         uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
           until            timestamptz,         -- NULL: until the citizen writes
           after_seq        bigint NOT NULL      -- the contact's last message then
       )""",
    """CREATE TABLE reminders (
           id               uuid PRIMARY KEY,
           agent_id         uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
           conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
           text             text NOT NULL,
           due_at           timestamptz NOT NULL,
           done_at          timestamptz
       )""",
    "CREATE INDEX reminders_open ON reminders (agent_id, due_at) WHERE done_at IS NULL",
    """CREATE TABLE note_mentions (
           note_id   uuid NOT NULL REFERENCES conversation_notes ON DELETE CASCADE,
           agent_id  uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
           seen_at   timestamptz,
           PRIMARY KEY (note_id, agent_id)
       )""",
    "CREATE INDEX mentions_unseen ON note_mentions (agent_id) WHERE seen_at IS NULL",
)


def upgrade() -> None:
    """New tables; an older process does not know them and works as before."""
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    """Snoozes and reminders are lost."""
    for table in ("note_mentions", "reminders", "snoozes"):
        op.execute(f"DROP TABLE {table}")
