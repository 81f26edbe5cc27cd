"""Identity checks: who asked, where the code went, and whether it came back. The code itself is nowhere.

Revision ID: 0054
Revises: 0053
"""

from alembic import op

revision = "0054"
down_revision = "0053"

CHANGES = (
    """CREATE TABLE identity_checks (
           id              uuid PRIMARY KEY,
           conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
           contact_id      uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,  -- to whom the code went
           agent_id        uuid NOT NULL REFERENCES agents,
           sent_to         text NOT NULL,  -- the address, masked
           state           text NOT NULL DEFAULT 'sent'
                           CHECK (state IN ('sent', 'replaced', 'expired', 'failed', 'confirmed')),
           tries           integer NOT NULL DEFAULT 0,
           created_at      timestamptz NOT NULL,
           expires_at      timestamptz NOT NULL,
           confirmed_at    timestamptz
       )""",
    "CREATE INDEX ON identity_checks (conversation_id, created_at DESC)",
    "CREATE INDEX ON identity_checks (contact_id)",
)


def upgrade() -> None:
    """A new table alone."""
    for statement in CHANGES:
        op.execute(statement)


def downgrade() -> None:
    """Who was checked stays in the audit."""
    op.execute("DROP TABLE identity_checks")
