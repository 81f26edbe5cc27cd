"""What a million stored messages taught: lists that were sorted anew each time get an index in their order.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """No row is rewritten. `make bench-growth` shows the plans."""
    op.execute(
        "CREATE INDEX conversations_resolved ON conversations (resolved_at DESC) WHERE state = 'resolved'"
    )
    op.execute("CREATE INDEX conversations_open ON conversations (updated_at DESC) WHERE state <> 'resolved'")
    op.execute(
        "CREATE INDEX messages_with_buttons ON messages (conversation_id, seq) WHERE content ? 'buttons'"
    )
    op.execute("CREATE INDEX georeport_requests_by_update ON georeport_requests (updated_at)")
    op.execute(
        "CREATE INDEX service_requests_by_contact ON service_requests (contact_id) WHERE reference IS NOT NULL"
    )


def downgrade() -> None:
    """The lists grow slow again, and nothing else."""
    for name in (
        "conversations_resolved",
        "conversations_open",
        "messages_with_buttons",
        "georeport_requests_by_update",
        "service_requests_by_contact",
    ):
        op.execute(f"DROP INDEX {name}")
