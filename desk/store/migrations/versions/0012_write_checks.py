"""A row that each gateway writes to learn whether the database takes writes (`/ready`).

Revision ID: 0012
Revises: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """At most 64 rows: a gateway picks one of 64 slots when it starts."""
    op.execute(
        "CREATE TABLE write_checks (slot smallint PRIMARY KEY, checked_at timestamptz NOT NULL DEFAULT now())"
    )


def downgrade() -> None:
    """Nothing else reads it."""
    op.execute("DROP TABLE write_checks")
