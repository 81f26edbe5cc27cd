"""The signs of passages' vectors, narrow: looking for what means the same reads these and not the passages.

Revision ID: 0084
Revises: 0083
"""

from alembic import op

revision = "0084"
down_revision = "0083"


def upgrade() -> None:
    """An index; nothing else changes."""
    op.execute(
        "CREATE INDEX page_passages_signs ON page_passages (id) INCLUDE (signs) WHERE signs IS NOT NULL"
    )


def downgrade() -> None:
    """Every passage is read again."""
    op.execute("DROP INDEX page_passages_signs")
