"""Claims that citizens ask about, in groups by meaning; editors' verdicts on them; and who was told.

Revision ID: 0097
Revises: 0096
"""

from alembic import op

revision = "0097"
down_revision = "0096"


def upgrade() -> None:
    """New tables; an older process does not know them."""
    op.execute(
        """
        CREATE TABLE rumours (
            id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at    timestamptz NOT NULL,
            created_by    uuid REFERENCES agents,        -- NULL: a claim of a citizen began it
            set_aside_at  timestamptz,
            set_aside_by  uuid REFERENCES agents
        )
        """
    )
    op.execute("CREATE INDEX rumours_created_by ON rumours (created_by)")
    op.execute("CREATE INDEX rumours_set_aside_by ON rumours (set_aside_by)")
    op.execute(
        """
        CREATE TABLE rumour_vectors (
            rumour_id  bigint NOT NULL REFERENCES rumours ON DELETE CASCADE,
            source     text NOT NULL,                    -- 'claim': of the first one; else version and language of a verdict
            vector     bytea NOT NULL,
            signs      bit(512) NOT NULL,
            PRIMARY KEY (rumour_id, source)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE rumour_claims (
            message_id       uuid PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
            conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
            contact_id       uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
            rumour_id        bigint REFERENCES rumours ON DELETE SET NULL,
            asked_at         timestamptz NOT NULL,
            language         text NOT NULL,
            answered         boolean NOT NULL              -- the assistant had an answer, too
        )
        """
    )
    op.execute("CREATE INDEX rumour_claims_waiting ON rumour_claims (asked_at) WHERE rumour_id IS NULL")
    op.execute("CREATE INDEX rumour_claims_of_rumour ON rumour_claims (rumour_id)")
    op.execute("CREATE INDEX rumour_claims_of_contact ON rumour_claims (contact_id)")
    op.execute("CREATE INDEX rumour_claims_of_conversation ON rumour_claims (conversation_id)")
    op.execute(
        """
        CREATE TABLE rumour_versions (
            rumour_id  bigint NOT NULL REFERENCES rumours,
            version    integer NOT NULL CHECK (version > 0),
            verdict    text NOT NULL CHECK (verdict IN ('true', 'false', 'misleading', 'unknown')),
            claims     jsonb NOT NULL,                   -- language -> the claim in the editor's words
            texts      jsonb NOT NULL,                   -- language -> what is right
            sources    text[] NOT NULL,                  -- https addresses
            at         timestamptz NOT NULL,
            by         uuid NOT NULL REFERENCES agents,
            PRIMARY KEY (rumour_id, version)
        )
        """
    )
    op.execute("CREATE INDEX rumour_versions_by ON rumour_versions (by)")
    op.execute(
        """
        CREATE TABLE rumour_people (
            rumour_id   bigint NOT NULL,
            version     integer NOT NULL,
            contact_id  uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
            state       text NOT NULL CHECK (state IN ('waiting', 'said', 'opted_out', 'superseded')),
            added_at    timestamptz NOT NULL,
            said_at     timestamptz,
            message_id  uuid REFERENCES messages ON DELETE SET NULL,
            PRIMARY KEY (rumour_id, version, contact_id),
            FOREIGN KEY (rumour_id, version) REFERENCES rumour_versions
        )
        """
    )
    op.execute(
        "CREATE INDEX rumour_people_waiting ON rumour_people (added_at, contact_id) WHERE state = 'waiting'"
    )
    op.execute("CREATE INDEX rumour_people_of_contact ON rumour_people (contact_id)")
    op.execute("CREATE INDEX rumour_people_of_message ON rumour_people (message_id)")


def downgrade() -> None:
    """Claims are not collected any more, and verdicts are lost."""
    for table in ("rumour_people", "rumour_versions", "rumour_claims", "rumour_vectors", "rumours"):
        op.execute(f"DROP TABLE {table}")
