"""Settings of the city that administrators change, and every version that they had.

Revision ID: 0049
Revises: 0048
"""

from alembic import op

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    """New tables; an older process takes its settings from city.yml as before."""
    op.execute(
        """
        CREATE TABLE city_settings (
            name text PRIMARY KEY,
            value jsonb NOT NULL,
            version integer NOT NULL DEFAULT 1,
            base jsonb NOT NULL,
            file jsonb NOT NULL,
            changed_at timestamptz NOT NULL,
            confirmed_at timestamptz
        )
        """
    )
    op.execute(
        "COMMENT ON COLUMN city_settings.base IS 'what city.yml said when somebody last compared the two'"
    )
    op.execute(
        "COMMENT ON COLUMN city_settings.file IS 'what city.yml says, as the last worker that started read it'"
    )
    op.execute("COMMENT ON COLUMN city_settings.confirmed_at IS 'when a person last said that it is right'")
    op.execute(
        """
        CREATE TABLE city_setting_versions (
            name text NOT NULL REFERENCES city_settings (name),
            version integer NOT NULL,
            value jsonb NOT NULL,
            at timestamptz NOT NULL,
            agent_id uuid REFERENCES agents (id),
            PRIMARY KEY (name, version)
        )
        """
    )


def downgrade() -> None:
    """Settings come from city.yml again; export them first."""
    op.execute("DROP TABLE city_setting_versions")
    op.execute("DROP TABLE city_settings")
