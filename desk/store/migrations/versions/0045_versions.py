"""Versions of agents and teams: who saves what somebody else has changed meanwhile is told so.

Revision ID: 0045
Revises: 0037
"""

from alembic import op

revision = "0045"
down_revision = "0037"


def upgrade() -> None:
    """Columns with defaults; an older process changes rows without counting."""
    op.execute("ALTER TABLE teams ADD COLUMN version integer NOT NULL DEFAULT 1")
    op.execute("ALTER TABLE agents ADD COLUMN version integer NOT NULL DEFAULT 1")
    # Hours that came from city.yml were stored as a text inside the JSON.
    op.execute("UPDATE teams SET hours = (hours #>> '{}')::jsonb WHERE jsonb_typeof(hours) = 'string'")


def downgrade() -> None:
    """The numbers are lost, nothing else."""
    op.execute("ALTER TABLE agents DROP COLUMN version")
    op.execute("ALTER TABLE teams DROP COLUMN version")
