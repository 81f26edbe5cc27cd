"""Subscriptions to notices, with the consent; everybody to whom a version is sent; and where it was said in a conversation.

Revision ID: 0093
Revises: 0092
"""

from alembic import op

revision = "0093"
down_revision = "0092"


def upgrade() -> None:
    """New tables; an older process does not know them."""
    op.execute(
        """
        CREATE TABLE notice_subscriptions (
            contact_id    uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
            scenario      text NOT NULL,                 -- '' for every scenario
            district      text NOT NULL,                 -- '' for the whole city
            state         text NOT NULL CHECK (state IN ('asked', 'on', 'off')),
            purpose       text NOT NULL DEFAULT 'public_safety_notices' CHECK (purpose = 'public_safety_notices'),
            source        text NOT NULL CHECK (source IN ('chat', 'page')),
            asked_at      timestamptz NOT NULL,
            consented_at  timestamptz,
            ended_at      timestamptz,
            PRIMARY KEY (contact_id, scenario, district),
            CHECK (state <> 'on' OR consented_at IS NOT NULL)
        )
        """
    )
    op.execute(
        "CREATE INDEX notice_subscriptions_on ON notice_subscriptions (district, scenario) WHERE state = 'on'"
    )
    op.execute(
        """
        CREATE TABLE notice_people (
            notice_id   uuid NOT NULL,
            version     integer NOT NULL,
            contact_id  uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
            state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'said', 'opted_out', 'superseded')),
            urgent      boolean NOT NULL,                -- also in the quiet hours, and before other messages
            added_at    timestamptz NOT NULL,
            said_at     timestamptz,
            message_id  uuid REFERENCES messages ON DELETE SET NULL,
            PRIMARY KEY (notice_id, version, contact_id),
            FOREIGN KEY (notice_id, version) REFERENCES notice_versions
        )
        """
    )
    op.execute(
        "CREATE INDEX notice_people_waiting ON notice_people (urgent DESC, added_at, contact_id) WHERE state = 'waiting'"
    )
    op.execute("CREATE INDEX notice_people_of_contact ON notice_people (contact_id)")
    op.execute("CREATE INDEX notice_people_of_message ON notice_people (message_id)")
    op.execute(
        """
        CREATE TABLE notice_mentions (
            conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
            notice_id        uuid NOT NULL,
            version          integer NOT NULL,
            at               timestamptz NOT NULL,
            PRIMARY KEY (conversation_id, notice_id, version),
            FOREIGN KEY (notice_id, version) REFERENCES notice_versions
        )
        """
    )
    op.execute("CREATE INDEX notice_mentions_of_version ON notice_mentions (notice_id, version)")


def downgrade() -> None:
    """Nobody is sent a notice any more."""
    for table in ("notice_mentions", "notice_people", "notice_subscriptions"):
        op.execute(f"DROP TABLE {table}")
