"""Second factors: codes of an app, passkeys, recovery codes; and sign-ins that are under way.

Revision ID: 0036
Revises: 0035
"""

from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """New tables; an older process does not know them and asks for the password alone."""
    op.execute(
        """CREATE TABLE agent_totp (
               agent_id      uuid PRIMARY KEY REFERENCES agents ON DELETE CASCADE,
               secret        bytea NOT NULL,             -- encrypted with a key that the database does not have
               confirmed_at  timestamptz,                -- NULL: shown, and not proved yet
               last_step     bigint NOT NULL DEFAULT 0   -- the last time step whose code was taken: none is taken twice
           )"""
    )
    op.execute(
        """CREATE TABLE agent_passkeys (
               credential_id  bytea PRIMARY KEY,
               agent_id       uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
               public_key     bytea NOT NULL,
               sign_count     bigint NOT NULL,
               name           text NOT NULL,
               created_at     timestamptz NOT NULL,
               used_at        timestamptz
           )"""
    )
    op.execute("CREATE INDEX agent_passkeys_by_agent ON agent_passkeys (agent_id)")
    op.execute(
        """CREATE TABLE agent_recovery_codes (
               agent_id   uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
               code_hash  bytea NOT NULL,                -- SHA-256 of 128 random bits
               PRIMARY KEY (agent_id, code_hash)
           )"""
    )
    op.execute(
        """CREATE TABLE sign_in_steps (
               token_hash  bytea PRIMARY KEY,            -- of a random token that the browser has in a cookie
               kind        text NOT NULL,
               agent_id    uuid REFERENCES agents ON DELETE CASCADE,
               detail      jsonb NOT NULL DEFAULT '{}',
               expires_at  timestamptz NOT NULL
           )"""
    )
    op.execute("CREATE INDEX sign_in_steps_over ON sign_in_steps (expires_at)")


def downgrade() -> None:
    """Second factors are lost: everybody signs in with the password alone."""
    for table in ("sign_in_steps", "agent_recovery_codes", "agent_passkeys", "agent_totp"):
        op.execute(f"DROP TABLE {table}")
