"""Linking: one person on several channels. Runs the SQL file of the same name."""

from pathlib import Path

from alembic import op
from sqlalchemy.util import await_only

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Run the file as it stands: asyncpg takes several statements at once where SQLAlchemy would not."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    await_only(driver.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")))


def downgrade() -> None:
    """Links that citizens made must not be thrown away."""
    raise NotImplementedError("This change cannot be undone; restore a backup instead.")
