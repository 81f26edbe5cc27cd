"""Incidents: what many people write about at once, the conversations and requests about it, and what these people are told.

Revision ID: 0095
Revises: 0094
"""

from alembic import op

revision = "0095"
down_revision = "0094"


def upgrade() -> None:
    """New tables; an older process does not know them."""
    op.execute(
        """
        CREATE TABLE incidents (
            id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            titles     jsonb NOT NULL,                  -- by language: citizens read them
            scenario   text NOT NULL CHECK (scenario IN
                           ('storm', 'flood', 'outage', 'water', 'evacuation', 'unrest', 'health')),
            area       jsonb NOT NULL,                  -- city/notices/districts.py
            topics     text[] NOT NULL DEFAULT '{}',    -- answers (intents) that it is about
            services   text[] NOT NULL DEFAULT '{}',    -- service codes of requests
            words      text[] NOT NULL DEFAULT '{}',    -- in every language
            notice_id  uuid REFERENCES notices,
            opened_at  timestamptz NOT NULL,
            opened_by  uuid NOT NULL REFERENCES agents,
            closed_at  timestamptz,
            closed_by  uuid REFERENCES agents,
            CHECK ((closed_at IS NULL) = (closed_by IS NULL))
        )
        """
    )
    op.execute("CREATE INDEX incidents_open ON incidents (opened_at) WHERE closed_at IS NULL")
    for column in ("notice_id", "opened_by", "closed_by"):
        op.execute(f"CREATE INDEX incidents_{column} ON incidents ({column})")
    op.execute(
        """
        CREATE TABLE incident_attachments (
            id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            incident_id      uuid NOT NULL REFERENCES incidents,
            contact_id       uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
            conversation_id  uuid REFERENCES conversations ON DELETE CASCADE,
            request_id       uuid REFERENCES service_requests ON DELETE CASCADE,
            priority         integer,                   -- of the conversation, before
            attached_at      timestamptz NOT NULL,
            attached_by      uuid NOT NULL REFERENCES agents,
            undone_at        timestamptz,
            undone_by        uuid REFERENCES agents,
            CHECK ((conversation_id IS NULL) <> (request_id IS NULL)),
            CHECK ((undone_at IS NULL) = (undone_by IS NULL))
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX incident_attachments_conversation ON incident_attachments (conversation_id) WHERE undone_at IS NULL"
    )
    op.execute(
        "CREATE UNIQUE INDEX incident_attachments_request ON incident_attachments (request_id) WHERE undone_at IS NULL"
    )
    op.execute(
        "CREATE INDEX incident_attachments_of_incident ON incident_attachments (incident_id, attached_at)"
    )
    for column in ("contact_id", "conversation_id", "request_id", "attached_by", "undone_by"):
        op.execute(f"CREATE INDEX incident_attachments_by_{column} ON incident_attachments ({column})")
    op.execute(
        """
        CREATE TABLE incident_news (
            id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            incident_id   uuid NOT NULL REFERENCES incidents,
            kind          text NOT NULL CHECK (kind IN ('news', 'fixed', 'safe')),
            texts         jsonb NOT NULL,                -- by language
            written_at    timestamptz NOT NULL,
            written_by    uuid NOT NULL REFERENCES agents,
            due_at        timestamptz NOT NULL,          -- until then it can be taken back
            cancelled_at  timestamptz
        )
        """
    )
    op.execute("CREATE INDEX incident_news_of_incident ON incident_news (incident_id, written_at)")
    op.execute(
        "CREATE UNIQUE INDEX incident_news_one_question ON incident_news (incident_id) WHERE kind IN ('fixed', 'safe')"
    )
    op.execute("CREATE INDEX incident_news_by ON incident_news (written_by)")
    op.execute(
        """
        CREATE TABLE incident_people (
            news_id     uuid NOT NULL REFERENCES incident_news,
            contact_id  uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
            state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'said', 'opted_out', 'cancelled')),
            said_at     timestamptz,
            message_id  uuid REFERENCES messages ON DELETE SET NULL,
            PRIMARY KEY (news_id, contact_id)
        )
        """
    )
    op.execute("CREATE INDEX incident_people_waiting ON incident_people (news_id) WHERE state = 'waiting'")
    op.execute("CREATE INDEX incident_people_of_contact ON incident_people (contact_id)")
    op.execute("CREATE INDEX incident_people_of_message ON incident_people (message_id)")


def downgrade() -> None:
    """Conversations keep the place in the queue that they have."""
    for table in ("incident_people", "incident_news", "incident_attachments", "incidents"):
        op.execute(f"DROP TABLE {table}")
