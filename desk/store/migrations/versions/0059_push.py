"""Web push: the devices that agents want notices on, and the notices that are to be sent.

Revision ID: 0059
Revises: 0058
"""

from alembic import op

revision = "0059"
down_revision = "0058"


def upgrade() -> None:
    """New tables; an older process does not know them and works as before."""
    op.execute(
        """CREATE TABLE push_devices (
               id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
               agent_id    uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
               session_id  uuid,                        -- the browser's latest session, which may be over
               endpoint    text NOT NULL UNIQUE,        -- an address at a push service; whoever knows it can try to send
               p256dh      bytea NOT NULL,
               auth        bytea NOT NULL,
               key         text NOT NULL,               -- our public key when the browser subscribed
               device      text NOT NULL,
               kinds       text[] NOT NULL,
               on_call     boolean NOT NULL,
               created_at  timestamptz NOT NULL
           )"""
    )
    op.execute("CREATE INDEX push_devices_of_agent ON push_devices (agent_id)")
    op.execute(
        """CREATE TABLE push_notices (
               id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
               device_id        uuid NOT NULL REFERENCES push_devices ON DELETE CASCADE,
               conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
               kind             text NOT NULL CHECK (kind IN ('urgent', 'paged', 'mention', 'offer')),
               about            text NOT NULL,          -- with device and kind: what no device is told twice
               created_at       timestamptz NOT NULL,
               until            timestamptz NOT NULL,   -- worth nothing afterwards
               tries            integer NOT NULL DEFAULT 0,
               next_at          timestamptz NOT NULL,
               state            text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'given_up')),
               UNIQUE (device_id, kind, about)
           )"""
    )
    op.execute("CREATE INDEX push_notices_due ON push_notices (next_at) WHERE state = 'waiting'")
    op.execute("CREATE INDEX push_notices_of_conversation ON push_notices (conversation_id)")


def downgrade() -> None:
    """No device is told anything; agents have to turn notices on again."""
    op.execute("DROP TABLE push_notices")
    op.execute("DROP TABLE push_devices")
