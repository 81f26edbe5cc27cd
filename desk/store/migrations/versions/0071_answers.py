"""Answers that editors change in the console: versions, states, stops, and areas in which two people release.

Revision ID: 0071
Revises: 0059
"""

from alembic import op

revision = "0071"
down_revision = "0059"


def upgrade() -> None:
    """New tables; an older process reads its answers from content/ as before."""
    op.execute(
        """
        CREATE TABLE answers (
            id         text PRIMARY KEY,
            newest     integer NOT NULL,
            state      text NOT NULL CHECK (state IN ('draft', 'in_review', 'approved', 'published', 'withdrawn')),
            published  integer,
            base       jsonb NOT NULL,
            file       jsonb NOT NULL,
            file_text  text NOT NULL
        )
        """
    )
    op.execute("COMMENT ON COLUMN answers.state IS 'of the newest version; citizens get the published one'")
    op.execute("COMMENT ON COLUMN answers.base IS 'what the file said when somebody last compared the two'")
    op.execute("COMMENT ON COLUMN answers.file_text IS 'the file, byte for byte'")
    op.execute(
        """
        CREATE TABLE answer_versions (
            answer_id  text NOT NULL REFERENCES answers,
            version    integer NOT NULL,
            body       jsonb NOT NULL,
            at         timestamptz NOT NULL,
            agent_id   uuid REFERENCES agents,            -- nobody: from the file
            PRIMARY KEY (answer_id, version)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE answer_states (
            id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            answer_id  text NOT NULL REFERENCES answers,
            version    integer NOT NULL,
            state      text NOT NULL,
            why        text NOT NULL DEFAULT '',
            at         timestamptz NOT NULL,
            agent_id   uuid REFERENCES agents
        )
        """
    )
    op.execute("CREATE INDEX answer_states_of_answer ON answer_states (answer_id, id)")
    op.execute(
        """
        CREATE TABLE answer_stops (
            id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            kind       text NOT NULL CHECK (kind IN ('answer', 'area', 'assistant')),
            name       text NOT NULL DEFAULT '',          -- the answer or the area
            why        text NOT NULL,
            at         timestamptz NOT NULL,
            agent_id   uuid NOT NULL REFERENCES agents,
            ended_at   timestamptz,
            ended_by   uuid REFERENCES agents
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX answer_stops_open ON answer_stops (kind, name) WHERE ended_at IS NULL")
    op.execute(
        """
        CREATE TABLE answer_areas (
            area        text PRIMARY KEY,
            two_people  boolean NOT NULL
        )
        """
    )
    op.execute(
        "COMMENT ON COLUMN answer_areas.two_people IS 'whether somebody else has to approve; an area without a row: yes'"
    )


def downgrade() -> None:
    """Answers come from content/ again; export them first."""
    for table in ("answer_areas", "answer_stops", "answer_states", "answer_versions", "answers"):
        op.execute(f"DROP TABLE {table}")
