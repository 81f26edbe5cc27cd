"""${message}"""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
# Only where older code can no longer run on the new schema: the oldest revision whose code can. Additive changes leave
# this line out. What a downgrade would lose, its `downgrade` refuses by raising NotImplementedError.
# oldest_code = ${repr(up_revision)}


def upgrade() -> None:
    op.execute("")
