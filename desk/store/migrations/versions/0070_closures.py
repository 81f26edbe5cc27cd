"""Closed requests: whether they were really fixed, and what follows if they were not; the photo of a closure;
promised dates.

Revision ID: 0070
Revises: 0069
"""

from alembic import op

revision = "0070"
down_revision = "0069"

CHANGES = (
    """CREATE TABLE closure_checks (
           request_id       uuid PRIMARY KEY REFERENCES service_requests ON DELETE CASCADE,
           contact_id       uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
           message_id       uuid REFERENCES messages ON DELETE SET NULL,   -- the question; NULL: they said it unasked
           asked_at         timestamptz NOT NULL,
           answer           text CHECK (answer IN ('fixed', 'not_fixed')),
           answered_at      timestamptz
       )""",
    "CREATE INDEX closure_checks_of_contact ON closure_checks (contact_id, asked_at)",
    "CREATE INDEX closure_checks_of_message ON closure_checks (message_id)",
    # What was filed again, because its back end cannot reopen the first one.
    "ALTER TABLE service_requests ADD COLUMN reopens uuid REFERENCES service_requests ON DELETE SET NULL",
    "CREATE INDEX service_requests_reopens ON service_requests (reopens) WHERE reopens IS NOT NULL",
    "ALTER TABLE georeport_requests ADD COLUMN status_media text",
    # Until when the back end expects to be done, and what the citizen was told of it: 1 near, 2 missed.
    "ALTER TABLE service_requests ADD COLUMN expected_at timestamptz",
    "ALTER TABLE service_requests ADD COLUMN promise_told smallint NOT NULL DEFAULT 0",
    """CREATE INDEX service_requests_expected ON service_requests (expected_at)
           WHERE state = 'filed' AND status IS DISTINCT FROM 'closed' AND promise_told < 2""",
    "ALTER TABLE request_changes DROP CONSTRAINT request_changes_kind_check",
    """ALTER TABLE request_changes ADD CONSTRAINT request_changes_kind_check
           CHECK (kind IN ('withdraw', 'complement', 'reopen')) NOT VALID""",
    "ALTER TABLE georeport_changes DROP CONSTRAINT georeport_changes_kind_check",
    """ALTER TABLE georeport_changes ADD CONSTRAINT georeport_changes_kind_check
           CHECK (kind IN ('withdraw', 'complement', 'reopen')) NOT VALID""",
)


def upgrade() -> None:
    """An older worker leaves changes of the new kind for a newer one; the rest it reads and writes as before."""
    for statement in CHANGES:
        op.execute(statement)


def downgrade() -> None:
    """What citizens said of closures is lost; requests that were filed again stay, without the link."""
    op.execute("DELETE FROM request_changes WHERE kind = 'reopen'")
    op.execute("DELETE FROM georeport_changes WHERE kind = 'reopen'")
    for table in ("request_changes", "georeport_changes"):
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_kind_check")
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_kind_check CHECK (kind IN ('withdraw', 'complement'))"
        )
    op.execute("ALTER TABLE georeport_requests DROP COLUMN status_media")
    op.execute(
        "ALTER TABLE service_requests DROP COLUMN reopens, DROP COLUMN expected_at, DROP COLUMN promise_told"
    )
    op.execute("DROP TABLE closure_checks")
