"""Mails that were not taken as messages, for agents to look at for 30 days.

Revision ID: 0020
Revises: 0017
"""

from alembic import op

revision = "0020"
down_revision = "0017"


def upgrade() -> None:
    """`payload` is the message that an agent can still take; NULL if nobody could be answered."""
    op.execute(
        """
        CREATE TABLE not_taken (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            inbox text NOT NULL,
            external_id text NOT NULL,
            kind text NOT NULL CHECK (kind IN ('ignored', 'unreadable')),
            reason text NOT NULL,
            sender text NOT NULL,
            subject text NOT NULL,
            headers jsonb NOT NULL,
            raw text,
            payload jsonb,
            arrived_at timestamptz NOT NULL DEFAULT now(),
            taken_at timestamptz,
            taken_by uuid REFERENCES agents (id),
            UNIQUE (inbox, external_id)
        )
        """
    )
    op.execute("CREATE INDEX not_taken_by_age ON not_taken (inbox, arrived_at)")


def downgrade() -> None:
    """What was not taken is in the mailbox still."""
    op.execute("DROP TABLE not_taken")
