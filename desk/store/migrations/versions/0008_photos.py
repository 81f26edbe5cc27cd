"""Photos that nobody sends expire, photos are counted by who sends them, and one worker at a time tidies up.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"

UP = (
    # touched_at: uploaded, or named by a message that is about to be kept. attached_at: seen in a message that is kept.
    # A row of an older process has neither set, and is looked for among the messages like any other.
    "ALTER TABLE media ADD COLUMN touched_at timestamptz NOT NULL DEFAULT now(), ADD COLUMN attached_at timestamptz",
    "CREATE INDEX media_unattached ON media (touched_at) WHERE attached_at IS NULL",
    "CREATE INDEX media_by_contact ON media (contact_id)",
    # sender: contact:<id>, agent:<id>, or address:<keyed digest>, which tells nobody the address. Kept for a day.
    """CREATE TABLE media_usage (
           sender  text NOT NULL,
           hour    timestamptz NOT NULL,
           photos  int NOT NULL,
           bytes   bigint NOT NULL,
           PRIMARY KEY (sender, hour)
       )""",
    "CREATE INDEX media_usage_by_hour ON media_usage (hour)",
    "CREATE TABLE periodic_tasks (task text PRIMARY KEY, due_at timestamptz NOT NULL)",
)
DOWN = (
    "DROP TABLE periodic_tasks",
    "DROP TABLE media_usage",
    "DROP INDEX media_by_contact",
    "DROP INDEX media_unattached",
    "ALTER TABLE media DROP COLUMN attached_at, DROP COLUMN touched_at",
)


def upgrade() -> None:
    """No row is rewritten: PostgreSQL keeps one default for all that there are."""
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    """What was counted is forgotten, and what nobody sends is kept."""
    for statement in DOWN:
        op.execute(statement)
