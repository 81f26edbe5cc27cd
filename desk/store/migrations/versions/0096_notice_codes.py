"""Each version of a notice has a code of six letters, by which people check that a message is the city's.

Revision ID: 0096
Revises: 0095
"""

from alembic import op

revision = "0096"
down_revision = "0095"

_RANDOM = """
    CREATE FUNCTION random_code() RETURNS text LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
        -- The letters of desk/official/reading.py: 18; 252 is the largest multiple of 18 below 256. The version and variant bits of the id are not used.
        SELECT string_agg(substr('BCDFGHJKMNPQRTVWXZ', 1 + value % 18, 1), '' ORDER BY place) FROM (
            SELECT value, place FROM (
                SELECT get_byte(decode(replace(gen_random_uuid()::text, '-', ''), 'hex'), byte) AS value, round * 16 + byte AS place
                FROM generate_series(0, 3) AS round, (VALUES (0), (1), (2), (3), (4), (5), (10), (11), (12), (13), (14), (15)) AS bytes (byte)
            ) drawn WHERE value < 252 ORDER BY place LIMIT 6
        ) kept
    $$"""


def upgrade() -> None:
    """Versions that exist get one too."""
    op.execute(_RANDOM)
    op.execute("ALTER TABLE notice_versions ADD COLUMN code text NOT NULL DEFAULT random_code()")
    op.execute("CREATE UNIQUE INDEX notice_versions_code ON notice_versions (code)")


def downgrade() -> None:
    """Nobody can check a message any more."""
    op.execute("ALTER TABLE notice_versions DROP COLUMN code")
    op.execute("DROP FUNCTION random_code")
