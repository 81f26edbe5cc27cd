"""Conversations that were merged into another, and where one was split from.

Revision ID: 0055
Revises: 0054
"""

from alembic import op

revision = "0055"
down_revision = "0054"

CHANGES = (
    "ALTER TABLE conversations ADD COLUMN merged_into uuid REFERENCES conversations ON DELETE SET NULL",
    "ALTER TABLE conversations ADD COLUMN merged_at timestamptz",
    "ALTER TABLE conversations ADD COLUMN merged_by uuid REFERENCES agents",
    "ALTER TABLE conversations ADD COLUMN merged_state text",  # before the merge
    "ALTER TABLE conversations ADD COLUMN split_from uuid REFERENCES conversations ON DELETE SET NULL",
    "CREATE INDEX conversations_merged ON conversations (merged_into) WHERE merged_into IS NOT NULL",
    "CREATE INDEX conversations_split ON conversations (split_from) WHERE split_from IS NOT NULL",
)


def upgrade() -> None:
    """Older processes show merged conversations as resolved ones."""
    for statement in CHANGES:
        op.execute(statement)


def downgrade() -> None:
    """Merged conversations stay resolved; what was split stays apart."""
    for column in ("merged_into", "merged_at", "merged_by", "merged_state", "split_from"):
        op.execute(f"ALTER TABLE conversations DROP COLUMN {column}")
