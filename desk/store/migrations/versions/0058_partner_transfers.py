"""Transfers to partner desks: who asked, whether the citizen agreed, and what the partner answered.

Revision ID: 0058
Revises: 0061
"""

from alembic import op

revision = "0058"
down_revision = "0061"

CHANGES = (
    """CREATE TABLE partner_transfers (
           id              uuid PRIMARY KEY,  -- also the key under which the partner takes it once
           conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
           partner         text NOT NULL,
           agent_id        uuid NOT NULL REFERENCES agents,
           note            text NOT NULL,
           state           text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'refused', 'unanswered',
               'consented', 'sent', 'accepted', 'declined', 'timed_out', 'failed', 'withdrawn')),
           question_seq    bigint NOT NULL,  -- the citizen agrees to what was written before this
           asked_at        timestamptz NOT NULL,
           consent_by      timestamptz NOT NULL,
           consented_at    timestamptz,
           sent_at         timestamptz,      -- before the first call: from here on the partner may have it
           answer_by       timestamptz,
           closed_at       timestamptz,
           reference       text,             -- the partner's number
           reason          text,             -- the partner's words to our agents
           attempts        integer NOT NULL DEFAULT 0,
           available_at    timestamptz NOT NULL,
           lease_until     timestamptz NOT NULL DEFAULT '-infinity',
           lease_token     uuid
       )""",
    """CREATE UNIQUE INDEX one_open_partner_transfer ON partner_transfers (conversation_id)
       WHERE state IN ('asked', 'consented', 'sent')""",
    "CREATE INDEX ON partner_transfers (conversation_id, asked_at DESC)",
    "CREATE INDEX ON partner_transfers (available_at) WHERE state = 'consented'",
)


def upgrade() -> None:
    """A new table alone."""
    for statement in CHANGES:
        op.execute(statement)


def downgrade() -> None:
    """Who asked and agreed stays in the audit."""
    op.execute("DROP TABLE partner_transfers")
