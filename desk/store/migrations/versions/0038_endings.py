"""Why conversations end: the reason of a resolution, the report that was under way, and what citizens rate.

Revision ID: 0038
Revises: 0024
"""

from alembic import op

revision = "0038"
down_revision = "0024"

SURVEYS = """CREATE TABLE surveys (
    conversation_id  uuid PRIMARY KEY REFERENCES conversations ON DELETE CASCADE,  -- so nobody is asked twice
    contact_id       uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
    message_id       uuid NOT NULL,                -- our question
    asked_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    expects          text CHECK (expects IN ('rating', 'more', 'comment')),  -- NULL: over
    rating           smallint CHECK (rating BETWEEN 1 AND 5),
    rated_at         timestamptz,
    comment          text,
    not_solved_at    timestamptz                   -- the contact said that it is not solved
)"""


def upgrade() -> None:
    """New columns and a table; an older process does not know them and works as before."""
    # A word of the city's list of reasons, or of desk.model for what the desk does by itself.
    op.execute("ALTER TABLE conversation_transitions ADD COLUMN reason text")
    # The form that the bot was filling in after this turn.
    op.execute("ALTER TABLE turns ADD COLUMN form text")
    op.execute(SURVEYS)
    op.execute("CREATE INDEX surveys_by_contact ON surveys (contact_id, asked_at)")


def downgrade() -> None:
    """Reasons and ratings are lost."""
    op.execute("DROP TABLE surveys")
    op.execute("ALTER TABLE turns DROP COLUMN form")
    op.execute("ALTER TABLE conversation_transitions DROP COLUMN reason")
