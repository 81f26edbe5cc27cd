"""Citizens who follow a request that somebody else filed ("me too").

Revision ID: 0069
Revises: 0064
"""

from alembic import op

revision = "0069"
down_revision = "0064"


def upgrade() -> None:
    """A new table and an index; an older process does not know them and works as before."""
    op.execute(
        """CREATE TABLE request_followers (
               id               uuid PRIMARY KEY,
               contact_id       uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
               conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
               backend          text NOT NULL,
               reference        text NOT NULL,
               service_code     text NOT NULL,
               status           text NOT NULL DEFAULT 'open',  -- what they know of it
               created_at       timestamptz NOT NULL,
               UNIQUE (contact_id, backend, reference)
           )"""
    )
    op.execute("CREATE INDEX request_followers_of_request ON request_followers (backend, reference)")
    op.execute("CREATE INDEX request_followers_of_conversation ON request_followers (conversation_id)")
    op.execute(
        """CREATE INDEX georeport_open_places ON georeport_requests (service_code, latitude)
           WHERE status = 'open' AND latitude IS NOT NULL"""
    )


def downgrade() -> None:
    """Nobody follows another citizen's request any more."""
    op.execute("DROP INDEX georeport_open_places")
    op.execute("DROP TABLE request_followers")
