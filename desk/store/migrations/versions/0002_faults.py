"""What faults taught: how often a worker died over an event or a parcel, and receipts that come before their message.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """No row is rewritten. The index serves every receipt."""
    op.execute("ALTER TABLE events ADD COLUMN deaths int NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE outbox ADD COLUMN deaths int NOT NULL DEFAULT 0")
    op.execute(
        """CREATE TABLE early_receipts (
               inbox text NOT NULL, external_id text NOT NULL, status text NOT NULL,
               received_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (inbox, external_id, status))"""
    )
    op.execute("CREATE INDEX early_receipts_by_age ON early_receipts (received_at)")
    op.execute("CREATE INDEX messages_by_external_id ON messages (external_id) WHERE external_id IS NOT NULL")


def downgrade() -> None:
    """Forget them."""
    op.execute("DROP INDEX messages_by_external_id")
    op.execute("DROP TABLE early_receipts")
    op.execute("ALTER TABLE events DROP COLUMN deaths")
    op.execute("ALTER TABLE outbox DROP COLUMN deaths")
