"""Answers that another jurisdiction shares, taken in and overridden one by one; and what editors call a group of unanswered
questions on the public page.

Revision ID: 0088
Revises: 0087
"""

from alembic import op

revision = "0088"
down_revision = "0087"


def upgrade() -> None:
    """New tables and a column; an older process does not know them."""
    op.execute(
        """
        CREATE TABLE shared_sets (
            name      text PRIMARY KEY,
            version   integer NOT NULL,                 -- 0: it was never read
            digest    text NOT NULL,                    -- of its list; empty: not everything was taken in
            read_at   timestamptz NOT NULL,
            problems  jsonb NOT NULL DEFAULT '[]'
        )
        """
    )
    op.execute(
        """
        CREATE TABLE shared_answers (
            answer_id  text PRIMARY KEY REFERENCES answers,
            set_name   text NOT NULL REFERENCES shared_sets,
            version    integer NOT NULL,                -- of the set, in which it last changed
            digest     text NOT NULL,                   -- of its file
            body       jsonb,                           -- nothing: the set has it no more
            base       jsonb                            -- what it said when somebody last compared the two
        )
        """
    )
    op.execute("CREATE INDEX shared_answers_of_set ON shared_answers (set_name)")
    op.execute("ALTER TABLE unanswered_groups ADD COLUMN topic jsonb NOT NULL DEFAULT '{}'")  # by language


def downgrade() -> None:
    """Shared answers stay, as the city's own."""
    op.execute("ALTER TABLE unanswered_groups DROP COLUMN topic")
    op.execute("DROP TABLE shared_answers")
    op.execute("DROP TABLE shared_sets")
