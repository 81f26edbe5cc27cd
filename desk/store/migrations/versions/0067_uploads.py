"""Photos of the web chat arrive in parts, so that a broken connection does not begin them again.

Revision ID: 0067
Revises: 0072
"""

from alembic import op

revision = "0067"
down_revision = "0072"


def upgrade() -> None:
    """New tables; an older process does not know them and works as before."""
    op.execute(
        """CREATE TABLE uploads (
               id          uuid NOT NULL,                -- the client's own
               contact_id  uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
               size        integer NOT NULL,             -- bytes, of the whole
               received    integer NOT NULL DEFAULT 0,
               media_id    uuid,                         -- once it is complete
               created_at  timestamptz NOT NULL DEFAULT now(),
               PRIMARY KEY (contact_id, id)
           )"""
    )
    op.execute(
        """CREATE TABLE upload_parts (
               contact_id  uuid NOT NULL,
               upload_id   uuid NOT NULL,
               start       integer NOT NULL,
               data        bytea NOT NULL,
               PRIMARY KEY (contact_id, upload_id, start),
               FOREIGN KEY (contact_id, upload_id) REFERENCES uploads (contact_id, id) ON DELETE CASCADE
           )"""
    )
    op.execute("CREATE INDEX uploads_created_at ON uploads (created_at)")


def downgrade() -> None:
    """Photos on their way begin again."""
    op.execute("DROP TABLE upload_parts")
    op.execute("DROP TABLE uploads")
