"""Contacts found by e-mail, phone and name, and blocked for a time; one answer to many; corrections of messages.

Revision ID: 0044
Revises: 0043
"""

from alembic import op

revision = "0044"
down_revision = "0043"

CHANGES = (
    "ALTER TABLE contacts ADD COLUMN blocked_until timestamptz",
    "CREATE INDEX contacts_same_email ON contacts (lower(email)) WHERE email IS NOT NULL",
    """CREATE INDEX contacts_same_phone ON contacts (right(regexp_replace(phone, '[^0-9]', '', 'g'), 9))
       WHERE phone IS NOT NULL""",
    "CREATE INDEX contacts_same_name ON contacts (lower(name)) WHERE name IS NOT NULL",
    "ALTER TABLE scheduled_messages ADD COLUMN batch uuid",
    "ALTER TABLE scheduled_messages ADD COLUMN resolves boolean NOT NULL DEFAULT false",
    "ALTER TABLE scheduled_messages ADD COLUMN answers jsonb NOT NULL DEFAULT '[]'",
    """CREATE TABLE corrections (
           id          uuid PRIMARY KEY,
           message_id  uuid NOT NULL REFERENCES messages ON DELETE CASCADE,
           kind        text NOT NULL CHECK (kind IN ('change', 'withdraw')),
           text        text NOT NULL,
           agent_id    uuid NOT NULL REFERENCES agents,
           state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'refused')),
           error       text,
           due_at      timestamptz NOT NULL DEFAULT '-infinity',
           created_at  timestamptz NOT NULL
       )""",
    "CREATE INDEX corrections_waiting ON corrections (due_at) WHERE state = 'waiting'",
    "CREATE INDEX corrections_by_message ON corrections (message_id, created_at)",
    "CREATE INDEX scheduled_by_batch ON scheduled_messages (batch) WHERE batch IS NOT NULL",
)


def upgrade() -> None:
    """Older processes read and write these tables as before."""
    for statement in CHANGES:
        op.execute(statement)


def downgrade() -> None:
    """The messages stay; which of them were written together is lost."""
    op.execute("DROP TABLE corrections")
    for index in ("contacts_same_email", "contacts_same_phone", "contacts_same_name", "scheduled_by_batch"):
        op.execute(f"DROP INDEX {index}")
    op.execute("ALTER TABLE contacts DROP COLUMN blocked_until")
    for column in ("batch", "resolves", "answers"):
        op.execute(f"ALTER TABLE scheduled_messages DROP COLUMN {column}")
