"""Changes whose call may have been carried out; what citizens were told of open requests; updates of our own server.

Revision ID: 0086
Revises: 0085
"""

from alembic import op

revision = "0086"
down_revision = "0085"

KINDS = "kind IN ('withdraw', 'complement', 'reopen', 'status')"
CHANGES = (
    "ALTER TABLE request_changes ADD COLUMN unclear_since timestamptz",
    # What was said last about an open request: a digest. "" for those of before, whose present note is no news.
    "ALTER TABLE service_requests ADD COLUMN told_note text DEFAULT ''",
    "ALTER TABLE service_requests ALTER COLUMN told_note DROP DEFAULT",
    """ALTER TABLE georeport_changes ADD COLUMN status text, ADD COLUMN note text, ADD COLUMN said text,
           ADD COLUMN media jsonb NOT NULL DEFAULT '[]'""",
    "ALTER TABLE georeport_changes DROP CONSTRAINT georeport_changes_kind_check",
    f"ALTER TABLE georeport_changes ADD CONSTRAINT georeport_changes_kind_check CHECK ({KINDS}) NOT VALID",
    "CREATE INDEX georeport_changes_by_time ON georeport_changes (at)",
)


def upgrade() -> None:
    """New columns and an index; an older process does not know them, and records no status as an update."""
    for statement in CHANGES:
        op.execute(statement)


def downgrade() -> None:
    """Updates of statuses are lost; a change whose outcome is unclear is sent again."""
    op.execute("DROP INDEX georeport_changes_by_time")
    op.execute("DELETE FROM georeport_changes WHERE kind = 'status'")
    op.execute("ALTER TABLE georeport_changes DROP CONSTRAINT georeport_changes_kind_check")
    op.execute(
        """ALTER TABLE georeport_changes ADD CONSTRAINT georeport_changes_kind_check
               CHECK (kind IN ('withdraw', 'complement', 'reopen')) NOT VALID"""
    )
    for column in ("status", "note", "said", "media"):
        op.execute(f"ALTER TABLE georeport_changes DROP COLUMN {column}")
    op.execute("ALTER TABLE service_requests DROP COLUMN told_note")
    op.execute("ALTER TABLE request_changes DROP COLUMN unclear_since")
