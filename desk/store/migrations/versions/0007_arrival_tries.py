"""How often a mail that still waits in its mailbox was read: counted before reading, in case that ends the process.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """A new table: older processes do not look at it."""
    op.execute(
        """CREATE TABLE arrival_tries (
               inbox text NOT NULL,
               place text NOT NULL,  -- of a mail: <UIDVALIDITY>.<UID>
               tries integer NOT NULL DEFAULT 1,
               tried_at timestamptz NOT NULL DEFAULT now(),
               PRIMARY KEY (inbox, place)
           )"""
    )


def downgrade() -> None:
    """The counts begin anew."""
    op.execute("DROP TABLE arrival_tries")
