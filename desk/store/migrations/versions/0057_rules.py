"""Rules that supervisors write: when something happens and it fits, something is done with the conversation.

Revision ID: 0057
Revises: 0056
"""

from alembic import op

revision = "0057"
down_revision = "0056"

CHANGES = (
    """CREATE TABLE rules (
           id          uuid PRIMARY KEY,
           title       text NOT NULL,
           event       text NOT NULL CHECK (event IN ('opened', 'queued', 'message', 'waits', 'tagged')),
           conditions  jsonb NOT NULL,
           actions     jsonb NOT NULL,
           active      boolean NOT NULL,
           place       integer NOT NULL DEFAULT 0,   -- the order in which rules are tried
           since       timestamptz NOT NULL,         -- what happened before is no business of the rule
           updated_by  uuid NOT NULL REFERENCES agents
       )""",
    # One row for each event that was looked at, so that no worker looks at it again.
    "CREATE TABLE rule_events (key text PRIMARY KEY, at timestamptz NOT NULL)",
    "CREATE INDEX rule_events_by_time ON rule_events (at)",
    """CREATE TABLE rule_runs (
           id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
           rule_id          uuid NOT NULL REFERENCES rules ON DELETE CASCADE,
           conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
           at               timestamptz NOT NULL
       )""",
    "CREATE INDEX rule_runs_by_conversation ON rule_runs (conversation_id, at)",
    "CREATE INDEX rule_runs_by_rule ON rule_runs (rule_id, at DESC)",
    """CREATE TABLE rule_drafts (
           conversation_id  uuid PRIMARY KEY REFERENCES conversations ON DELETE CASCADE,
           rule_id          uuid NOT NULL REFERENCES rules ON DELETE CASCADE,
           canned_id        text NOT NULL REFERENCES canned_texts
       )""",
    "ALTER TABLE conversation_tags ALTER COLUMN added_by DROP NOT NULL",  # NULL: a rule gave the tag
)


def upgrade() -> None:
    """Older processes do not know rules; tags that rules gave are tags to them."""
    for statement in CHANGES:
        op.execute(statement)


def downgrade() -> None:
    """Rules are lost, and so are the tags that they gave."""
    op.execute("DELETE FROM conversation_tags WHERE added_by IS NULL")
    op.execute("ALTER TABLE conversation_tags ALTER COLUMN added_by SET NOT NULL")
    for table in ("rule_drafts", "rule_runs", "rule_events", "rules"):
        op.execute(f"DROP TABLE {table}")
