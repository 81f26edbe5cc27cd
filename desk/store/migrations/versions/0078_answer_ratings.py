"""Whether an answer helped, asked once in a conversation; figures of each answer by day; and who was told that a review is due.

Revision ID: 0078
Revises: 0077
"""

from alembic import op

revision = "0078"
down_revision = "0077"


def upgrade() -> None:
    """New tables, an index of the answers that were given, and a column; an older process does not know them."""
    op.execute(
        """
        CREATE TABLE answer_ratings (
            conversation_id   uuid PRIMARY KEY REFERENCES conversations ON DELETE CASCADE,
            contact_id        uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
            answer_id         text NOT NULL,
            version           integer,
            asked_at          timestamptz NOT NULL,
            helpful           boolean,
            rated_at          timestamptz,
            missing_event_id  bigint                      -- the event of the message that says what was missing
        )
        """
    )
    op.execute("CREATE INDEX answer_ratings_of_contact ON answer_ratings (contact_id, asked_at)")
    op.execute("CREATE INDEX answer_ratings_of_answer ON answer_ratings (answer_id, rated_at)")
    op.execute(
        """
        CREATE TABLE answer_days (
            answer_id   text NOT NULL,
            day         date NOT NULL,
            given       integer NOT NULL,
            handed_off  integer NOT NULL,                 -- a person was asked for within an hour, and no other answer was given
            helpful     integer NOT NULL,
            unhelpful   integer NOT NULL,
            PRIMARY KEY (answer_id, day)
        )
        """
    )
    op.execute(
        "CREATE INDEX messages_answers_given ON messages (created_at) WHERE content->'source' ? 'answer'"
    )
    op.execute(
        """
        CREATE TABLE answer_reviews_due (
            answer_id  text NOT NULL REFERENCES answers,
            review_by  date NOT NULL,
            told_at    timestamptz NOT NULL,
            PRIMARY KEY (answer_id, review_by)
        )
        """
    )


def downgrade() -> None:
    """Ratings and figures are lost."""
    op.execute("DROP TABLE answer_reviews_due")
    op.execute("DROP INDEX messages_answers_given")
    op.execute("DROP TABLE answer_days")
    op.execute("DROP TABLE answer_ratings")
