"""Until when the bot stays silent towards a contact, because staff answered in another app.

Revision ID: 0022
Revises: 0020
"""

from alembic import op

revision = "0022"
down_revision = "0020"


def upgrade() -> None:
    """No row is rewritten; an older process reads and writes contacts as before."""
    op.execute("ALTER TABLE contacts ADD COLUMN quiet_until timestamptz")
    op.execute("CREATE INDEX contacts_quiet ON contacts (quiet_until) WHERE quiet_until IS NOT NULL")


def downgrade() -> None:
    """The bot no longer knows that staff answered."""
    op.execute("ALTER TABLE contacts DROP COLUMN quiet_until")
