"""Questions that were not answered, in groups of those that mean the same.

Revision ID: 0080
Revises: 0079
"""

from alembic import op

revision = "0080"
down_revision = "0079"


def upgrade() -> None:
    """New tables and an index; an older process does not know them. No text is kept twice: it stays in its message."""
    op.execute(
        """
        CREATE TABLE unanswered_groups (
            id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            vector       bytea NOT NULL,                -- of its first question
            signs        bit(512) NOT NULL,
            decision     text CHECK (decision IN ('answer', 'examples', 'near_miss', 'not_ours', 'set_aside')),
            answer_id    text,
            ask_instead  jsonb NOT NULL DEFAULT '{}',   -- by language, where it is not ours
            decided_at   timestamptz,
            decided_by   uuid REFERENCES agents
        )
        """
    )
    op.execute("CREATE INDEX unanswered_groups_by_agent ON unanswered_groups (decided_by)")
    op.execute(
        """
        CREATE TABLE unanswered_questions (
            message_id       uuid PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
            conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
            contact_id       uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
            asked_at         timestamptz NOT NULL,
            language         text NOT NULL,
            reason           text NOT NULL,
            group_id         bigint REFERENCES unanswered_groups ON DELETE SET NULL
        )
        """
    )
    op.execute("CREATE INDEX unanswered_questions_of_group ON unanswered_questions (group_id, asked_at)")
    op.execute("CREATE INDEX unanswered_questions_of_conversation ON unanswered_questions (conversation_id)")
    op.execute("CREATE INDEX unanswered_questions_of_contact ON unanswered_questions (contact_id)")
    op.execute("CREATE INDEX unanswered_questions_by_time ON unanswered_questions (asked_at)")
    op.execute(
        "CREATE TABLE unanswered_progress (one boolean PRIMARY KEY DEFAULT true CHECK (one), until timestamptz NOT NULL)"
    )
    op.execute("CREATE INDEX turns_by_time ON turns (created_at)")


def downgrade() -> None:
    """What was collected is lost; the questions stay in their conversations."""
    op.execute("DROP INDEX turns_by_time")
    op.execute("DROP TABLE unanswered_progress")
    op.execute("DROP TABLE unanswered_questions")
    op.execute("DROP TABLE unanswered_groups")
