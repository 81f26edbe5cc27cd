"""Teams in the database, what agents can take, and their presence.

Revision ID: 0030
Revises: 0034
"""

from alembic import op

revision = "0030"
down_revision = "0034"


def upgrade() -> None:
    """New tables, and columns with defaults; an older process takes teams from city.yml as before."""
    op.execute(
        """CREATE TABLE teams (
               name            text PRIMARY KEY,
               title           text NOT NULL,
               place           integer NOT NULL,           -- the first takes what no other claims
               languages       text[] NOT NULL,
               topics          text[] NOT NULL DEFAULT '{}',
               inboxes         text[] NOT NULL DEFAULT '{}',
               skills          text[] NOT NULL DEFAULT '{}',
               mode            text NOT NULL DEFAULT 'pull' CHECK (mode IN ('pull', 'push')),
               return_minutes  integer NOT NULL DEFAULT 0,
               offer_seconds   integer NOT NULL DEFAULT 60,
               urgent_seconds  integer NOT NULL DEFAULT 60,
               hours           jsonb,                      -- null: the office's
               retired         boolean NOT NULL DEFAULT false
           )"""
    )
    op.execute(
        """ALTER TABLE agents ADD COLUMN languages text[] NOT NULL DEFAULT '{}',
               ADD COLUMN skills text[] NOT NULL DEFAULT '{}',
               ADD COLUMN capacity integer NOT NULL DEFAULT 5 CHECK (capacity BETWEEN 0 AND 100)"""
    )
    op.execute(
        """CREATE TABLE agent_presence (
               agent_id     uuid PRIMARY KEY REFERENCES agents ON DELETE CASCADE,
               state        text NOT NULL CHECK (state IN ('available', 'break', 'wrap_up', 'away', 'offline')),
               chosen       text NOT NULL CHECK (chosen IN ('available', 'break', 'wrap_up', 'away', 'offline')),
               since        timestamptz NOT NULL,          -- of the state
               input_at     timestamptz NOT NULL,          -- the last key or click
               alive_until  timestamptz NOT NULL,          -- how long the last sign of a page is good for
               given_at     timestamptz                    -- when the agent was last offered a conversation
           )"""
    )


def downgrade() -> None:
    """Teams come from city.yml again; what was changed in the console is lost."""
    op.execute("DROP TABLE agent_presence")
    op.execute("ALTER TABLE agents DROP COLUMN languages, DROP COLUMN skills, DROP COLUMN capacity")
    op.execute("DROP TABLE teams")
