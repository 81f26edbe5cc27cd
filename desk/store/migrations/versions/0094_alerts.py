"""Alerts of other services: where each source is at, the alerts with what became of them, and versions of notices that an alert
wrote or, by an administrator's rule, released.

Revision ID: 0094
Revises: 0093
"""

from alembic import op

revision = "0094"
down_revision = "0093"


def upgrade() -> None:
    """New tables, and columns that an older process does not know."""
    op.execute(
        """
        CREATE TABLE alert_polls (
            source       text PRIMARY KEY,
            url          text NOT NULL,                  -- another address is read from its beginning
            due_at       timestamptz NOT NULL,
            lease_until  timestamptz NOT NULL DEFAULT '-infinity',
            polled_at    timestamptz,
            read_at      timestamptz,                    -- when it was last read without a problem
            etag         text,
            modified     text,
            failures     integer NOT NULL DEFAULT 0,
            problem      text NOT NULL DEFAULT ''
        )
        """
    )
    op.execute(
        """
        CREATE TABLE alert_entries (
            source   text NOT NULL,
            entry    text NOT NULL,                      -- digest of an entry of the feed
            seen_at  timestamptz NOT NULL,
            PRIMARY KEY (source, entry)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE alerts (
            id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            source       text NOT NULL,
            sender       text,                           -- NULL: it could not be read
            identifier   text,
            sent         timestamptz,
            status       text NOT NULL DEFAULT '',
            kind         text NOT NULL DEFAULT '',
            refs         text[] NOT NULL DEFAULT '{}',   -- the earlier messages that it refers to
            digest       text NOT NULL,
            signed       boolean NOT NULL DEFAULT false,
            body         jsonb NOT NULL DEFAULT '[]',    -- its info blocks: the source's own words
            state        text NOT NULL DEFAULT 'ignored' CHECK (state IN
                             ('draft', 'banner', 'ended', 'needs_person', 'ignored', 'unreadable')),
            why          text NOT NULL DEFAULT '',
            notice_id    uuid REFERENCES notices,
            received_at  timestamptz NOT NULL,
            CHECK ((sender IS NULL) = (identifier IS NULL) AND (sender IS NULL) = (sent IS NULL)),
            CHECK ((state = 'unreadable') = (sender IS NULL))
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX alerts_once ON alerts (source, sender, identifier, sent) WHERE sender IS NOT NULL"
    )
    op.execute("CREATE INDEX alerts_identifier ON alerts (identifier)")
    op.execute("CREATE INDEX alerts_refs ON alerts USING gin (refs)")
    op.execute("CREATE INDEX alerts_received ON alerts (received_at)")
    op.execute("CREATE INDEX alerts_of_notice ON alerts (notice_id)")
    op.execute("ALTER TABLE notices ALTER created_by DROP NOT NULL")
    op.execute("ALTER TABLE notice_events ALTER by DROP NOT NULL")
    op.execute(
        """
        ALTER TABLE notice_versions
            ALTER written_by DROP NOT NULL,              -- NULL: an alert wrote it
            ADD COLUMN alert_id uuid REFERENCES alerts,
            ADD COLUMN rule_by uuid REFERENCES agents,   -- the administrator whose rule released it
            DROP CONSTRAINT two_people,
            ADD CHECK (written_by IS NOT NULL OR alert_id IS NOT NULL),
            ADD CHECK (rule_by IS NULL OR (state = 'released' AND alert_id IS NOT NULL AND written_by IS NULL)),
            ADD CONSTRAINT two_people CHECK (state <> 'released' OR (released_at IS NOT NULL AND (
                (rule_by IS NOT NULL AND released_by IS NULL AND proposed_by IS NULL)
                OR (rule_by IS NULL AND released_by IS NOT NULL AND proposed_by IS NOT NULL
                    AND ((released_by IS DISTINCT FROM written_by AND released_by <> proposed_by)
                         OR length(btrim(coalesce(alone_why, ''))) > 0)))))
        """
    )
    op.execute("CREATE INDEX notice_versions_alert ON notice_versions (alert_id)")
    op.execute("CREATE INDEX notice_versions_rule_by ON notice_versions (rule_by)")


def downgrade() -> None:
    """What alerts wrote has no writer, so it goes."""
    for table in ("notice_mentions", "notice_people"):
        op.execute(
            f"""DELETE FROM {table} WHERE notice_id IN (SELECT notice_id FROM notice_versions WHERE written_by IS NULL)"""  # noqa: S608  (our own constants)
        )
    op.execute("DELETE FROM notice_events WHERE by IS NULL")
    op.execute(
        "CREATE TEMP TABLE gone AS SELECT DISTINCT notice_id FROM notice_versions WHERE written_by IS NULL"
    )
    op.execute("DELETE FROM notice_events WHERE notice_id IN (SELECT notice_id FROM gone)")
    op.execute("DELETE FROM notice_versions WHERE notice_id IN (SELECT notice_id FROM gone)")
    op.execute("UPDATE alerts SET notice_id = NULL")
    op.execute("DELETE FROM notices WHERE id IN (SELECT notice_id FROM gone)")
    op.execute("DROP TABLE gone")
    op.execute(
        """
        ALTER TABLE notice_versions
            ALTER written_by SET NOT NULL, DROP CONSTRAINT two_people, DROP COLUMN alert_id, DROP COLUMN rule_by,
            ADD CONSTRAINT two_people CHECK (state <> 'released' OR (
                released_by IS NOT NULL AND released_at IS NOT NULL AND proposed_by IS NOT NULL
                AND ((released_by <> written_by AND released_by <> proposed_by)
                     OR length(btrim(coalesce(alone_why, ''))) > 0)))
        """
    )
    op.execute("ALTER TABLE notice_events ALTER by SET NOT NULL")
    op.execute("ALTER TABLE notices ALTER created_by SET NOT NULL")
    for table in ("alerts", "alert_entries", "alert_polls"):
        op.execute(f"DROP TABLE {table}")
