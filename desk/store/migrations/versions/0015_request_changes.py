"""Changes of service requests: withdrawn by their reporter, or complemented. Runs the SQL file of the same name.

Revision ID: 0015
Revises: 0012
"""

from pathlib import Path

from alembic import op
from sqlalchemy.util import await_only

revision = "0015"
down_revision = "0012"


def upgrade() -> None:
    """Run the file as it stands: asyncpg takes several statements at once where SQLAlchemy would not."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    await_only(driver.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")))


def downgrade() -> None:
    """What citizens asked for must not be thrown away, and older processes run with this schema as it is."""
    raise NotImplementedError(
        "This change cannot be undone, and need not be: processes of the version before run with it. "
        "To get rid of it all the same, restore a backup from before the upgrade."
    )
