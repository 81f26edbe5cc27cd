"""Notices: what the city says when something happens, in versions that two people release.

Revision ID: 0092
Revises: 0088
"""

from alembic import op

revision = "0092"
down_revision = "0088"


def upgrade() -> None:
    """New tables; an older process does not know them."""
    op.execute(
        """
        CREATE TABLE notices (
            id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            scenario    text NOT NULL CHECK (scenario IN
                            ('storm', 'flood', 'outage', 'water', 'evacuation', 'unrest', 'health')),
            plan        text,                             -- the prepared message it was drafted from
            created_at  timestamptz NOT NULL,
            created_by  uuid NOT NULL REFERENCES agents
        )
        """
    )
    op.execute(
        """
        CREATE TABLE notice_versions (
            notice_id    uuid NOT NULL REFERENCES notices,
            version      integer NOT NULL CHECK (version > 0),
            kind         text NOT NULL CHECK (kind IN ('first', 'update', 'all_clear')),
            state        text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'proposed', 'released', 'dropped')),
            level        text NOT NULL CHECK (level IN ('watch', 'alert', 'emergency', 'recovery')),
            area         jsonb NOT NULL,                  -- districts, polygons, circles (city/notices/districts.py)
            topics       text[] NOT NULL DEFAULT '{}',    -- answers whose questions it concerns
            overrides    text[] NOT NULL DEFAULT '{}',    -- answers that it stands in for while it holds
            texts        jsonb NOT NULL,                  -- by language
            starts_at    timestamptz NOT NULL,
            ends_at      timestamptz NOT NULL,            -- never open-ended
            written_at   timestamptz NOT NULL,
            written_by   uuid NOT NULL REFERENCES agents,
            proposed_at  timestamptz,
            proposed_by  uuid REFERENCES agents,
            released_at  timestamptz,
            released_by  uuid REFERENCES agents,
            alone_why    text,                            -- why one person released it alone
            PRIMARY KEY (notice_id, version),
            CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '30 days'),
            CHECK ((kind = 'first') = (version = 1)),
            CHECK (state <> 'proposed' OR (proposed_by IS NOT NULL AND proposed_at IS NOT NULL)),
            CONSTRAINT two_people CHECK (state <> 'released' OR (
                released_by IS NOT NULL AND released_at IS NOT NULL AND proposed_by IS NOT NULL
                AND ((released_by <> written_by AND released_by <> proposed_by)
                     OR length(btrim(coalesce(alone_why, ''))) > 0)))
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX notice_versions_open ON notice_versions (notice_id) WHERE state IN ('draft', 'proposed')"
    )
    op.execute("CREATE INDEX notice_versions_released ON notice_versions (ends_at) WHERE state = 'released'")
    for column in ("written_by", "proposed_by", "released_by"):
        op.execute(f"CREATE INDEX notice_versions_{column} ON notice_versions ({column})")
    op.execute("CREATE INDEX notices_created_by ON notices (created_by)")
    op.execute(
        """
        CREATE FUNCTION notice_version_kept() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            IF OLD.state IN ('released', 'dropped') THEN
                RAISE EXCEPTION 'a released or dropped version of a notice is not changed';
            END IF;
            IF OLD.state = 'proposed' AND NEW.state <> 'draft' AND
               (NEW.level, NEW.area, NEW.topics, NEW.overrides, NEW.texts, NEW.starts_at, NEW.ends_at, NEW.written_by, NEW.proposed_by)
               IS DISTINCT FROM
               (OLD.level, OLD.area, OLD.topics, OLD.overrides, OLD.texts, OLD.starts_at, OLD.ends_at, OLD.written_by, OLD.proposed_by) THEN
                RAISE EXCEPTION 'what was proposed is what is released';
            END IF;
            IF NEW.state = 'released' AND OLD.state <> 'proposed' THEN
                RAISE EXCEPTION 'only what was proposed is released';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        """CREATE TRIGGER notice_version_kept BEFORE UPDATE ON notice_versions
           FOR EACH ROW EXECUTE FUNCTION notice_version_kept()"""
    )
    op.execute(
        """
        CREATE TABLE notice_events (
            id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            notice_id  uuid NOT NULL REFERENCES notices,
            version    integer NOT NULL,
            what       text NOT NULL CHECK (what IN ('written', 'changed', 'proposed', 'sent_back', 'released', 'dropped')),
            at         timestamptz NOT NULL,
            by         uuid NOT NULL REFERENCES agents,
            why        text NOT NULL DEFAULT ''
        )
        """
    )
    op.execute("CREATE INDEX notice_events_of_notice ON notice_events (notice_id, id)")
    op.execute("CREATE INDEX notice_events_by ON notice_events (by)")
    op.execute(
        """
        CREATE TABLE notice_plans (
            id          text PRIMARY KEY,
            body        jsonb NOT NULL,
            seed        jsonb NOT NULL,                   -- the file when it was last read
            changed_at  timestamptz NOT NULL,
            changed_by  uuid REFERENCES agents            -- NULL: as the file has it
        )
        """
    )
    op.execute("CREATE INDEX notice_plans_changed_by ON notice_plans (changed_by)")


def downgrade() -> None:
    """Nothing is said by notices any more."""
    for table in ("notice_plans", "notice_events", "notice_versions", "notices"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION notice_version_kept")
