"""Whether the pages that answers name as their source, or link to, are still there; recalls of what was given at a time;
and editors' marks on answers that were given.

Revision ID: 0085
Revises: 0084
"""

from alembic import op

revision = "0085"
down_revision = "0084"


def upgrade() -> None:
    """A new table and columns; an older process does not know them."""
    op.execute(
        "ALTER TABLE answer_recalls ADD COLUMN given_from timestamptz, ADD COLUMN given_to timestamptz"
    )
    op.execute(
        "ALTER TABLE answer_recalls ADD COLUMN fact_said text NOT NULL DEFAULT ''"
    )  # what a fact said then
    op.execute(
        """
        CREATE TABLE answer_links (
            url         text PRIMARY KEY,
            checked_at  timestamptz NOT NULL,
            state       text NOT NULL CHECK (state IN ('there', 'gone', 'unreachable')),
            since       timestamptz NOT NULL            -- it has been so since
        )
        """
    )
    op.execute(
        """
        CREATE TABLE answer_marks (
            message_id  uuid PRIMARY KEY REFERENCES messages ON DELETE CASCADE,  -- the question
            correct     boolean NOT NULL,
            marked_at   timestamptz NOT NULL,
            marked_by   uuid NOT NULL REFERENCES agents
        )
        """
    )
    op.execute("CREATE INDEX answer_marks_by_agent ON answer_marks (marked_by)")
    op.execute("CREATE INDEX answer_marks_by_time ON answer_marks (marked_at)")


def downgrade() -> None:
    """Links are not checked any more; a recall does not know which time it was for."""
    for column in ("given_from", "given_to", "fact_said"):
        op.execute(f"ALTER TABLE answer_recalls DROP COLUMN {column}")
    op.execute("DROP TABLE answer_marks")
    op.execute("DROP TABLE answer_links")
