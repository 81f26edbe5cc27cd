"""Hours on call of agents, when a presence was chosen, and indexes for what web push looks for every two seconds.

Revision ID: 0062
Revises: 0067
"""

from alembic import op

revision = "0062"
down_revision = "0067"

INDEXES = (
    """CREATE INDEX conversations_urgent ON conversations (queued_at)
       WHERE state = 'queued' AND urgency IS NOT NULL""",
    """CREATE INDEX conversations_paged ON conversations (paged_at)
       WHERE state = 'queued' AND paged_at IS NOT NULL""",
    "CREATE INDEX push_notices_by_time ON push_notices (created_at)",
)


def upgrade() -> None:
    """Columns that older processes neither read nor write, and indexes."""
    op.execute("ALTER TABLE agents ADD COLUMN on_call jsonb")
    op.execute(
        "COMMENT ON COLUMN agents.on_call IS 'hours, as those of a team, in which devices on call are told; null: always'"
    )
    op.execute("ALTER TABLE agent_presence ADD COLUMN chosen_at timestamptz")
    op.execute("COMMENT ON COLUMN agent_presence.chosen_at IS 'when the person said so'")
    for index in INDEXES:
        op.execute(index)


def downgrade() -> None:
    """Hours on call are lost."""
    for name in ("push_notices_by_time", "conversations_paged", "conversations_urgent"):
        op.execute(f"DROP INDEX {name}")
    op.execute("ALTER TABLE agent_presence DROP COLUMN chosen_at")
    op.execute("ALTER TABLE agents DROP COLUMN on_call")
