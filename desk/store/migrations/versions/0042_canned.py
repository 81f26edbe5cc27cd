"""Canned texts, tags of conversations, and macros.

Revision ID: 0042
Revises: 0041
"""

from alembic import op

revision = "0042"
down_revision = "0041"

TABLES = (
    """CREATE TABLE canned_texts (
           id          text PRIMARY KEY,
           title       text NOT NULL,
           texts       jsonb NOT NULL,         -- language -> text
           active      boolean NOT NULL DEFAULT true,
           updated_by  uuid REFERENCES agents,
           updated_at  timestamptz NOT NULL DEFAULT now()
       )""",
    "CREATE TABLE tags (name text PRIMARY KEY, active boolean NOT NULL DEFAULT true)",
    """CREATE TABLE conversation_tags (
           conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
           tag              text NOT NULL REFERENCES tags,
           added_by         uuid NOT NULL REFERENCES agents,
           added_at         timestamptz NOT NULL DEFAULT now(),
           PRIMARY KEY (conversation_id, tag)
       )""",
    "CREATE INDEX conversations_by_tag ON conversation_tags (tag, conversation_id)",
    """CREATE TABLE macros (
           id          text PRIMARY KEY,
           title       text NOT NULL,
           canned      text REFERENCES canned_texts,
           tags        text[] NOT NULL DEFAULT '{}',
           act         text NOT NULL DEFAULT '' CHECK (act IN ('', 'resolve', 'transfer')),
           team        text,
           active      boolean NOT NULL DEFAULT true
       )""",
)


def upgrade() -> None:
    """New tables; an older process does not know them and works as before."""
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    """What was changed in the console is lost; content/ still has the seed."""
    for table in ("macros", "conversation_tags", "tags", "canned_texts"):
        op.execute(f"DROP TABLE {table}")
