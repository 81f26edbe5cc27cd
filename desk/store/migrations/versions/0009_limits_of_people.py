"""Limits that a stranger cannot close for others: where web chats come from, handoffs, billed units.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"

STATEMENTS = (
    # A keyed digest of the network address that opened a web chat; NULL on every other channel.
    "ALTER TABLE contacts ADD COLUMN origin bytea",
    # When this contact was put into the queue, for the limits of handoffs; also those that were resolved since.
    """CREATE TABLE handoffs (
        id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        contact_id  uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
        origin      bytea,
        at          timestamptz NOT NULL DEFAULT clock_timestamp()
    )""",
    "CREATE INDEX handoffs_by_contact ON handoffs (contact_id, at)",
    "CREATE INDEX handoffs_by_origin ON handoffs (origin, at) WHERE origin IS NOT NULL",
    "CREATE INDEX handoffs_by_time ON handoffs (at)",
    # What a provider bills, reserved before it is asked: one row for each message, however often it is tried.
    """CREATE TABLE billed_units (
        item_id     bigint PRIMARY KEY,
        inbox       text NOT NULL,
        contact_id  uuid REFERENCES contacts ON DELETE SET NULL,
        units       integer NOT NULL,
        new_contact boolean NOT NULL,
        at          timestamptz NOT NULL DEFAULT clock_timestamp()
    )""",
    "CREATE INDEX billed_units_by_inbox ON billed_units (inbox, at)",
    "CREATE INDEX billed_units_by_contact ON billed_units (contact_id)",
    "CREATE INDEX billed_units_by_time ON billed_units (at)",
    # What an agent looked at a moment ago need not be written into the audit again.
    "CREATE INDEX audit_by_agent ON audit (agent_id, at)",
)


def upgrade() -> None:
    """Additive: an older process goes on as before."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """The limits start again from nothing."""
    op.execute("DROP INDEX audit_by_agent")
    op.execute("DROP TABLE billed_units")
    op.execute("DROP TABLE handoffs")
    op.execute("ALTER TABLE contacts DROP COLUMN origin")
