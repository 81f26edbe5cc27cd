"""People in the queue who asked to be written to, and where.

Revision ID: 0034
Revises: 0033
"""

from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """A new table; an older process does not know it and works as before."""
    op.execute(
        """CREATE TABLE conversation_holds (
               conversation_id  uuid PRIMARY KEY REFERENCES conversations ON DELETE CASCADE,
               asked_at         timestamptz NOT NULL,
               address          text,                        -- an e-mail address that the citizen gave for this
               carried          bigint NOT NULL DEFAULT 0,   -- messages up to this number were sent there too
               over_at          timestamptz
           )"""
    )
    op.execute(
        "CREATE INDEX conversation_holds_open ON conversation_holds (conversation_id) WHERE over_at IS NULL"
    )


def downgrade() -> None:
    """Those who wait keep their place; their addresses are lost."""
    op.execute("DROP TABLE conversation_holds")
