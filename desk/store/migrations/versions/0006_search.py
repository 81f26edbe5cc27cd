"""Agents search in what was written: an index of the words, in no language's grammar, as citizens mix them.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"

INDEXES = {
    # Addresses are parted at their signs, so that a piece of one is found (desk/store/dialogue/search.py).
    "messages_words": "messages USING gin (to_tsvector('simple', translate(text, '@./:-_+', '       ')))",
    "contacts_by_name": "contacts (lower(name)) WHERE name IS NOT NULL",
    "service_requests_by_number": "service_requests (reference) WHERE reference IS NOT NULL",
}


def upgrade() -> None:
    """No row is rewritten."""
    for name, on in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {on}")


def downgrade() -> None:
    """Search reads the whole table again."""
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
