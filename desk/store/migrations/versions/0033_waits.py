"""What citizens are told of their wait, what came of it, and how often it was true.

Revision ID: 0033
Revises: 0039
"""

from alembic import op

revision = "0033"
down_revision = "0039"

STATEMENTS = """CREATE TABLE wait_statements (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id  uuid NOT NULL,             -- no foreign key: like transitions, the counts outlive an erased one
    team             text NOT NULL,
    at               timestamptz NOT NULL,
    place            integer NOT NULL,
    mean             double precision NOT NULL, -- what was expected, in seconds
    shape            double precision NOT NULL,
    low              integer NOT NULL,          -- minutes
    high             integer NOT NULL,
    usable           boolean NOT NULL,          -- narrow enough, and over before the team closes
    shown            boolean NOT NULL,          -- a citizen was told
    ended_at         timestamptz,
    ended            text CHECK (ended IN ('claimed', 'left')),
    waited           double precision           -- seconds in which the team was open
)"""
CALIBRATIONS = """CREATE TABLE wait_calibrations (
    team           text PRIMARY KEY,
    lows           double precision[] NOT NULL,  -- one for each band of places
    highs          double precision[] NOT NULL,
    hidden         text CHECK (hidden IN ('unproven', 'error')),
    statements     integer NOT NULL,
    held           integer NOT NULL,
    calibrated_at  timestamptz NOT NULL
)"""
BACKTESTS = """CREATE TABLE wait_backtests (
    team        text NOT NULL,
    day         date NOT NULL,
    statements  integer NOT NULL,                -- of the 30 days before
    held        integer NOT NULL,
    width       double precision,                -- minutes, median
    hidden      text,
    PRIMARY KEY (team, day)
)"""


def upgrade() -> None:
    """New tables, and an index for the claims of a team. An older process works as before."""
    op.execute(STATEMENTS)
    op.execute(
        "CREATE INDEX wait_statements_open ON wait_statements (conversation_id) WHERE ended_at IS NULL"
    )
    op.execute("CREATE INDEX wait_statements_by_team ON wait_statements (team, at)")
    op.execute(CALIBRATIONS)
    op.execute(BACKTESTS)
    op.execute(
        """CREATE INDEX conversation_transitions_claims ON conversation_transitions (from_team, at)
           WHERE from_state = 'queued' AND to_state = 'assigned'"""
    )


def downgrade() -> None:
    """How often stated waits were true is lost."""
    op.execute("DROP INDEX conversation_transitions_claims")
    for table in ("wait_backtests", "wait_calibrations", "wait_statements"):
        op.execute(f"DROP TABLE {table}")
