"""Recalls: who got a version of an answer, and the correction that each of them is sent once.

Revision ID: 0072
Revises: 0071
"""

from alembic import op

revision = "0072"
down_revision = "0071"


def upgrade() -> None:
    """New tables, and an index that finds the messages of an answer; an older process does not know them."""
    op.execute(
        """
        CREATE TABLE answer_recalls (
            id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            answer_id    text NOT NULL REFERENCES answers,
            versions     integer[] NOT NULL,
            texts        jsonb NOT NULL,                  -- by language
            why          text NOT NULL,
            written_at   timestamptz NOT NULL,
            written_by   uuid NOT NULL REFERENCES agents,
            approved_at  timestamptz,
            approved_by  uuid REFERENCES agents,
            dropped_at   timestamptz
        )
        """
    )
    op.execute("CREATE INDEX answer_recalls_of_answer ON answer_recalls (answer_id, written_at)")
    op.execute(
        """
        CREATE TABLE answer_recall_people (
            recall_id        uuid NOT NULL REFERENCES answer_recalls,
            contact_id       uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
            conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
            given_at         timestamptz NOT NULL,        -- when they last got it
            was_read         boolean NOT NULL,
            message_id       uuid REFERENCES messages ON DELETE SET NULL,
            sent_at          timestamptz,
            PRIMARY KEY (recall_id, contact_id)
        )
        """
    )
    op.execute(
        "CREATE INDEX answer_recall_people_waiting ON answer_recall_people (recall_id) WHERE sent_at IS NULL"
    )
    op.execute("CREATE INDEX answer_recall_people_of_conversation ON answer_recall_people (conversation_id)")
    op.execute("CREATE INDEX answer_recall_people_of_contact ON answer_recall_people (contact_id)")
    op.execute("CREATE INDEX answer_recall_people_of_message ON answer_recall_people (message_id)")
    op.execute(
        """
        CREATE INDEX messages_of_answer ON messages ((content->'source'->>'answer'), created_at)
        WHERE content->'source' ? 'answer'
        """
    )
    op.execute("CREATE INDEX messages_with_answers ON messages (created_at) WHERE content ? 'answers'")


def downgrade() -> None:
    """Nobody is sent a correction any more; what was sent stays."""
    op.execute("DROP INDEX messages_with_answers")
    op.execute("DROP INDEX messages_of_answer")
    op.execute("DROP TABLE answer_recall_people")
    op.execute("DROP TABLE answer_recalls")
