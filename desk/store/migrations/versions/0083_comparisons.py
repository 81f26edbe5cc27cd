"""Models beside each other: runs over recent questions, shadow mode, editors' marks, and the regression questions that these leave.

Revision ID: 0083
Revises: 0074
"""

from alembic import op

revision = "0083"
down_revision = "0074"


def upgrade() -> None:
    """New tables and a column; an older process does not know them."""
    op.execute(
        "ALTER TABLE trainings ADD COLUMN held boolean NOT NULL DEFAULT false"
    )  # kept, and not used at once
    op.execute(
        """
        CREATE TABLE comparisons (
            id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            kind          text NOT NULL CHECK (kind IN ('run', 'shadow')),
            old_training  bigint,                       -- nothing: the release's own
            new_training  bigint NOT NULL REFERENCES trainings,
            share         smallint NOT NULL CHECK (share BETWEEN 1 AND 100),
            asked_at      timestamptz NOT NULL,
            asked_by      uuid NOT NULL REFERENCES agents,
            state         text NOT NULL CHECK (state IN ('collecting', 'waiting', 'running', 'shadowing', 'done', 'ended', 'failed')),
            collected_to  timestamptz,                  -- shadow: turns until then were taken
            questions     integer NOT NULL DEFAULT 0,   -- that both models read
            started_at    timestamptz,
            seen_at       timestamptz,
            finished_at   timestamptz,
            said          text NOT NULL DEFAULT '',     -- where it is, or why it failed
            marked        jsonb NOT NULL DEFAULT '{}'   -- regression questions: all, right before and now, those that broke
        )
        """
    )
    op.execute(
        """CREATE UNIQUE INDEX comparisons_open ON comparisons (kind)
           WHERE state IN ('collecting', 'waiting', 'running', 'shadowing')"""
    )
    op.execute("CREATE INDEX comparisons_by_agent ON comparisons (asked_by)")
    op.execute("CREATE INDEX comparisons_of_training ON comparisons (new_training)")
    op.execute(
        """
        CREATE TABLE compared_questions (
            comparison_id  bigint NOT NULL REFERENCES comparisons ON DELETE CASCADE,
            message_id     uuid NOT NULL REFERENCES messages ON DELETE CASCADE,
            language       text NOT NULL,
            text           text NOT NULL,               -- masked; empty once it was read: it stays in its message
            moments        jsonb,                       -- of the dialogue, where the turn recorded them
            old            jsonb,                       -- {intent, offers}
            new            jsonb,
            mark           text CHECK (mark IN ('old', 'new', 'both', 'neither')),
            marked_by      uuid REFERENCES agents,
            marked_at      timestamptz,
            PRIMARY KEY (comparison_id, message_id)
        )
        """
    )
    op.execute("CREATE INDEX compared_questions_of_message ON compared_questions (message_id)")
    op.execute("CREATE INDEX compared_questions_by_agent ON compared_questions (marked_by)")
    op.execute(
        """
        CREATE TABLE regression_questions (
            id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            text      text NOT NULL,                    -- nothing had to be masked in it
            language  text NOT NULL,
            accepted  text[] NOT NULL,                  -- right outcomes, where an editor knows them
            refused   text[] NOT NULL,                  -- wrong ones
            made_at   timestamptz NOT NULL,
            made_by   uuid NOT NULL REFERENCES agents,
            UNIQUE (text, language)
        )
        """
    )
    op.execute("CREATE INDEX regression_questions_by_agent ON regression_questions (made_by)")


def downgrade() -> None:
    """Comparisons and regression questions are lost."""
    for table in ("regression_questions", "compared_questions", "comparisons"):
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE trainings DROP COLUMN held")
