"""Codes to the contact given at filing, and to whom news of a request goes beside its conversation; services that editors
take from "not ours" answers.

Revision ID: 0087
Revises: 0086
"""

from alembic import op

revision = "0087"
down_revision = "0086"

CHANGES = (
    """CREATE TABLE request_proofs (
           id              uuid PRIMARY KEY,
           conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,  -- where the code is asked for
           contact_id      uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,       -- who asks
           request_id      uuid REFERENCES service_requests ON DELETE CASCADE,        -- NULL: there is nothing to prove
           sent_to         uuid REFERENCES contacts ON DELETE CASCADE,                -- to whom the code went
           named           text NOT NULL,                                             -- the number as it was asked for
           purpose         text NOT NULL CHECK (purpose IN ('open', 'news')),
           state           text NOT NULL DEFAULT 'sent'
                           CHECK (state IN ('sent', 'replaced', 'expired', 'failed', 'confirmed')),
           tries           integer NOT NULL DEFAULT 0,
           created_at      timestamptz NOT NULL,
           expires_at      timestamptz NOT NULL
       )""",
    "CREATE INDEX ON request_proofs (conversation_id, created_at DESC)",
    "CREATE INDEX ON request_proofs (contact_id, created_at)",
    "CREATE INDEX ON request_proofs (request_id, created_at)",
    "CREATE INDEX ON request_proofs (sent_to, created_at)",
    "CREATE INDEX ON request_proofs (named, created_at)",
    "CREATE INDEX service_requests_any_reference ON service_requests (upper(reference))",
    "ALTER TABLE service_requests ADD COLUMN news_contact_id uuid REFERENCES contacts ON DELETE SET NULL",
    "CREATE INDEX ON service_requests (news_contact_id) WHERE news_contact_id IS NOT NULL",
    """CREATE TABLE learned_services (
           id           uuid PRIMARY KEY,
           words        text NOT NULL CHECK (length(words) BETWEEN 3 AND 200),
           from_code    text NOT NULL,   -- the service that the back end refused
           service_code text NOT NULL,   -- the one that is meant
           state        text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'used', 'dropped')),
           request_id   uuid REFERENCES service_requests ON DELETE CASCADE,  -- NULL: an editor's words
           created_at   timestamptz NOT NULL,
           decided_at   timestamptz,
           decided_by   uuid REFERENCES agents,
           UNIQUE (request_id)
       )""",
    "CREATE INDEX ON learned_services (state, created_at)",
)


def upgrade() -> None:
    """New tables and a column; an older process does not know them."""
    for statement in CHANGES:
        op.execute(statement)


def downgrade() -> None:
    """Nobody gets news elsewhere; what was proved and learned is lost."""
    op.execute("DROP TABLE learned_services")
    op.execute("DROP INDEX service_requests_any_reference")
    op.execute("ALTER TABLE service_requests DROP COLUMN news_contact_id")
    op.execute("DROP TABLE request_proofs")
