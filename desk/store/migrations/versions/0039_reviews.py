"""What supervisors say: notes that one agent alone sees, and scores of conversations.

Revision ID: 0039
Revises: 0038
"""

from alembic import op

revision = "0039"
down_revision = "0038"

WHISPERS = """CREATE TABLE whispers (
    id               uuid PRIMARY KEY,
    conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
    from_agent_id    uuid NOT NULL REFERENCES agents,
    to_agent_id      uuid NOT NULL REFERENCES agents,
    text             text NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    read_at          timestamptz
)"""
REVIEWS = """CREATE TABLE quality_reviews (
    conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
    reviewer_id      uuid NOT NULL REFERENCES agents,
    points           jsonb NOT NULL,               -- criterion -> points
    score            smallint NOT NULL CHECK (score BETWEEN 0 AND 100),
    note             text NOT NULL DEFAULT '',
    created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (conversation_id, reviewer_id)
)"""


def upgrade() -> None:
    """New tables; an older process does not know them and works as before."""
    op.execute(WHISPERS)
    op.execute("CREATE INDEX whispers_by_conversation ON whispers (conversation_id, created_at)")
    op.execute(REVIEWS)


def downgrade() -> None:
    """Whispers and scores are lost."""
    op.execute("DROP TABLE quality_reviews")
    op.execute("DROP TABLE whispers")
