"""How often a worker died over an event or a parcel: what kills five goes to a person.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Two counters; no row is rewritten."""
    op.execute("ALTER TABLE events ADD COLUMN deaths int NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE outbox ADD COLUMN deaths int NOT NULL DEFAULT 0")


def downgrade() -> None:
    """Forget the counts."""
    op.execute("ALTER TABLE events DROP COLUMN deaths")
    op.execute("ALTER TABLE outbox DROP COLUMN deaths")
