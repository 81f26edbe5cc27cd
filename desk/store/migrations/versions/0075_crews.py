"""Requests of our own book are given to a crew.

Revision ID: 0075
Revises: 0070
"""

from alembic import op

revision = "0075"
down_revision = "0070"


def upgrade() -> None:
    """One column that an older process does not read."""
    op.execute("ALTER TABLE georeport_requests ADD COLUMN crew text CHECK (length(crew) BETWEEN 1 AND 80)")
    op.execute("CREATE INDEX georeport_requests_of_crew ON georeport_requests (crew) WHERE crew IS NOT NULL")


def downgrade() -> None:
    """Which crew has a request is lost."""
    op.execute("ALTER TABLE georeport_requests DROP COLUMN crew")
