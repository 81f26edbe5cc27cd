"""Legal holds, redactions, and indexes for reading the audit.

Revision ID: 0037
Revises: 0036
"""

from alembic import op

revision = "0037"
down_revision = "0036"

HELD = """
CREATE FUNCTION refuse_while_held() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    held legal_holds;
BEGIN
    IF TG_TABLE_NAME = 'contacts' THEN
        SELECT * INTO held FROM legal_holds WHERE contact_id = OLD.id AND lifted_at IS NULL LIMIT 1;
    ELSE
        SELECT * INTO held FROM legal_holds WHERE contact_id = OLD.contact_id AND lifted_at IS NULL LIMIT 1;
    END IF;
    IF FOUND THEN
        RAISE EXCEPTION 'The contact is under a legal hold since %. Nothing was deleted. Lift the hold first.',
            to_char(held.placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')
            USING ERRCODE = 'CD001', DETAIL = 'legal hold ' || held.id;
    END IF;
    RETURN OLD;
END
$$"""

FORGET = """
CREATE FUNCTION forget_redacted() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM trackers WHERE conversation_id = NEW.conversation_id::text;
    UPDATE turns SET parse = '{}' WHERE message_id = NEW.message_id;
    RETURN NULL;
END
$$"""


def upgrade() -> None:
    """New tables and triggers. A deletion of what is held fails for processes of every release."""
    op.execute(
        """CREATE TABLE legal_holds (
               id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
               contact_id  uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
               reason      text NOT NULL,
               placed_by   uuid NOT NULL REFERENCES agents,
               placed_at   timestamptz NOT NULL,
               lifted_by   uuid REFERENCES agents,
               lifted_at   timestamptz
           )"""
    )
    op.execute("CREATE UNIQUE INDEX legal_holds_in_force ON legal_holds (contact_id) WHERE lifted_at IS NULL")
    op.execute("CREATE INDEX legal_holds_by_contact ON legal_holds (contact_id)")
    op.execute(HELD)
    for table in ("contacts", "conversations", "messages"):
        op.execute(
            f"CREATE TRIGGER {table}_held BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_while_held()"
        )
    op.execute(
        """CREATE TABLE redactions (
               id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
               conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
               message_id       uuid NOT NULL REFERENCES messages ON DELETE CASCADE,
               reason           text NOT NULL,
               places           int NOT NULL,            -- how often the words stood there
               agent_id         uuid NOT NULL REFERENCES agents,
               at               timestamptz NOT NULL
           )"""
    )
    op.execute("CREATE INDEX redactions_by_conversation ON redactions (conversation_id)")
    op.execute("CREATE INDEX redactions_by_message ON redactions (message_id)")
    op.execute(FORGET)
    op.execute(
        """CREATE TRIGGER redaction_forgets AFTER INSERT ON redactions
               FOR EACH ROW EXECUTE FUNCTION forget_redacted()"""
    )
    op.execute("CREATE INDEX audit_by_time ON audit (at DESC, id DESC)")
    op.execute("CREATE INDEX audit_alarms ON audit (at) WHERE action = 'break_glass'")


def downgrade() -> None:
    """Holds no longer protect anything; what was redacted stays so."""
    for index in ("audit_alarms", "audit_by_time"):
        op.execute(f"DROP INDEX {index}")
    op.execute("DROP TABLE redactions")
    op.execute("DROP FUNCTION forget_redacted")
    for table in ("contacts", "conversations", "messages"):
        op.execute(f"DROP TRIGGER {table}_held ON {table}")
    op.execute("DROP FUNCTION refuse_while_held")
    op.execute("DROP TABLE legal_holds")
