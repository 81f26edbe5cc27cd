"""Agents' planned shifts, and who was at work when.

Revision ID: 0051
Revises: 0050
"""

from alembic import op

revision = "0051"
down_revision = "0050"

NOTE = """
CREATE FUNCTION note_presence() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.state = OLD.state THEN
        RETURN NULL;
    END IF;
    UPDATE presence_history SET ended_at = greatest(NEW.since, began_at)
        WHERE agent_id = NEW.agent_id AND ended_at IS NULL;
    IF NEW.state <> 'offline' THEN
        INSERT INTO presence_history (agent_id, state, began_at) VALUES (NEW.agent_id, NEW.state, NEW.since);
    END IF;
    DELETE FROM presence_history WHERE agent_id = NEW.agent_id AND ended_at < NEW.since - interval '400 days';
    RETURN NULL;
END
$$"""


def upgrade() -> None:
    """A new table that a trigger fills, whoever changes a presence; and a column that older processes do not read."""
    op.execute("ALTER TABLE agents ADD COLUMN shifts jsonb")
    op.execute(
        "COMMENT ON COLUMN agents.shifts IS 'planned hours, as those of a team; null: none are planned'"
    )
    op.execute(
        """CREATE TABLE presence_history (
               id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
               agent_id  uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
               state     text NOT NULL,
               began_at  timestamptz NOT NULL,
               ended_at  timestamptz
           )"""
    )
    op.execute("CREATE UNIQUE INDEX presence_now ON presence_history (agent_id) WHERE ended_at IS NULL")
    op.execute("CREATE INDEX presence_by_agent ON presence_history (agent_id, began_at)")
    op.execute(NOTE)
    op.execute(
        """CREATE TRIGGER presence_changed AFTER INSERT OR UPDATE ON agent_presence
               FOR EACH ROW EXECUTE FUNCTION note_presence()"""
    )


def downgrade() -> None:
    """Shifts and history are lost."""
    op.execute("DROP TRIGGER presence_changed ON agent_presence")
    op.execute("DROP FUNCTION note_presence")
    op.execute("DROP TABLE presence_history")
    op.execute("ALTER TABLE agents DROP COLUMN shifts")
