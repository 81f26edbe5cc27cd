"""A citizen who writes again within a day comes back to the agent who resolved, unless a team says otherwise.

Revision ID: 0050
Revises: 0049
"""

from alembic import op

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    """Zero was the value as delivered. A team that an administrator changed keeps what it has."""
    op.execute("ALTER TABLE teams ALTER COLUMN return_minutes SET DEFAULT 1440")
    op.execute("UPDATE teams SET return_minutes = 1440 WHERE return_minutes = 0 AND version = 1")


def downgrade() -> None:
    """Teams keep the day; it can be changed in the console."""
    op.execute("ALTER TABLE teams ALTER COLUMN return_minutes SET DEFAULT 0")
