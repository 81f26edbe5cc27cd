"""Filters of the list that an agent keeps under a name.

Revision ID: 0064
Revises: 0062
"""

from alembic import op

revision = "0064"
down_revision = "0062"


def upgrade() -> None:
    """A new table; an older process does not know it and works as before."""
    op.execute(
        """CREATE TABLE list_views (
               agent_id  uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
               name      text NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
               filters   jsonb NOT NULL,       -- as in the address of the list
               PRIMARY KEY (agent_id, name)
           )"""
    )


def downgrade() -> None:
    """Without the table."""
    op.execute("DROP TABLE list_views")
