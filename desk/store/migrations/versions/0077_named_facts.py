"""Named facts that answers use: fees, dates, telephone numbers, opening hours, with every version that they had.

Revision ID: 0077
Revises: 0070
"""

from alembic import op

revision = "0077"
down_revision = "0075"


def upgrade() -> None:
    """New tables; an older process gives answers that use a fact without its text."""
    op.execute(
        """
        CREATE TABLE facts (
            name       text PRIMARY KEY,
            newest     integer NOT NULL,
            published  integer,                           -- nothing: no answer may use it yet
            base       jsonb,                             -- nothing: it has no file
            file       jsonb,
            file_text  text NOT NULL DEFAULT ''
        )
        """
    )
    op.execute("COMMENT ON COLUMN facts.base IS 'what the file said when somebody last compared the two'")
    op.execute("COMMENT ON COLUMN facts.file_text IS 'the file, byte for byte'")
    op.execute(
        """
        CREATE TABLE fact_versions (
            fact      text NOT NULL REFERENCES facts,
            version   integer NOT NULL,
            body      jsonb NOT NULL,
            at        timestamptz NOT NULL,
            agent_id  uuid REFERENCES agents,             -- nobody: from the file
            PRIMARY KEY (fact, version)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE fact_states (
            id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            fact      text NOT NULL REFERENCES facts,
            version   integer NOT NULL,
            state     text NOT NULL CHECK (state IN ('draft', 'published')),
            at        timestamptz NOT NULL,
            agent_id  uuid REFERENCES agents
        )
        """
    )
    # An answer that begins in the console has no file.
    op.execute("ALTER TABLE answers ALTER base DROP NOT NULL, ALTER file DROP NOT NULL")
    op.execute("CREATE INDEX fact_states_of_fact ON fact_states (fact, id)")


def downgrade() -> None:
    """Facts come from content/named_facts again; export them first. Answers without a file are lost."""
    gone = "(SELECT id FROM answers WHERE file IS NULL)"
    recalls = f"(SELECT id FROM answer_recalls WHERE answer_id IN {gone})"  # noqa: S608  (this file's own words)
    op.execute(f"DELETE FROM answer_recall_people WHERE recall_id IN {recalls}")  # noqa: S608  (the same)
    for table in ("answer_recalls", "answer_states", "answer_versions"):
        op.execute(f"DELETE FROM {table} WHERE answer_id IN {gone}")  # noqa: S608  (the same)
    op.execute("DELETE FROM answers WHERE file IS NULL")
    op.execute("ALTER TABLE answers ALTER base SET NOT NULL, ALTER file SET NOT NULL")
    for table in ("fact_states", "fact_versions", "facts"):
        op.execute(f"DROP TABLE {table}")
