"""Official pages of the city, in passages that are searched where no answer is sure.

Revision ID: 0079
Revises: 0078
"""

from alembic import op

revision = "0079"
down_revision = "0078"


def upgrade() -> None:
    """New tables; an older process does not know them."""
    op.execute(
        """
        CREATE TABLE pages (
            id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            url         text NOT NULL UNIQUE,
            title       text NOT NULL,
            language    text NOT NULL,
            changed_on  date NOT NULL,             -- as the page says, else the day on which we first saw it so
            digest      text NOT NULL,             -- of its passages
            etag        text,
            modified    text,                      -- Last-Modified, as the server wrote it
            checked_at  timestamptz NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE page_passages (
            id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            page_id   bigint NOT NULL REFERENCES pages ON DELETE CASCADE,
            place     integer NOT NULL,
            heading   text NOT NULL,
            text      text NOT NULL,
            words     tsvector NOT NULL,
            vector    bytea,                       -- int8 values of the sentence encoder; null until the bot has made it
            signs     bit(512)                     -- the sign of each of them
        )
        """
    )
    op.execute("CREATE INDEX page_passages_of_page ON page_passages (page_id, place)")
    op.execute("CREATE INDEX page_passages_words ON page_passages USING gin (words)")
    op.execute("CREATE INDEX page_passages_without_vector ON page_passages (id) WHERE vector IS NULL")
    op.execute(
        """
        CREATE TABLE page_words (                  -- in how many passages a word is: rare ones weigh more
            word      text PRIMARY KEY,
            passages  integer NOT NULL
        )
        """
    )


def downgrade() -> None:
    """Pages are not searched any more."""
    op.execute("DROP TABLE page_words")
    op.execute("DROP TABLE page_passages")
    op.execute("DROP TABLE pages")
