"""Citizens of the web chat can have their conversation deleted.

Revision ID: 0061
Revises: 0057
"""

from alembic import op

revision = "0061"
down_revision = "0057"

# No process may delete contacts: this function deletes those alone whose citizens asked for it. Who is under a legal hold
# stays until it is lifted. A turn that was under way when they asked has ended by then.
ERASE = """
CREATE FUNCTION erase_asked() RETURNS SETOF uuid LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    due uuid[];
BEGIN
    SELECT array_agg(e.contact_id) INTO due FROM erasures e
    WHERE e.asked_at < now() - interval '10 seconds' AND NOT EXISTS (
        SELECT FROM legal_holds h WHERE h.contact_id = e.contact_id AND h.lifted_at IS NULL);
    IF due IS NULL THEN
        RETURN;
    END IF;
    DELETE FROM trackers WHERE conversation_id IN (
        SELECT v.id::text FROM conversations v WHERE v.contact_id = ANY(due));
    RETURN QUERY DELETE FROM contacts c WHERE c.id = ANY(due) RETURNING c.id;
END
$$"""


def upgrade() -> None:
    """A new table and function, which older processes do not use."""
    op.execute(
        """CREATE TABLE erasures (
               contact_id  uuid PRIMARY KEY REFERENCES contacts ON DELETE CASCADE,
               asked_at    timestamptz NOT NULL DEFAULT now()
           )"""
    )
    op.execute(ERASE)


def downgrade() -> None:
    """What was asked for and not done yet is forgotten."""
    op.execute("DROP FUNCTION erase_asked()")
    op.execute("DROP TABLE erasures")
