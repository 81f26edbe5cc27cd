"""Mails to supervisors about their desk: which they want, and those that are to be sent.

Revision ID: 0052
Revises: 0051
"""

from alembic import op

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    """A column with a default, and a new table."""
    op.execute("ALTER TABLE agents ADD COLUMN mails text[] NOT NULL DEFAULT '{}'")
    op.execute("COMMENT ON COLUMN agents.mails IS 'kinds of staff mails that this person wants'")
    op.execute(
        """CREATE TABLE staff_mails (
               id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
               agent_id    uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
               kind        text NOT NULL,
               about       text NOT NULL,               -- with the kind: what nobody is told twice
               subject     text NOT NULL,
               text        text NOT NULL,               -- numbers and a link, nothing of a citizen
               created_at  timestamptz NOT NULL,
               tries       integer NOT NULL DEFAULT 0,
               next_at     timestamptz NOT NULL,
               state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'given_up')),
               UNIQUE (agent_id, kind, about)
           )"""
    )
    op.execute("CREATE INDEX staff_mails_due ON staff_mails (next_at) WHERE state = 'waiting'")


def downgrade() -> None:
    """Nobody is written to; the choices are lost."""
    op.execute("DROP TABLE staff_mails")
    op.execute("ALTER TABLE agents DROP COLUMN mails")
