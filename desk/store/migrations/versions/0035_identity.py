"""Roles as permission sets, a limit to the own teams, identities of a provider, and sessions that people can list.

Revision ID: 0035
Revises: 0044
"""

from alembic import op

revision = "0035"
down_revision = "0044"


def upgrade() -> None:
    """An older process gives a new role no permission, and lets nobody in who has no password here."""
    op.execute("ALTER TABLE agents DROP CONSTRAINT agents_role_check")
    op.execute(
        """ALTER TABLE agents
               ADD CONSTRAINT agents_role_check
                   CHECK (role IN ('agent', 'supervisor', 'editor', 'admin', 'auditor')),
               ADD COLUMN only_own_teams boolean NOT NULL DEFAULT false,
               ADD COLUMN break_glass boolean NOT NULL DEFAULT false,  -- works while the provider does not
               ADD COLUMN issuer text,                                 -- the provider that knows this person …
               ADD COLUMN subject text,                                -- … and its id of the person, which never changes
               ALTER COLUMN password_hash DROP NOT NULL,
               ADD CONSTRAINT agents_identity UNIQUE (issuer, subject)"""
    )
    op.execute(
        """ALTER TABLE agent_sessions
               ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid(),  -- names it in a list; opens nothing
               ADD COLUMN device text NOT NULL DEFAULT '',
               ADD COLUMN network text NOT NULL DEFAULT '',            -- the address range, not the address
               ADD COLUMN method text NOT NULL DEFAULT 'password',
               ADD COLUMN enrolling boolean NOT NULL DEFAULT false,    -- may set up a second factor and nothing else
               ADD COLUMN provider_session text"""
    )
    op.execute("CREATE UNIQUE INDEX agent_sessions_by_id ON agent_sessions (id)")
    op.execute("CREATE INDEX agent_sessions_by_agent ON agent_sessions (agent_id)")


def downgrade() -> None:
    """Whoever has no password or one of the new roles can no longer sign in; sessions are ended."""
    op.execute("DELETE FROM agent_sessions")
    op.execute("DROP INDEX agent_sessions_by_agent")
    op.execute(
        """ALTER TABLE agent_sessions DROP COLUMN id, DROP COLUMN device, DROP COLUMN network, DROP COLUMN method,
               DROP COLUMN enrolling, DROP COLUMN provider_session"""
    )
    op.execute(
        "UPDATE agents SET active = false WHERE password_hash IS NULL OR role NOT IN ('agent', 'supervisor')"
    )
    op.execute("UPDATE agents SET password_hash = '' WHERE password_hash IS NULL")
    op.execute("UPDATE agents SET role = 'agent' WHERE role NOT IN ('agent', 'supervisor')")
    op.execute("ALTER TABLE agents DROP CONSTRAINT agents_role_check")
    op.execute(
        """ALTER TABLE agents
               ADD CONSTRAINT agents_role_check CHECK (role IN ('agent', 'supervisor')),
               DROP CONSTRAINT agents_identity,
               DROP COLUMN only_own_teams, DROP COLUMN break_glass, DROP COLUMN issuer, DROP COLUMN subject,
               ALTER COLUMN password_hash SET NOT NULL"""
    )
