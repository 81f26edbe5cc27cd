"""Web push for citizens: the browsers that want to be told of a person's reply.

Revision ID: 0074
Revises: 0080
"""

from alembic import op

revision = "0074"
down_revision = "0080"


def upgrade() -> None:
    """A new table; an older process does not know it and works as before."""
    op.execute(
        """CREATE TABLE contact_devices (
               id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
               token_hash   bytea NOT NULL REFERENCES web_sessions ON DELETE CASCADE,  -- it ends with its session
               contact_id   uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
               endpoint     text NOT NULL UNIQUE,       -- an address at a push service; whoever knows it can try to send
               p256dh       bytea NOT NULL,
               auth         bytea NOT NULL,
               key          text NOT NULL,              -- our public key when the browser subscribed
               created_at   timestamptz NOT NULL,
               looked_seq   bigint NOT NULL,            -- the contact's messages up to this one were looked at
               due_seq      bigint NOT NULL,            -- the last message of a person that is to be told
               told_seq     bigint NOT NULL,            -- the last one that was told, or given up
               until        timestamptz NOT NULL,       -- worth nothing afterwards
               tries        integer NOT NULL DEFAULT 0,
               next_at      timestamptz NOT NULL
           )"""
    )
    op.execute("CREATE INDEX contact_devices_of_contact ON contact_devices (contact_id)")
    op.execute("CREATE INDEX contact_devices_of_session ON contact_devices (token_hash)")
    op.execute("CREATE INDEX contact_devices_due ON contact_devices (next_at) WHERE due_seq > told_seq")


def downgrade() -> None:
    """No citizen is told of a reply; they have to turn notices on again."""
    op.execute("DROP TABLE contact_devices")
