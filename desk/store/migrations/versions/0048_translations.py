"""Translations beside messages, and what a machine put into an agent's draft.

Revision ID: 0048
Revises: 0047
"""

from alembic import op

revision = "0048"
down_revision = "0047"

CHANGES = (
    """CREATE TABLE message_translations (
           message_id  uuid NOT NULL REFERENCES messages ON DELETE CASCADE,
           language    text NOT NULL,
           text        text NOT NULL,
           origin      text NOT NULL CHECK (origin IN ('machine', 'agent')),
           source      text,              -- the language that the provider detected
           provider    text NOT NULL,
           made_at     timestamptz NOT NULL,
           PRIMARY KEY (message_id, language)
       )""",
    "ALTER TABLE reply_drafts ADD COLUMN helped text CHECK (helped IN ('translated', 'drafted'))",
    "ALTER TABLE reply_drafts ADD COLUMN own_words text NOT NULL DEFAULT ''",
    "ALTER TABLE reply_drafts ADD COLUMN own_language text",
    "ALTER TABLE reply_drafts ADD COLUMN provider text",
    "ALTER TABLE scheduled_messages ADD COLUMN own_words jsonb",  # {text, language, provider}
)


def upgrade() -> None:
    """Older processes read and write these tables as before."""
    for statement in CHANGES:
        op.execute(statement)


def downgrade() -> None:
    """Translations are lost, with the own words of agents whose replies were translated."""
    op.execute("ALTER TABLE scheduled_messages DROP COLUMN own_words")
    for column in ("helped", "own_words", "own_language", "provider"):
        op.execute(f"ALTER TABLE reply_drafts DROP COLUMN {column}")
    op.execute("DROP TABLE message_translations")
