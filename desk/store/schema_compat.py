"""Whether this release can run on the schema that the database has.

Every migration says in `oldest_code` which release it needs, if older ones can no longer run; upgrade.py keeps the
answer in the table schema_compat. A process that meets a revision it does not know asks that table.

Does not import the migration tool, which takes 26 MB: a process whose schema is up to date does not need it.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from asyncpg import InsufficientPrivilegeError

from desk.model import DeskError

MIGRATIONS = Path(__file__).parent / "migrations"
_REVISION = re.compile(r'^revision = "(\w+)"$', re.MULTILINE)
_BEFORE = re.compile(r'^down_revision = "(\w+)"$', re.MULTILINE)


class SchemaRefused(DeskError):
    """The schema and this release are incompatible; the text is for the operator."""


@dataclass(frozen=True, slots=True)
class SchemaState:
    """`revision`: the database's, None where it is empty. `oldest`: what code must know to run on it; None where the
    schema is of a release before the table. `may_change`: whether our role owns the schema."""

    revision: str | None
    oldest: str | None
    may_change: bool

    @property
    def newer(self) -> bool:
        """Whether the schema was made by a release that came after this one."""
        return self.revision is not None and self.revision not in known_revisions()

    @property
    def up_to_date(self) -> bool:
        """Whether it is exactly this release's."""
        return self.revision == head()

    def check(self) -> None:
        """Raise SchemaRefused where the schema is newer and this release cannot run on it."""
        if self.newer and self.oldest not in known_revisions():
            raise SchemaRefused(
                f"The database's schema (revision {self.revision}) is newer than this release ({head()}), which cannot "
                f"run on it. Nothing was changed. Start a release that knows revision {self.oldest or self.revision}, "
                "or restore the backup taken before the schema was changed."
            )

    def sentence(self) -> str:
        """What an operator is told of a newer schema that this release can run on."""
        return (
            f"The database's schema (revision {self.revision}) is newer than this release ({head()}). "
            "This release can run on it and goes on; update it when you can."
        )


async def read_schema_state(connection: Any) -> SchemaState:
    """The schema's state, as far as this role may see it."""
    may_change = await connection.fetchval("SELECT has_schema_privilege('public', 'CREATE')")
    return SchemaState(
        await _only(connection, "alembic_version", "SELECT version_num FROM alembic_version"),
        await _only(connection, "schema_compat", "SELECT oldest_revision FROM schema_compat"),
        bool(may_change),
    )


async def _only(connection: Any, table: str, query: str) -> str | None:
    if await connection.fetchval("SELECT to_regclass($1)", f"public.{table}") is None:
        return None
    try:
        value: str | None = await connection.fetchval(query)
    except InsufficientPrivilegeError:
        return None  # just created; the owner's next transaction grants the rights
    return value


@cache
def known_revisions() -> frozenset[str]:
    """The ids of this release's revisions."""
    return frozenset(_found(_REVISION))


@cache
def head() -> str:
    """The revision of this release."""
    (last,) = known_revisions() - set(_found(_BEFORE))
    return last


def _found(pattern: re.Pattern[str]) -> list[str]:
    files = (MIGRATIONS / "versions").glob("*.py")
    return [match[1] for file in files if (match := pattern.search(file.read_text(encoding="utf-8")))]
