"""Whether an answer helped, asked once in a conversation; figures of each answer by day; who was told that a review is due; and
trainings that editors asked for, with the models that came of them.

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
    op.execute(
        """
        CREATE TABLE trainings (
            id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            asked_at     timestamptz NOT NULL,
            asked_by     uuid NOT NULL REFERENCES agents,
            forced       boolean NOT NULL,                -- the model is used even if it is worse
            files        jsonb NOT NULL,                  -- content/answers, by id
            state        text NOT NULL DEFAULT 'waiting'
                         CHECK (state IN ('waiting', 'running', 'trained', 'unchanged', 'refused', 'failed')),
            step         text NOT NULL DEFAULT '',        -- what it does now
            started_at   timestamptz,
            seen_at      timestamptz,                     -- when the trainer last wrote
            finished_at  timestamptz,
            report       text NOT NULL DEFAULT '',
            figures      jsonb NOT NULL DEFAULT '{}'
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX trainings_open ON trainings ((true)) WHERE state IN ('waiting', 'running')"
    )
    op.execute(
        """
        CREATE TABLE trained_models (
            training_id  bigint PRIMARY KEY REFERENCES trainings,
            sha256       text NOT NULL,
            code         text NOT NULL,                   -- of the release that trained it
            model        bytea NOT NULL
        )
        """
    )
    op.execute("ALTER TABLE trained_models ALTER model SET STORAGE EXTERNAL")  # it is compressed already
    op.execute(
        """
        CREATE TABLE models_in_use (
            id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            training_id  bigint,                          -- nothing: the release's own; the last row counts
            at           timestamptz NOT NULL DEFAULT now(),
            agent_id     uuid REFERENCES agents           -- nobody: the training itself
        )
        """
    )


def downgrade() -> None:
    """Ratings and figures are lost, and so are models that were trained from the console."""
    for table in ("models_in_use", "trained_models", "trainings"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP TABLE answer_reviews_due")
    op.execute("DROP INDEX messages_answers_given")
    op.execute("DROP TABLE answer_days")
    op.execute("DROP TABLE answer_ratings")
